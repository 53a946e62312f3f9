"""Misspelt words are put right by the bot's own; all other words stay as they were written."""

import pytest

from bot.components.spelling import Speller, gather_words

ENGLISH = frozenset(
    word
    for line in (
        "i want to the my is a an of where were order orders about cancel send return table",
        "arrived broken wednesday help hello what when can you not call camel help phone fine oder",
    )
    for word in line.split()
)
SENTENCES = [
    *["where is my order"] * 12, *["cancel my order"] * 12, *["hello"] * 10,
    "i want to send it", "the table arrived broken", "return the table", "deliver on wednesday",
    "my postcode", "the postcode is wrong", "which postcode", "help me", "cancle order", "helo",
    "postpone it", "phone me",
]  # fmt: skip
SPELLER = Speller(gather_words(SENTENCES), ENGLISH)


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("were is my ordr", "were is my order"),
        ("i wnat to cancle it", "i want to cancel it"),  # as its own sentences have it, on purpose
        ("sned the tabel", "send the table"),
        ("Wnat to retrun it", "want to return it"),
        ("it arived brokn", "it arrived broken"),
        ("on wensday", "on wednesday"),
        ("my poscode", "my postcode"),
        ("WHRE IS MY ORDR", "where IS MY order"),
        ("helo", "hello"),
        ("the oder", "the oder"),  # the encoder has it
        ("postpone it", "postpone it"),  # no slip: nothing is near
        ("orders, ordered, ordering", "orders, ordered, ordering"),
        ("what's wnat's", "what's wnat's"),
        ("ordr10442 ordr@example.com www.ordr.com HP-ordr", None),
        ("ask Sned about it", None),  # a name
        ("odr tbl", None),  # too short
        ("fone me", None),  # one letter for another, in so short a word
        ("zzzzzz", None),
        ("", None),
    ],
)
def test_spelling(text: str, spelled: str | None) -> None:
    assert SPELLER.correct(text) == (text if spelled is None else spelled)


def test_without_sentences_nothing_is_put_right() -> None:
    assert Speller({}, ()).correct("i wnat to cancle it") == "i wnat to cancle it"


def test_the_shops_own_words_stay_as_they_are() -> None:
    """What the bot's sentences say right is never put right into something else."""
    right = [text for text in SENTENCES if text not in ("cancle order", "helo")]
    assert [SPELLER.correct(text) for text in right] == right
