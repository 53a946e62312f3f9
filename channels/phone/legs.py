"""The agent's leg, and the ends of legs: the whisper, what came of ringing, hanging up."""

from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncSession

from channels.asking import invite_after_call
from channels.phone.after_call import ask_by_sms
from channels.phone.aloud import aloud
from channels.phone.fetching import RecordingFetch
from channels.phone.request import caller_of, moment_of, need_sid, seconds_of
from channels.phone.speaking import GOODBYE
from channels.phone.switchboard import TWILIO, Fields, Switchboard
from channels.phone.through import tell_unanswered
from channels.phone.till import end_pause
from channels.phone.twiml import nothing
from channels.room import Room
from core.call import Call, CallRecording, CallRecordingState, CallStage
from core.conversation import Event, EventKind
from core.errors import Conflict
from core.handoff import Handoff, Holder
from store import calls, conversations, handoffs

ANSWERED = frozenset({"completed", "answered"})
OVER = frozenset({"completed", "busy", "failed", "no-answer", "canceled"})
HUNG_UP = "hung_up"


@dataclass(frozen=True, slots=True)
class Legs:
    """Answers Twilio about the people's side of calls, and about their ends."""

    board: Switchboard
    fetch: RecordingFetch

    @property
    def room(self) -> Room:
        """The database, the clock and the locks."""
        return self.board.room

    async def whisper(self, fields: Fields) -> str:
        """The people answered: what it is about, said to the agent alone; they have it now."""
        leg = need_sid(fields, "CallSid")
        parent = need_sid(fields, "ParentCallSid")
        async with self.board.calling(parent):
            call = await self._find(parent)
            if call is None:
                return nothing()
            if call.leg != leg and call.stage is CallStage.RINGING:
                await self._answered(call, leg)
            async with self.room.database.reading() as session:
                handoff = await handoffs.get(session, call.conversation)
            return self.board.mouth.whisper(self._summary(handoff))

    async def dialled(self, fields: Fields, step: int) -> str:
        """Ringing or talking is over while the caller is still there."""
        sid = need_sid(fields, "CallSid")
        async with self.board.calling(sid):
            call, key = await self._find(sid), f"dialled:{step}"
            if call is None:
                return await self.board.opened(sid, fields)
            if call.key == key or call.step != step or call.stage is CallStage.ENDED:
                return call.answer
            back = replace(call, key=key, stage=CallStage.BOT, silences=0, misheard=0)
            is_repeated = "DialCallStatus" not in fields  # asked again after we were away
            is_over = fields.get("DialCallStatus") in ANSWERED or is_repeated
            if is_over and call.stage is CallStage.PERSON:
                return await self._talked(back)
            return await self._unanswered(back)

    async def status(self, fields: Fields) -> str:
        """A call is over: its conversation closes, which makes its score due."""
        sid = need_sid(fields, "CallSid")
        if fields.get("CallStatus") not in OVER:
            return nothing()
        async with self.board.calling(sid):
            call = await self._find(sid)
            if call is not None and self.board.till is not None:
                await self.board.till.finish(self.board, call)
                call = await self._find(sid)
            if call is not None and call.ended_at is None:
                await self._close(call)
                await ask_by_sms(self.board.dialogue, call, caller_of(fields, sid))
        self._fetch_soon(sid)
        return nothing()

    async def recorded(self, fields: Fields) -> str:
        """A recording is there at the provider, or there is none; it is fetched afterwards."""
        sid, name = need_sid(fields, "CallSid"), need_sid(fields, "RecordingSid")
        async with self.board.calling(sid):
            call = await self._find(sid)
            is_done = fields.get("RecordingStatus", "completed") == "completed"
            if call is None or not is_done:
                return nothing()
            async with self.room.database.writing() as session:
                if await calls.find_recording(session, name) is None:
                    await calls.save_recording(session, self._recording(call, name, fields))
        self._fetch_soon(sid)
        return nothing()

    def _fetch_soon(self, sid: str) -> None:
        """Whichever of the end and the recording comes last begins it; a minute's loop repeats."""
        self.board.dialogue.tasks.start(self.fetch.look(), about=sid)

    async def _answered(self, call: Call, leg: str) -> None:
        """The conversation is the people's, unless somebody took it in the console already."""
        now = self.room.clock()
        async with self.room.changing(call.conversation) as session:
            handoff = await handoffs.get(session, call.conversation)
            if handoff.holder is Holder.WAITING:
                await handoffs.move(session, handoff, Holder.PERSON, now=now)
            answered = replace(call, leg=leg, stage=CallStage.PERSON, answered_at=now)
            await calls.save(session, answered)

    async def _talked(self, call: Call) -> str:
        """The agent has hung up first: the caller is asked how it was, and may go on."""
        conversation = call.conversation
        async with self.room.changing(conversation) as session:
            handoff = await handoffs.get(session, conversation)
            if handoff.holder is Holder.PERSON:
                now = self.room.clock()
                await handoffs.move(session, handoff, Holder.BOT, now=now)
                lines = await invite_after_call(session, self.room, conversation)
                await self.board.dialogue.tell(
                    session, conversation, f"bot:called:{handoff.version}", lines
                )
        self.board.dialogue.forget_soon(conversation)
        situation = await self.room.look(conversation)
        if len(situation.placed) <= call.told_to + 1:
            return await self.board.keep(call, self.board.mouth.goodbye(call, GOODBYE))
        return await self.board.go_on(call)

    async def _unanswered(self, call: Call) -> str:
        conversation = call.conversation
        async with self.room.changing(conversation) as session:
            handoff = await handoffs.get(session, conversation)
            if handoff.holder is Holder.PERSON:  # somebody took it and did not pick up
                handoff = await self._to_queue_again(session, handoff)
            if handoff.holder is not Holder.CLOSED:
                key = f"bot:unanswered:{handoff.version}:{call.step}"
                await self.board.dialogue.tell(session, conversation, key, [tell_unanswered()])
        return await self.board.go_on(call)

    async def _to_queue_again(self, session: AsyncSession, handoff: Handoff) -> Handoff:
        return await handoffs.move(
            session,
            handoff,
            Holder.WAITING,
            now=self.room.clock(),
            reason="no_answer",
            summary=handoff.summary,
        )

    async def _close(self, call: Call) -> None:
        now = self.room.clock()
        try:
            async with self.room.changing(call.conversation) as session:
                handoff = await handoffs.get(session, call.conversation, keeps_still=True)
                if handoff.holder is not Holder.CLOSED:
                    await self._end(session, handoff)
                await end_pause(self.board.till, session, call)
                ended = replace(call, stage=CallStage.ENDED, ended_at=now)
                await calls.save(session, ended)
        except Conflict:  # somebody changed it at this moment: Twilio's repetition finds it so
            return
        self.board.dialogue.forget_soon(call.conversation)

    async def _end(self, session: AsyncSession, handoff: Handoff) -> None:
        """Who hangs up while they wait has given up; a person's after-call work is none here."""
        now = self.room.clock()
        if handoff.holder is Holder.WAITING:
            left = Event(EventKind.ABANDONED, now)
            await conversations.add_event(session, handoff.conversation, left)
        await handoffs.move(session, handoff, Holder.CLOSED, now=now, reason=HUNG_UP)

    def _recording(self, call: Call, name: str, fields: Fields) -> CallRecording:
        """It begins when Twilio says, in whole seconds, but not before the people answered."""
        told = moment_of(fields.get("RecordingStartTime", ""))
        begins = [moment for moment in (told, call.answered_at) if moment is not None]
        channels = seconds_of(fields.get("RecordingChannels", ""))
        return CallRecording(
            sid=name,
            call=call.sid,
            conversation=call.conversation,
            told_at=self.room.clock(),
            state=CallRecordingState.DUE,
            started_at=max(begins, default=None),
            duration=seconds_of(fields.get("RecordingDuration", "")),
            channels=int(channels) if channels is not None else None,
        )

    def _summary(self, handoff: Handoff) -> str:
        """One breath: who rings, and the packet's line."""
        about = aloud(handoff.summary) if handoff.summary else "No summary."
        return f"A call for {self.room.settings.company}. {about}"

    async def _find(self, sid: str) -> Call | None:
        async with self.room.database.reading() as session:
            return await calls.find(session, TWILIO, sid)
