"""The heart: a customer's turn is stored, then answered, each exactly once and in order."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from channels.asking import invite, invite_after_person, keep_survey
from channels.calling import cancel_call_back, is_promised, keep_call_back
from channels.forgetting import Forgetting
from channels.handover import packet_of, summarise
from channels.late import answers_closed, answers_followed
from channels.phone.through import tell_call
from channels.replies import Replies
from channels.reply import ANSWERS, Line, PersonWanted, Reply, line_id, turn_key
from channels.room import Room
from channels.situation import Situation
from channels.waiting import outlook, tell_handoff
from channels.wire import Pressed, Said, typing_out
from channels.words import accept_words
from core.conversation import Channel, Event, EventKind, Role, Turn
from core.errors import BadInput, NotFound, Unavailable
from core.handoff import Handoff, Holder
from core.people import Address
from core.tasks import Tasks
from language.cards import has_mask
from store import buttons, conversations, handoffs, outbox, presses, surveys, work_queues
from store.conversations import Placed

RECENT = timedelta(hours=24)  # older turns without an answer wait until their customer is back

BOT_START_SECONDS = 180.0  # Rasa loads its model in less than a minute; twice slower, and more
LOOK_SECONDS = 1.0
RETRY_SECONDS = (1.0, 5.0, 30.0)  # each try waits 10 s for the database by itself

log: Any = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Stored:
    """A customer's turn in the store: which conversation it is in, and where."""

    conversation: str
    placed: Placed


Also = Callable[[AsyncSession, str], Awaitable[None]]  # it gets the conversation's id


@dataclass(frozen=True, slots=True)
class Arrived:
    """A customer's turn that is to be stored."""

    visitor: Address
    said: Said | Pressed
    channel: Channel
    also: Also | None = None


