"""The JSON of the chat's WebSocket; docs/chat-protocol.md describes it for those who speak it."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from channels.requests import TALK_TO_A_PERSON
from channels.situation import SURVEY_PREFIX, Situation
from core.conversation import Event, EventKind, Role
from core.errors import BadInput
from core.handoff import Holder
from core.ids import check_id
from store.buttons import Button
from store.conversations import Placed
from store.copies import Copy

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Hello:
    """The first message of a connection: who, and the last turn they have."""

    token: str | None
    conversation: str | None = None
    position: int = -1


@dataclass(frozen=True, slots=True)
class Said:
    """The customer wrote something; `id` was made by their side.

    `replies_to` is the id of the turn that it replies to, where their side tells that.
    """

    id: str
    text: str
    replies_to: str | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """The customer pressed a button that they were shown; `replies_to` as in Said."""

    id: str
    button: str
    replies_to: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """Everything up to `position` has arrived on the customer's side."""

    conversation: str
    position: int


@dataclass(frozen=True, slots=True)
class Ping:
    """Is anybody there?"""


FromCustomer: TypeAlias = Hello | Said | Pressed | Seen | Ping


def parse(text: str) -> FromCustomer:
    """Read one message of the customer's side.

    Raises:
        BadInput: naming the key that is wrong, never its words.
    """
    try:
        message = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadInput("a message must be JSON") from error
    if not isinstance(message, dict):
        raise BadInput("a message must be a JSON object")
    match message.get("type"):
        case "hello":
            return _hello(message)
        case "say":
            return Said(_turn_id(message), _string(message, "text"))
        case "person":
            return Said(_turn_id(message), TALK_TO_A_PERSON)
        case "press":
            return Pressed(_turn_id(message), _id(message, "button"))
        case "seen":
            return Seen(_id(message, "conversation"), _position(message))
        case "ping":
            return Ping()
    raise BadInput("type: must be hello, say, press, person, seen or ping")


def turn_out(conversation: str, placed: Placed, buttons: tuple[Button, ...]) -> Json:
    """A turn as the customer's side shows it."""
    turn = placed.turn
    message: Json = {
        "type": "turn",
        "conversation": conversation,
        "position": placed.position,
        "id": turn.id,
        "role": turn.role.value,
        "text": turn.text,
        "at": turn.said_at.isoformat() if turn.said_at else None,
    }
    if turn.role is Role.AGENT:
        message["author"] = turn.author
    if buttons:
        message["buttons"] = [_button_out(button) for button in buttons]
        message["scale"] = _scale_of(buttons)
    return message


def notices_out(situation: Situation) -> list[Json]:
    """What happened, in a sentence each; no turns, so nobody scores them."""
    return [
        {
            "type": "notice",
            "conversation": situation.id,
            "number": number,
            "kind": event.kind.value,
            "text": text,
            "at": event.at.isoformat() if event.at else None,
        }
        for number, event in enumerate(situation.conversation.events)
        if (text := _say_event(event)) is not None
    ]


def state_out(situation: Situation, place: int | None = None) -> Json:
    """Who answers now, and who waits for a person at which place in line."""
    is_person = situation.handoff.holder is Holder.PERSON
    return {
        "type": "state",
        "conversation": situation.id,
        "holder": situation.handoff.holder.value,
        "agent": situation.conversation.agent if is_person else None,
        "place": place,
    }


def place_out(conversation: str, place: int) -> Json:
    """The place in line has changed, because of others."""
    return {"type": "place", "conversation": conversation, "place": place}


def typing_out(conversation: str, *, is_on: bool) -> Json:
    """The bot is at work; its answer ends that by itself."""
    return {"type": "typing", "conversation": conversation, "on": is_on}


def copy_out(copy: Copy, at: datetime) -> Json:
    """How far a copy by e-mail has come; never to which address it goes."""
    return {
        "type": "copy",
        "id": copy.id,
        "conversation": copy.conversation,
        "state": copy.state.value,
        "reason": copy.reason.value if copy.reason else None,
        "at": at.isoformat(),
    }


def ack_out(message_id: str, conversation: str, placed: Placed) -> Json:
    """The message is stored; `text` is how, without card numbers."""
    return {
        "type": "ack",
        "id": message_id,
        "conversation": conversation,
        "position": placed.position,
        "text": placed.turn.text,
        "at": placed.turn.said_at.isoformat() if placed.turn.said_at else None,
    }


def refused_out(message_id: str | None, code: str, sentence: str, *, retry: bool) -> Json:
    """The message is not stored; with `retry` the same one may be sent again later."""
    return {
        "type": "refused",
        "id": message_id,
        "code": code,
        "message": sentence,
        "retry": retry,
    }


def _say_event(event: Event) -> str | None:
    match event.kind:
        case EventKind.TAKEN:
            return f"{event.actor or 'A person'} has joined."
        case EventKind.TRANSFERRED:
            return f"{event.actor or 'A person'} is passing you on to a colleague."
        case EventKind.RETURNED:
            return "You are back with the assistant."
        case EventKind.CARD_MASKED:
            return "The card number in your message was taken out and not kept."
        case EventKind.CLOSED:
            return "This conversation is closed. Write again whenever you like."
    return None


def _button_out(button: Button) -> Json:
    """Title and opaque id; the payload stays here, but for the number a scale shows anyway."""
    return {"id": button.id, "title": button.title, "value": _scale_value(button)}


def _scale_value(button: Button) -> int | None:
    value = button.payload.rpartition(":")[2]
    is_scale = button.payload.startswith(SURVEY_PREFIX) and value.isdecimal()
    return int(value) if is_scale else None


def _scale_of(buttons: tuple[Button, ...]) -> str | None:
    """Which survey question these buttons answer; None under what only asks for a yes or no."""
    payload = buttons[-1].payload
    is_question = payload.startswith(SURVEY_PREFIX) and payload.endswith(":skip")
    return payload.split(":")[1] if is_question else None


def _hello(message: Json) -> Hello:
    token, after = message.get("token"), message.get("after")
    if token is not None and not isinstance(token, str):
        raise BadInput("token: must be a string or null")
    if after is None:
        return Hello(token)
    if not isinstance(after, dict):
        raise BadInput("after: must be an object or null")
    return Hello(token, _id(after, "conversation"), _position(after))


def _turn_id(message: Json) -> str:
    return check_turn_id(_string(message, "id"))


def check_turn_id(given: str) -> str:
    """An id that a customer's side made for a message.

    Raises:
        BadInput: it cannot stand in a URL, or it looks like one of ours.
    """
    found = check_id(given, where="id")
    if ":" in found or len(found) > 64:  # our own ids hold colons and the customer's id
        raise BadInput("id: at most 64 letters, digits, '.', '_' or '-'")
    return found


def _id(message: Json, key: str) -> str:
    return check_id(_string(message, key), where=key)


def _string(message: Json, key: str) -> str:
    value = message.get(key)
    if not isinstance(value, str):
        raise BadInput(f"{key}: must be a string")
    return value


def _position(message: Json) -> int:
    value = message.get("position")
    if not isinstance(value, int) or isinstance(value, bool) or not -1 <= value < 2**31:
        raise BadInput("position: must be a whole number from -1")
    return value
