"""Repeat, slower and a person, said or keyed; a sentence about something else is none of them."""

import pytest

from channels.phone.requests import Wish, wish_keyed, wish_said


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Repeat.", Wish.REPEAT),
        ("Sorry, can you say that again?", Wish.REPEAT),
        ("pardon", Wish.REPEAT),
        ("I didn't catch that", Wish.REPEAT),
        ("slower please", Wish.SLOWER),
        ("Can you speak more slowly?", Wish.SLOWER),
        ("that was too fast", Wish.SLOWER),
        ("operator", Wish.PERSON),
        ("Operator, please.", Wish.PERSON),
        ("I want to talk to a person", Wish.PERSON),
        ("I want to repeat my order", None),
        ("my delivery is slower than you said", None),
        ("say that to the driver", None),
        ("the machine operator chair is broken", None),
        ("", None),
    ],
)
def test_wish_said(text: str, wish: Wish | None) -> None:
    assert wish_said(text) == wish


def test_wish_keyed() -> None:
    assert wish_keyed("*") is Wish.REPEAT
    assert wish_keyed("0") is Wish.PERSON
    assert wish_keyed("0", is_zero_a_person=False) is None
    assert wish_keyed("10442") is None
