"""What follows a customer's turn, decided before any of it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.call_back import CallBack
from core.survey import PendingReading, SurveyInvitation, SurveyKind, SurveyResponse

ASKED = "asked_for_person"


@dataclass(frozen=True, slots=True)
class Line:
    """One turn of the bot: words, and buttons as (title, payload)."""

    text: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PersonWanted:
    """The conversation goes to the people: why, and what the customer need not say again."""

    reason: str = ASKED
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SurveyChange:
    """What a turn changes in an invitation: an answer, a reading to be confirmed, a repetition.

    No `pending` forgets the reading that was kept.
    """

    invitation: str
    response: SurveyResponse | None = None
    pending: PendingReading | None = None
    repeated: SurveyKind | None = None
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """Everything that one customer turn leads to; stored in one transaction or not at all.

    `failure` says why the bot did not answer; `key` names the turns, so that none is made twice;
    `ended` are tasks of the bot with their outcomes.
    """

    key: str
    lines: tuple[Line, ...] = ()
    person: PersonWanted | None = None
    invitation: SurveyInvitation | None = None
    survey: SurveyChange | None = None
    call_back: CallBack | None = None
    ended: tuple[tuple[str, str], ...] = ()
    failure: str | None = None


def turn_key(turn_id: str) -> str:
    """The key of the reply to a customer's turn."""
    return f"bot:{turn_id}"


def line_id(key: str, number: int) -> str:
    """The id of a reply's line, counted from 0; no customer can choose one, it has colons."""
    return f"{key}:{number}"
