"""Rows of reports in one line each."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from core.answers import AnswerForm, AnswerKind
from core.judged import Judged
from core.scorecard import Criticality, Question, Scorecard, Section
from insight.windows import Window

LONDON = ZoneInfo("Europe/London")
TWO_WEEKS = Window(date(2026, 11, 9), date(2026, 11, 22), LONDON)  # Monday to Sunday, twice
CARD = Scorecard(
    "card", 1, "Card",
    (
        Section("opening", "Opening", 40, (
            Question("greeting", "Greeted?", 75, "phrase"),
            Question("name", "Named?", 25, "phrase"),
        )),
        Section("talk", "Talk", 60, (
            Question("tone", "Tone?", 100, "person",
                     answers=AnswerForm(AnswerKind.SCALE, low=0, high=4)),
            Question("rude", "Clean?", 0, "absence", criticality=Criticality.FATAL),
        )),
    ),
)  # fmt: skip


def on(day: int, month: int = 11, hour: int = 12) -> datetime:
    """That hour of that day in 2026, UTC."""
    return datetime.combine(date(2026, month, day), time(hour), UTC)


def row(
    score: float | None, day: int = 9, *, agent: str = "ann", answers: str = "{}",
    failed: bool = False, weight: float = 1.0, id: str = "c", month: int = 11,
) -> Judged:  # fmt: skip
    """One conversation as a report counts it."""
    return Judged(id, on(day, month), agent, None, score, failed, answers, weight)
