"""The only commands that change a live conversation from outside: what people at work do."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from channels.dialogue import Dialogue
from channels.handover import packet_of, summarise
from channels.phone.pausing import Pausing
from channels.words import accept_words
from core.conversation import Event, EventKind, Role, Turn
from core.errors import BadInput, Conflict, NotFound, Overtaken
from core.handoff import Handoff, Holder
from core.people import User
from store import call_backs, conversations, handoffs, notes, outbox, users, work_queues

# What is said to who acts on a conversation that no person has.
_WITH = {
    Holder.BOT: "The bot has this conversation; take it first.",
    Holder.WAITING: "Nobody has this conversation yet; take it first.",
    Holder.CLOSED: "This conversation is closed.",
}


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes, answers, passes on, gives back and closes conversations."""

    dialogue: Dialogue
    pausing: Pausing | None = None

    def has_page_open(self, conversation_id: str) -> bool:
        """Whether the customer of a web chat has it before them at this moment."""
        return self.dialogue.room.hub.visitor_of(conversation_id) is not None

    async def pause_recording(self, conversation_id: str, *, user: str) -> Handoff:
        """Card details are about to be said: nothing is recorded until it is resumed.

        Raises:
            NotFound: there is no such conversation.
            Conflict: no call of it is being recorded.
            TelephonyUnavailable: it is still being recorded; do not take card details now.
        """
        name, handoff = await self._before_pausing(conversation_id, user)
        await self._line.pause(conversation_id, actor=name)
        return handoff

    async def resume_recording(self, conversation_id: str, *, user: str) -> Handoff:
        """The payment is done, the call is recorded again; raises as `pause_recording` does."""
        name, handoff = await self._before_pausing(conversation_id, user)
        await self._line.resume(conversation_id, actor=name)
        return handoff

    async def _before_pausing(self, conversation_id: str, user: str) -> tuple[str, Handoff]:
        async with self.dialogue.room.database.reading() as session:
            handoff = await handoffs.get(session, conversation_id)
            return await _name(session, user), handoff

    @property
    def _line(self) -> Pausing:
        if self.pausing is None:
            raise Conflict("no telephone is set up; PARLEY_TWILIO_ACCOUNT_SID names its account")
        return self.pausing

    async def take(self, conversation_id: str, *, user: str, name: str) -> Handoff:
        """The user holds it from now on; taking what one holds changes nothing.

        Raises:
            NotFound: there is no such conversation.
            Conflict: a colleague holds it whom the user may not relieve, or it is closed.
        """
        room = self.dialogue.room
        async with room.changing(conversation_id) as session:
            handoff = await handoffs.get(session, conversation_id)
            if handoff.holder is Holder.PERSON and handoff.agent == user:
                return handoff
            if handoff.holder is Holder.PERSON:
                await _check_free(session, handoff, user)
            packet = None
            if handoff.holder is Holder.BOT:  # nobody asked for a person, so there is none yet
                situation = await room.look_within(session, conversation_id)
                packet = await packet_of(room, situation, None, {})
            taken = await handoffs.move(
                session,
                handoff,
                Holder.PERSON,
                now=room.clock(),
                agent=user,
                actor=name,
                packet=packet,
            )
            await conversations.set_agent(session, conversation_id, name)
            await call_backs.drop_draft(session, conversation_id)  # there is somebody to ask now
            return taken

    async def say(
        self, conversation_id: str, *, user: str, name: str, turn: str, text: str
    ) -> Handoff:
        """An agent's turn, to the customer at once; a repeated turn id changes nothing.

        Raises:
            BadInput: no words, too many, or the id belongs to another turn.
            Conflict: the user does not hold the conversation.
        """
        room = self.dialogue.room
        words = accept_words(text, limit=room.settings.max_message_characters)
        async with room.changing(conversation_id) as session:
            handoff = await handoffs.get(session, conversation_id)
            known = (await conversations.get(session, conversation_id)).turn(turn)
            if known is not None and known.role is not Role.AGENT:
                raise BadInput("turn: another turn of this conversation has this id")
            if known is not None:
                return handoff
            await _check_holds(session, handoff, user)
            if (await conversations.get(session, conversation_id)).is_voice:
                raise Conflict("This is a call: what is written here would not be heard.")
            now = room.clock()
            said = Turn(turn, Role.AGENT, words, now, author=name)
            await conversations.append_turn(session, conversation_id, said, now=now, agent_id=user)
            await outbox.enqueue(session, conversation_id, turn, now=now)
            return handoff

    async def transfer(
        self,
        conversation_id: str,
        *,
        user: str,
        to: str | None,
        queue: str | None = None,
        note: str | None = None,
    ) -> Handoff:
        """To a colleague, to another queue, or back to the one it came from.

        The note is for who takes it next; it is kept with the transfer or not at all.

        Raises:
            NotFound: no such conversation, colleague or queue.
            Conflict: nobody holds it, or a colleague whom the user may not relieve.
        """
        room = self.dialogue.room
        async with room.changing(conversation_id) as session:
            handoff = await handoffs.get(session, conversation_id)
            await _check_free(session, handoff, user)
            now = room.clock()
            passed = Event(EventKind.TRANSFERRED, now, await _name(session, user), to or queue)
            await conversations.add_event(session, conversation_id, passed)
            if note is not None:
                await notes.add(session, conversation_id, user=user, text=note, now=now)
            if to is None and queue is not None:
                line = await work_queues.get(session, queue)
                await conversations.set_queue(session, conversation_id, line.name)
            if to is None:
                return await self._queue_again(session, handoff, user)
            colleague = await users.get(session, to)
            if not colleague.is_active:
                raise NotFound(f"{colleague.name} does not work here any more.")
            await conversations.set_agent(session, conversation_id, colleague.name)
            return await handoffs.move(
                session, handoff, Holder.PERSON, now=room.clock(), agent=to, actor=colleague.name
            )

    async def give_back(self, conversation_id: str, *, user: str, note: str | None) -> Handoff:
        """To the bot, which starts afresh with what the store knows, and answers what nobody has.

        Raises:
            Conflict: a colleague holds it whom the user may not relieve, or the bot has it.
        """
        room = self.dialogue.room
        async with room.changing(conversation_id) as session:
            handoff = await handoffs.get(session, conversation_id)
            if handoff.holder is Holder.PERSON:
                await _check_free(session, handoff, user)
            if handoff.holder is Holder.BOT:
                raise Conflict("The bot has this conversation already.")
            given = await handoffs.move(
                session,
                handoff,
                Holder.BOT,
                now=room.clock(),
                actor=await _name(session, user),
                reason=note,
                holds_from=(await room.look_within(session, conversation_id)).left_over_from,
            )
        self.dialogue.forget_soon(conversation_id)
        self.dialogue.answer_soon(conversation_id)
        return given

    async def close(self, conversation_id: str, *, user: str) -> Handoff:
        """End it; its score is due from now on. Closing what is closed changes nothing.

        Raises:
            Conflict: a colleague holds it whom the user may not relieve.
        """
        room = self.dialogue.room
        async with room.changing(conversation_id) as session:
            handoff = await handoffs.get(session, conversation_id)
            if handoff.holder is Holder.CLOSED:
                return handoff
            if handoff.holder is Holder.PERSON:
                await _check_free(session, handoff, user)
            closed = await handoffs.move(
                session, handoff, Holder.CLOSED, now=room.clock(), actor=await _name(session, user)
            )
            if handoff.holder is Holder.PERSON:
                await self.dialogue.ask_after_person(session, closed)
        self.dialogue.forget_soon(conversation_id)
        return closed

    async def _queue_again(self, session: AsyncSession, handoff: Handoff, user: str) -> Handoff:
        situation = await self.dialogue.room.look_within(session, handoff.conversation)
        return await handoffs.move(
            session,
            handoff,
            Holder.WAITING,
            now=self.dialogue.room.clock(),
            actor=await _name(session, user),
            reason="transferred",
            summary=summarise(situation, "transferred", {}),
            packet=await packet_of(self.dialogue.room, situation, "transferred", {}),
        )


