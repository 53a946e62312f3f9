"""What people say about an evaluation carries its reason, and a zone on every time."""

from datetime import UTC, datetime, timedelta

import pytest

from core.draw import Drawn, Way
from core.errors import BadInput
from core.evaluation import Verdict
from core.review import (
    MACHINE,
    Answer,
    Correction,
    Decision,
    Dispute,
    Outcome,
    Review,
    ReviewState,
)

NOW = datetime(2026, 5, 4, 12, tzinfo=UTC)
YES = Answer(Verdict.YES)


def review(state: ReviewState, *, by: str | None = "sam", due_at: datetime | None = None) -> Review:
    return Review(
        "v1", "c1", "e1", "service", 1, "user:ann", state, "sam", NOW,
        70.0, False, 80.0, False, submitted_by=by, due_at=due_at,
    )  # fmt: skip


@pytest.mark.parametrize("words", ["", "  \n"])
def test_every_word_to_the_agent_is_written(words: str) -> None:
    with pytest.raises(BadInput, match="few words"):
        Dispute("d1", "v1", "greeting", words, "ann", NOW)
    with pytest.raises(BadInput, match="reason"):
        Decision("x1", "d1", Outcome.UPHELD, None, words, "sue", NOW)


@pytest.mark.parametrize(
    ("outcome", "answer", "is_right"),
    [
        (Outcome.UPHELD, None, True),
        (Outcome.OVERTURNED, YES, True),
        (Outcome.UPHELD, YES, False),
        (Outcome.OVERTURNED, None, False),
    ],
)
def test_an_overturned_answer_comes_with_the_right_one(
    outcome: Outcome, answer: Answer | None, is_right: bool
) -> None:
    if is_right:
        assert Decision("x1", "d1", outcome, answer, "heard it", "sue", NOW).outcome is outcome
        return
    with pytest.raises(BadInput, match="only then"):
        Decision("x1", "d1", outcome, answer, "heard it", "sue", NOW)


@pytest.mark.parametrize(
    ("state", "is_open"),
    [
        (ReviewState.DRAFT, False),
        (ReviewState.SUBMITTED, True),
        (ReviewState.ACKNOWLEDGED, True),
        (ReviewState.DISPUTED, True),
        (ReviewState.DECIDED, False),
        (ReviewState.CLOSED, False),
    ],
)
def test_the_agents_window_is_open_between_submitting_and_its_end(
    state: ReviewState, is_open: bool
) -> None:
    found = review(state, due_at=NOW + timedelta(days=7))
    assert found.is_open_to_agent(NOW) is is_open
    assert not found.is_open_to_agent(NOW + timedelta(days=7)), "its end is not in it"
    assert not review(state).is_open_to_agent(NOW), "no clock, no window"


@pytest.mark.parametrize(("by", "is_reviewed"), [("sam", True), (MACHINE, False), (None, False)])
def test_what_the_gate_submits_is_not_reviewed(by: str | None, is_reviewed: bool) -> None:
    assert review(ReviewState.SUBMITTED, by=by).is_reviewed is is_reviewed


@pytest.mark.parametrize("probability", [0.0, -0.1, 1.1])
def test_what_was_drawn_could_be_drawn(probability: float) -> None:
    with pytest.raises(BadInput, match="probability"):
        Drawn("w1", "c1", "user:ann", Way.UNIFORM, probability, (), NOW, NOW)


def test_times_carry_their_zone() -> None:
    naive = NOW.replace(tzinfo=None)
    with pytest.raises(BadInput, match="zone"):
        Drawn("w1", "c1", "user:ann", Way.RISK, 1.0, (), NOW, naive)
    with pytest.raises(BadInput, match="zone"):
        Correction("k1", "v1", "greeting", YES, "heard it", "sam", naive)
