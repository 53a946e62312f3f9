"""What a customer's turn replies to: one of theirs or ours, in this conversation or before it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Select, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import Role, Turn
from core.people import Address
from store.columns import table_of
from store.conversations import address_hash
from store.mapping import turn_of
from store.persons import conversations_with
from store.tables import AddressRow, ConversationRow, TurnRow
from store.twilio_tables import DispatchRow


@dataclass(frozen=True, slots=True)
class Place:
    """Where a turn is: its conversation's id and its own."""

    conversation: str
    turn: str


async def find_message(session: AsyncSession, address: Address, sid: str) -> Place | None:
    """The turn that a message at Twilio is of, ours or the customer's own.

    None where it is unknown, or part of no conversation with the customer at `address`: nobody is
    shown another's words by sending another's id.
    """
    theirs = (
        select(ConversationRow.id)
        .join(AddressRow, AddressRow.customer_id == ConversationRow.customer_id)
        .where(AddressRow.hash == address_hash(session, address))
    )
    ours = select(DispatchRow.conversation_id, DispatchRow.turn_id).where(
        DispatchRow.sid == sid, DispatchRow.conversation_id.in_(theirs)
    )
    own = select(TurnRow.conversation_id, TurnRow.id).where(
        TurnRow.id == sid,
        TurnRow.role == Role.CUSTOMER.value,
        TurnRow.conversation_id.in_(theirs),
    )
    found = (await session.execute(ours.union_all(own).limit(1))).first()
    return None if found is None else Place(*found)


async def find(session: AsyncSession, conversation_id: str, turn_id: str) -> Turn | None:
    """The turn of this id in the conversation, else in another with the same person."""
    return (await _find(session, conversation_id, {turn_id})).get(turn_id)


async def of_conversation(session: AsyncSession, conversation_id: str) -> Mapping[str, Turn]:
    """Turn id → the turn that it replies to, where that is still stored."""
    rows = await session.execute(
        select(TurnRow.id, TurnRow.replies_to)
        .where(TurnRow.conversation_id == conversation_id)
        .where(TurnRow.replies_to.is_not(None))
    )
    replies = {row.id: row.replies_to for row in rows if row.replies_to}
    if not replies:
        return {}
    found = await _find(session, conversation_id, set(replies.values()))
    return {turn: found[to] for turn, to in replies.items() if to in found}


async def _find(session: AsyncSession, conversation_id: str, ids: set[str]) -> dict[str, Turn]:
    """Those of these ids that a conversation with the person has; its own before others'."""
    rows = await session.scalars(
        select(TurnRow)
        .where(TurnRow.id.in_(ids), TurnRow.conversation_id.in_(_with_person(conversation_id)))
        .order_by(TurnRow.conversation_id == conversation_id)
    )
    return {row.id: turn_of(row) for row in rows}


def _with_person(conversation_id: str) -> Select[str]:
    return conversations_with(literal(conversation_id, table_of(ConversationRow).c.id.type))