async def _check_holds(session: AsyncSession, handoff: Handoff, user: str) -> None:
    """Raise Conflict, saying who holds it, unless it is `user`."""
    _check_with_person(handoff)
    if handoff.agent != user:
        holder = await _name(session, handoff.agent or "")
        raise Overtaken(f"{holder} has this conversation.")


async def _check_free(session: AsyncSession, handoff: Handoff, user: str) -> None:
    """Raise Conflict unless `user` holds it or may relieve who does.

    A supervisor or an owner may relieve anybody, and everybody one who is shut out. Nobody by name
    holds a call that was answered on the telephone: whoever says that it is theirs has it.
    """
    _check_with_person(handoff)
    if handoff.agent is None:
        return
    holder = await _find(session, handoff.agent or "")
    if holder is not None and not holder.is_active:
        return
    acting = await _find(session, user)
    if acting is None or not (acting.may_see_all and acting.is_active):
        await _check_holds(session, handoff, user)


def _check_with_person(handoff: Handoff) -> None:
    if handoff.holder is not Holder.PERSON:
        raise Conflict(_WITH[handoff.holder])


async def _find(session: AsyncSession, user: str) -> User | None:
    try:
        return await users.get(session, user)
    except NotFound:
        return None


async def _name(session: AsyncSession, user: str) -> str:
    """The user's name as colleagues know it; the id of one who is not in the store."""
    found = await _find(session, user)
    return user if found is None else found.name
