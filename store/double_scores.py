"""Double scores: all that the gate is computed from. They hold answers and no words."""

from collections.abc import Collection, Iterable

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.calibration import DoubleScore
from core.ids import new_id
from store.calibration_mapping import double_score_of, double_score_row
from store.calibration_tables import DoubleScoreRow


async def add(session: AsyncSession, scores: Iterable[DoubleScore]) -> int:
    """Keep double scores; how many were new.

    A person's first answer to a question of a conversation stays: before a second one they may
    have seen how the first compared.
    """
    added = 0
    for score in scores:
        known = await session.scalar(
            select(DoubleScoreRow.id)
            .where(DoubleScoreRow.unit == score.conversation)
            .where(DoubleScoreRow.digest == score.digest)
            .where(DoubleScoreRow.user_id == score.by)
        )
        if known is None:
            session.add(double_score_row(score))
            added += 1
    await session.flush()
    return added


async def of_questions(session: AsyncSession, digests: Collection[str]) -> tuple[DoubleScore, ...]:
    """All that there are of these questions, whichever version of a scorecard they stood in."""
    rows = await session.scalars(
        select(DoubleScoreRow)
        .where(DoubleScoreRow.digest.in_(list(digests)))
        .order_by(DoubleScoreRow.at, DoubleScoreRow.id)
    )
    return tuple(double_score_of(row) for row in rows)


async def unlink(session: AsyncSession, conversation_id: str) -> None:
    """The conversation is erased: its answers stay, under an id that leads nowhere."""
    await session.execute(
        update(DoubleScoreRow).where(DoubleScoreRow.unit == conversation_id).values(unit=new_id())
    )
