"""Loops: what a recogniser repeats, and what people really say twice."""

import pytest

from speech.loops import is_loop, without_loops
from tests.speech.build import segment


@pytest.mark.parametrize(
    ("text", "seconds", "expected"),
    [
        ("no no no no", 2, False),
        ("no, No! no no no", 2, True),
        ("thank you thank you", 2, False),
        ("thank you thank you thank you so much", 4, True),
        ("one two three four five six seven eight nine", 4, False),  # a card being read
        ("i'm going to i'm going to i'm going to call", 5, True),
        ("this cannot be said in half a second by anyone", 0.5, True),
        ("yes it can be said", 0.5, False),
        ("", 1, False),
    ],
)
def test_is_loop(text: str, seconds: float, expected: bool) -> None:
    assert is_loop(segment(text or "x", 0, 0), seconds) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("so thank you thank you thank you bye", "so thank you bye"),
        ("ah ah ah ah ah ah", "ah"),
        ("nothing is repeated here", "nothing is repeated here"),
    ],
)
def test_without_loops_keeps_one_round(text: str, expected: str) -> None:
    cured = without_loops(segment(text, 0, 3))
    assert cured.text == expected
    assert [word.text for word in cured.words] == expected.split()
