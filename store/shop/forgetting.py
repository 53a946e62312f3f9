"""Words of customers in the embedded shop's records: deleted with their conversation, or in time.

Orders, returns, fittings and tickets are the shop's own records and stay; what a customer said in
them, and what repeated changes would give again, does not.
"""

import json
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.shop import keys_of
from store.shop.keys import KEPT
from store.tables import (
    ConversationRow,
    ReturnRow,
    ShopKeyRow,
    TicketRow,
    TurnRow,
    VerificationRow,
)

GONE = "deleted"  # in place of a return's reason, which every return has


async def forget_conversation(session: AsyncSession, talk: ConversationRow) -> None:
    """Delete what was written in the shop for this conversation, before its turns go.

    Found by the keys of its changes for seven days, afterwards by the orders that were verified in
    it: a ticket or return of these that was made while it was open. A note of several conversations
    goes with the first of them.
    """
    turns = select(TurnRow.id).where(TurnRow.conversation_id == talk.id)
    mine = ShopKeyRow.key.in_(turns) | ShopKeyRow.key.startswith(keys_of(talk.id))
    kept = await session.scalars(select(ShopKeyRow.result).where(mine))
    numbers = [number for result in kept if (number := _number_in(result))]
    await session.execute(delete(ShopKeyRow).where(mine))
    orders = select(VerificationRow.order_number).where(VerificationRow.conversation_id == talk.id)
    await _forget_notes(session, TicketRow.number.in_(numbers))
    begins, ends = talk.opened_at, talk.closed_at or talk.last_turn_at
    if begins is None or ends is None:
        return
    of_orders = TicketRow.order_number.in_(orders)
    meanwhile = (TicketRow.opened_at >= begins) & (TicketRow.opened_at <= ends)
    await _forget_notes(session, of_orders & meanwhile)
    await session.execute(
        update(ReturnRow)
        .where(ReturnRow.number.in_(numbers) | ReturnRow.order_number.in_(orders))
        .where(ReturnRow.started_on >= begins.date(), ReturnRow.started_on <= ends.date())
        .values(reason=GONE)
        .execution_options(synchronize_session=False)
    )


async def forget_old(session: AsyncSession, *, before: datetime, now: datetime) -> None:
    """Delete words that are older than `before`, and keys that nobody repeats any more."""
    await session.execute(delete(ShopKeyRow).where(ShopKeyRow.at < now - KEPT))
    notes = update(TicketRow).where(TicketRow.opened_at < before).values(note=None)
    reasons = update(ReturnRow).where(ReturnRow.started_on < before.date()).values(reason=GONE)
    for words in (notes, reasons):
        await session.execute(words.execution_options(synchronize_session=False))


async def _forget_notes(session: AsyncSession, which: ColumnElement[bool]) -> None:
    gone = update(TicketRow).where(which).values(note=None)
    await session.execute(gone.execution_options(synchronize_session=False))


def _number_in(result: str) -> str | None:
    """The number of the ticket or return that a change gave."""
    given = json.loads(result)
    number = given.get("number") if isinstance(given, dict) else None
    return number if isinstance(number, str) else None
