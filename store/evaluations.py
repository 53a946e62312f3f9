"""Evaluations, and the claim on the next score that is due."""

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.evaluation import Evaluation, Evidence, Finding, SentimentTrace, Source, Verdict
from core.packed import pack
from core.review import ReviewState
from core.spans import TextSpan
from store import agents, claims
from store.conversations import SCORE_DONE, SCORE_DUE, SCORE_FAILED
from store.review_tables import ReviewRow
from store.tables import ConversationRow, EvaluationRow


async def save(session: AsyncSession, evaluation: Evaluation) -> None:
    """Keep the machine's evaluation, in place of its earlier ones by the same scorecard.

    One that a person reviews or has reviewed is kept beside it.
    """
    await session.execute(
        delete(EvaluationRow)
        .where(EvaluationRow.conversation_id == evaluation.conversation)
        .where(EvaluationRow.scorecard == evaluation.scorecard)
        .where(EvaluationRow.source == Source.MACHINE.value)
        .where(~_is_reviewed())
    )
    mood = evaluation.sentiment
    session.add(
        EvaluationRow(
            id=evaluation.id,
            conversation_id=evaluation.conversation,
            scorecard=evaluation.scorecard,
            version=evaluation.version,
            made_at=evaluation.made_at,
            score=evaluation.score,
            failed=evaluation.failed,
            source=evaluation.source.value,
            variables=dict(evaluation.variables),
            mood=mood.overall,
            mood_shift=mood.shift,
            mood_model=mood.model,
            mood_turns=[[turn, value] for turn, value in mood.turns],
            findings=json.dumps([finding_out(finding) for finding in evaluation.findings]),
            before_fatal=evaluation.before_fatal,
            critical=evaluation.critical,
            not_scored=evaluation.not_scored,
            agent_key=await agents.key_of(session, evaluation.conversation),
            answers=pack(evaluation.findings),
        )
    )
    await session.flush()


async def forget(session: AsyncSession, conversation_id: str) -> None:
    """Delete every evaluation of a conversation: it was made of words that were replaced."""
    await session.execute(
        delete(EvaluationRow).where(EvaluationRow.conversation_id == conversation_id)
    )


async def latest(session: AsyncSession, conversation_id: str) -> Evaluation | None:
    """The newest evaluation of a conversation that counts, or None."""
    row = await session.scalar(
        select(EvaluationRow)
        .where(EvaluationRow.conversation_id == conversation_id, counts())
        .order_by(EvaluationRow.made_at.desc(), EvaluationRow.id.desc())
        .limit(1)
    )
    return None if row is None else evaluation_of(row)


def counts() -> ColumnElement[bool]:
    """Evaluations but those that the machine made anew after a person had submitted theirs.

    What was submitted stands until it is taken back, whatever the machine says since.
    """
    submitted = (
        select(ReviewRow.id)
        .where(ReviewRow.conversation_id == EvaluationRow.conversation_id)
        .where(ReviewRow.scorecard == EvaluationRow.scorecard)
        .where(ReviewRow.version == EvaluationRow.version)
        .where(ReviewRow.state != ReviewState.DRAFT.value)
        .where(ReviewRow.evaluation_id != EvaluationRow.id)
    )
    return ~submitted.correlate(EvaluationRow).exists()


async def latest_of(session: AsyncSession, ids: Collection[str]) -> dict[str, Evaluation]:
    """The same of each of these conversations that has one."""
    rows = await session.scalars(
        select(EvaluationRow)
        .where(EvaluationRow.conversation_id.in_(ids), counts())
        .order_by(EvaluationRow.made_at, EvaluationRow.id)
    )
    newest = {row.conversation_id: row for row in rows}
    return {conversation: evaluation_of(row) for conversation, row in newest.items()}


async def latest_by_card(
    session: AsyncSession, ids: Collection[str]
) -> dict[str, tuple[Evaluation, ...]]:
    """By conversation, the newest evaluation that counts of each scorecard, the main one last."""
    rows = await session.scalars(
        select(EvaluationRow)
        .where(EvaluationRow.conversation_id.in_(ids), counts())
        .order_by(EvaluationRow.made_at, EvaluationRow.id)
    )
    newest: dict[str, dict[str, EvaluationRow]] = {}
    for row in rows:
        known = newest.setdefault(row.conversation_id, {})
        known.pop(row.scorecard, None)  # so that the order is that of the newest ones
        known[row.scorecard] = row
    return {one: tuple(map(evaluation_of, cards.values())) for one, cards in newest.items()}


async def find(session: AsyncSession, evaluation_id: str) -> Evaluation | None:
    """An evaluation, or None."""
    row = await session.get(EvaluationRow, evaluation_id)
    return None if row is None else evaluation_of(row)


async def newest(
    session: AsyncSession, conversation_id: str, scorecard: str, version: int
) -> Evaluation | None:
    """The machine's newest evaluation by one version of a scorecard, or None."""
    row = await session.scalar(
        select(EvaluationRow)
        .where(EvaluationRow.conversation_id == conversation_id)
        .where(EvaluationRow.scorecard == scorecard, EvaluationRow.version == version)
        .where(EvaluationRow.source == Source.MACHINE.value)
        .order_by(EvaluationRow.made_at.desc(), EvaluationRow.id.desc())
        .limit(1)
    )
    return None if row is None else evaluation_of(row)


async def ask(session: AsyncSession, conversation_id: str, scorecard: str | None = None) -> None:
    """Make the score of a conversation due, by `scorecard` when it is given."""
    values: dict[str, Any] = {
        "score_state": SCORE_DUE,
        "score_error": None,
        "attempts": 0,
        "claimed_by": None,  # a score that is being made now is of what was there before
        "claimed_until": None,
    }
    if scorecard is not None:
        values["scorecard"] = scorecard
    await session.execute(
        update(ConversationRow).where(ConversationRow.id == conversation_id).values(**values)
    )