@dataclass(eq=False, slots=True)
class Dialogue:
    """Takes customers' turns in and sees that each gets its reply."""

    room: Room
    replies: Replies
    forgetting: Forgetting
    has_recovered: bool = False

    @property
    def tasks(self) -> Tasks:
        """What runs in the background."""
        return self.room.tasks

    async def receive(
        self,
        visitor: Address,
        said: Said | Pressed,
        channel: Channel = Channel.WEB,
        *,
        also: Also | None = None,
    ) -> Stored:
        """Store a turn and begin to answer it; a repeated one is only found again.

        Args:
            also: what else is stored with a new turn, in the same transaction.

        Raises:
            BadInput: empty or too long, or a button that was not shown to this customer.
        """
        arrived = Arrived(visitor, said, channel, also)
        async with self.room.visiting(visitor.value):
            while (stored := await self._store(arrived)) is None:
                log.info("closed_meanwhile")  # so it is decided again where the turn goes
        self.answer_soon(stored.conversation)
        return stored

    async def hear(self, conversation_id: str, said: Said | Pressed) -> None:
        """Store a caller's turn in the call's own conversation; a repeated one is only found again.

        Raises:
            BadInput: empty or too long, or a button that was not said in this call.
        """
        situation = await self.room.look(conversation_id)
        if situation.find_said(said.id) is not None:
            return
        text = self._text_of((situation,), said)
        async with self.room.changing(conversation_id) as session:
            await handoffs.get(session, conversation_id, keeps_still=True)
            await self._add_turn(session, conversation_id, said, text)

    async def get_person(self, conversation_id: str, reason: str) -> None:
        """To the people without being asked: the bot cannot go on by itself."""
        async with self.room.changing(conversation_id) as session:
            situation = await self.room.look_within(session, conversation_id)
            if situation.handoff.holder is not Holder.BOT:
                return
            mine = [t for t in situation.conversation.turns if t.role is Role.CUSTOMER]
            last = mine[-1] if mine else situation.conversation.turns[-1]
            line = await self._hand_over(session, situation, last, PersonWanted(reason))
            key = f"bot:person:{situation.handoff.version}"
            await self.tell(session, conversation_id, key, [line])

    def answer_soon(self, conversation_id: str) -> None:
        """Answer in the background what is unanswered in a conversation."""
        self.tasks.start(self._answer_stubbornly(conversation_id), about=conversation_id)

    def look_again(self, conversation_id: str) -> None:
        """A customer is back: answer what is unanswered, unless the start is about to do it."""
        if self.has_recovered:
            self.answer_soon(conversation_id)

    def forget_soon(self, conversation_id: str) -> None:
        """Remove a conversation from Rasa in the background."""
        self.tasks.start(self.forgetting.forget(conversation_id), about=conversation_id)

    async def catch_up(self, conversation_id: str) -> None:
        """Answer every turn that waits for it, in order; safe to call at any time."""
        async with self.room.answering(conversation_id):
            tried: set[str] = set()
            while True:
                situation = await self.room.last_look(conversation_id)
                turn = situation.next_unanswered(tried)
                if turn is None:
                    return
                tried.add(turn.id)
                is_told = False
                try:
                    reply = await self.replies.reply_to(situation, turn)
                    is_told = await self._record(situation, turn, reply)
                finally:
                    if not is_told:
                        self.room.hub.publish(situation.id, typing_out(situation.id, is_on=False))

    async def ask_after_person(self, session: AsyncSession, closed: Handoff) -> None:
        """A person has closed it: the first question of the survey, if the rules ask one."""
        lines = await invite_after_person(session, self.room, closed.conversation)
        await self.tell(session, closed.conversation, f"bot:closed:{closed.version}", lines)

    async def recover(self) -> None:
        """After a start: answer what was stored and not answered, once Rasa is up as well."""
        since = self.room.clock() - RECENT
        async with self.room.database.reading() as session:
            found = await handoffs.with_bot(session, since=since, answers=ANSWERS)
        if found:
            await self._await_bot()
        self.has_recovered = True
        for conversation_id in found:
            self.answer_soon(conversation_id)

    async def _await_bot(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(BOT_START_SECONDS):
                while not await self.replies.bot.is_up():  # noqa: ASYNC110  # Rasa tells nobody
                    await asyncio.sleep(LOOK_SECONDS)

    async def _answer_stubbornly(self, conversation_id: str) -> None:
        """Try again while the database is locked or away; the bot repeats its stored answer."""
        for pause in RETRY_SECONDS:
            try:
                return await self.catch_up(conversation_id)
            except Unavailable as error:
                log.warning("answer_not_stored", conversation=conversation_id, error=str(error))
                await asyncio.sleep(pause)
        return await self.catch_up(conversation_id)

    async def _store(self, arrived: Arrived) -> Stored | None:
        """Put a turn where it belongs; None when that was closed or deleted at this moment."""
        said = arrived.said
        last, earlier = await self.find_homes(arrived.visitor, arrived.channel)
        for home in (last, earlier):
            if home is not None and (known := home.find_said(said.id)) is not None:
                return Stored(home.id, known)
        text = self._text_of((last, earlier), said)
        rules, now = self.room.rules, self.room.clock()
        if last and earlier and answers_followed(earlier, last, said, text, rules, now=now):
            return await self._append(arrived, earlier.id, text, is_open=False)
        is_open = last is not None and last.handoff.holder is not Holder.CLOSED
        if last is not None and (is_open or answers_closed(last, said, text, rules, now=now)):
            return await self._append(arrived, last.id, text, is_open=is_open)
        return await self._open(arrived, text)

    async def find_homes(
        self, visitor: Address, channel: Channel
    ) -> tuple[Situation | None, Situation | None]:
        """The visitor's open conversation, else their latest; and the latest other that asked."""
        last = self.room.chat_of(visitor.value)
        if last is not None and last.is_first_on(channel):
            return last, None
        async with self.room.database.reading() as session:
            found = await conversations.find_chat(session, visitor, channel)
            last = await self.room.look_within(session, found) if found else None
            if last is None or last.is_first_on(channel):
                return last, None
            since = self.room.clock() - self.room.rules.late_answer
            asked = await surveys.find_asked_chat(
                session, visitor, channel, since=since, other_than=found
            )
            return last, await self.room.look_within(session, asked) if asked else None

    def _text_of(self, homes: Sequence[Situation | None], said: Said | Pressed) -> str:
        if isinstance(said, Said):
            return accept_words(said.text, limit=self.room.settings.max_message_characters)
        button = next((b for home in homes if home and (b := home.button(said.button))), None)
        if button is None:
            raise BadInput("This button is no longer there. Please write what you need instead.")
        return button.title

    async def _open(self, arrived: Arrived, text: str) -> Stored:
        """A new conversation and its first turn, in one transaction."""
        now, visitor = self.room.clock(), arrived.visitor
        async with self.room.database.writing() as session:
            opened = await conversations.open_chat(session, arrived.channel, visitor, now=now)
            placed = await self._add_turn(session, opened.id, arrived.said, text, arrived.also)
            situation = await self.room.look_within(session, opened.id)
        self.room.hub.bind(opened.id, visitor.value)
        await self.room.show(situation, -1)
        return Stored(opened.id, placed)

    async def _append(
        self, arrived: Arrived, home: str, text: str, *, is_open: bool
    ) -> Stored | None:
        """Add a turn; None when the conversation is no longer `is_open`, or no longer there."""
        self.room.hub.bind(home, arrived.visitor.value)
        try:
            async with self.room.changing(home) as session:
                handoff = await handoffs.get(session, home, keeps_still=True)
                if (handoff.holder is not Holder.CLOSED) is not is_open:
                    self.room.forget(home)
                    return None
                placed = await self._add_turn(session, home, arrived.said, text, arrived.also)
                return Stored(home, placed)
        except NotFound:
            self.room.forget(home)
            return None

    async def _add_turn(
        self,
        session: AsyncSession,
        conversation_id: str,
        said: Said | Pressed,
        text: str,
        also: Also | None = None,
    ) -> Placed:
        now = self.room.clock()
        turn = Turn(said.id, Role.CUSTOMER, text, now, replies_to=said.replies_to)
        placed = await conversations.append_turn(session, conversation_id, turn, now=now)
        if placed is None:
            raise BadInput("id: another turn of this conversation has it")
        if has_mask(text):
            masked = Event(EventKind.CARD_MASKED, now, note=turn.id)
            await conversations.add_event(session, conversation_id, masked)
        if isinstance(said, Pressed):
            await presses.record(session, conversation_id, turn.id, said.button)
        if also is not None:
            await also(session, conversation_id)
        self.room.metrics.customer_turns.inc()
        return placed

    async def _record(self, situation: Situation, turn: Turn, reply: Reply) -> bool:
        """Store a reply, unless somebody changed the conversation while it was being made.

        Returns whether there is anything in it for the customer to read.
        """
        async with self.room.changing(situation.id) as session:
            handoff = await handoffs.get(session, situation.id)
            if handoff.version != situation.handoff.version:
                await self._drop(session, situation, turn)
                return False
            if reply.failure:
                failed = Event(EventKind.BOT_FAILED, self.room.clock(), note=reply.failure)
                await conversations.add_event(session, situation.id, failed)
            lines = list(reply.lines)
            lines += await self._survey(session, situation.id, reply)
            if reply.person is not None:
                lines.append(await self._hand_over(session, situation, turn, reply.person))
            await self._note(session, situation.id, turn, reply, is_silent=not lines)
            await keep_call_back(session, situation, turn, reply.call_back, now=self.room.clock())
            if reply.cancels_call is not None:
                gone, now = reply.cancels_call, self.room.clock()
                await cancel_call_back(session, situation, turn, gone, now=now)
            if reply.returns:
                await self._take_back(session, situation, turn)
            await self.tell(session, situation.id, reply.key, lines)
        if reply.returns and not reply.asks:  # a task that the bot has begun already goes on
            self.forget_soon(situation.id)
        if handoff.holder is Holder.WAITING and is_promised(reply.call_back):
            self.forget_soon(situation.id)
        return bool(lines)

    async def _note(
        self,
        session: AsyncSession,
        conversation_id: str,
        turn: Turn,
        reply: Reply,
        *,
        is_silent: bool,
    ) -> None:
        """Tasks that ended or ask; a turn that gets no answer of its own is left to the people."""
        now = self.room.clock()
        for task, outcome in reply.ended:
            ended = Event(EventKind.TASK_ENDED, now, note=f"{task}:{outcome}:{turn.id}")
            await conversations.add_event(session, conversation_id, ended)
        if reply.asks:
            asks = Event(EventKind.TASK_ASKS, now, note=turn.id)
            await conversations.add_event(session, conversation_id, asks)
        if is_silent or reply.key != turn_key(turn.id):
            left = Event(EventKind.LEFT_UNANSWERED, now, note=turn.id)
            await conversations.add_event(session, conversation_id, left)

    async def tell(
        self, session: AsyncSession, conversation_id: str, key: str, lines: Sequence[Line]
    ) -> None:
        """Bot turns, numbered under one key; what was told under it before is not told again."""
        for number, line in enumerate(lines):
            await self._say(session, conversation_id, line_id(key, number), line)

    async def _drop(self, session: AsyncSession, situation: Situation, turn: Turn) -> None:
        self.room.metrics.dropped.inc()
        log.info("bot_turn_dropped", conversation=situation.id, turn=turn.id)
        dropped = Event(EventKind.BOT_TURN_DROPPED, self.room.clock(), note=turn.id)
        await conversations.add_event(session, situation.id, dropped)

    async def _survey(
        self, session: AsyncSession, conversation_id: str, reply: Reply
    ) -> list[Line]:
        """Keep an answer, or the invitation with its first question."""
        if reply.survey is not None:
            await keep_survey(session, self.room, conversation_id, reply.survey)
        if reply.invitation is None:
            return []
        return await invite(session, self.room, reply.invitation)

    async def _hand_over(
        self,
        session: AsyncSession,
        situation: Situation,
        turn: Turn,
        wanted: PersonWanted,
    ) -> Line:
        """To the people; what was written behind this turn meanwhile is still to be looked at."""
        queue = await work_queues.find_for(session, wanted.reason)
        if queue is not None:
            await conversations.set_queue(session, situation.id, queue.name)
        waiting = await handoffs.move(
            session,
            situation.handoff,
            Holder.WAITING,
            holds_from=situation.place_of(turn) + 1,
            now=self.room.clock(),
            reason=wanted.reason,
            summary=summarise(situation, wanted.reason, wanted.facts),
            packet=await packet_of(self.room, situation, wanted.reason, wanted.facts),
        )
        self.room.metrics.handoffs.labels(wanted.reason).inc()
        settings, now = self.room.settings, self.room.clock()
        found = await outlook(session, waiting, settings, now=now)
        is_call = situation.conversation.channel is Channel.VOICE
        return tell_call(found, settings) if is_call else tell_handoff(found)

    async def _take_back(self, session: AsyncSession, situation: Situation, turn: Turn) -> None:
        """To the bot again, which the customer would rather have; it answers what nobody has."""
        first = situation.left_over_from
        await handoffs.move(
            session,
            situation.handoff,
            Holder.BOT,
            now=self.room.clock(),
            actor="customer",
            holds_from=first + 1 if first == situation.place_of(turn) else first,
        )

    async def _say(
        self, session: AsyncSession, conversation_id: str, turn_id: str, line: Line
    ) -> None:
        """A bot turn, its buttons and its place in the outbox."""
        now = self.room.clock()
        turn = Turn(turn_id, Role.BOT, line.text, now)
        if not await conversations.append_turn(session, conversation_id, turn, now=now):
            return
        await buttons.issue(session, conversation_id, turn_id, list(line.choices))
        await outbox.enqueue(session, conversation_id, turn_id, now=now)
        self.room.metrics.bot_turns.inc()
