"""The question that a coaching task aimed at, before the task and after it was done.

Counted are the machine's answers to all conversations of the agent by the same version of the
scorecard: the same measure on both sides. The conversation that the task was made from is left
out, since it was chosen for its answer. What is told is a difference, not what made it.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.coaching import CoachingTask
from core.judged import Judged
from core.packed import LineReader
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


def days_before(made_at: datetime, zone: ZoneInfo) -> Window:
    """The four weeks before the day on which a task is made."""
    made = made_at.astimezone(zone).date()
    return Window(made - timedelta(days=DAYS), made - timedelta(days=1), zone)


def sides_of(task: CoachingTask, *, today: date, zone: ZoneInfo) -> Sides:
    """The four weeks before the day on which the task was made, and those after it was done.

    Today is not over, so it does not count.
    """
    before = days_before(task.made_at, zone)
    if task.done_at is None:
        return Sides(before, None)
    first = task.done_at.astimezone(zone).date() + timedelta(days=1)
    last = min(first + timedelta(days=DAYS - 1), today - timedelta(days=1))
    return Sides(before, Window(first, last, zone) if last >= first else None)


class Earned:
    """Counts what was earned on one question as conversations go by, all but a chosen one."""

    def __init__(
        self, question: str, window: Window, card: Scorecard | None, *, leave_out: str
    ) -> None:
        self._question, self._window, self._leave_out = question, window, leave_out
        self._reader = LineReader(card)
        self._tally = Tally()

    def add(self, row: Judged) -> None:
        """Count one conversation, where it lies in the window and answered the question."""
        if row.conversation == self._leave_out or not self._window.contains(row.at):
            return
        earned = self._reader.shares(row.answers).get(self._question)
        if earned is not None:
            self._tally.add(round(earned, 4))

    def counts(self) -> tuple[tuple[float, int], ...]:
        """Each value and how often it was earned, as a task keeps them."""
        return tuple((value, times) for (value, _), times in sorted(self._tally.counts.items()))


def effect(task: CoachingTask, sides: Sides, after: tuple[tuple[float, int], ...] | None) -> Effect:
    """Both sides, and their difference where there are enough of each."""
    before = _figure(task.before, sides.before)
    if sides.after is None or after is None:
        return Effect(before, None, None)
    later = _figure(after, sides.after)
    is_enough = before.n >= LEAST and later.n >= LEAST
    return Effect(before, later, change(before, later) if is_enough else None)


def _figure(counts: tuple[tuple[float, int], ...], window: Window) -> Figure:
    tally = Tally()
    for value, times in counts:
        tally.add(value, times=times)
    return tally.figure(EARNED, window)
