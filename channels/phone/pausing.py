"""Pausing a call's recording around a card payment, and going on with it.

Source: DOMAIN "Twilio": `pauseBehavior=silence`, so that the seconds of the recording stay those of
the call; DOMAIN "Starter compliance packs": a pause event around payment (PCI DSS).
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from channels.room import Room
from channels.twilio.rest import Twilio, TwilioError
from core.call import Call, CallStage
from core.conversation import Conversation, Event, EventKind
from core.errors import Conflict
from store import calls, conversations

CURRENT = "Twilio.CURRENT"  # the recording that runs now; Twilio's own name for it
PAYMENT = "payment"  # who pauses when the payment step does, and not an agent
PAUSED = {"Status": "paused", "PauseBehavior": "silence"}
RUNNING = {"Status": "in-progress"}
# Twilio's errors for a call that nothing records: no such resource, not in a state to be changed
NOT_RECORDED = frozenset({20404, 21220})
_MARKS = (EventKind.RECORDING_PAUSED, EventKind.RECORDING_RESUMED)


@dataclass(frozen=True, slots=True)
class Pausing:
    """Pauses and resumes; Twilio first, then the event, so that no event stands for nothing."""

    room: Room
    twilio: Twilio

    async def pause(self, conversation_id: str, *, actor: str) -> None:
        """Nothing of what is said is recorded from now on; pausing a paused one changes nothing.

        Raises:
            NotFound: there is no such conversation.
            Conflict: no call of it is being recorded.
            TelephonyUnavailable: Twilio did not do it: do not take card details now.
        """
        await self._mark(conversation_id, EventKind.RECORDING_PAUSED, PAUSED, actor)

    async def resume(self, conversation_id: str, *, actor: str) -> None:
        """It is recorded again; raises as `pause` does."""
        await self._mark(conversation_id, EventKind.RECORDING_RESUMED, RUNNING, actor)

    async def pause_for_card(self, call: Call) -> None:
        """Pause whatever records this call while a card is keyed in; nothing may record it.

        The talk with the bot is not recorded by us, but a house may have Twilio record all calls.

        Raises:
            TelephonyUnavailable: it may still be recorded; do not take a card now.
        """
        await self._mark_of(call, EventKind.RECORDING_PAUSED, PAUSED)

    async def resume_after_card(self, call: Call) -> None:
        """It is recorded again, if it was; raises as `pause_for_card` does."""
        await self._mark_of(call, EventKind.RECORDING_RESUMED, RUNNING)

    async def _mark_of(self, call: Call, kind: EventKind, fields: dict[str, str]) -> None:
        async with self.room.locks.of(f"recording {call.conversation}"):
            try:
                await self.twilio.post(f"Calls/{call.sid}/Recordings/{CURRENT}.json", fields)
            except TwilioError as error:
                if error.code not in NOT_RECORDED:
                    raise
            async with self.room.changing(call.conversation) as session:
                await _add(session, call.conversation, Event(kind, self.room.clock(), PAYMENT))

    async def _mark(
        self, conversation_id: str, kind: EventKind, fields: dict[str, str], actor: str
    ) -> None:
        async with self.room.locks.of(f"recording {conversation_id}"):
            async with self.room.database.reading() as session:
                conversation = await conversations.get(session, conversation_id)
                call = await calls.find_by_conversation(session, conversation_id)
            if is_paused(conversation) is (kind is EventKind.RECORDING_PAUSED):
                return
            sid = _recorded(call, conversation_id).sid
            began = self.room.clock()
            await self.twilio.post(f"Calls/{sid}/Recordings/{CURRENT}.json", fields)
            at = began if kind is EventKind.RECORDING_PAUSED else self.room.clock()
            async with self.room.changing(conversation_id) as session:
                await _add(session, conversation_id, Event(kind, at, actor))


def is_paused(conversation: Conversation) -> bool:
    """Whether its recording is paused now."""
    marks = [event.kind for event in conversation.events if event.kind in _MARKS]
    return bool(marks) and marks[-1] is EventKind.RECORDING_PAUSED


async def _add(session: AsyncSession, conversation_id: str, event: Event) -> None:
    await conversations.add_event(session, conversation_id, event)


def _recorded(call: Call | None, conversation_id: str) -> Call:
    if call is None or call.stage is not CallStage.PERSON:
        raise Conflict(f"no call of conversation {conversation_id} is being recorded now")
    return call
