"""Conversations for a calibration session: drawn evenly among all, or out of the review queue."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.draw import Way
from core.errors import BadInput
from core.evaluation import Source
from core.handoff import Holder
from store.calibration_tables import CalibrationItemRow
from store.review_tables import DrawRow, ReviewRow
from store.tables import ConversationRow, EvaluationRow


@dataclass(frozen=True, slots=True)
class Span:
    """When the conversations were opened; half-open, None: no end on that side."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What may be drawn: closed, scored by this version, in no session yet.

    `not_by` are keys of who scores (store/agents.py): their own conversations are out, and so is
    what stands in `besides`, which is taken already.
    """

    scorecard: str
    version: int
    not_by: frozenset[str] = frozenset()
    besides: frozenset[str] = frozenset()

    def __str__(self) -> str:
        by = f"{self.scorecard} version {self.version}"
        return f"scored by {by}, in no session and not of who scores"


async def draw(
    session: AsyncSession, frame: Frame, *, count: int, span: Span, dice: Random
) -> tuple[str, ...]:
    """Draw `count` conversations, each with the same chance.

    Raises:
        BadInput: there are fewer.
    """
    wanted = _candidates(frame)
    if span.start is not None:
        wanted = wanted.where(ConversationRow.listed_at >= span.start)
    if span.end is not None:
        wanted = wanted.where(ConversationRow.listed_at < span.end)
    able = sorted(set(await session.scalars(wanted)))
    if len(able) < count:
        raise BadInput(
            f"{count} conversations were to be drawn, and there are {len(able)} closed ones"
            f"{' of these days' if span != Span() else ''} that are {frame}. Draw fewer, or wait."
        )
    return tuple(dice.sample(able, count))


async def from_queue(
    session: AsyncSession, frame: Frame, way: Way, *, count: int
) -> tuple[str, ...]:
    """Take the `count` oldest of the review queue that nobody has reviewed or skipped.

    Raises:
        BadInput: there are fewer.
    """
    reviewed = select(ReviewRow.conversation_id)
    rows = await session.scalars(
        select(DrawRow.conversation_id)
        .where(DrawRow.way == way.value, DrawRow.skipped_at.is_(None))
        .where(DrawRow.conversation_id.in_(_candidates(frame)))
        .where(DrawRow.conversation_id.not_in(reviewed))
        .order_by(DrawRow.drawn_at, DrawRow.id)
        .limit(count)
    )
    found = tuple(rows)
    if len(found) < count:
        drawn = "evenly" if way is Way.UNIFORM else "by risk"
        raise BadInput(
            f"{count} conversations were to come from the review queue, and there are {len(found)} "
            f"drawn {drawn} that nobody has reviewed and that are {frame}. Take fewer."
        )
    return found


def _candidates(frame: Frame) -> Select[str]:
    is_other = EvaluationRow.agent_key.is_(None) | EvaluationRow.agent_key.not_in(frame.not_by)
    used = select(CalibrationItemRow.conversation_id)
    return (
        select(EvaluationRow.conversation_id)
        .join(ConversationRow, ConversationRow.id == EvaluationRow.conversation_id)
        .where(EvaluationRow.scorecard == frame.scorecard, EvaluationRow.version == frame.version)
        .where(EvaluationRow.source == Source.MACHINE.value)
        .where(EvaluationRow.not_scored.is_(None), is_other)
        .where(ConversationRow.holder == Holder.CLOSED.value)
        .where(EvaluationRow.conversation_id.not_in(used))
        .where(EvaluationRow.conversation_id.not_in(frame.besides))
    )
