"""Before and after a coaching task: which days, which conversations, and when nothing is told."""

from dataclasses import replace
from datetime import date

import pytest

from core.coaching import Aim, CoachingTask
from insight.coaching import DAYS, LEAST, Earned, Effect, effect, sides_of
from tests.insight.build import CARD, LONDON, on, row

YES, NO = '{"greeting":"y"}', '{"greeting":"n"}'
TASK = CoachingTask(
    id="k1", agent="ann", skill="Greeting", aim=Aim("card", 1, "greeting"), conversation="its-own",
    evaluation=None, evidence=(), note="Say hello.", made_by="sam", made_at=on(1), due_at=on(15),
)  # fmt: skip
LATE = date(2026, 11, 30)
DONE = replace(TASK, acknowledged_at=on(2), done_at=on(10), done_by="sam")


def counted(
    lines: list[str], day: int, month: int = 11, *, task: CoachingTask = DONE, today: date = LATE
) -> tuple[tuple[float, int], ...]:
    """Conversations of one day, as they are counted for the side where they lie."""
    sides = sides_of(task, today=today, zone=LONDON)
    window = sides.before if month == 10 else sides.after
    assert window is not None
    found = Earned("greeting", window, CARD, leave_out="its-own")
    for line in lines:
        found.add(row(None, day, month=month, answers=line))
    return found.counts()


def compared(
    before: list[str], after: list[str] | None, *, task: CoachingTask = DONE, today: date = LATE
) -> Effect:
    made = replace(task, before=counted(before, 20, 10, task=task))
    later = None if after is None else counted(after, 11, task=task, today=today)
    return effect(made, sides_of(task, today=today, zone=LONDON), later)


def test_both_sides_are_whole_weeks_next_to_the_task() -> None:
    sides = sides_of(DONE, today=date(2027, 3, 1), zone=LONDON)
    assert (sides.before.first, sides.before.last) == (date(2026, 10, 4), date(2026, 10, 31))
    assert sides.before.days == DAYS
    assert sides.after is not None
    assert (sides.after.first, sides.after.last) == (date(2026, 11, 11), date(2026, 12, 8))


@pytest.mark.parametrize(
    "today, last",
    [(date(2026, 11, 11), None), (date(2026, 11, 12), 11), (date(2026, 11, 20), 19)],
)
def test_a_day_counts_when_it_is_over(today: date, last: int | None) -> None:
    after = sides_of(DONE, today=today, zone=LONDON).after
    assert (after.last.day if after else None) == last
    assert sides_of(TASK, today=today, zone=LONDON).after is None


def test_a_difference_is_told_with_its_interval_and_both_n() -> None:
    found = compared([YES] * 4 + [NO] * 16, [YES] * 18 + [NO] * 2)
    assert found.after is not None
    assert (found.before.n, found.after.n) == (20, 20)
    assert found.change is not None
    assert found.change.value == pytest.approx(0.7)
    assert found.change.is_clear


@pytest.mark.parametrize("before, after", [(LEAST - 1, 50), (50, LEAST - 1), (0, 0)])
def test_of_too_few_no_change_is_told(before: int, after: int) -> None:
    found = compared([NO] * before, [YES] * after)
    assert found.change is None
    assert found.after is not None
    assert (found.before.n, found.after.n) == (before, after)
    assert compared([NO] * LEAST, [YES] * LEAST).change is not None


def test_before_it_is_done_there_is_no_after() -> None:
    found = compared([NO] * 20, None, task=TASK)
    assert (found.before.n, found.after, found.change) == (20, None, None)


def test_the_conversation_that_was_chosen_for_its_answer_is_left_out() -> None:
    found = Earned(
        "greeting", sides_of(DONE, today=LATE, zone=LONDON).before, CARD, leave_out="its-own"
    )
    found.add(row(None, 20, month=10, answers=NO, id="its-own"))
    found.add(row(None, 20, month=10, answers='{"greeting":"?"}'))
    found.add(row(None, 5, answers=YES))  # between made and done
    found.add(row(None, 3, month=10, answers=YES))  # before the four weeks
    assert found.counts() == ()
    found.add(row(None, 4, month=10, answers=YES))
    assert found.counts() == ((1.0, 1),)


def test_what_was_counted_before_stays_when_conversations_go() -> None:
    """Only the counts are kept: nothing of them hangs on the conversations any more."""
    kept = replace(DONE, before=((0.0, 12), (1.0, 8)))
    found = effect(kept, sides_of(kept, today=LATE, zone=LONDON), ((1.0, 20),))
    assert (found.before.numerator, found.before.n) == (8, 20)
    assert found.change is not None
    assert found.change.value == pytest.approx(0.6)
