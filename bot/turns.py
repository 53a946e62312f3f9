"""One turn as `channels` sends it: a conversation, a turn id, and words or a button."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from bot.words import plain_words
from core.errors import BadInput

MAX_CHARACTERS = 4000  # the upper end of PARLEY_MAX_MESSAGE_CHARACTERS in core/settings.py

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}\Z")  # as core/ids.py
_PAYLOAD = re.compile(r"/(?P<intent>[a-z_]+)(?P<entities>\{.*\})?\Z", re.DOTALL)
_KNOWN_KEYS = {"conversation", "turn", "text", "button", "slots", "replies_to"}


@dataclass(frozen=True)
class AskedTurn:
    """`text` is safe for Rasa; it is a command only when it came as a button.

    `replies_to` are the words that the customer replies to, theirs or ours; None of a plain turn.
    """

    conversation: str
    turn: str
    text: str
    button_intent: str | None
    slots: tuple[tuple[str, Any], ...]
    fingerprint: str
    replies_to: str | None = None


def parse_turn(body: object) -> AskedTurn:
    """Read the body of POST /turns.

    Raises:
        BadInput: naming the field, never its words.
    """
    if not isinstance(body, dict):
        raise BadInput("the body must be a JSON object")
    unknown = sorted(set(body) - _KNOWN_KEYS)
    if unknown:
        raise BadInput(f"the body has {len(unknown)} unknown fields; known: {sorted(_KNOWN_KEYS)}")
    text, intent = _parse_said(body)
    return AskedTurn(
        conversation=parse_id(body.get("conversation"), "conversation"),
        turn=parse_id(body.get("turn"), "turn"),
        text=text,
        button_intent=intent,
        slots=_parse_slots(body.get("slots")),
        fingerprint=_fingerprint(body),
        replies_to=_parse_replied(body.get("replies_to")),
    )


def parse_id(value: object, where: str) -> str:
    """Return `value` when it is an id, else raise BadInput naming the field."""
    if not isinstance(value, str) or not _ID.match(value):
        raise BadInput(f"{where}: must be 1 to 100 letters, digits, '.', '_', ':' or '-'")
    return value


def _parse_said(body: dict[str, Any]) -> tuple[str, str | None]:
    text, button = body.get("text"), body.get("button")
    if (text is None) == (button is None):
        raise BadInput("a turn has either text or button")
    if button is not None:
        return _parse_button(button)
    if not isinstance(text, str):
        raise BadInput("text: must be a string")
    if len(text) > MAX_CHARACTERS:
        raise BadInput(f"text: has {len(text)} characters, at most {MAX_CHARACTERS} are read")
    words = plain_words(text)
    if not words:
        raise BadInput("text: is empty")
    return words, None


def _parse_button(button: object) -> tuple[str, str]:
    found = _PAYLOAD.match(button) if isinstance(button, str) else None
    if found is None or not isinstance(button, str) or len(button) > MAX_CHARACTERS:
        raise BadInput("button: must be a payload such as /order_status")
    if found["entities"] is not None:
        _parse_entities(found["entities"])
    return button, found["intent"]


def _parse_entities(text: str) -> None:
    try:
        json.loads(text)
    except ValueError as error:
        raise BadInput("button: what follows the intent is not JSON") from error


def _parse_slots(slots: object) -> tuple[tuple[str, Any], ...]:
    if slots is None:
        return ()
    if not isinstance(slots, dict):
        raise BadInput("slots: must be an object of names and values")
    return tuple(slots.items())


def _parse_replied(text: object) -> str | None:
    if text is None:
        return None
    if not isinstance(text, str):
        raise BadInput("replies_to: must be a string")
    return text[:MAX_CHARACTERS]  # an agent's or the bot's words may be longer than a customer's


def _fingerprint(body: dict[str, Any]) -> str:
    canonical = json.dumps(body, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()
