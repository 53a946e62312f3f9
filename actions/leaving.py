"""A plain no to an open question: it names no value, and may want to leave all of it."""

import re
from collections.abc import Mapping
from typing import Any

from actions.state import State
from actions.task import NO_ONCE

OR_LEAVE = (
    "If you would rather leave it, say no once more, and I leave everything as it is. Otherwise:"
)
LEAVE = {"title": "Leave it", "payload": "/never_mind"}
_PLAIN_NO = re.compile(
    r"\W*(?:no+|nope|nah|nay|naw)\b(?:\W+(?:no+|nope|nah|thanks?|thank\s+you|ta|cheers|sorry|mate"
    r"|really|not\s+(?:now|today|really))\b)*\W*",
    re.IGNORECASE,
)


def is_plain_no(text: str) -> bool:
    """Whether the words are a no and nothing else: 'no thanks', 'nah'."""
    return _PLAIN_NO.fullmatch(text) is not None


def is_second_no(state: State) -> bool:
    """Whether the open question was answered with a plain no a message ago as well."""
    return state.question is not None and state.collected.get(NO_ONCE) == state.question


def say_or_leave() -> Mapping[str, Any]:
    """How to leave, said before the question is asked again."""
    return {"text": OR_LEAVE, "buttons": [LEAVE]}
