"""Conversations: written whole (calls, imports) or turn by turn (chats)."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.conversation import CallDirection, Channel, Conversation, Event, EventKind, Role, Turn
from core.errors import BadInput, NotFound
from core.handoff import Holder
from core.ids import check_id, new_id
from core.people import Address
from store import measures, roles, search
from store.database import keyed_hash
from store.mapping import (
    conversation_of,
    event_of,
    event_row,
    event_values,
    turn_of,
    turn_row,
    turn_values,
)
from store.tables import ConversationRow, EventRow, TurnRow
from store.turns import IS_THERE, NEW_EVENT, NEW_TURN, WRITTEN_IN
from store.visits import (
    AT_ADDRESS,
    LATEST,
    LATEST_ON,
    NEW_ADDRESS,
    NEW_CONVERSATION,
    NEW_CUSTOMER,
    OPEN_ON,
    OPEN_OR_LATEST_ON,
)

SCORE_NONE, SCORE_DUE, SCORE_DONE, SCORE_FAILED = "none", "due", "scored", "failed"


@dataclass(frozen=True, slots=True)
class Placed:
    """A turn and its place in the conversation, counted from 0."""

    position: int
    turn: Turn


async def add(session: AsyncSession, conversation: Conversation, *, now: datetime) -> None:
    """Store a whole conversation; it is closed and belongs to nobody's queue.

    Raises:
        BadInput: the id is taken, or cannot stand in a URL.
    """
    check_id(conversation.id, where="id")
    if await session.get(ConversationRow, conversation.id) is not None:
        raise BadInput(f"there is already a conversation {conversation.id}")
    session.add(ConversationRow(**_values(conversation, now, Holder.CLOSED)))
    await session.flush()
    await _write_turns(session, conversation)
    session.add_all(event_row(conversation.id, event) for event in conversation.events)
    await session.flush()
    if conversation.measures:
        await measures.save(session, conversation.id, conversation.measures)


async def replace_turns(session: AsyncSession, conversation: Conversation) -> None:
    """Put these turns in place of the stored ones: a recording was heard again.

    So are its measures, its mutes and when it was spoken; other events stay.
    """
    for row in await session.scalars(
        select(TurnRow).where(TurnRow.conversation_id == conversation.id)
    ):
        await session.delete(row)
    await search.forget(session, conversation.id)
    await session.flush()
    await _write_turns(session, conversation)
    await _describe(session, conversation)
    await _date(session, conversation)


async def _date(session: AsyncSession, conversation: Conversation) -> None:
    """When a recording was spoken, as far as it was told."""
    opened = [event.at for event in conversation.events if event.kind is EventKind.OPENED]
    if not opened:
        return
    stored = await _get_row(session, conversation.id)
    stored.opened_at, stored.closed_at = conversation.opened_at, conversation.closed_at
    stored.listed_at = conversation.opened_at or stored.listed_at
    await session.execute(
        update(EventRow)
        .where(EventRow.conversation_id == conversation.id)
        .where(EventRow.kind == EventKind.OPENED.value)
        .values(at=opened[0])
    )


async def _describe(session: AsyncSession, conversation: Conversation) -> None:
    """What was found out about a recording that was heard."""
    stored = await _get_row(session, conversation.id)
    stored.engine = conversation.engine
    stored.language = conversation.language
    stored.agent = conversation.agent
    stored.external_id = conversation.external_id
    stored.variables = dict(conversation.variables)
    stored.queue = conversation.queue
    stored.direction = conversation.direction.value if conversation.direction else None
    await session.execute(
        delete(EventRow)
        .where(EventRow.conversation_id == conversation.id)
        .where(EventRow.kind == EventKind.MUTED.value)
    )
    muted = (event for event in conversation.events if event.kind is EventKind.MUTED)
    session.add_all(event_row(conversation.id, event) for event in muted)
    await session.flush()
    if conversation.measures:
        await measures.save(session, conversation.id, conversation.measures)


async def put_in(session: AsyncSession, conversation: Conversation) -> None:
    """Put the spoken turns of a call between its others, in place of those put in before.

    What is not spoken keeps its row with all that hangs on it; only its place changes. Measures,
    mutes and the seconds of pauses are those of `conversation`.
    """
    rows = await session.scalars(
        select(TurnRow).where(TurnRow.conversation_id == conversation.id).order_by(TurnRow.position)
    )
    kept: dict[str, TurnRow] = {}
    for place, row in enumerate(rows.all(), start=1):
        if row.start is not None:
            await session.delete(row)
            continue
        row.position = -place  # out of the way: places are unique
        kept[row.id] = row
    await session.flush()
    for position, turn in enumerate(conversation.turns):
        if turn.id in kept:
            kept[turn.id].position = position
        else:
            session.add(turn_row(conversation.id, position, turn))
    await session.flush()
    await search.forget(session, conversation.id)
    await search.index(session, conversation.id, *(turn.text for turn in conversation.turns))
    (await _get_row(session, conversation.id)).recording_id = conversation.recording
    await _put_spans(session, conversation)
    await _describe(session, conversation)


async def _put_spans(session: AsyncSession, conversation: Conversation) -> None:
    """The seconds of pauses, which are known once it is known when the recording began."""
    paused = [e for e in conversation.events if e.kind is EventKind.RECORDING_PAUSED]
    rows = await session.scalars(
        select(EventRow)
        .where(EventRow.conversation_id == conversation.id)
        .where(EventRow.kind == EventKind.RECORDING_PAUSED.value)
        .order_by(EventRow.id)
    )
    for row, event in zip(rows.all(), paused, strict=True):
        if event.span is not None:
            row.start, row.end = event.span.start, event.span.end


async def open_chat(
    session: AsyncSession,
    channel: Channel,
    address: Address,
    *,
    now: datetime,
    direction: CallDirection | None = None,
) -> Conversation:
    """Open a conversation with the customer at `address`, linked to their last one."""
    customer, is_new = await _customer(session, address)
    previous = None if is_new else await session.scalar(LATEST, {"customer": customer})
    opened = Event(EventKind.OPENED, now)
    conversation = Conversation(
        new_id(),
        channel,
        opened_at=now,
        previous=previous,
        events=(opened,),
        language="en",
        direction=direction,
    )
    values = _values(conversation, now, Holder.BOT) | {"customer_id": customer}
    await session.execute(NEW_CONVERSATION, values)
    await session.execute(NEW_EVENT, event_values(conversation.id, opened))
    return conversation


async def find_open_chat(
    session: AsyncSession, address: Address, channel: Channel = Channel.WEB
) -> str | None:
    """The id of the customer's conversation on this channel that is still open."""
    return await session.scalar(OPEN_ON, _place(session, address, channel))


