"""What Twilio reports of a message of ours, shown on its turn: it never goes backwards.

Source: https://www.twilio.com/docs/messaging/guides/track-outbound-message-status
"""

from sqlalchemy.ext.asyncio import AsyncSession

from channels.room import Room
from channels.twilio.signed import Fields
from channels.twilio.words import reason_of
from core.conversation import Event, EventKind
from core.ids import check_id
from store import conversations, dispatches, outbox
from store.dispatches import Dispatch, Progress
from store.outbox import Delivery

_PROGRESS = {
    "accepted": Progress.ACCEPTED,
    "scheduled": Progress.ACCEPTED,
    "queued": Progress.ACCEPTED,
    "sending": Progress.ACCEPTED,
    "sent": Progress.SENT,
    "delivered": Progress.DELIVERED,
    "read": Progress.READ,
    "undelivered": Progress.FAILED,
    "failed": Progress.FAILED,
    "canceled": Progress.FAILED,
}


async def note_status(room: Room, dispatch_id: str, fields: Fields) -> None:
    """Note one report; a status that nobody knows yet is left alone.

    It may be the first that is heard of a message whose answer was lost: its sid is kept too.

    Raises:
        BadInput: the address is none of ours.
    """
    progress = _PROGRESS.get(fields.get("MessageStatus", "").casefold())
    dispatch_id = check_id(dispatch_id, where="dispatch")
    if progress is None:
        return
    async with room.database.writing() as session:
        found = await dispatches.report(
            session,
            dispatch_id,
            progress,
            now=room.clock(),
            sid=fields.get("MessageSid") or None,
            code=code_in(fields.get("ErrorCode", "")),
        )
        if found is not None:
            await show(session, room, found)


def code_in(text: str) -> int | None:
    """Twilio's error code; it comes as words of digits."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None


async def show(session: AsyncSession, room: Room, dispatch: Dispatch) -> None:
    """How a turn fares, from all its parts; nothing while some are still to be sent."""
    parts = await dispatches.of_turn(session, dispatch.conversation, dispatch.turn)
    delivery = dispatches.delivery_of(parts)
    if delivery is Delivery.PENDING:
        return
    reason = None
    if delivery is Delivery.FAILED:
        codes = [part.code for part in parts if part.progress is Progress.FAILED]
        reason = reason_of(codes[0])
    await put(session, room, dispatch.conversation, dispatch.turn, delivery, reason=reason)


async def put(
    session: AsyncSession,
    room: Room,
    conversation_id: str,
    turn_id: str,
    delivery: Delivery,
    *,
    reason: str | None = None,
) -> None:
    """Show a turn's delivery; a failure is an event too."""
    is_new = await outbox.set_state(
        session, conversation_id, turn_id, delivery, now=room.clock(), reason=reason
    )
    if is_new and delivery is Delivery.FAILED:
        failed = Event(EventKind.DELIVERY_FAILED, room.clock(), note=reason)
        await conversations.add_event(session, conversation_id, failed)
