"""Which help articles answered which turns, and whether that helped."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.knowledge import ArticleAnswer, ArticleUse
from store.tables import ArticleAnswerRow


async def record_answer(session: AsyncSession, answer: ArticleAnswer) -> bool:
    """Keep what a turn was answered with; False when it is kept already."""
    known = await session.scalar(
        select(ArticleAnswerRow.id)
        .where(ArticleAnswerRow.conversation_id == answer.conversation)
        .where(ArticleAnswerRow.turn_id == answer.turn)
    )
    if known is not None:
        return False
    session.add(
        ArticleAnswerRow(
            conversation_id=answer.conversation,
            turn_id=answer.turn,
            slug=answer.slug,
            passage=answer.passage,
            score=answer.score,
            helpful=None,
            at=answer.at,
        )
    )
    await session.flush()
    return True


async def rate_answer(session: AsyncSession, conversation_id: str, *, helpful: bool) -> str | None:
    """Note whether the conversation's latest answer helped: its slug, or None if there is none."""
    row = await session.scalar(
        select(ArticleAnswerRow)
        .where(ArticleAnswerRow.conversation_id == conversation_id)
        .where(ArticleAnswerRow.slug.is_not(None))
        .order_by(ArticleAnswerRow.id.desc())
        .limit(1)
    )
    if row is None:
        return None
    await session.execute(
        update(ArticleAnswerRow).where(ArticleAnswerRow.id == row.id).values(helpful=helpful)
    )
    return row.slug


async def article_uses(session: AsyncSession, *, since: datetime) -> tuple[ArticleUse, ...]:
    """Every article that was an answer since then, the most used first."""
    helpful = func.count().filter(ArticleAnswerRow.helpful.is_(True))
    unhelpful = func.count().filter(ArticleAnswerRow.helpful.is_(False))
    rows = await session.execute(
        select(ArticleAnswerRow.slug, func.count(), helpful, unhelpful)
        .where(ArticleAnswerRow.slug.is_not(None), ArticleAnswerRow.at >= since)
        .group_by(ArticleAnswerRow.slug)
        .order_by(func.count().desc(), ArticleAnswerRow.slug)
    )
    return tuple(
        ArticleUse(slug, answered, good, bad) for slug, answered, good, bad in rows if slug
    )


async def unanswered(session: AsyncSession, *, since: datetime) -> int:
    """How many questions no article was likely enough to answer."""
    found = await session.scalar(
        select(func.count())
        .select_from(ArticleAnswerRow)
        .where(ArticleAnswerRow.slug.is_(None), ArticleAnswerRow.at >= since)
    )
    return found or 0


async def scores_of(
    session: AsyncSession, *, since: datetime
) -> tuple[tuple[float, bool | None], ...]:
    """Of every answer that was given: how likely it was, and whether it helped."""
    rows = await session.execute(
        select(ArticleAnswerRow.score, ArticleAnswerRow.helpful)
        .where(ArticleAnswerRow.slug.is_not(None), ArticleAnswerRow.at >= since)
        .order_by(ArticleAnswerRow.id)
    )
    return tuple((score, helpful) for score, helpful in rows)