async def find_last_chat(
    session: AsyncSession, address: Address, channel: Channel = Channel.WEB
) -> str | None:
    """The id of the customer's latest conversation on this channel, open or not."""
    return await session.scalar(LATEST_ON, _place(session, address, channel))


async def find_chat(
    session: AsyncSession, address: Address, channel: Channel = Channel.WEB
) -> str | None:
    """The id of the customer's open conversation on this channel, else of their latest."""
    return await session.scalar(OPEN_OR_LATEST_ON, _place(session, address, channel))


def _place(session: AsyncSession, address: Address, channel: Channel) -> dict[str, str]:
    return {"hash": address_hash(session, address), "channel": channel.value}


async def append_turn(
    session: AsyncSession,
    conversation_id: str,
    turn: Turn,
    *,
    now: datetime,
    agent_id: str | None = None,
) -> Placed | None:
    """Add a turn at the end, and tell its place; None when one with this id is already there.

    `agent_id` is the user who wrote an agent's turn; `turn.author` is the name shown.

    Raises:
        NotFound: there is no such conversation.
    """
    await session.flush()  # the conversation may be in this session alone
    asked = {"conversation": conversation_id}
    values = turn_values(turn) | asked | {"agent_id": agent_id}
    position = (await session.execute(NEW_TURN, values)).scalar_one_or_none()
    if position is None:
        if not (await session.execute(IS_THERE, asked)).scalar_one():
            raise NotFound(f"no conversation {conversation_id}")
        return None
    await session.execute(WRITTEN_IN, asked | {"now": now})
    await search.index(session, conversation_id, turn.text)
    return Placed(position, turn)


async def add_event(session: AsyncSession, conversation_id: str, event: Event) -> None:
    """Record that something happened."""
    await session.flush()  # the conversation may be in this session alone
    await session.execute(NEW_EVENT, event_values(conversation_id, event))


async def find(session: AsyncSession, conversation_id: str) -> Conversation | None:
    """A whole conversation, or None."""
    row = await session.get(ConversationRow, conversation_id)
    if row is None:
        return None
    turns = await session.scalars(
        select(TurnRow).where(TurnRow.conversation_id == conversation_id).order_by(TurnRow.position)
    )
    events = await session.scalars(
        select(EventRow).where(EventRow.conversation_id == conversation_id).order_by(EventRow.id)
    )
    found = conversation_of(row, map(turn_of, turns), map(event_of, events))
    if not found.is_voice:
        return found
    return replace(found, measures=await measures.find(session, conversation_id))


