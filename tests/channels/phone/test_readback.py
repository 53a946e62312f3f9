"""Numbers and postcodes that were heard are read back; other words are not."""

import pytest

from channels.phone.readback import answer_of, hear_values


@pytest.mark.parametrize(
    ("text", "digits", "said", "spoken"),
    [
        ("one oh four four two", 5, "HP-10442", "H P, 1 0 4 4 2"),
        ("it's 10442", 5, "it's HP-10442", "H P, 1 0 4 4 2"),
        ("b n one four g h", None, "BN1 4GH", "B N 1, 4 G H"),
        ("b for bravo n one four g h", None, "BN1 4GH", "B N 1, 4 G H"),
        (
            "where is my order one zero four four two",
            None,
            "where is my order HP-10442",
            "H P, 1 0 4 4 2",
        ),
        ("four eight two nine one three", 6, "482913", "4 8 2 9 1 3"),
        (
            "oh double seven double oh nine double oh four five six",
            11,
            "+447700900456",
            "0 7 7 0 0, 9 0 0 4 5 6",
        ),
        (
            "10442 and bn1 4gh",
            5,
            "HP-10442 and BN1 4GH",
            "H P, 1 0 4 4 2, and B N 1, 4 G H",
        ),
    ],
)
def test_hear_values(text: str, digits: int | None, said: str, spoken: str) -> None:
    heard = hear_values(text, digits=digits)
    assert heard is not None
    assert heard.said == said
    assert heard.question == (
        f"I heard {spoken}. Is that right? Say yes or press 1. Say no or press 2."
    )


@pytest.mark.parametrize("text", ["where is my order", "two lamps", "yes", "£1,299", ""])
def test_nothing_to_read_back(text: str) -> None:
    assert hear_values(text, digits=None) is None


@pytest.mark.parametrize(
    ("keys", "text", "answer"),
    [("1", "", True), ("2", "", False), ("", "yes", True), ("", "no that's wrong", False),
     ("", "10443", None), ("7", "", None)],
)  # fmt: skip
def test_answer_of(keys: str, text: str, answer: bool | None) -> None:
    assert answer_of(keys, text) is answer
