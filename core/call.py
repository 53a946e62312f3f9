"""One telephone leg: whom it belongs to, how far it has come, who is on which channel."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.conversation import CallDirection, check_aware
from core.recording import FirstLeg


class CallStage(StrEnum):
    """Who talks on the line."""

    BOT = "bot"
    RINGING = "ringing"  # the people are being rung
    PERSON = "person"
    PAYING = "paying"  # keys a card in: nothing is recorded, and the bot hears nothing of it
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Call:
    """A caller's leg, as the provider names it, and where the talk with the bot stands.

    `parent` is who is on the leg that rang first, and so on the first channel of a recording.
    `step` grows with each prompt; `key` and `answer` are the last request that was answered and
    what was answered, so that a repeated one gets the same. The turns from `told_from` up to
    `told_to` (both inclusive, -1 before any) are the last prompt. `pending` is what was heard and
    read back, until the caller says yes. `called` is the number of the house, `leg` the agent's
    leg.
    """

    provider: str
    sid: str
    conversation: str
    began_at: datetime
    direction: CallDirection = CallDirection.INBOUND
    parent: FirstLeg = FirstLeg.CUSTOMER
    stage: CallStage = CallStage.BOT
    step: int = 0
    key: str = ""
    answer: str = ""
    told_from: int = -1
    told_to: int = -1
    silences: int = 0
    misheard: int = 0
    is_slow: bool = False
    called: str | None = None
    pending: str | None = None
    leg: str | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None

    def __post_init__(self) -> None:
        for moment in (self.began_at, self.answered_at, self.ended_at):
            check_aware(moment, "a call's time")


class CallRecordingState(StrEnum):
    """How far the recording of a call has come."""

    DUE = "due"  # the provider has it
    FETCHED = "fetched"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class CallRecording:
    """A recording that the provider made of a call, until its sound is here.

    `started_at` is when its first second was; `recording` is what it became.
    """

    sid: str
    call: str
    conversation: str
    told_at: datetime
    state: CallRecordingState = CallRecordingState.DUE
    started_at: datetime | None = None
    duration: float | None = None
    channels: int | None = None
    attempts: int = 0
    try_after: datetime | None = None
    recording: str | None = None
    error: str | None = None

    def __post_init__(self) -> None:
        for moment in (self.told_at, self.started_at, self.try_after):
            check_aware(moment, "a recording's time")
