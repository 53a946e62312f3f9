"""The conversations behind a number of a report, as a condition for the list of conversations."""

from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from core.evaluation import Verdict
from core.judged import Behind, DisputeState, Result
from core.packed import piece_of
from core.review import Outcome
from core.survey import SurveyKind
from store import reports
from store.calibration_tables import DoubleScoreRow
from store.review_tables import DisputeRow, ReviewRow
from store.tables import ConversationRow, SurveyInvitationRow, SurveyResponseRow

ANSWERED = (Verdict.YES, Verdict.NO)


def ids_behind(behind: Behind) -> Select[str]:
    """Their ids."""
    if behind.disputed is not None:
        return _disputed(behind, behind.disputed)
    if behind.blind_by is not None:
        return _scored_blind(behind, behind.blind_by)
    if behind.evaluator is not None:
        return _reviewed(behind, behind.evaluator)
    wanted, limits = behind.wanted, list[ColumnElement[bool]]()
    if behind.result is not None:
        limits.extend(_came_out(behind, behind.result))
    if behind.question is not None:
        limits.append(_answered(behind, behind.question))
    if behind.csat is not None or behind.surveyed:
        newest = _satisfaction()
        limits.append(newest.is_not(None) if behind.csat is None else newest == behind.csat)
        limits.append(reports.standing_score(wanted).is_not(None))
    return reports.matching(wanted, *limits)


def _came_out(behind: Behind, result: Result) -> list[ColumnElement[bool]]:
    score = reports.standing_score(behind.wanted)
    if result is Result.UNSCORED:
        return [score.is_(None)]
    if result is Result.SCORED:
        return [score.is_not(None)]
    failed = reports.standing_failed(behind.wanted)
    return [score.is_not(None), failed.is_(result is Result.FAILED)]


def _answered(behind: Behind, question: str) -> ColumnElement[bool]:
    answers = reports.standing_answers(behind.wanted)
    verdicts = ANSWERED if behind.verdict is None else (behind.verdict,)
    return or_(
        *(answers.contains(piece_of(question, verdict), autoescape=True) for verdict in verdicts)
    )


def _satisfaction() -> ScalarSelect[int | None]:
    """The customer's newest CSAT, as a report counts it; NULL without one."""
    newest = (
        select(SurveyResponseRow.score)
        .join(SurveyInvitationRow, SurveyInvitationRow.id == SurveyResponseRow.invitation_id)
        .where(SurveyInvitationRow.conversation_id == ConversationRow.id)
        .where(SurveyResponseRow.kind == SurveyKind.CSAT.value)
        .where(SurveyResponseRow.score.is_not(None))
        .order_by(SurveyResponseRow.answered_at.desc(), SurveyResponseRow.id.desc())
        .limit(1)
        .correlate(ConversationRow)
    )
    return newest.scalar_subquery()


def _disputed(behind: Behind, state: DisputeState) -> Select[str]:
    outcome: InstrumentedAttribute[str | None] = DisputeRow.outcome
    conditions: dict[DisputeState, ColumnElement[bool]] = {
        DisputeState.WAITING: outcome.is_(None),
        DisputeState.DECIDED: outcome.is_not(None),
        DisputeState.UPHELD: outcome == Outcome.UPHELD.value,
        DisputeState.OVERTURNED: outcome == Outcome.OVERTURNED.value,
    }
    wanted = behind.wanted
    found = _of_reviews(behind).join(DisputeRow, DisputeRow.review_id == ReviewRow.id)
    if behind.question is not None:
        found = found.where(DisputeRow.question == behind.question)
    if behind.evaluator is not None:
        found = found.where(ReviewRow.submitted_by == behind.evaluator)
    return found.where(conditions[state], DisputeRow.at >= wanted.start, DisputeRow.at < wanted.end)


def _reviewed(behind: Behind, evaluator: str) -> Select[str]:
    wanted = behind.wanted
    return _of_reviews(behind).where(
        and_(
            ReviewRow.submitted_by == evaluator,
            ReviewRow.submitted_at >= wanted.start,
            ReviewRow.submitted_at < wanted.end,
        )
    )


def _scored_blind(behind: Behind, person: str) -> Select[str]:
    """Those that are still there: blind answers outlive their conversation."""
    wanted = behind.wanted
    units = (
        select(DoubleScoreRow.unit)
        .where(DoubleScoreRow.user_id == person)
        .where(DoubleScoreRow.scorecard == wanted.scorecard)
        .where(DoubleScoreRow.version == wanted.version)
        .where(DoubleScoreRow.at >= wanted.start, DoubleScoreRow.at < wanted.end)
    )
    return select(ConversationRow.id).where(ConversationRow.id.in_(units))


def _of_reviews(behind: Behind) -> Select[Any]:
    wanted = behind.wanted
    return (
        select(ConversationRow.id)
        .join(ReviewRow, ReviewRow.conversation_id == ConversationRow.id)
        .where(*reports.of_form(wanted, ReviewRow))
        .where(*reports.of_conversation(wanted, ReviewRow.agent_key))
    )
