"""What follows a customer's turn, decided before any of it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.call_back import CallBack
from core.survey import PendingReading, SurveyInvitation, SurveyKind, SurveyResponse

ASKED = "asked_for_person"

# How the bot's answers begin or end that only answer a question or find none (domain.yml).
AT_A_LOSS = (
    "Was this what you needed?",
    "I did not understand that.",
    "I still do not understand",
    "I am not sure what you mean.",
    "I am not sure that I have an answer.",
    "I do not have an answer to that",
    "I cannot help with that.",
)


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

    `reason` is the answer to why where it was told with the score. No `pending` forgets the reading
    that was kept.
    """

    invitation: str
    response: SurveyResponse | None = None
    reason: SurveyResponse | None = None
    pending: PendingReading | None = None
    repeated: SurveyKind | None = None
    closes: bool = False


@dataclass(frozen=True, slots=True)
class Reply:
    """Everything that one customer turn leads to; stored in one transaction or not at all.

    `failure` says why the bot did not answer; `key` names the turns, so that none is made twice;
    `ended` are tasks of the bot with their outcomes; `cancels_call` names a call-back that the
    customer takes back; `returns` gives one who waits back to the bot;
    `asks` says that a task of the bot waits for what it asked;
    `passages` are those lines that are answers out of articles.
    """

    key: str
    lines: tuple[Line, ...] = ()
    person: PersonWanted | None = None
    invitation: SurveyInvitation | None = None
    survey: SurveyChange | None = None
    call_back: CallBack | None = None
    cancels_call: str | None = None
    ended: tuple[tuple[str, str], ...] = ()
    failure: str | None = None
    returns: bool = False
    asks: bool = False
    passages: tuple[Line, ...] = ()

    @property
    def helpful(self) -> tuple[Line, ...]:
        """The lines that go on with a matter: no passage of an article, and no 'I cannot say'."""
        return tuple(
            line
            for line in self.lines
            if line not in self.passages and not any(said in line.text for said in AT_A_LOSS)
        )

    @property
    def is_at_a_loss(self) -> bool:
        """Whether all that the bot says is that it has nothing to say."""
        is_answered = self.helpful or self.passages or self.person or self.failure
        return bool(self.lines) and not is_answered


def turn_key(turn_id: str) -> str:
    """The key of the reply to a customer's turn."""
    return f"bot:{turn_id}"


def line_id(key: str, number: int) -> str:
    """The id of a reply's line, counted from 0; no customer can choose one, it has colons."""
    return f"{key}:{number}"


ANSWERS = ("bot:", ":0")  # before and behind a turn's id, in the id of the first line for it
