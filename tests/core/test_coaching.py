"""What may become of a coaching task, by whom, and what may not."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.coaching import (
    Aim,
    CoachingTask,
    TaskState,
    acknowledged,
    check_new,
    done,
    reopened,
    withdrawn,
)
from core.errors import BadInput, Conflict, NotAllowed

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
TASK = CoachingTask(
    id="k1", agent="ann", skill="Listening", aim=Aim("service", 1, "empathy"),
    conversation="c1", evaluation="e1", evidence=(), note="Wait until they have finished.",
    made_by="sam", made_at=NOW, due_at=NOW + timedelta(days=7),
)  # fmt: skip
READ = acknowledged(TASK, by="ann", answer=" I see. ", now=LATER)
DONE = done(READ, by="sam", outcome="Listened to three calls together.", now=LATER)
GONE = withdrawn(TASK, by="sam", now=LATER)


def test_a_task_goes_from_open_to_done() -> None:
    assert [task.state for task in (TASK, READ, DONE, GONE)] == list(TaskState)
    assert (READ.answer, READ.acknowledged_at) == ("I see.", LATER)
    assert (DONE.done_by, DONE.outcome) == ("sam", "Listened to three calls together.")
    assert (TASK.is_live, READ.is_live, DONE.is_live, GONE.is_live) == (True, True, False, False)


def test_saying_twice_that_it_was_read_changes_nothing() -> None:
    again = acknowledged(READ, by="ann", answer="other words", now=NOW + timedelta(days=3))
    assert again == READ


def test_the_end_can_be_taken_back() -> None:
    due = NOW + timedelta(days=30)
    for ended in (DONE, GONE):
        again = reopened(ended, by="sam", due_at=due, now=LATER)
        assert again.is_live
        assert (again.due_at, again.outcome) == (due, "")
    assert reopened(DONE, by="sam", due_at=due, now=LATER).state is TaskState.ACKNOWLEDGED


@pytest.mark.parametrize(
    "step, error",
    [
        (lambda: acknowledged(TASK, by="ben", answer="", now=LATER), NotAllowed),
        (lambda: acknowledged(TASK, by="sam", answer="", now=LATER), NotAllowed),
        (lambda: acknowledged(GONE, by="ann", answer="", now=LATER), Conflict),
        (lambda: done(READ, by="ann", outcome="I did it", now=LATER), NotAllowed),
        (lambda: done(READ, by="sam", outcome="  ", now=LATER), BadInput),
        (lambda: done(TASK, by="sam", outcome="we talked", now=LATER), Conflict),
        (lambda: done(DONE, by="sam", outcome="we talked", now=LATER), Conflict),
        (lambda: withdrawn(DONE, by="sam", now=LATER), Conflict),
        (lambda: withdrawn(TASK, by="ann", now=LATER), NotAllowed),
        (lambda: reopened(TASK, by="sam", due_at=LATER, now=NOW), Conflict),
        (lambda: reopened(DONE, by="sam", due_at=NOW, now=LATER), BadInput),
        (lambda: reopened(DONE, by="ann", due_at=LATER, now=NOW), NotAllowed),
    ],
)
def test_a_step_out_of_turn_is_refused(
    step: Callable[[], CoachingTask], error: type[Exception]
) -> None:
    with pytest.raises(error):
        step()


@pytest.mark.parametrize(
    "changes, message",
    [
        ({"note": " "}, "what should change"),
        ({"due_at": NOW}, "in the past"),
    ],
)
def test_a_new_task_says_what_and_by_when(changes: dict[str, object], message: str) -> None:
    check_new(TASK)
    with pytest.raises(BadInput, match=message):
        check_new(replace(TASK, **changes))  # type: ignore[arg-type] # fields of a task


@pytest.mark.parametrize(
    "changes",
    [
        {"skill": " "},
        {"skill": "x" * 61},
        {"note": "x" * 2001},
        {"due_at": NOW.replace(tzinfo=None)},
        {"before": ((1.5, 1),)},
        {"before": ((0.5, 0),)},
    ],
)
def test_what_no_task_can_be_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        replace(TASK, **changes)  # type: ignore[arg-type] # fields of a task


def test_the_clock_runs_until_the_task_is_done() -> None:
    late = TASK.due_at
    assert not TASK.is_overdue(late - timedelta(seconds=1))
    assert TASK.is_overdue(late)
    assert not DONE.is_overdue(late)
    assert not GONE.is_overdue(late)
