"""Conversations for a calibration session, drawn evenly among all that there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import BadInput
from core.evaluation import Source
from core.handoff import Holder
from store.calibration_tables import CalibrationItemRow
from store.tables import ConversationRow, EvaluationRow


@dataclass(frozen=True, slots=True)
class Span:
    """When the conversations were opened; half-open, None: no end on that side."""

    start: datetime | None = None
    end: datetime | None = None


async def draw(
    session: AsyncSession,
    *,
    scorecard: str,
    version: int,
    count: int,
    span: Span,
    dice: Random,
    besides: Sequence[str] = (),
) -> tuple[str, ...]:
    """Draw `count` closed conversations, each with the same chance; those in sessions are out.

    Args:
        besides: conversations that are taken already.

    Raises:
        BadInput: there are fewer.
    """
    found = await session.scalars(_candidates(scorecard, version, span))
    able = sorted(set(found) - set(besides))
    if len(able) < count:
        raise BadInput(
            f"{count} conversations were to be drawn, and there are {len(able)} that are closed, "
            f"scored by {scorecard} version {version} and in no session yet"
            f"{' in these days' if span != Span() else ''}. Draw fewer, or wait for more."
        )
    return tuple(dice.sample(able, count))


def _candidates(scorecard: str, version: int, span: Span) -> Select[str]:
    used = select(CalibrationItemRow.conversation_id)
    found = (
        select(EvaluationRow.conversation_id)
        .join(ConversationRow, ConversationRow.id == EvaluationRow.conversation_id)
        .where(EvaluationRow.scorecard == scorecard, EvaluationRow.version == version)
        .where(EvaluationRow.source == Source.MACHINE.value)
        .where(EvaluationRow.not_scored.is_(None))
        .where(ConversationRow.holder == Holder.CLOSED.value)
        .where(EvaluationRow.conversation_id.not_in(used))
    )
    if span.start is not None:
        found = found.where(ConversationRow.listed_at >= span.start)
    if span.end is not None:
        found = found.where(ConversationRow.listed_at < span.end)
    return found
