"""Coaching: a task made from evidence, with a skill, an owner, a date, and its end.

Source: DOMAIN "Scorecard": a task made from evidence, with skill, owner, due date,
acknowledgement, and the before/after of the question it aimed at.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from core.conversation import check_aware
from core.errors import BadInput, Conflict, NotAllowed
from core.evaluation import Evidence

LONGEST_SKILL = 60  # characters; a name to sort by, no sentence
LONGEST_NOTE = 2000  # characters; a page that somebody reads before they talk about it


class TaskState(StrEnum):
    """How far a task has come."""

    OPEN = "open"  # the agent has not said yet that they have read it
    ACKNOWLEDGED = "acknowledged"
    DONE = "done"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Aim:
    """The question that a task aims at, of one version of a scorecard."""

    scorecard: str
    version: int
    question: str


@dataclass(frozen=True, slots=True)
class CoachingTask:
    """What an agent (a user's id) is to get better at, and where it was seen.

    `conversation` is None once it has been deleted: its words, and those about it, are gone then.
    `before` is what was earned on the question in the weeks before, 0..1, and how often: counted
    when the task was made, as conversations are deleted in time.
    """

    id: str
    agent: str
    skill: str
    aim: Aim
    conversation: str | None
    evaluation: str | None
    evidence: tuple[Evidence, ...]
    note: str
    made_by: str
    made_at: datetime
    due_at: datetime
    before: tuple[tuple[float, int], ...] = ()
    acknowledged_at: datetime | None = None
    answer: str = ""
    done_at: datetime | None = None
    done_by: str | None = None
    outcome: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None

    def __post_init__(self) -> None:
        moments = (self.made_at, self.due_at, self.acknowledged_at, self.done_at)
        for moment in (*moments, self.withdrawn_at):
            check_aware(moment, "a task's time")
        check_skill(self.skill)
        if any(not 0 <= value <= 1 or times < 1 for value, times in self.before):
            raise BadInput("what was earned before lies in 0..1, each value once or more")
        for text in (self.note, self.answer, self.outcome):
            check_length(text)

    @property
    def state(self) -> TaskState:
        """How far it has come."""
        if self.withdrawn_at is not None:
            return TaskState.WITHDRAWN
        if self.done_at is not None:
            return TaskState.DONE
        return TaskState.OPEN if self.acknowledged_at is None else TaskState.ACKNOWLEDGED

    @property
    def is_live(self) -> bool:
        """Whether something is still to be done about it."""
        return self.state in (TaskState.OPEN, TaskState.ACKNOWLEDGED)

    def is_overdue(self, now: datetime) -> bool:
        """Whether its date has passed and it is not done."""
        return self.is_live and self.due_at <= now


def check_skill(skill: str) -> None:
    """Raise BadInput unless it is the name of a skill."""
    if not skill.strip():
        raise BadInput("Name the skill that this is about, such as listening.")
    if len(skill) > LONGEST_SKILL:
        raise BadInput(f"The skill has {len(skill)} characters; a name has {LONGEST_SKILL}.")


def check_length(text: str) -> None:
    """Raise BadInput for a note that nobody would read."""
    if len(text) > LONGEST_NOTE:
        raise BadInput(f"The text has {len(text):,} characters; {LONGEST_NOTE:,} are enough.")


def check_new(task: CoachingTask) -> None:
    """Raise BadInput unless a new task says what to do, and by when."""
    if not task.note.strip():
        raise BadInput("Say in a few words what should change; the agent reads it.")
    if task.due_at <= task.made_at:
        raise BadInput("The date lies in the past; give one from today on.")


def acknowledged(task: CoachingTask, *, by: str, answer: str, now: datetime) -> CoachingTask:
    """The agent has read it; saying so twice changes nothing.

    Raises:
        NotAllowed: it is somebody else's.
        Conflict: it was withdrawn.
    """
    if task.agent != by:
        raise NotAllowed("Only the agent whose task it is can acknowledge it.")
    if task.state is TaskState.WITHDRAWN:
        raise Conflict("This task was withdrawn.")
    if task.acknowledged_at is not None:
        return task
    return replace(task, acknowledged_at=now, answer=answer.strip())


def done(task: CoachingTask, *, by: str, outcome: str, now: datetime) -> CoachingTask:
    """It was talked about and worked on; `outcome` says what came of it.

    Raises:
        BadInput: nothing is said.
        Conflict: it is at its end already, or the agent has not read it.
        NotAllowed: it is one's own.
    """
    if task.agent == by:
        raise NotAllowed("Somebody else says that a task of yours is done.")
    if not outcome.strip():
        raise BadInput("Say in a few words what was done.")
    if not task.is_live:
        raise Conflict(f"This task is {task.state} already.")
    if task.acknowledged_at is None:
        raise Conflict("The agent has not acknowledged this task yet; talk to them first.")
    return replace(task, done_at=now, done_by=by, outcome=outcome.strip())


def withdrawn(task: CoachingTask, *, by: str, now: datetime) -> CoachingTask:
    """It was a mistake, or is no use any more.

    Raises:
        Conflict: it is at its end already.
        NotAllowed: it is one's own.
    """
    if task.agent == by:
        raise NotAllowed("Somebody else withdraws a task of yours.")
    if not task.is_live:
        raise Conflict(f"This task is {task.state} already.")
    return replace(task, withdrawn_at=now, withdrawn_by=by)


def reopened(task: CoachingTask, *, by: str, due_at: datetime, now: datetime) -> CoachingTask:
    """Take the end of a task back, with a new date; that it was acknowledged stays.

    Raises:
        BadInput: the date lies in the past.
        Conflict: it has not come to an end.
        NotAllowed: it is one's own.
    """
    if task.agent == by:
        raise NotAllowed("Somebody else opens a task of yours again.")
    if task.is_live:
        raise Conflict("This task is still open.")
    if due_at <= now:
        raise BadInput("The date lies in the past; give one from today on.")
    return replace(
        task, due_at=due_at, done_at=None, done_by=None, outcome="",
        withdrawn_at=None, withdrawn_by=None,
    )  # fmt: skip
