"""The question that a coaching task aimed at, before the task and after it was done.

Counted are the machine's answers to all conversations of the agent by the same version of the
scorecard: the same measure on both sides. The conversation that the task was made from is left
out, since it was chosen for its answer. What is told is a difference, not what made it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.coaching import CoachingTask
from core.judged import Judged
from core.packed import shares_in
from core.scorecard import Scorecard
from insight.change import Change, change
from insight.definitions import EARNED
from insight.figures import Figure
from insight.tally import Tally
from insight.windows import Window

DAYS = 28  # on either side: four whole weeks, so that weekdays weigh the same
LEAST = 10  # conversations on either side; of fewer, Wilson's interval of a half is 53 points wide


@dataclass(frozen=True, slots=True)
class Effect:
    """What was earned on the question before, and after where that has begun.

    No change is told of fewer than LEAST conversations on either side.
    """

    before: Figure
    after: Figure | None
    change: Change | None


@dataclass(frozen=True, slots=True)
class Sides:
    """The days that are compared; `after` is None until the task is done and a day has passed."""

    before: Window
    after: Window | None


def sides_of(task: CoachingTask, *, today: date, zone: ZoneInfo) -> Sides:
    """The four weeks before the day on which the task was made, and those after it was done.

    Today is not over, so it does not count.
    """
    made = task.made_at.astimezone(zone).date()
    before = Window(made - timedelta(days=DAYS), made - timedelta(days=1), zone)
    if task.done_at is None:
        return Sides(before, None)
    first = task.done_at.astimezone(zone).date() + timedelta(days=1)
    last = min(first + timedelta(days=DAYS - 1), today - timedelta(days=1))
    return Sides(before, Window(first, last, zone) if last >= first else None)


class Effects:
    """Counts the agent's conversations as they go by."""

    def __init__(self, task: CoachingTask, sides: Sides, card: Scorecard | None) -> None:
        self._task, self._sides, self._card = task, sides, card
        self._before, self._after = Tally(), Tally()

    def add(self, row: Judged) -> None:
        """Count one conversation, on the side where it lies."""
        if row.conversation == self._task.conversation:
            return
        shares: Mapping[str, float] = shares_in(row.answers, self._card)
        earned = shares.get(self._task.aim.question)
        if earned is None:
            return
        if self._sides.before.contains(row.at):
            self._before.add(earned)
        elif self._sides.after and self._sides.after.contains(row.at):
            self._after.add(earned)

    def result(self) -> Effect:
        """Both sides, and their difference where there are enough of each."""
        before = self._before.figure(EARNED, self._sides.before)
        if self._sides.after is None:
            return Effect(before, None, None)
        after = self._after.figure(EARNED, self._sides.after)
        is_enough = before.n >= LEAST and after.n >= LEAST
        return Effect(before, after, change(before, after) if is_enough else None)
