"""Questions, however they begin, and statements that look a little like them."""

import pytest

from language.questions import is_question


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("when are you open", True),
        ("hang on, when are you open on saturdays", True),
        ("will my money come back on the same card as before", True),
        ("are you open on sundays because I would rather come in person", True),
        ("and the new one?", True),
        ("has the money been sent or not", True),
        ("actually could we make it wednesday", True),
        ("can the driver call before", True),
        ("wait - is it free", True),
        ("what's the price", True),
        ("don't you deliver there", True),
        ("it is the wrong colour", False),
        ("the lamp came broken", False),
        ("I will be there", False),
        ("that is what I want", False),
        ("because it does not fit", False),
        ("no thanks", False),
        ("yes", False),
        ("have a nice day", False),
        ("is", False),
        ("", False),
    ],
)
def test_a_question(text: str, is_one: bool) -> None:
    assert is_question(text) is is_one
