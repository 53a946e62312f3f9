"""Loops: what a recogniser repeats, and what people really say twice."""

import pytest

from speech.loops import is_loop, without_loops
from tests.speech.build import segment

ROUND = "please hold the line and i will be with you in just a moment thank you"


@pytest.mark.parametrize(
    ("text", "seconds", "expected"),
    [
        ("no no no no", 2, False),
        ("no, No! no no no", 2, True),
        ("thank you thank you", 2, False),
        ("thank you thank you thank you so much", 4, True),
        ("one two three four five six seven eight nine", 4, False),  # a card being read
        ("double four double four", 2, False),
        ("double four double four double four", 3, False),
        ("it's double four double four double four double oh", 4, False),
        ("zero zero zero zero zero zero one", 4, False),
        ("four four four four " * 5, 12, True),  # twenty digits: nobody reads that
        ("1 1 1 1 1 1", 4, False),
        ("that is s s s as in sam", 4, False),
        ("m a double s double s", 4, False),
        ("w w w w w dot", 4, False),
        ("four one one one, one one one two, one one one one, one one one seven", 9, False),
        ("i'm going to i'm going to i'm going to call", 5, True),
        ("yes i know i know but", 3, False),
        ("this cannot be said in half a second by anyone", 0.5, True),
        ("yes it can be said", 0.5, False),
        ("incomprehensibilities counterrevolutionaries internationalisation", 1.5, True),
        ("incomprehensibilities counterrevolutionaries internationalisation", 2.5, False),
        (f"{ROUND} {ROUND} {ROUND}", 20, True),  # a round of over eight words
        (f"{ROUND} and your order number is nine one seven", 10, False),
        ("...", 1, False),
    ],
)
def test_is_loop(text: str, seconds: float, expected: bool) -> None:
    assert is_loop(segment(text, 0, 0), seconds) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("so thank you thank you thank you bye", "so thank you bye"),
        ("ah ah ah ah ah ah", "ah"),
        ("nothing is repeated here", "nothing is repeated here"),
        ("call double four double four double four", "call double four double four double four"),
    ],
)
def test_without_loops_keeps_one_round(text: str, expected: str) -> None:
    cured = without_loops(segment(text, 0, 3))
    assert cured.text == expected
    assert [word.text for word in cured.words] == expected.split()
