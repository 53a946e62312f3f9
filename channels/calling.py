"""What a call-back leaves in the store: its row, its events, and the end of the wait."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from channels.situation import Situation
from core.call_back import CallBack, CallBackState
from core.conversation import Event, EventKind, Turn
from core.handoff import Holder
from store import call_backs, conversations, handoffs


def is_promised(call_back: CallBack | None) -> bool:
    """Whether number and time are agreed."""
    return call_back is not None and call_back.state is CallBackState.OPEN


async def keep_call_back(
    session: AsyncSession,
    situation: Situation,
    turn: Turn,
    call_back: CallBack | None,
    *,
    now: datetime,
) -> None:
    """Store what was agreed so far; one that is promised takes the conversation out of the queue.

    A customer is rung once: one that was promised before is cancelled.

    The bot has it again from this turn on: what was written after it is still to be answered.
    """
    if call_back is None:
        return
    before = await call_backs.open_of(session, situation.id) if is_promised(call_back) else ()
    await call_backs.save(session, call_back)
    if not is_promised(call_back):
        return
    for one in before:
        await call_backs.cancel(session, one)  # the new one takes its place
    handoff = await handoffs.get(session, situation.id)
    if handoff.holder is not Holder.WAITING:
        asked = Event(EventKind.CALL_BACK_ASKED, now, note=turn.id)
        await conversations.add_event(session, situation.id, asked)
        return
    await handoffs.move(
        session,
        handoff,
        Holder.BOT,
        now=now,
        reason=turn.id,
        event=EventKind.CALL_BACK_ASKED,
        holds_from=situation.place_of(turn) + 1,
    )


async def cancel_call_back(
    session: AsyncSession, situation: Situation, turn: Turn, call_back_id: str, *, now: datetime
) -> None:
    """Take a promise back that this very customer was given; nobody else's."""
    for one in await call_backs.open_of(session, situation.id):
        if one.id == call_back_id and await call_backs.cancel(session, one):
            cancelled = Event(EventKind.CALL_BACK_CANCELLED, now, note=turn.id)
            await conversations.add_event(session, one.conversation, cancelled)
