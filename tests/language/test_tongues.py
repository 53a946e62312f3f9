"""Telling other languages from English; docs/languages.md has the measurement."""

import pytest

from actions.other_languages import SENTENCES, say_other_language
from language.tongues import TONGUES, find_other_tongue


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("Wo ist meine Bestellung?", "de"),
        ("Ich möchte meine Bestellung stornieren", "de"),
        ("Der Tisch ist beschädigt angekommen", "de"),
        ("Bitte rufen Sie mich an", "de"),
        ("Où est ma commande ?", "fr"),
        ("Je veux parler à quelqu'un", "fr"),
        ("Il manque une pièce", "fr"),
        ("¿Dónde está mi pedido?", "es"),
        ("Quiero hablar con una persona", "es"),
        ("No he recibido la factura", "es"),
        ("Gdzie jest moje zamówienie?", "pl"),
        ("Kiedy przyjedzie dostawa?", "pl"),
        ("Nie dostałem faktury", "pl"),
        ("Dov'è il mio ordine?", "it"),
        ("La lampada è arrivata rotta", "it"),
        ("Onde está o meu pedido?", "pt"),
        ("Falta uma peça", "pt"),
        ("Vreau să anulez comanda", "ro"),
        ("Lipsește o piesă", "ro"),
        ("Siparişim nerede?", "tr"),
        ("Bir parça eksik", "tr"),
        ("मेरा ऑर्डर कहाँ है?", "hi"),
        ("میرا آرڈر کہاں ہے؟", "ur"),
        ("Ble mae fy archeb?", "cy"),
        ("Mae'r bwrdd wedi torri", "cy"),
        ("我的订单在哪里?", "zh"),
        ("Где мой заказ?", "ru"),
        # English, or nothing that one could tell
        ("where is my order", None),
        ("wanna cancel, da order aint ere", None),
        ("im not sure", None),
        ("hola, necesito cancelar mi pedido 10538", "und"),  # the model wavers with Portuguese
        ("hola necesito", None),
        ("how do i pack it", None),
        ("asdkjh qwlekj", None),
        ("flurble wurble", None),
        ("café sofa", None),
        ("de la Cruz", None),
        ("Müller", None),
        ("merci", None),  # one word
        ("5 Example Road, Leeds", None),
        ("HP-10442 BN1 4GH", None),
        ("'; DROP TABLE orders; -- {{7*7}}", None),
        ("<script>alert(1)</script>", None),
        ("🛋️🛋️ 🛋️", None),
        ("12 34", None),
        ("", None),
    ],
)
def test_another_tongue_is_told(text: str, tongue: str | None) -> None:
    assert find_other_tongue(text) == tongue


def test_a_long_message_is_told_by_its_beginning() -> None:
    assert find_other_tongue("Wo ist meine Bestellung? " * 1000 + "x" * 20_000) == "de"


def test_each_answer_is_in_the_tongue_it_is_for() -> None:
    assert {find_other_tongue(sentence) for sentence in SENTENCES.values()} == set(SENTENCES)
    assert set(SENTENCES) <= set(TONGUES)


def test_what_is_said_without_a_sentence_of_theirs() -> None:
    said = say_other_language("Где мой заказ?")
    assert said == {"response": "utter_other_language", "sentence": ""}
    assert say_other_language("where is it") is None
