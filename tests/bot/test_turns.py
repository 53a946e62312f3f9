import re
from typing import Any

import pytest

from bot.turns import MAX_CHARACTERS, parse_turn
from core.errors import BadInput

CANARY = "wombat"
FULL = {"conversation": "c1", "turn": "t1", "text": "hello"}


def test_parse_turn_reads_words() -> None:
    asked = parse_turn(FULL)
    assert (asked.conversation, asked.turn, asked.text) == ("c1", "t1", "hello")
    assert asked.button_intent is None
    assert asked.slots == ()


def test_parse_turn_reads_a_button_and_slots() -> None:
    asked = parse_turn(
        {"conversation": "c1", "turn": "t1", "button": '/a_b{"x": 1}', "slots": {"last_order": "y"}}
    )
    assert (asked.text, asked.button_intent) == ('/a_b{"x": 1}', "a_b")
    assert asked.slots == (("last_order", "y"),)


def test_words_are_never_a_button() -> None:
    asked = parse_turn({**FULL, "text": "/order_status"})
    assert asked.button_intent is None
    assert not asked.text.startswith("/")


def test_fingerprint_tells_contents_apart() -> None:
    same, other = parse_turn(dict(reversed(FULL.items()))), parse_turn({**FULL, "text": "hullo"})
    assert parse_turn(FULL).fingerprint == same.fingerprint != other.fingerprint
    as_words, as_button = (
        parse_turn({"conversation": "c1", "turn": "t1", key: "/help"}) for key in ("text", "button")
    )
    assert as_words.fingerprint != as_button.fingerprint


@pytest.mark.parametrize(
    ("body", "names"),
    [
        (None, "object"),
        ([FULL], "object"),
        ({}, "either text or button"),
        ({**FULL, "button": "/help"}, "either text or button"),
        ({**FULL, CANARY: 1}, "unknown"),
        ({**FULL, "text": 3}, "text"),
        ({**FULL, "text": " \n"}, "empty"),
        ({**FULL, "text": CANARY * 1000}, f"{MAX_CHARACTERS}"),
        ({**FULL, "conversation": "a/b"}, "conversation"),
        ({**FULL, "conversation": None}, "conversation"),
        ({**FULL, "turn": ""}, "turn"),
        ({**FULL, "turn": "t\n"}, "turn"),
        ({**FULL, "turn": "t" * 101}, "turn"),
        ({**FULL, "slots": [CANARY]}, "slots"),
        ({"conversation": "c", "turn": "t", "button": CANARY}, "button"),
        ({"conversation": "c", "turn": "t", "button": 5}, "button"),
        ({"conversation": "c", "turn": "t", "button": "/a{wombat}"}, "button"),
        ({"conversation": "c", "turn": "t", "button": "/a@0.5"}, "button"),
    ],
)
def test_parse_turn_names_what_is_wrong_without_words(body: Any, names: str) -> None:
    with pytest.raises(BadInput, match=re.escape(names)) as caught:
        parse_turn(body)
    assert CANARY not in str(caught.value)


def test_the_longest_text_is_read() -> None:
    assert len(parse_turn({**FULL, "text": "x" * MAX_CHARACTERS}).text) == MAX_CHARACTERS
