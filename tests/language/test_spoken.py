"""The language of a whole conversation: as it is told, by its words, or not known."""

from dataclasses import replace

import pytest

from language.spoken import language_of
from tests.build import chat

OTHERS = {
    "de": ("Guten Tag, meine Bestellung ist immer noch nicht angekommen.",
           "Das tut mir leid, ich sehe gleich für Sie nach. Wie ist Ihre Bestellnummer?"),
    "fr": ("Bonjour, ma commande n'est toujours pas arrivée et personne ne répond.",
           "Je suis désolé, pouvez-vous me donner votre numéro de commande ?"),
    "es": ("Hola, mi pedido no ha llegado todavía y necesito una respuesta.",
           "Lo siento mucho, ¿me puede dar el número de su pedido por favor?"),
    "it": ("Buongiorno, il mio ordine non è ancora arrivato, come mai?",
           "Mi dispiace molto, può darmi il numero del suo ordine?"),
    "pl": ("Dzień dobry, moje zamówienie jeszcze nie dotarło do mnie.",
           "Przykro mi, czy może pan podać numer zamówienia?"),
    "pt": ("Bom dia, a minha encomenda ainda não chegou e estou à espera.",
           "Lamento muito, pode dizer-me o número da encomenda?"),
    "cy": ("Bore da, nid yw fy archeb wedi cyrraedd eto ac rwy'n aros.",
           "Mae'n ddrwg gen i, beth yw rhif eich archeb os gwelwch yn dda?"),
    "ru": ("Здравствуйте, мой заказ до сих пор не пришёл.",
           "Мне очень жаль, назовите, пожалуйста, номер заказа."),
}  # fmt: skip


@pytest.mark.parametrize("tongue", OTHERS)
def test_another_tongue_is_known_by_its_words(tongue: str) -> None:
    asked, answered = OTHERS[tongue]
    assert language_of(chat(("customer", asked), ("agent", answered))) == tongue


@pytest.mark.parametrize(
    "said",
    [
        ("where is my order 44107", "let me check that for you"),
        ("hi", "Hello! How can I help you today?"),
        ("umm so i got the um the charger but its like broken", "oh no i'm sorry"),
    ],
)
def test_english_is_english(said: tuple[str, str]) -> None:
    assert language_of(chat(("customer", said[0]), ("agent", said[1]))) == "en"


def test_what_is_told_counts_and_little_is_not_guessed() -> None:
    talk = chat(("customer", "where is my order please"))
    assert language_of(replace(talk, language="fr-CA")) == "fr"
    assert language_of(replace(talk, language="en_GB")) == "en"
    assert language_of(chat(("customer", "Müller, Köln"))) is None
    assert language_of(chat()) is None
