"""Calibration's rows to core types and back."""

import json
from typing import Any

from core.calibration import (
    AskedQuestion,
    BlindAnswer,
    CalibrationSession,
    Consensus,
    DoubleScore,
    Item,
    Picked,
    Sheet,
)
from core.conversation import Channel
from core.evaluation import Evidence
from core.spans import TextSpan
from store.calibration_tables import (
    CalibrationConsensusRow,
    CalibrationItemRow,
    CalibrationSessionRow,
    CalibrationSheetRow,
    DoubleScoreRow,
)
from store.evaluations import finding_of, finding_out


def session_of(
    row: CalibrationSessionRow, people: tuple[str, ...], items: tuple[Item, ...]
) -> CalibrationSession:
    """A whole session."""
    return CalibrationSession(
        id=row.id,
        title=row.title,
        scorecard=row.scorecard,
        version=row.version,
        questions=tuple(_question_of(value) for value in row.questions),
        items=items,
        people=people,
        made_by=row.made_by,
        made_at=row.made_at,
        due_at=row.due_at,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
    )


def session_row(session: CalibrationSession) -> CalibrationSessionRow:
    """A row for a session, without its people and conversations."""
    return CalibrationSessionRow(
        id=session.id,
        title=session.title,
        scorecard=session.scorecard,
        version=session.version,
        questions=[_question_out(asked) for asked in session.questions],
        made_by=session.made_by,
        made_at=session.made_at,
        due_at=session.due_at,
    )


def item_of(row: CalibrationItemRow) -> Item:
    """A conversation of a session."""
    findings = tuple(finding_of(value) for value in json.loads(row.findings))
    return Item(row.conversation_id, Picked(row.picked), findings)


def item_row(session_id: str, position: int, item: Item) -> CalibrationItemRow:
    """A row for it at `position`, counted from 0."""
    return CalibrationItemRow(
        session_id=session_id,
        conversation_id=item.conversation,
        position=position,
        picked=item.picked.value,
        findings=json.dumps([finding_out(finding) for finding in item.findings]),
    )


def sheet_of(row: CalibrationSheetRow) -> Sheet:
    """One person's answers about one conversation."""
    return Sheet(
        conversation=row.conversation_id,
        person=row.user_id,
        answers=tuple(_answer_of(value) for value in json.loads(row.answers)),
        saved_at=row.saved_at,
        submitted_at=row.submitted_at,
        had_seen=row.had_seen,
    )


def answers_out(answers: tuple[BlindAnswer, ...]) -> str:
    """Answers as JSON."""
    return json.dumps(
        [
            {
                "question": each.question,
                "answer": each.answer,
                "comment": each.comment,
                "cited": each.cited,
                "evidence": [[e.turn, e.span.start, e.span.end] for e in each.evidence],
            }
            for each in answers
        ],
        ensure_ascii=False,
    )


def consensus_of(row: CalibrationConsensusRow) -> Consensus:
    """What people agreed on."""
    return Consensus(row.conversation_id, row.question, row.answer, row.reason, row.user_id, row.at)


def double_score_of(row: DoubleScoreRow) -> DoubleScore:
    """A double score."""
    return DoubleScore(
        digest=row.digest,
        question=row.question,
        scorecard=row.scorecard,
        version=row.version,
        conversation=row.unit,
        picked=Picked(row.picked),
        machine=row.machine,
        person=row.person,
        by=row.user_id,
        at=row.at,
    )


def double_score_row(score: DoubleScore) -> DoubleScoreRow:
    """A row for it."""
    return DoubleScoreRow(
        digest=score.digest,
        question=score.question,
        scorecard=score.scorecard,
        version=score.version,
        unit=score.conversation,
        picked=score.picked.value,
        machine=score.machine,
        person=score.person,
        user_id=score.by,
        at=score.at,
    )


def _answer_of(value: dict[str, Any]) -> BlindAnswer:
    evidence = (Evidence(turn, TextSpan(a, b)) for turn, a, b in value["evidence"])
    return BlindAnswer(
        value["question"], value["answer"], value["comment"], value["cited"], tuple(evidence)
    )


def _question_out(asked: AskedQuestion) -> dict[str, Any]:
    return {
        "id": asked.id,
        "text": asked.text,
        "section": asked.section,
        "digest": asked.digest,
        "answers": list(asked.answers),
        "lowest": sorted(asked.lowest),
        "texts": dict(asked.texts),
        "has_values": asked.has_values,
        "is_scale": asked.is_scale,
        "is_fatal": asked.is_fatal,
        "by_person": asked.by_person,
        "may_not_apply": asked.may_not_apply,
        "instructions": asked.instructions,
        "channels": sorted(asked.channels),
    }


def _question_of(value: dict[str, Any]) -> AskedQuestion:
    return AskedQuestion(
        **value
        | {
            "answers": tuple(value["answers"]),
            "lowest": frozenset(value["lowest"]),
            "channels": frozenset(Channel(name) for name in value["channels"]),
        }
    )
