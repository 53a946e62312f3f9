"""Recordings of calls that are over are fetched from the provider, kept, and due to be heard.

The address is made of the provider's own host and the recording's id; what a webhook says it is
does not count. The conversation of the talk with the bot becomes that of the recording as well.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from channels.room import Room
from channels.twilio.rest import Twilio
from core.call import Call, CallRecording, CallRecordingState
from core.conversation import Conversation
from core.errors import BadInput, Unavailable
from core.ids import new_id
from core.recording import ChannelLayout, FirstLeg, Recording, RecordingState
from core.tasks import log_failure
from store import calls, conversations, recordings
from store.files import StoredFiles
from store.incoming import Draft

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480))  # before each retry
DUAL = 2
MIB = 2**20

log: Any = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RecordingFetch:
    """Fetches what is due; safe to run at any time."""

    room: Room
    twilio: Twilio
    files: StoredFiles

    async def sweep(self) -> int:
        """Try all that are due now; how many came."""
        async with self.room.locks.of("recordings of calls"):
            async with self.room.database.reading() as session:
                due = await calls.recordings_due(session, now=self.room.clock())
            return sum([await self._fetch(one) for one in due])

    async def go_on(self) -> None:
        """Look every minute until cancelled."""
        while True:
            try:
                await self.sweep()
            except Exception as error:  # noqa: BLE001  # the outermost frame of the loop
                log_failure("recordings_not_fetched", error)
            await asyncio.sleep(self.room.settings.sweep_seconds)

    async def look(self) -> None:
        """One look in between: a call has just ended, or its recording was told."""
        await self.sweep()

    async def _fetch(self, due: CallRecording) -> bool:
        name = f"Recordings/{due.sid}.wav?RequestedChannels={DUAL}"
        most = self.room.settings.max_upload_mib * MIB
        try:
            address = self.twilio.account.resource(name)
            draft = await self.twilio.fetch(address, self.files, most_bytes=most)
        except BadInput as error:
            return await self._failed(due, str(error))
        except Unavailable as error:
            return await self._again(due, str(error))
        try:
            await self._keep(due, draft)
        except Unavailable as error:
            return await self._again(due, str(error))
        finally:
            self.files.drop(draft)
        return True

    async def _keep(self, due: CallRecording, draft: Draft) -> None:
        """The row and its sound: the sound first, as storage may be far."""
        sound, is_new = new_id(), False
        try:
            await asyncio.to_thread(self.files.keep, draft, sound)
            async with self.room.database.writing() as session:
                is_new = await self._note(session, due, draft, sound)
        except BaseException:  # cancelled as well: no sound may stay without its row
            is_new = False
            raise
        finally:
            if not is_new:
                with suppress(Unavailable):  # what cannot be deleted now is a day later
                    await asyncio.to_thread(self.files.delete, sound)

    async def _note(
        self, session: AsyncSession, due: CallRecording, draft: Draft, sound: str
    ) -> bool:
        """The row, and that it was fetched; the same sound once more is only known."""
        call = await calls.find(session, "twilio", due.call)
        conversation = await conversations.get(session, due.conversation)
        wanted = await self._recording(session, due, draft, call, conversation)
        wanted = replace(wanted, id=sound)
        recording, is_new = await recordings.receive(session, wanted)
        fetched = replace(due, state=CallRecordingState.FETCHED, recording=recording.id)
        await calls.save_recording(session, replace(fetched, error=None))
        return is_new

    async def _recording(
        self,
        session: AsyncSession,
        due: CallRecording,
        draft: Draft,
        call: Call | None,
        conversation: Conversation,
    ) -> Recording:
        """The first of a call is heard as part of it; a later one is a conversation of its own."""
        now, settings = self.room.clock(), self.room.settings
        is_first = not await calls.has_fetched(session, due.conversation)
        parent = call.parent if call else FirstLeg.CUSTOMER
        return Recording(
            id=new_id(),
            sha256=draft.sha256,
            name=f"{due.sid}.wav",
            state=RecordingState.RECEIVED,
            received_at=now,
            layout=parent.layout if due.channels in (None, DUAL) else ChannelLayout.MONO,
            delete_after=now + timedelta(days=settings.retention_days),
            conversation=due.conversation if is_first else None,
            agent=conversation.agent,
            external_id=due.call,
            queue=conversation.queue,
            direction=call.direction if call else None,
        )

    async def _again(self, due: CallRecording, error: str) -> bool:
        if due.attempts >= len(PAUSES):
            return await self._failed(due, error)
        after = self.room.clock() + PAUSES[due.attempts]
        later = replace(due, attempts=due.attempts + 1, try_after=after, error=error)
        log.warning("recording_not_fetched_yet", recording=due.sid, error=error)
        return await self._save(later)

    async def _failed(self, due: CallRecording, error: str) -> bool:
        log.error("recording_not_fetched", recording=due.sid, error=error)
        return await self._save(replace(due, state=CallRecordingState.FAILED, error=error))

    async def _save(self, recording: CallRecording) -> bool:
        async with self.room.database.writing() as session:
            await calls.save_recording(session, recording)
        return False
