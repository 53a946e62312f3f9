"""A card's fields as they are keyed, and the memory that forgets them."""

from datetime import date

import pytest

from channels.phone.card_keys import KEPT_SECONDS, CardField, Keyed, Vault, is_readable

TODAY = date(2026, 11, 30)
NUMBER = "4242424242424242"  # of payment services' own test numbers


@pytest.mark.parametrize(
    ("name", "digits", "is_one"),
    [
        (CardField.NUMBER, NUMBER, True),
        (CardField.NUMBER, "378282246310005", True),  # 15 digits
        (CardField.NUMBER, "4242424242424241", False),  # the checksum does not hold
        (CardField.NUMBER, "424242424242", False),
        (CardField.NUMBER, "42424242424242424242", False),
        (CardField.NUMBER, "", False),
        (CardField.NUMBER, "4242*42424242424", False),
        (CardField.EXPIRY, "1126", True),  # counts to the end of its month
        (CardField.EXPIRY, "0127", True),
        (CardField.EXPIRY, "1026", False),
        (CardField.EXPIRY, "1327", False),
        (CardField.EXPIRY, "0027", False),
        (CardField.EXPIRY, "112026", False),
        (CardField.CODE, "123", True),
        (CardField.CODE, "1234", True),
        (CardField.CODE, "12", False),
        (CardField.CODE, "12345", False),
        (CardField.CODE, "١٢٣", False),
    ],
)
def test_a_field(name: CardField, digits: str, is_one: bool) -> None:
    assert is_readable(name, digits, today=TODAY) is is_one


def test_fields_come_in_order_and_show_nothing() -> None:
    keyed = Keyed()
    for name, digits in (("number", NUMBER), ("expiry", "0729"), ("code", "123")):
        assert keyed.missing == CardField(name)
        keyed = keyed.with_field(CardField(name), digits)
    assert keyed.missing is None
    card = keyed.card
    assert (card.number, card.month, card.year, card.code) == (NUMBER, 7, 2029, "123")
    for shown in (repr(keyed), repr(card), str(card)):
        assert not any(character.isdigit() for character in shown)


def test_the_vault_forgets() -> None:
    now = 100.0
    vault = Vault(lambda: now)
    vault.keep("CA1", Keyed(NUMBER))
    vault.keep("CA2", Keyed(NUMBER))
    assert vault.find("CA1").number == NUMBER
    vault.forget("CA1")
    assert vault.find("CA1") == Keyed()
    now += KEPT_SECONDS + 1
    assert (vault.find("CA2"), len(vault)) == (Keyed(), 0)
    assert NUMBER not in repr(vault)
