"""Which waiting conversation is offered to whom; an offer locks nothing."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.handoff import Holder
from core.inbox import Offer
from store.inbox_tables import OfferRow
from store.tables import ConversationRow


async def current(session: AsyncSession) -> dict[str, Offer]:
    """The offers of all that waits, over or not, by conversation."""
    rows = await session.scalars(
        select(OfferRow)
        .join(ConversationRow, ConversationRow.id == OfferRow.conversation_id)
        .where(ConversationRow.holder == Holder.WAITING.value)
        .where(ConversationRow.version == OfferRow.version)
    )
    return {row.conversation_id: _offer_of(row) for row in rows}


async def make(session: AsyncSession, offer: Offer) -> None:
    """Offer a conversation; an earlier offer of it is over."""
    row = await session.get(OfferRow, offer.conversation)
    if row is None:
        row = OfferRow(conversation_id=offer.conversation)
        session.add(row)
    row.user_id, row.version, row.tried = offer.user, offer.version, list(offer.tried)
    row.offered_at, row.until = offer.offered_at, offer.until
    await session.flush()


async def decline(session: AsyncSession, conversation_id: str, *, user: str, now: datetime) -> bool:
    """End an offer before its time; False when it is somebody else's or over."""
    row = await session.get(OfferRow, conversation_id)
    if row is None or row.user_id != user or row.until <= now:
        return False
    row.until = now
    await session.flush()
    return True


async def drop_settled(session: AsyncSession) -> None:
    """Delete the offers of what waits no longer, or waits anew."""
    live = (
        select(OfferRow.conversation_id)
        .join(ConversationRow, ConversationRow.id == OfferRow.conversation_id)
        .where(ConversationRow.holder == Holder.WAITING.value)
        .where(ConversationRow.version == OfferRow.version)
    )
    await session.execute(
        delete(OfferRow)
        .where(OfferRow.conversation_id.not_in(live))
        .execution_options(synchronize_session=False)
    )


def _offer_of(row: OfferRow) -> Offer:
    return Offer(
        conversation=row.conversation_id,
        user=row.user_id,
        version=row.version,
        offered_at=row.offered_at,
        until=row.until,
        tried=tuple(row.tried),
    )