async def due(session: AsyncSession, *, now: datetime, most: int = 200) -> list[str]:
    """Conversations whose score is due and that no live claim covers, the `most` oldest."""
    rows = await session.scalars(
        select(ConversationRow.id)
        .where(ConversationRow.score_state == SCORE_DUE)
        .where(claims.is_free(ConversationRow, now))
        .order_by(ConversationRow.listed_at, ConversationRow.id)
        .limit(most)
    )
    return list(rows)


async def claim(
    session: AsyncSession, conversation_id: str, *, worker: str, now: datetime, seconds: float
) -> bool:
    """Take a due score; False when another worker has it or it is done."""
    return await claims.take(
        session,
        ConversationRow,
        conversation_id,
        when=ConversationRow.score_state == SCORE_DUE,
        worker=worker,
        now=now,
        seconds=seconds,
    )


async def renew(
    session: AsyncSession, conversation_id: str, *, worker: str, now: datetime, seconds: float
) -> bool:
    """Keep a claim for `seconds` more; False when it was lost."""
    return await claims.renew(
        session, ConversationRow, conversation_id, worker=worker, now=now, seconds=seconds
    )


async def attempts(session: AsyncSession, conversation_id: str) -> int:
    """How often the score that is due was claimed."""
    row = await session.get(ConversationRow, conversation_id, populate_existing=True)
    return 0 if row is None else row.attempts


async def release(
    session: AsyncSession,
    conversation_id: str,
    *,
    worker: str,
    until: datetime | None = None,
    counted: bool = True,
) -> bool:
    """Give the claim back unfinished; nobody takes it before `until`."""
    return await claims.release(
        session, ConversationRow, conversation_id, worker=worker, until=until, counted=counted
    )


async def holder(session: AsyncSession, conversation_id: str, *, now: datetime) -> str | None:
    """The worker who makes a conversation's score; None when nobody does."""
    return await claims.holder(session, ConversationRow, conversation_id, now=now)


async def release_all(session: AsyncSession, workers: str, *, counted: bool = True) -> int:
    """Give back every claim of the workers whose names begin with `workers`."""
    return await claims.release_all(session, ConversationRow, workers, counted=counted)


async def finish(session: AsyncSession, conversation_id: str, *, worker: str) -> bool:
    """The claimed score is stored; False when the claim was lost."""
    return await _end(session, conversation_id, worker, score_state=SCORE_DONE, score_error=None)


async def fail(session: AsyncSession, conversation_id: str, *, worker: str, reason: str) -> bool:
    """The claimed score cannot be made, and why."""
    return await _end(
        session, conversation_id, worker, score_state=SCORE_FAILED, score_error=reason
    )


async def score_state(session: AsyncSession, conversation_id: str) -> tuple[str, str | None]:
    """How the score stands (`none`, `due`, `scored`, `failed`) and why it failed."""
    row = await session.get(ConversationRow, conversation_id, populate_existing=True)
    return ("none", None) if row is None else (row.score_state, row.score_error)


async def scorecard_of(session: AsyncSession, conversation_id: str) -> str | None:
    """The scorecard this conversation was asked to be scored by, if any was named."""
    row = await session.get(ConversationRow, conversation_id)
    return None if row is None else row.scorecard


def _is_reviewed() -> ColumnElement[bool]:
    reviewed = select(ReviewRow.id).where(ReviewRow.evaluation_id == EvaluationRow.id)
    return reviewed.correlate(EvaluationRow).exists()


async def _end(session: AsyncSession, conversation_id: str, worker: str, **values: Any) -> bool:
    held = claims.is_held(ConversationRow, conversation_id, worker)
    ended = await claims.change(
        session, ConversationRow, held, claimed_by=None, claimed_until=None, **values
    )
    return ended == 1


def finding_out(finding: Finding) -> dict[str, Any]:
    """A finding as plain values for JSON."""
    return {
        "question": finding.question,
        "verdict": finding.verdict.value,
        "confidence": finding.confidence,
        "probability": finding.probability,
        "value": finding.value,
        "reason": finding.reason,
        "source": finding.source.value,
        "rule": finding.rule,
        "evidence": [[e.turn, e.span.start, e.span.end] for e in finding.evidence],
    }


def finding_of(value: dict[str, Any]) -> Finding:
    """What `finding_out` gave."""
    return Finding(
        question=value["question"],
        verdict=Verdict(value["verdict"]),
        confidence=value["confidence"],
        reason=value["reason"],
        evidence=tuple(
            Evidence(turn, TextSpan(start, end)) for turn, start, end in value["evidence"]
        ),
        probability=value["probability"],
        value=value["value"],
        source=Source(value["source"]),
        rule=value.get("rule", ""),  # rows of before have none
    )


def evaluation_of(row: EvaluationRow) -> Evaluation:
    """The evaluation of a row."""
    return Evaluation(
        id=row.id,
        conversation=row.conversation_id,
        scorecard=row.scorecard,
        version=row.version,
        findings=tuple(finding_of(value) for value in json.loads(row.findings)),
        made_at=row.made_at,
        score=row.score,
        failed=row.failed,
        variables=row.variables,
        sentiment=SentimentTrace(
            turns=tuple((turn, value) for turn, value in row.mood_turns),
            overall=row.mood,
            shift=row.mood_shift,
            model=row.mood_model,
        ),
        source=Source(row.source),
        before_fatal=row.before_fatal,
        critical=row.critical,
        not_scored=row.not_scored,
    )
