"""Who holds a conversation, changed by compare-and-set on its version."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from core.conversation import Channel, Event, EventKind, Role
from core.errors import NotFound, Overtaken
from core.handoff import Handoff, Holder, check_move
from store import conversations, owed
from store.columns import AnyRow, table_of
from store.prepared import often
from store.tables import ConversationRow, EventRow, TurnRow

_EVENTS = {
    Holder.WAITING: EventKind.HANDED_OFF,
    Holder.PERSON: EventKind.TAKEN,
    Holder.BOT: EventKind.RETURNED,
    Holder.CLOSED: EventKind.CLOSED,
}
_MOVES = (*_EVENTS.values(), EventKind.CALL_BACK_ASKED)

# The columns that `handoff_of` reads beside the id, and the look at them, built once.
_ROWS = table_of(ConversationRow).c
HANDOFF = (
    *(_ROWS.holder, _ROWS.holder_since, _ROWS.holder_from, _ROWS.version, _ROWS.held_by),
    *(_ROWS.handoff_reason, _ROWS.handoff_summary, _ROWS.handoff_packet, _ROWS.handoff_priority),
)
_ONE = often(select(_ROWS.id, *HANDOFF).where(_ROWS.id == bindparam("id", type_=_ROWS.id.type)))
_ONE_STILL = often(_ONE.with_for_update())


@dataclass(frozen=True, slots=True)
class Silent:
    """A conversation that is to close, and when somebody last wrote in it."""

    handoff: Handoff
    last_turn_at: datetime


async def get(session: AsyncSession, conversation_id: str, *, keeps_still: bool = False) -> Handoff:
    """The handoff's state; with `keeps_still` nobody else changes it before the commit.

    Raises:
        NotFound: there is no such conversation.
    """
    await session.flush()  # what this transaction has made as objects is seen as well
    asked = {"id": conversation_id}
    row = (await session.execute(_ONE_STILL if keeps_still else _ONE, asked)).first()
    if row is None:
        raise NotFound(f"no conversation {conversation_id}")
    return handoff_of(row)


async def move(
    session: AsyncSession,
    handoff: Handoff,
    to: Holder,
    *,
    now: datetime,
    agent: str | None = None,
    actor: str | None = None,
    reason: str | None = None,
    summary: str | None = None,
    packet: str | None = None,
    priority: int = 0,
    event: EventKind | None = None,
    holds_from: int | None = None,
    silent_since: datetime | None = None,
) -> Handoff:
    """Give the conversation to another holder, and record the event; a closed one is owed to Rasa.

    Args:
        handoff: as it was read; a change in between wins.
        silent_since: a turn written after this moment wins as well.
        agent: the user who holds it from now on.
        actor: who did it, for the event; None for the bot or the clock.
        packet: what the agent reads first, as JSON; kept where none is given.
        holds_from: place of the first turn that the new holder is to answer; the next by default.
        event: what it is recorded as, where that is not the usual for the new holder.

    Raises:
        Conflict: somebody else changed it first, or the move is not allowed.
    """
    check_move(handoff, to)
    if holds_from is None:
        holds_from = await conversations.last_position(session, handoff.conversation) + 1
    changes: dict[str, object] = {
        "holder": to.value,
        "holder_since": now,
        "holder_from": holds_from,
        "held_by": agent,
        "version": handoff.version + 1,
        "handoff_priority": priority,
    }
    if to is Holder.WAITING:
        changes |= {"handoff_reason": reason, "handoff_summary": summary}
    if packet is not None:
        changes["handoff_packet"] = packet
    if to is Holder.CLOSED:
        closed_at = await _not_before_opening(session, handoff.conversation, now)
        changes |= {"closed_at": closed_at, "score_state": conversations.SCORE_DUE}
    change = (
        update(ConversationRow)
        .where(ConversationRow.id == handoff.conversation)
        .where(ConversationRow.version == handoff.version)
        .values(**changes)
        .execution_options(synchronize_session=False)
    )
    if silent_since is not None:
        change = change.where(ConversationRow.last_turn_at <= silent_since)
    changed = await session.execute(change)
    if changed.rowcount != 1:  # type: ignore[attr-defined] # an UPDATE's result has a rowcount
        raise Overtaken("This conversation was just changed by somebody else.")
    if to is Holder.CLOSED:
        await owed.add(session, handoff.conversation, now=now)
    note = summary if to is Holder.WAITING else reason
    await conversations.add_event(
        session, handoff.conversation, Event(event or _EVENTS[to], now, actor, note)
    )
    moved = await session.get(  # the object that the session may have is as the row is now
        ConversationRow, handoff.conversation, populate_existing=True
    )
    if moved is None:
        raise NotFound(f"no conversation {handoff.conversation}")
    return handoff_of(moved)


async def idle(
    session: AsyncSession, *, now: datetime, web_minutes: int, messaging_minutes: int
) -> list[Silent]:
    """Open conversations that nobody has written in or taken for too long.

    A web chat closes early only while the bot holds it: who waits for a person, or has one, is
    given the longer time of messaging.
    """
    is_short = (ConversationRow.channel == Channel.WEB.value) & (
        ConversationRow.holder == Holder.BOT.value
    )
    short, long = now - timedelta(minutes=web_minutes), now - timedelta(minutes=messaging_minutes)
    still = ConversationRow.last_turn_at
    rows = await session.execute(
        select(ConversationRow.id, still)
        .where(ConversationRow.holder != Holder.CLOSED.value)
        .where(
            (is_short & (still < short) & (ConversationRow.holder_since < short))
            | ((still < long) & (ConversationRow.holder_since < long))
        )
    )
    return [Silent(await get(session, found), at) for found, at in rows.all() if at is not None]


async def with_bot(
    session: AsyncSession, *, since: datetime, answers: tuple[str, str]
) -> tuple[str, ...]:
    """Conversations in which the bot owes an answer, and somebody wrote, or gave back, lately.

    Args:
        answers: what stands before and behind a turn's id in the id of its answer.
    """
    turn, answer = aliased(TurnRow), aliased(TurnRow)
    before, behind = answers
    is_answered = exists().where(
        answer.conversation_id == turn.conversation_id,
        answer.id == literal(before) + turn.id + literal(behind),
    )
    is_owed = exists().where(
        turn.conversation_id == ConversationRow.id,
        turn.position >= ConversationRow.holder_from,
        turn.role == Role.CUSTOMER.value,
        ~is_answered,
    )
    rows = await session.scalars(
        select(ConversationRow.id)
        .where(ConversationRow.holder == Holder.BOT.value)
        .where((ConversationRow.last_turn_at > since) | (ConversationRow.holder_since > since))
        .where(is_owed)
        .order_by(ConversationRow.last_turn_at)
    )
    return tuple(rows)


async def place_in_line(session: AsyncSession, handoff: Handoff) -> int:
    """Which one it is of those who wait for a person, counted from 1."""
    before = await session.scalar(
        select(func.count())
        .select_from(ConversationRow)
        .where(ConversationRow.holder == Holder.WAITING.value)
        .where(
            (ConversationRow.handoff_priority > handoff.priority)
            | (
                (ConversationRow.handoff_priority == handoff.priority)
                & (ConversationRow.holder_since < handoff.since)
            )
        )
    )
    return (before or 0) + 1


async def longest_waiting(
    session: AsyncSession, handoff: Handoff, *, since: datetime
) -> datetime | None:
    """Since when the one waits who has waited longest, among those who came no later than this."""
    return await session.scalar(
        select(func.min(ConversationRow.holder_since))
        .where(ConversationRow.holder == Holder.WAITING.value)
        .where(ConversationRow.holder_since.between(since, handoff.since))
    )


async def waiting(session: AsyncSession, *, written: bool = False) -> tuple[Handoff, ...]:
    """All who wait for a person, the first to be taken on top; with `written` no callers."""
    chosen = (
        select(ConversationRow)
        .where(ConversationRow.holder == Holder.WAITING.value)
        .order_by(ConversationRow.handoff_priority.desc(), ConversationRow.holder_since)
        .execution_options(populate_existing=True)
    )
    if written:
        chosen = chosen.where(ConversationRow.channel != Channel.VOICE.value)
    return tuple(map(handoff_of, await session.scalars(chosen)))


async def line(session: AsyncSession) -> tuple[str, ...]:
    """The conversations of all who wait, in the same order."""
    return tuple([found.conversation for found in await waiting(session)])


async def queues_of_waiting(session: AsyncSession) -> dict[str, str]:
    """The line that each conversation waits in which waits in one."""
    rows = await session.execute(
        select(ConversationRow.id, ConversationRow.queue)
        .where(ConversationRow.holder == Holder.WAITING.value)
        .where(ConversationRow.queue.is_not(None))
    )
    return {row[0]: row[1] for row in rows.all() if row[1]}


async def unanswered(session: AsyncSession, *, since: datetime) -> tuple[Handoff, ...]:
    """Those with a person in which the customer wrote last, before `since`, and waits.

    A caller does not: they speak with the person.
    """
    last = (
        select(func.max(TurnRow.position))
        .where(TurnRow.conversation_id == ConversationRow.id)
        .correlate(ConversationRow)
        .scalar_subquery()
    )
    rows = await session.scalars(
        select(ConversationRow.id)
        .join(TurnRow, TurnRow.conversation_id == ConversationRow.id)
        .where(ConversationRow.holder == Holder.PERSON.value)
        .where(ConversationRow.channel != Channel.VOICE.value)
        .where(ConversationRow.holder_since < since, ConversationRow.last_turn_at < since)
        .where(TurnRow.position == last, TurnRow.role == Role.CUSTOMER.value)
        .order_by(ConversationRow.holder_since)
    )
    return tuple([await get(session, found) for found in rows])


async def put_first(session: AsyncSession, handoff: Handoff) -> bool:
    """Raise the priority of one who waits; False when it was raised or taken meanwhile."""
    changed = await session.execute(
        update(ConversationRow)
        .where(ConversationRow.id == handoff.conversation)
        .where(ConversationRow.version == handoff.version)
        .where(ConversationRow.holder == Holder.WAITING.value)
        .where(ConversationRow.handoff_priority == handoff.priority)
        .values(handoff_priority=handoff.priority + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined] # an UPDATE's result has a rowcount


async def recent_waits(
    session: AsyncSession, *, since: datetime, at_most: int
) -> tuple[timedelta, ...]:
    """How long the last customers waited who were taken out of the queue since then."""
    taken = EventRow.__table__.alias()
    before = (
        select(func.max(EventRow.id))
        .where(EventRow.conversation_id == taken.c.conversation_id, EventRow.id < taken.c.id)
        .where(EventRow.kind.in_([kind.value for kind in _MOVES]))
        .correlate(taken)
        .scalar_subquery()
    )
    rows = await session.execute(
        select(taken.c.at, EventRow.at)
        .join(EventRow, EventRow.id == before)
        .where(taken.c.kind == EventKind.TAKEN.value, taken.c.at >= since)
        .where(EventRow.kind == EventKind.HANDED_OFF.value)
        .order_by(taken.c.at.desc())
        .limit(at_most)
    )
    return tuple(max(end - begin, timedelta()) for end, begin in rows.all() if begin is not None)


def handoff_of(row: ConversationRow | AnyRow) -> Handoff:
    """The handoff in a row."""
    return Handoff(
        conversation=row.id,
        holder=Holder(row.holder),
        since=row.holder_since,
        version=row.version,
        agent=row.held_by,
        reason=row.handoff_reason,
        summary=row.handoff_summary,
        packet=row.handoff_packet,
        priority=row.handoff_priority,
    )


async def _not_before_opening(
    session: AsyncSession, conversation_id: str, now: datetime
) -> datetime:
    """`now`, or the moment it opened when the clock was set back since."""
    opened_at = await session.scalar(
        select(ConversationRow.opened_at).where(ConversationRow.id == conversation_id)
    )
    return now if opened_at is None else max(now, opened_at)
