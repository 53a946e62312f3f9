"""What a caller may ask for at any time: once more, slower, a person."""

import re
from enum import StrEnum

from channels.requests import asks_for_person

REPEAT_KEY, PERSON_KEY = "*", "0"


class Wish(StrEnum):
    """A wish about the call itself; the bot hears none of them."""

    REPEAT = "repeat"
    SLOWER = "slower"
    PERSON = "person"


_POLITE = (
    r"(?:(?:sorry|please|can you|could you|would you|what|pardon|excuse me|oh|um|er)[\s,.?!]+)*+"
)
_THANKS = r"(?:[\s,.]+(?:please|then|now|for me|to me))*+"
_REPEAT = re.compile(
    rf"{_POLITE}(?:(?:repeat|say)(?: (?:that|it|this))?(?: (?:again|once more|one more time))?"
    r"|(?:repeat|again|once more|one more time|pardon|pardon me|sorry|what was that|come again"
    r"|what did you say"
    r"|i (?:didn't|did not|couldn't|could not) (?:hear|catch|get) (?:that|you|it)))"
    rf"{_THANKS}"
)
_SLOWER = re.compile(
    rf"{_POLITE}(?:(?:speak|talk|say (?:that|it)|go|repeat (?:that|it))\s+)?"
    r"(?:(?:a (?:bit|little)|much|more)\s+)?(?:slower|slowly|slow down|too fast"
    r"|(?:that (?:is|was)|that's|you are|you're) too (?:fast|quick))"
    rf"{_THANKS}"
)


def wish_said(text: str) -> Wish | None:
    """The wish that the whole of what was said is; a sentence about something else is none."""
    plain = " ".join(text.casefold().replace("’", "'").split()).strip(" .!?,")
    if asks_for_person(text):
        return Wish.PERSON
    if _SLOWER.fullmatch(plain):
        return Wish.SLOWER
    return Wish.REPEAT if _REPEAT.fullmatch(plain) else None


def wish_keyed(keys: str, *, is_zero_a_person: bool = True) -> Wish | None:
    """The same by key: star repeats, nought is a person save where it is an answer."""
    if keys == REPEAT_KEY:
        return Wish.REPEAT
    return Wish.PERSON if keys == PERSON_KEY and is_zero_a_person else None
