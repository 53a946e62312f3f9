"""Call-backs: drafted in a conversation, then open until somebody has rung."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.call_back import CallBack, CallBackState
from core.conversation import EventKind
from core.errors import NotFound, Overtaken
from store import search
from store.persons import conversations_with
from store.tables import CallBackRow, ConversationRow, CustomerRow, EventRow, VerificationRow


async def save(session: AsyncSession, call_back: CallBack) -> None:
    """Store it as it is now; the row of a known id is replaced."""
    row = await session.get(CallBackRow, call_back.id)
    if row is None:
        row = CallBackRow(id=call_back.id, conversation_id=call_back.conversation)
        session.add(row)
    row.state = call_back.state.value
    row.asked_at = call_back.asked_at
    row.phone, row.words = call_back.phone, call_back.words
    row.wanted_from, row.wanted_to = call_back.wanted_from, call_back.wanted_to
    row.done_at, row.done_by = call_back.done_at, call_back.done_by
    await session.flush()
    if call_back.state is CallBackState.OPEN:
        await search.index(session, call_back.conversation, call_back.phone or "")


async def drop_draft(session: AsyncSession, conversation_id: str) -> None:
    """Cancel what is being talked about and not agreed."""
    draft = await find_draft(session, conversation_id)
    if draft is not None:
        await save(session, replace(draft, state=CallBackState.CANCELLED))


async def find_draft(session: AsyncSession, conversation_id: str) -> CallBack | None:
    """The one that is being talked about in a conversation."""
    row = await session.scalar(
        select(CallBackRow)
        .where(CallBackRow.conversation_id == conversation_id)
        .where(CallBackRow.state == CallBackState.DRAFT.value)
        .order_by(CallBackRow.asked_at.desc())
        .limit(1)
    )
    return None if row is None else _call_back_of(row)


async def of_conversation(session: AsyncSession, conversation_id: str) -> tuple[CallBack, ...]:
    """All that were promised in a conversation, drafts left out."""
    rows = await session.scalars(
        select(CallBackRow)
        .where(CallBackRow.conversation_id == conversation_id)
        .where(CallBackRow.state != CallBackState.DRAFT.value)
        .order_by(CallBackRow.asked_at, CallBackRow.id)
    )
    return tuple(map(_call_back_of, rows))


async def open_of(session: AsyncSession, conversation_id: str) -> tuple[CallBack, ...]:
    """Those that a conversation's customer is still to be rung for, the latest promised last.

    They may have been promised in another conversation of the same person.
    """
    mine = conversations_with(literal(conversation_id))
    rows = await session.scalars(
        select(CallBackRow)
        .where(CallBackRow.conversation_id.in_(mine))
        .where(CallBackRow.state == CallBackState.OPEN.value)
        .order_by(CallBackRow.asked_at, CallBackRow.id)
    )
    return tuple(map(_call_back_of, rows))


async def cancel(session: AsyncSession, call_back: CallBack) -> bool:
    """Take a promise back; False when somebody has rung, or it was taken back, meanwhile."""
    changed = await session.execute(
        update(CallBackRow)
        .where(CallBackRow.id == call_back.id, CallBackRow.state == CallBackState.OPEN.value)
        .values(state=CallBackState.CANCELLED.value)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined] # an UPDATE's result has a rowcount


async def open_ones(session: AsyncSession) -> tuple[CallBack, ...]:
    """Those that nobody has rung yet, the first due on top."""
    rows = await session.scalars(
        select(CallBackRow)
        .where(CallBackRow.state == CallBackState.OPEN.value)
        .order_by(CallBackRow.wanted_from, CallBackRow.asked_at, CallBackRow.id)
    )
    return tuple(map(_call_back_of, rows))


async def get(session: AsyncSession, call_back_id: str) -> CallBack:
    """One call-back.

    Raises:
        NotFound: there is none with this id.
    """
    row = await session.get(CallBackRow, call_back_id, populate_existing=True)
    if row is None:
        raise NotFound(f"no call-back {call_back_id}")
    return _call_back_of(row)


async def mark_done(
    session: AsyncSession, call_back_id: str, *, user: str, now: datetime
) -> CallBack:
    """Somebody has rung; doing it again for the same person changes nothing.

    Raises:
        NotFound: there is none with this id.
        Overtaken: somebody else was first, or it was cancelled.
    """
    changed = await session.execute(
        update(CallBackRow)
        .where(CallBackRow.id == call_back_id, CallBackRow.state == CallBackState.OPEN.value)
        .values(state=CallBackState.DONE.value, done_at=now, done_by=user)
        .execution_options(synchronize_session=False)
    )
    found = await get(session, call_back_id)
    if changed.rowcount != 1 and found.done_by != user:  # type: ignore[attr-defined] # an UPDATE's result has a rowcount
        raise Overtaken(f"call-back {call_back_id} is {found.state} already")
    return found


async def names_of(session: AsyncSession, conversations: Collection[str]) -> dict[str, str]:
    """The customers' names by conversation: as ever shown there, else as they call themselves."""
    called = await session.execute(
        select(ConversationRow.id, CustomerRow.name)
        .join(CustomerRow, CustomerRow.id == ConversationRow.customer_id)
        .where(ConversationRow.id.in_(conversations))
    )
    shown = await session.execute(
        select(VerificationRow.conversation_id, VerificationRow.name)
        .where(VerificationRow.conversation_id.in_(conversations))
        .order_by(VerificationRow.at)
    )
    return {of: name for of, name in (*called.all(), *shown.all()) if name}


async def tried(
    session: AsyncSession, conversations: Collection[str]
) -> dict[str, tuple[datetime, ...]]:
    """When somebody rang and reached nobody, by conversation."""
    rows = await session.execute(
        select(EventRow.conversation_id, EventRow.at)
        .where(EventRow.conversation_id.in_(conversations))
        .where(EventRow.kind == EventKind.CALL_BACK_TRIED.value)
    )
    found: dict[str, tuple[datetime, ...]] = {}
    for of, at in rows.all():
        if at is not None:
            found[of] = (*found.get(of, ()), at)
    return found


def _call_back_of(row: CallBackRow) -> CallBack:
    return CallBack(
        id=row.id,
        conversation=row.conversation_id,
        asked_at=row.asked_at,
        state=CallBackState(row.state),
        phone=row.phone,
        words=row.words,
        wanted_from=row.wanted_from,
        wanted_to=row.wanted_to,
        done_at=row.done_at,
        done_by=row.done_by,
    )