async def get(session: AsyncSession, conversation_id: str) -> Conversation:
    """A whole conversation.

    Raises:
        NotFound: there is none with this id.
    """
    found = await find(session, conversation_id)
    if found is None:
        raise NotFound(f"no conversation {conversation_id}")
    return found


async def turns_after(
    session: AsyncSession, conversation_id: str, position: int
) -> tuple[Placed, ...]:
    """The turns behind `position` (-1 for all), in order."""
    rows = await session.scalars(
        select(TurnRow)
        .where(TurnRow.conversation_id == conversation_id, TurnRow.position > position)
        .order_by(TurnRow.position)
    )
    return tuple(Placed(row.position, turn_of(row)) for row in rows)


async def last_position(session: AsyncSession, conversation_id: str) -> int:
    """The place of the last turn; -1 when there is none yet."""
    last = await session.scalar(
        select(func.max(TurnRow.position)).where(TurnRow.conversation_id == conversation_id)
    )
    return -1 if last is None else last


async def set_agent(session: AsyncSession, conversation_id: str, name: str | None) -> None:
    """Name the person who served the customer."""
    (await _get_row(session, conversation_id)).agent = name


async def set_queue(session: AsyncSession, conversation_id: str, name: str) -> None:
    """Name the line that the customer waits in."""
    (await _get_row(session, conversation_id)).queue = name


async def swap_roles(
    session: AsyncSession, conversation_id: str, *, actor: str, now: datetime
) -> None:
    """Agent becomes customer and the other way round; the score is due again.

    Raises:
        NotFound: there is no such conversation.
        BadInput: it has no turns of an agent or a customer.
    """
    other = {Role.AGENT.value: Role.CUSTOMER.value, Role.CUSTOMER.value: Role.AGENT.value}
    row = await _get_row(session, conversation_id)
    turns = list(
        await session.scalars(select(TurnRow).where(TurnRow.conversation_id == conversation_id))
    )
    spoken = [turn for turn in turns if turn.start is not None]
    turns = spoken or turns  # who keyed and spoke to the bot is the customer for sure
    if not any(turn.role in other for turn in turns):
        raise BadInput("nobody in this conversation is an agent or a customer yet")
    for turn in turns:
        turn.role = other.get(turn.role, turn.role)
        turn.author = None
    row.score_state, row.score_error, row.attempts = SCORE_DUE, None, 0
    row.claimed_by = row.claimed_until = None  # a score being made now is of the old roles
    await roles.swap_layout(session, conversation_id)
    await add_event(session, conversation_id, Event(EventKind.ROLES_SWAPPED, now, actor))


def address_hash(session: AsyncSession, address: Address) -> str:
    """The key by which an address is found."""
    return keyed_hash(session, f"{address.kind}:{address.value}")


async def _customer(session: AsyncSession, address: Address) -> tuple[str, bool]:
    """The id of the customer at an address, and whether they are new."""
    hashed = address_hash(session, address)
    known = await session.scalar(AT_ADDRESS, {"hash": hashed})
    if known is not None:
        return known, False
    customer = new_id()
    await session.execute(NEW_CUSTOMER, {"id": customer})
    values = {"customer_id": customer, "kind": address.kind, "value": address.value}
    await session.execute(NEW_ADDRESS, values | {"hash": hashed})
    return customer, True


async def _get_row(session: AsyncSession, conversation_id: str) -> ConversationRow:
    row = await session.get(ConversationRow, conversation_id)
    if row is None:
        raise NotFound(f"no conversation {conversation_id}")
    return row


async def _write_turns(session: AsyncSession, conversation: Conversation) -> None:
    session.add_all(
        turn_row(conversation.id, position, turn)
        for position, turn in enumerate(conversation.turns)
    )
    await session.flush()
    await search.index(session, conversation.id, *(turn.text for turn in conversation.turns))


def _values(conversation: Conversation, now: datetime, holder: Holder) -> dict[str, Any]:
    """The columns of a conversation's row."""
    return {
        "id": conversation.id,
        "channel": conversation.channel.value,
        "opened_at": conversation.opened_at,
        "closed_at": conversation.closed_at,
        "last_turn_at": now if holder is Holder.BOT else None,
        "listed_at": conversation.opened_at or now,
        "language": conversation.language,
        "external_id": conversation.external_id,
        "agent": conversation.agent,
        "customer": conversation.customer,
        "recording_id": conversation.recording,
        "engine": conversation.engine,
        "previous_id": conversation.previous,
        "variables": dict(conversation.variables),
        "labels": dict(conversation.labels),
        "queue": conversation.queue,
        "direction": conversation.direction.value if conversation.direction else None,
        "holder": holder.value,
        "holder_since": now,
        "version": 1,
        "score_state": SCORE_NONE,
    }
