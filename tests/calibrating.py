"""Questions, double scores and sessions built by hand, for tests of calibration."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from core.calibration import (
    NOT_APPLICABLE,
    UNSURE,
    AskedQuestion,
    BlindAnswer,
    CalibrationSession,
    DoubleScore,
    Item,
    Picked,
    Sheet,
)
from core.evaluation import Finding, Verdict

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SAY = {"yes": "Yes", "no": "No", NOT_APPLICABLE: "Does not apply", UNSURE: "Cannot tell"}


def asked(id: str = "greeting", *, is_fatal: bool = False, digest: str = "") -> AskedQuestion:
    """A yes-or-no question."""
    return AskedQuestion(
        id, f"About {id}?", "Opening", digest or f"d-{id}", ("yes", "no"), frozenset({"no"}), SAY,
        is_fatal=is_fatal,
    )  # fmt: skip


def scale(id: str = "warmth") -> AskedQuestion:
    """A question with marks from 1 to 5."""
    marks = ("1", "2", "3", "4", "5")
    return AskedQuestion(
        id, f"About {id}?", "Opening", f"d-{id}", marks, frozenset({"1"}),
        {mark: mark for mark in marks} | SAY, has_values=True, is_scale=True,
    )  # fmt: skip


def scores(
    question: AskedQuestion,
    pairs: Sequence[tuple[str, str, int]],
    *,
    picked: Picked = Picked.RANDOM,
    first: int = 0,
) -> Iterator[DoubleScore]:
    """Double scores by one person: (machine, person, how many conversations)."""
    number = first
    for machine, person, count in pairs:
        for _ in range(count):
            yield double_score(question, f"c{number}", machine, person, picked=picked)
            number += 1


def double_score(
    question: AskedQuestion,
    conversation: str,
    machine: str,
    person: str,
    *,
    picked: Picked = Picked.RANDOM,
    by: str = "sam",
    minutes: int = 0,
) -> DoubleScore:
    """One of them."""
    return DoubleScore(
        question.digest, question.id, "service", 1, conversation, picked, machine, person, by,
        NOW + timedelta(minutes=minutes),
    )  # fmt: skip


def finding(question: str, verdict: str, reason: str = "") -> Finding:
    """A finding of the machine without evidence."""
    return Finding(question, Verdict(verdict), 0.9, reason)


def calibration_session(
    questions: Sequence[AskedQuestion], *items: Item, people: Sequence[str] = ("sam", "sue")
) -> CalibrationSession:
    """An open session that Olga made."""
    return CalibrationSession(
        "s1", "November", "service", 1, tuple(questions), items, tuple(people), "olga", NOW,
        NOW + timedelta(days=7),
    )  # fmt: skip


def sheet(
    conversation: str,
    person: str,
    *,
    had_seen: bool = False,
    is_draft: bool = False,
    **answers: str,
) -> Sheet:
    """One person's answers about one conversation."""
    given = tuple(BlindAnswer(question, answer) for question, answer in answers.items())
    return Sheet(conversation, person, given, NOW, None if is_draft else NOW, had_seen)
