"""The exchange format: one conversation as JSON, out and in again without loss.

Unknown keys are ignored; a wrong or missing one raises BadInput naming its path
(`turns[3].role`). docs/exchange-format.md shows the whole.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar, cast

from core.conversation import (
    Channel,
    Conversation,
    Event,
    EventKind,
    JsonValue,
    Role,
    Speech,
    Timing,
    Turn,
    Word,
)
from core.errors import BadInput
from core.ids import check_id
from core.spans import TimeSpan

Json: TypeAlias = dict[str, Any]  # what json.loads gives: its values are checked one by one here
Made = TypeVar("Made")
Choice = TypeVar("Choice", bound=StrEnum)


def to_exchange(conversation: Conversation) -> Json:
    """The conversation as plain JSON values; what is None or empty is left out."""
    return _present(
        {
            "id": conversation.id,
            "channel": conversation.channel.value,
            "opened_at": _moment_out(conversation.opened_at),
            "closed_at": _moment_out(conversation.closed_at),
            "language": conversation.language,
            "external_id": conversation.external_id,
            "agent": conversation.agent,
            "customer": conversation.customer,
            "recording": conversation.recording,
            "engine": conversation.engine,
            "previous": conversation.previous,
            "scorecard_variables": dict(conversation.variables),
            "labels": dict(conversation.labels),
            "events": [_event_out(event) for event in conversation.events],
        }
    ) | {"turns": [_turn_out(turn) for turn in conversation.turns]}


def from_exchange(value: object) -> Conversation:
    """Read a conversation.

    Raises:
        BadInput: naming the path of the first wrong or missing key.
    """
    reader = _Reader(value, "")
    conversation_id = check_id(reader.text("id"), where="id")
    channel = reader.choice("channel", Channel)
    turns = tuple(_turn_in(turn, index, channel) for index, turn in enumerate(reader.list("turns")))
    return _located(
        "turns",
        lambda: Conversation(
            id=conversation_id,
            channel=channel,
            turns=turns,
            events=tuple(_event_in(event) for event in reader.list("events", required=False)),
            opened_at=reader.moment("opened_at"),
            closed_at=reader.moment("closed_at"),
            language=reader.maybe_text("language"),
            external_id=reader.maybe_text("external_id"),
            agent=reader.maybe_text("agent"),
            customer=reader.maybe_text("customer"),
            recording=reader.maybe_text("recording"),
            engine=reader.maybe_text("engine"),
            previous=reader.maybe_text("previous"),
            variables=reader.texts("scorecard_variables"),
            labels=reader.mapping("labels"),
        ),
    )


def _turn_out(turn: Turn) -> Json:
    out = _present(
        {
            "id": turn.id,
            "said_at": _moment_out(turn.said_at),
            "author": turn.author,
        }
    ) | {"role": turn.role.value, "text": turn.text}
    if turn.speech:
        out |= {"start": turn.speech.span.start, "end": turn.speech.span.end}
        out |= _present(
            {
                "speaker": turn.speech.speaker,
                "words": [_word_out(word) for word in turn.speech.words],
            }
        )
    return out


def _word_out(word: Word) -> Json:
    return _present(
        {
            "text": word.text,
            "start": word.span.start,
            "end": word.span.end,
            "probability": word.probability,
            "timing": None if word.timing is Timing.HEARD else word.timing.value,
        }
    )


def _event_out(event: Event) -> Json:
    return _present(
        {
            "kind": event.kind.value,
            "at": _moment_out(event.at),
            "actor": event.actor,
            "note": event.note,
            "start": event.span.start if event.span else None,
            "end": event.span.end if event.span else None,
        }
    )


def _turn_in(reader: "_Reader", index: int, channel: Channel) -> Turn:
    role = reader.choice("role", Role)
    turn_id = check_id(reader.maybe_text("id") or f"t{index}", where=f"{reader.path}.id")
    return _located(
        reader.path,
        lambda: Turn(
            id=turn_id,
            role=role,
            text=reader.text("text", may_be_empty=True),
            said_at=reader.moment("said_at"),
            speech=_speech_in(reader, channel),
            author=reader.maybe_text("author"),
        ),
    )


def _speech_in(reader: "_Reader", channel: Channel) -> Speech | None:
    span = reader.span()
    words = tuple(_word_in(word) for word in reader.list("words", required=False))
    if span is None:
        if words:
            raise _WrongKey(f"{reader.path}.start: words need the turn's start and end")
        return None
    if channel is not Channel.VOICE:
        raise _WrongKey(
            f"{reader.path}.start: only a voice conversation has seconds, not {channel}"
        )
    return Speech(span, reader.maybe_text("speaker"), words)


def _word_in(reader: "_Reader") -> Word:
    span = reader.span()
    if span is None:
        raise _WrongKey(f"{reader.path}.start: missing")
    return _located(
        reader.path,
        lambda: Word(
            reader.text("text"),
            span,
            reader.number("probability"),
            reader.choice("timing", Timing, default=Timing.HEARD),
        ),
    )


def _event_in(reader: "_Reader") -> Event:
    return Event(
        kind=reader.choice("kind", EventKind),
        at=reader.moment("at"),
        actor=reader.maybe_text("actor"),
        note=reader.maybe_text("note"),
        span=reader.span(),
    )


class _WrongKey(BadInput):
    """A BadInput whose message begins with the path of the key."""


class _Reader:
    """A JSON object and the path it was found at."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise _WrongKey(f"{path or 'conversation'}: an object was expected")
        self.value = cast(Json, value)
        self.path = path

    def at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def text(self, key: str, *, may_be_empty: bool = False) -> str:
        found = self.value.get(key)
        if found is None:
            raise _WrongKey(f"{self.at(key)}: missing")
        if not isinstance(found, str):
            raise _WrongKey(f"{self.at(key)}: text was expected, not {type(found).__name__}")
        if not found and not may_be_empty:
            raise _WrongKey(f"{self.at(key)}: empty")
        return found

    def maybe_text(self, key: str) -> str | None:
        return None if self.value.get(key) is None else self.text(key, may_be_empty=True)

    def number(self, key: str) -> float | None:
        found = self.value.get(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise _WrongKey(f"{self.at(key)}: a number was expected, not {type(found).__name__}")
        return float(found)

    def choice(self, key: str, kind: type[Choice], *, default: Choice | None = None) -> Choice:
        if default is not None and self.value.get(key) is None:
            return default
        found = self.text(key)
        try:
            return kind(found)
        except ValueError as error:
            known = ", ".join(kind)
            raise _WrongKey(f"{self.at(key)}: {found[:40]!r} is not one of {known}") from error

    def moment(self, key: str) -> datetime | None:
        found = self.maybe_text(key)
        if found is None:
            return None
        try:
            moment = datetime.fromisoformat(found)
        except ValueError as error:
            raise _WrongKey(f"{self.at(key)}: {found[:40]!r} is not an ISO 8601 time") from error
        if moment.tzinfo is None:
            raise _WrongKey(f"{self.at(key)}: {found!r} has no time zone; add Z or +00:00")
        return moment

    def span(self) -> TimeSpan | None:
        start, end = self.number("start"), self.number("end")
        if start is None and end is None:
            return None
        if start is None or end is None:
            missing = "start" if start is None else "end"
            raise _WrongKey(f"{self.at(missing)}: missing; start and end come together")
        return _located(self.at("start"), lambda: TimeSpan(start, end))

    def list(self, key: str, *, required: bool = True) -> "tuple[_Reader, ...]":
        found = self.value.get(key)
        if found is None and not required:
            return ()
        if found is None:
            raise _WrongKey(f"{self.at(key)}: missing")
        if not isinstance(found, list):
            raise _WrongKey(f"{self.at(key)}: a list was expected, not {type(found).__name__}")
        return tuple(_Reader(item, f"{self.at(key)}[{index}]") for index, item in enumerate(found))

    def mapping(self, key: str) -> Mapping[str, JsonValue]:
        found = self.value.get(key)
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise _WrongKey(f"{self.at(key)}: an object was expected, not {type(found).__name__}")
        return cast(Mapping[str, JsonValue], found)

    def texts(self, key: str) -> Mapping[str, str]:
        found = self.mapping(key)
        for name, value in found.items():
            if not isinstance(value, str):
                raise _WrongKey(f"{self.at(key)}.{name}: text was expected")
        return cast(Mapping[str, str], found)


def _located(path: str, make: Callable[[], Made]) -> Made:
    """Run `make`; a BadInput of a core type gets `path` in front, a wrong key's has its own."""
    try:
        return make()
    except _WrongKey:
        raise
    except BadInput as error:
        raise _WrongKey(f"{path}: {error}") from error


def _present(values: Json) -> Json:
    return {key: value for key, value in values.items() if value not in (None, {}, [])}


def _moment_out(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
