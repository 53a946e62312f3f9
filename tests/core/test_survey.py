"""What is asked next, as a table."""

from datetime import UTC, datetime

import pytest

from core.errors import BadInput
from core.survey import SurveyInvitation, SurveyKind, SurveyResponse, next_question

NOW = datetime(2026, 1, 1, tzinfo=UTC)
WHY = {SurveyKind.CSAT: 3}
INVITATION = SurveyInvitation("i", "c", (SurveyKind.CSAT, SurveyKind.CES), "order_status", NOW)


def answer(kind: str, score: int | None = None, text: str | None = None) -> SurveyResponse:
    dismissed = score is None and text is None
    return SurveyResponse("r", "i", SurveyKind(kind), NOW, score, text, is_dismissed=dismissed)


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        ((), "csat"),
        ((answer("csat", 5),), "ces"),
        ((answer("csat", 4),), "ces"),
        ((answer("csat", 3),), "why"),
        ((answer("csat", 1), answer("why", text="late")), "ces"),
        ((answer("csat", 2), answer("why")), "ces"),
        ((answer("csat", 5), answer("ces", 7)), None),
        ((answer("csat"),), None),
        ((answer("csat", 5), answer("ces")), None),
    ],
)
def test_next_question_table(given: tuple[SurveyResponse, ...], asked: str | None) -> None:
    assert next_question(INVITATION, given, WHY) == asked


def test_closed_invitation_asks_nothing() -> None:
    closed = SurveyInvitation("i", "c", INVITATION.kinds, "x", NOW, closed_at=NOW)
    assert next_question(closed, (), WHY) is None


@pytest.mark.parametrize(
    ("kind", "score"), [("csat", 0), ("csat", 6), ("ces", 8), ("nps", 11), ("nps", -1)]
)
def test_responses_refuse_scores_off_the_scale(kind: str, score: int) -> None:
    with pytest.raises(BadInput):
        answer(kind, score)
