"""Reviews, corrections, disputes and draws: rows to core types and back."""

import json
from typing import Any

from core.draw import Drawn, Risk, Way
from core.evaluation import Evidence, Verdict
from core.review import (
    Answer,
    Correction,
    Decision,
    Dispute,
    Outcome,
    Review,
    ReviewState,
)
from core.spans import TextSpan
from store.review_tables import CorrectionRow, DecisionRow, DisputeRow, DrawRow, ReviewRow


def review_of(row: ReviewRow) -> Review:
    """A row as the review it is."""
    return Review(
        id=row.id,
        conversation=row.conversation_id,
        evaluation=row.evaluation_id,
        scorecard=row.scorecard,
        version=row.version,
        agent=row.agent_key,
        state=ReviewState(row.state),
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        machine_score=row.machine_score,
        machine_failed=row.machine_failed,
        score=row.score,
        failed=row.failed,
        comment=row.comment,
        submitted_by=row.submitted_by,
        submitted_at=row.submitted_at,
        due_at=row.due_at,
        acknowledged_at=row.acknowledged_at,
        decided_at=row.decided_at,
        closed_at=row.closed_at,
    )


def correction_of(row: CorrectionRow) -> Correction:
    """A row as the correction it is."""
    return Correction(
        id=row.id,
        review=row.review_id,
        question=row.question,
        answer=Answer(Verdict(row.verdict), value_in(row.value), evidence_in(row.evidence)),
        comment=row.comment,
        by=row.user_id,
        at=row.at,
        machine_verdict=Verdict(row.machine_verdict) if row.machine_verdict else None,
        machine_value=value_in(row.machine_value),
        dispute=row.dispute_id,
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
    )


def dispute_of(row: DisputeRow, decisions: list[DecisionRow]) -> Dispute:
    """A row, and what was said to it, as the dispute it is."""
    return Dispute(
        id=row.id,
        review=row.review_id,
        question=row.question,
        reason=row.reason,
        by=row.user_id,
        at=row.at,
        outcome=Outcome(row.outcome) if row.outcome else None,
        decided_at=row.decided_at,
        decisions=tuple(_decision_of(each) for each in decisions),
    )


def drawn_of(row: DrawRow) -> Drawn:
    """A row as what was drawn."""
    return Drawn(
        id=row.id,
        conversation=row.conversation_id,
        agent=row.agent_key,
        way=Way(row.way),
        scorecard=row.scorecard,
        probability=row.probability,
        risks=tuple(Risk(name) for name in row.risks),
        ended_at=row.ended_at,
        drawn_at=row.drawn_at,
        skipped_at=row.skipped_at,
        skipped_by=row.skipped_by,
        skip_reason=row.skip_reason,
    )


def answer_out(answer: Answer | None) -> dict[str, Any]:
    """An answer as the columns verdict, value and evidence."""
    if answer is None:
        return {"verdict": None, "value": None, "evidence": []}
    return {
        "verdict": answer.verdict.value,
        "value": value_out(answer.value),
        "evidence": [[each.turn, each.span.start, each.span.end] for each in answer.evidence],
    }


def value_out(value: float | str | None) -> str | None:
    """A number or a choice as JSON."""
    return None if value is None else json.dumps(value, ensure_ascii=False)


def value_in(text: str | None) -> float | str | None:
    """What `value_out` wrote."""
    if text is None:
        return None
    value: float | str = json.loads(text)
    return value


def evidence_in(rows: list[Any]) -> tuple[Evidence, ...]:
    """Turn, start and end of each piece."""
    return tuple(Evidence(turn, TextSpan(start, end)) for turn, start, end in rows)


def _decision_of(row: DecisionRow) -> Decision:
    answer = None
    if row.verdict is not None:
        answer = Answer(Verdict(row.verdict), value_in(row.value), evidence_in(row.evidence))
    return Decision(
        id=row.id,
        dispute=row.dispute_id,
        outcome=Outcome(row.outcome),
        answer=answer,
        reason=row.reason,
        by=row.user_id,
        at=row.at,
    )
