"""A call's sound and what a machine heard in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from core.conversation import CallDirection, JsonValue, Word, check_aware
from core.errors import BadInput
from core.spans import TimeSpan, less, shared


class ChannelLayout(StrEnum):
    """Which party is on which channel, first channel first.

    FIND: two channels, and what is said shall tell; a recording that keeps it did not tell.
    """

    AGENT_CUSTOMER = "agent,customer"
    CUSTOMER_AGENT = "customer,agent"
    MONO = "mono"
    FIND = "find"


class FirstLeg(StrEnum):
    """Who is on the first channel of a recording."""

    AGENT = "agent"
    CUSTOMER = "customer"
    FIND = "find"

    @property
    def layout(self) -> ChannelLayout:
        """The layout that it makes."""
        return _LAYOUTS[self]


_LAYOUTS = {
    FirstLeg.AGENT: ChannelLayout.AGENT_CUSTOMER,
    FirstLeg.CUSTOMER: ChannelLayout.CUSTOMER_AGENT,
    FirstLeg.FIND: ChannelLayout.FIND,
}


class RecordingState(StrEnum):
    """How far a recording has come; the database row is the truth."""

    RECEIVED = "received"
    TRANSCRIBED = "transcribed"
    SCORED = "scored"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Mute:
    """A stretch that nobody is to hear, on one channel (counted from 0) or on all (None)."""

    span: TimeSpan
    channel: int | None = None


def ordered(mutes: Iterable[Mute]) -> tuple[Mute, ...]:
    """Each once, in time order."""
    return tuple(sorted(set(mutes), key=_place))


def covers(mutes: Iterable[Mute], other: Mute) -> bool:
    """Whether every second of `other` is silent by `mutes` already; of two channels at most."""
    known = tuple(mutes)
    on_all = [mute.span for mute in known if mute.channel is None]
    first, second = ([mute.span for mute in known if mute.channel == one] for one in (0, 1))
    there = {None: shared([*on_all, *first], [*on_all, *second]), 0: first, 1: second}
    return not less([other.span], [*on_all, *there.get(other.channel, ())])


def _place(mute: Mute) -> tuple[TimeSpan, int]:
    return mute.span, -1 if mute.channel is None else mute.channel


@dataclass(frozen=True, slots=True)
class Recording:
    """The sound of one call as it was received.

    `sha256` is of the file's bytes; `duration` is in seconds and, like `sample_rate_hz` and
    `layout`, None until it was read. `incomplete_at` is the second where a damaged file breaks.
    `mutes` is heard by nobody. `notes` are sentences about the sound, `quality` figures of it:
    what was known when it was written down, so its keys are open. `queue` is the line that the
    call waited in, `direction` who rang whom. `opened_at` is when the call began, None where nobody
    told.
    """

    id: str
    sha256: str
    name: str
    state: RecordingState
    received_at: datetime
    layout: ChannelLayout | None = None
    duration: float | None = None
    sample_rate_hz: int | None = None
    consent: bool | None = None
    delete_after: datetime | None = None
    conversation: str | None = None
    agent: str | None = None
    external_id: str | None = None
    scorecard: str | None = None
    variables: Mapping[str, str] = field(default_factory=dict)
    incomplete_at: float | None = None
    error: str | None = None
    attempts: int = 0
    mutes: tuple[Mute, ...] = ()
    notes: tuple[str, ...] = ()
    quality: Mapping[str, JsonValue] = field(default_factory=dict)
    queue: str | None = None
    direction: CallDirection | None = None
    opened_at: datetime | None = None

    def __post_init__(self) -> None:
        check_aware(self.received_at, "received_at")
        check_aware(self.opened_at, "opened_at")
        if len(self.sha256) != 64:
            raise BadInput(f"a SHA-256 has 64 hex digits, not {len(self.sha256)}")


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of speech on one channel as the engine gave it."""

    channel: int
    span: TimeSpan
    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """What the machine heard; never edited by a person, save by redaction and erasure."""

    recording: str
    engine: str
    model: str
    revision: str
    language: str
    segments: tuple[Segment, ...]
