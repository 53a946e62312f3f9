"""A chat and a call are both a Conversation of Turns; a spoken Turn carries its Speech."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from core.errors import BadInput
from core.measures import CallMeasures
from core.spans import TextSpan, TimeSpan


class Channel(StrEnum):
    """The door a conversation came through."""

    VOICE = "voice"
    WEB = "web"
    WHATSAPP = "whatsapp"
    SMS = "sms"


class CallDirection(StrEnum):
    """Who rang whom."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"


class Role(StrEnum):
    """Who a turn belongs to; an agent is a person at work, never the bot."""

    CUSTOMER = "customer"
    AGENT = "agent"
    BOT = "bot"
    UNKNOWN = "unknown"


class Timing(StrEnum):
    """How a word got its time."""

    HEARD = "heard"  # by the recogniser itself
    ALIGNED = "aligned"  # by forced alignment
    INTERPOLATED = "interpolated"  # by length, inside its line


@dataclass(frozen=True, slots=True)
class Word:
    """One spoken word, its seconds, and how sure the recogniser was (None: it does not say).

    `heard` is what the recogniser wrote where a name of the house was put in its place.
    """

    text: str
    span: TimeSpan
    probability: float | None = None
    timing: Timing = Timing.HEARD
    heard: str | None = None

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise BadInput("a word needs text")
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise BadInput(f"a word's probability lies in 0..1, not {self.probability}")


@dataclass(frozen=True, slots=True)
class Speech:
    """When a turn was spoken, by which voice (a label such as 'channel 1'), word by word."""

    span: TimeSpan
    speaker: str | None = None
    words: tuple[Word, ...] = ()

    def __post_init__(self) -> None:
        starts = [word.span.start for word in self.words]
        if starts != sorted(starts):
            raise BadInput("the words of a turn must be in time order")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one party said before another did; `said_at` is None only in imported files.

    `replies_to` is the id of the turn that it was written as a reply to, here or in an earlier
    conversation of the same customer.
    """

    id: str
    role: Role
    text: str
    said_at: datetime | None = None
    speech: Speech | None = None
    author: str | None = None
    replies_to: str | None = None

    def __post_init__(self) -> None:
        check_aware(self.said_at, "a turn's said_at")
        if self.author is not None and self.role is not Role.AGENT:
            raise BadInput(f"only an agent's turn has an author, not the {self.role}'s")

    def word_spans(self) -> tuple[TextSpan | None, ...]:
        """Where each spoken word stands in the text, in order; None for one that does not."""
        spans: list[TextSpan | None] = []
        position = 0
        for word in self.speech.words if self.speech else ():
            found = self.text.find(word.text.strip(), position)
            if found < 0:
                spans.append(None)
                continue
            position = found + len(word.text.strip())
            spans.append(TextSpan(found, position))
        return tuple(spans)

    def time_of(self, span: TextSpan) -> TimeSpan | None:
        """The seconds in which the characters of `span` were spoken; None for a written turn."""
        if self.speech is None:
            return None
        times = [
            word.span
            for word, place in zip(self.speech.words, self.word_spans(), strict=True)
            if place is not None and place.overlaps(span)
        ]
        if not times:
            return self.speech.span
        return TimeSpan(times[0].start, max(time.end for time in times))


class EventKind(StrEnum):
    """What happened to a conversation beside its turns."""

    OPENED = "opened"
    HANDED_OFF = "handed_off"
    TAKEN = "taken"
    HELD = "held"
    TRANSFERRED = "transferred"
    RETURNED = "returned"
    ABANDONED = "abandoned"
    CALL_BACK_ASKED = "call_back_asked"
    CALL_BACK_TRIED = "call_back_tried"
    CALL_BACK_DONE = "call_back_done"
    CALL_BACK_CANCELLED = "call_back_cancelled"
    WAITED_TOO_LONG = "waited_too_long"
    LEFT_UNANSWERED = "left_unanswered"
    CARD_MASKED = "card_masked"
    TASK_ASKS = "task_asks"
    TASK_ENDED = "task_ended"
    MUTED = "muted"
    RECORDING_PAUSED = "recording_paused"
    RECORDING_RESUMED = "recording_resumed"
    SURVEY_OFFERED = "survey_offered"
    DELIVERY_FAILED = "delivery_failed"
    OPTED_OUT = "opted_out"
    OPTED_IN = "opted_in"
    BOT_TURN_DROPPED = "bot_turn_dropped"
    BOT_FAILED = "bot_failed"
    ROLES_SWAPPED = "roles_swapped"
    ROLES_TOLD = "roles_told"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: not a turn, never scored. `span` is set where a call has it."""

    kind: EventKind
    at: datetime | None
    actor: str | None = None
    note: str | None = None
    span: TimeSpan | None = None

    def __post_init__(self) -> None:
        check_aware(self.at, "an event's time")


JsonValue: TypeAlias = "str | int | float | bool | list[JsonValue] | dict[str, JsonValue] | None"


@dataclass(frozen=True, slots=True)
class Conversation:
    """One customer, one channel, one matter.

    `variables` are the words of the house that its scorecards use (company, product names);
    `labels` are judgements of people who took part, in imported files. `measures` are of a call's
    sound. `queue` is the name of the line it waited in, `direction` of a call who rang whom.
    """

    id: str
    channel: Channel
    turns: tuple[Turn, ...] = ()
    events: tuple[Event, ...] = ()
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    language: str | None = None
    external_id: str | None = None
    agent: str | None = None
    customer: str | None = None
    recording: str | None = None
    engine: str | None = None
    previous: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, JsonValue] = field(default_factory=dict)
    measures: CallMeasures | None = None
    queue: str | None = None
    direction: CallDirection | None = None

    def __post_init__(self) -> None:
        check_aware(self.opened_at, "opened_at")
        check_aware(self.closed_at, "closed_at")
        if self.opened_at and self.closed_at and self.closed_at < self.opened_at:
            raise BadInput(f"conversation {self.id} closes before it opens")
        ids = [turn.id for turn in self.turns]
        if len(set(ids)) != len(ids):
            raise BadInput(f"conversation {self.id} has two turns with one id")
        starts = [turn.speech.span.start for turn in self.turns if turn.speech]
        if starts != sorted(starts):
            raise BadInput(f"the turns of conversation {self.id} are not in time order")

    @property
    def has_agent(self) -> bool:
        """Whether a person at work took part."""
        return any(turn.role is Role.AGENT for turn in self.turns)

    @property
    def is_voice(self) -> bool:
        """Whether it was spoken."""
        return self.channel is Channel.VOICE

    def turn(self, turn_id: str) -> Turn | None:
        """The turn with this id, if there is one."""
        return next((turn for turn in self.turns if turn.id == turn_id), None)


def check_aware(moment: datetime | None, what: str) -> None:
    """Raise BadInput for a wall-clock time without a zone."""
    if moment is not None and moment.tzinfo is None:
        raise BadInput(f"{what} needs a time zone: {moment.isoformat()}")
