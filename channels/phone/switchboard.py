"""Calls, step by step: what Twilio asks next, what it is told, and what of that is kept.

A call's steps come one after another; a step that is asked for again gets the same answer, and one
that is over the answer of the present one. Nothing is said that is not stored, and nothing that a
caller says is answered twice.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from channels.dialogue import Dialogue
from channels.phone.greeting import greeting, notice
from channels.phone.hearing import READ_BACK, Ear, Turned
from channels.phone.ladder import Misses, Rung
from channels.phone.menu import say_titles
from channels.phone.prompt import Prompt, prompt_of
from channels.phone.request import caller_of, heard_of, need_sid, number_in
from channels.phone.sayings import Sayings, shipped_sayings
from channels.phone.speaking import AT_A_LOSS, GOODBYE, HOLD_ON, NOTED, TOO_LONG, Mouth
from channels.phone.through import PUTTING_THROUGH
from channels.phone.till import Till, card_wanted
from channels.room import Room
from channels.situation import Situation
from channels.topics import Place
from channels.waiting import outlook
from core.call import Call, CallStage
from core.conversation import CallDirection, Channel, Role
from core.handoff import Holder
from store import calls, conversations, handoffs, outbox
from store.conversations import Placed

TWILIO = "twilio"
OPENING = "bot:call"
# How long a webhook waits for the bot before the caller hears "one moment": Twilio is answered
# within a second (DOMAIN "Twilio"), and storing around it takes some of it. benchmarks/channels
PATIENCE_SECONDS = 0.6
MOST_WAITS = 40  # looks at a pending answer, about 1.6 s each: longer than the bot's own time limit
UNSURE = "not_understood"

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Switchboard:
    """Answers Twilio about the talk with the bot."""

    dialogue: Dialogue
    base: str = ""  # where Twilio reaches us, without a slash at the end
    sayings: Sayings = field(default_factory=shipped_sayings)
    till: Till | None = None

    @property
    def room(self) -> Room:
        """The database, the clock and the locks."""
        return self.dialogue.room

    @property
    def mouth(self) -> Mouth:
        """Makes TwiML."""
        return Mouth(self.room.settings, self.base)

    async def incoming(self, fields: Fields) -> str:
        """A call comes in: the notice, then how can I help."""
        sid = need_sid(fields, "CallSid")
        async with self.calling(sid):
            call = await self._find(sid)
            if call is None:
                return await self.opened(sid, fields)
            return call.answer or await self._welcome(call)

    async def heard(self, fields: Fields, step: int) -> str:
        """What the caller said or keyed after a prompt."""
        sid, key, asked_at = need_sid(fields, "CallSid"), f"heard:{step}", time.monotonic()
        async with self.calling(sid):
            call = await self._find(sid)
            if call is None:
                return await self.opened(sid, fields)
            if call.step != step or call.key == key or call.stage is CallStage.ENDED:
                return call.answer
            situation = await self.room.look(call.conversation)
            prompt = self.prompt_now(call, situation)
            turned = Ear(call, prompt, self._is_danger).turn(heard_of(fields))
            turned = replace(turned, call=replace(turned.call, key=key))
            return await self._do(turned, situation, prompt, asked_at)

    def _is_danger(self, text: str) -> bool:
        """Whether words are answered with care before a number in them is read back."""
        topic = self.room.topics.find(text) if self.room.settings.escalation else None
        return topic is not None and topic.place is Place.INSTEAD

    async def waited(self, fields: Fields, step: int, number: int) -> str:
        """The caller was asked to hold on; whether the answer is there now."""
        sid, asked_at = need_sid(fields, "CallSid"), time.monotonic()
        key = f"wait:{step}:{number}"
        async with self.calling(sid):
            call = await self._find(sid)
            if call is None:
                return await self.opened(sid, fields)
            if call.step != step or call.key == key or call.stage is CallStage.ENDED:
                return call.answer
            call = replace(call, key=key)
            if call.stage is CallStage.PAYING and self.till is not None:
                return await self.till.settle(self, call, waits=number)
            return await self.go_on(call, waits=number, asked_at=asked_at)

    @asynccontextmanager
    async def calling(self, sid: str) -> AsyncIterator[None]:
        """One webhook of a call at a time."""
        async with self.room.locks.of(f"call {sid}"):
            yield

    async def carded(self, fields: Fields, step: int) -> str:
        """What the caller keyed of a card; the digits go to the till and nowhere else."""
        sid, key = need_sid(fields, "CallSid"), f"card:{step}"
        async with self.calling(sid):
            call = await self._find(sid)
            if call is None:
                return await self.opened(sid, fields)
            is_here = self.till is not None and call.stage is CallStage.PAYING
            if self.till is None or not is_here or call.step != step or call.key == key:
                return call.answer
            return await self.till.keyed(self, replace(call, key=key), heard_of(fields).keys)

    async def go_on(
        self, call: Call, *, waits: int = 0, asked_at: float | None = None, first: str = ""
    ) -> str:
        """Say what the bot has answered; hold on where it has not yet.

        Args:
            asked_at: when Twilio asked, on the monotonic clock; now by default.
            first: said before what the bot says, or before it is waited for.
        """
        spent = 0.0 if asked_at is None else time.monotonic() - asked_at
        await self._await_answer(call.conversation, max(0.0, PATIENCE_SECONDS - spent))
        situation = await self.room.look(call.conversation)
        if situation.next_unanswered() is None:
            return await self.say_new(call, situation, first)
        if waits >= MOST_WAITS:
            await self.dialogue.get_person(call.conversation, UNSURE)
            return await self.say_new(call, await self.room.look(call.conversation), TOO_LONG)
        words = f"{first} {HOLD_ON}".strip() if waits == 0 else ""
        return await self.keep(call, self.mouth.hold_on(call, words, waits + 1))

    async def _await_answer(self, conversation_id: str, seconds: float) -> None:
        """See that all is answered, and wait a little for it; what takes longer goes on."""
        self.dialogue.answer_soon(conversation_id)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.sleep(0)  # so that the answer is begun before it is waited for
                async with self.room.answering(conversation_id):
                    return

    async def keep(self, call: Call, answer: str) -> str:
        """Store a call with what was answered last; the turns told by it are delivered."""
        now, after = self.room.clock(), replace(call, answer=answer)
        async with self.room.database.writing() as session:
            await calls.save(session, after)
            await outbox.mark_seen(session, call.conversation, call.told_to, now=now)
        return answer

    async def tell_and_listen(self, call: Call, prompt: Prompt, words: str) -> str:
        """Say words of our own, then hear what comes; the prompt's keys stay as they are."""
        after = replace(call, step=call.step + 1)
        answer = self.mouth.listen(after, replace(prompt, said=words))
        return await self.keep(after, answer)

    def prompt_now(self, call: Call, situation: Situation) -> Prompt:
        """What the caller heard last."""
        turns = situation.placed[max(call.told_from, 0) : call.told_to + 1]
        return prompt_of(situation, turns, self.sayings)

    async def opened(self, sid: str, fields: Fields) -> str:
        """A new conversation with its first words, and its call, in one transaction; then say them.

        What is said is made outside of it, so that no other call waits for the database meanwhile.
        """
        now, settings = self.room.clock(), self.room.settings
        async with self.room.database.writing() as session:
            opened = await conversations.open_chat(
                session,
                Channel.VOICE,
                caller_of(fields, sid),
                now=now,
                direction=CallDirection.INBOUND,
            )
            handoff = await handoffs.get(session, opened.id)
            found = await outlook(session, handoff, settings, now=now)
            first = [notice(settings), greeting(settings, found)]
            await self.dialogue.tell(session, opened.id, OPENING, first)
            called = number_in(fields, "To")
            call = Call(TWILIO, sid, opened.id, now, step=1, told_from=1, told_to=1, called=called)
            await calls.save(session, call)
        return await self._welcome(call)

    async def _welcome(self, call: Call) -> str:
        """The notice and the greeting."""
        situation = await self.room.look(call.conversation)
        first = self.sayings.speak(situation.conversation.turns[0].text).words
        answer = self.mouth.listen(call, self.prompt_now(call, situation), first=first)
        return await self.keep(call, answer)

    async def _do(
        self, turned: Turned, situation: Situation, prompt: Prompt, asked_at: float
    ) -> str:
        """Carry out what was made of the caller's words."""
        call = turned.call
        if turned.says is not None:
            if situation.handoff.holder is Holder.PERSON and self.room.settings.phone_queue_number:
                return await self.put_through(call, PUTTING_THROUGH)  # somebody took the call
            await self.dialogue.hear(call.conversation, turned.says)
            return await self.go_on(call, asked_at=asked_at)
        owes_nothing = turned.gives_up and prompt.menu.is_scale  # who does not say how it was
        if turned.is_done or owes_nothing:
            return await self.keep(call, self.mouth.goodbye(call, GOODBYE))
        if turned.gives_up and situation.handoff.holder is Holder.BOT:
            await self.dialogue.get_person(call.conversation, UNSURE)
            return await self.say_new(call, await self.room.look(call.conversation))
        if turned.gives_up:  # they were offered what else there is, and said nothing to it either
            return await self.keep(call, self.mouth.goodbye(call, turned.words))
        asked = READ_BACK if turned.call.pending is not None else prompt
        return await self.tell_and_listen(call, asked, turned.words)

    async def say_new(self, call: Call, situation: Situation, first: str = "") -> str:
        """The turns that the caller has not heard yet, then what follows them."""
        new = situation.placed[call.told_to + 1 :]
        spoken = [one for one in new if one.turn.role is not Role.CUSTOMER]
        if not spoken:
            return await self.tell_and_listen(call, self.prompt_now(call, situation), NOTED)
        call = _told(call, spoken)
        prompt = prompt_of(situation, spoken, self.sayings)
        if self._is_lost(spoken):
            call = replace(call, misheard=call.misheard + 1)
        else:
            call = replace(call, misheard=0, silences=0)
        said = f"{first} {prompt.said}".strip()
        card = card_wanted(situation, spoken)
        if card is not None and self.till is not None:
            words = said.removesuffix(say_titles(prompt.menu)).strip()  # keys of the card alone
            return await self.till.begin(self, call, card, words)
        if situation.handoff.holder is Holder.WAITING and not prompt.menu.options:
            return await self.put_through(call, said)
        is_over = situation.handoff.holder is Holder.CLOSED and not prompt.menu.options
        if is_over or self.sayings.ends(spoken[-1].turn.text):
            return await self.keep(call, self.mouth.goodbye(call, said))
        misses = Misses(call.silences, call.misheard)
        is_lost = call.misheard > 0 and misses.rung is Rung.PERSON
        if is_lost and situation.handoff.holder is Holder.BOT:
            await self.dialogue.get_person(call.conversation, UNSURE)
            return await self.say_new(call, await self.room.look(call.conversation))
        return await self.tell_and_listen(call, prompt, said)

    async def put_through(self, call: Call, words: str) -> str:
        """Ring the people."""
        ringing = replace(call, stage=CallStage.RINGING, step=call.step + 1)
        return await self.keep(ringing, self.mouth.put_through(ringing, words))

    @staticmethod
    def _is_lost(spoken: list[Placed]) -> bool:
        """Whether the bot says no more than that it did not understand."""
        return all(any(lost in one.turn.text for lost in AT_A_LOSS) for one in spoken)

    async def _find(self, sid: str) -> Call | None:
        async with self.room.database.reading() as session:
            return await calls.find(session, TWILIO, sid)


def _told(call: Call, spoken: list[Placed]) -> Call:
    """The caller hears these turns now."""
    first, last = spoken[0].position, spoken[-1].position
    return replace(call, told_from=first, told_to=last, pending=None)
