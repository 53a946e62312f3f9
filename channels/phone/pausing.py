"""Pausing a call's recording around a card payment, and going on with it.

Source: DOMAIN "Twilio": `pauseBehavior=silence`, so that the seconds of the recording stay those of
the call; DOMAIN "Starter compliance packs": a pause event around payment (PCI DSS).
"""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from channels.room import Room
from channels.twilio.rest import Twilio
from core.call import Call, CallStage
from core.conversation import Conversation, Event, EventKind
from core.errors import Conflict
from store import calls, conversations

CURRENT = "Twilio.CURRENT"  # the recording that runs now; Twilio's own name for it
PAYMENT = "payment"  # who pauses when the payment step does, and not an agent
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
        fields = {"Status": "paused", "PauseBehavior": "silence"}
        await self._mark(conversation_id, EventKind.RECORDING_PAUSED, fields, actor)

    async def resume(self, conversation_id: str, *, actor: str) -> None:
        """It is recorded again; raises as `pause` does."""
        fields = {"Status": "in-progress"}
        await self._mark(conversation_id, EventKind.RECORDING_RESUMED, fields, actor)

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
