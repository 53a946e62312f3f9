"""While a person holds a conversation the bot says nothing: any order of events, real parts.

Hypothesis draws what happens; the chat, its dialogue and its SQLite store are the real ones, and
Rasa's stand-in answers when it is told to, which may be long after everything else.
"""

import asyncio
import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from channels.dialogue import Dialogue
from channels.idle import IdleClose
from channels.live import Desk
from channels.watch import Watch
from channels.wire import Said
from core.conversation import Channel, Conversation, Event, EventKind, Role, Turn
from core.errors import BadInput, Conflict, NotFound
from core.handoff import ALLOWED, Holder
from core.people import Address, AddressKind
from store import conversations
from store.tables import ConversationRow, TurnRow
from tests.channels.stage import HANDOFF, ORDER_ANSWER, Stage, StandInBot, staging

VISITOR = Address(AddressKind.WEB, "visitor-of-a-test")
WORDS = (
    "hello", "where is it", "agent", "call me back tomorrow after four", "07700 900123", "yes",
    "no", "5", "This is ridiculous", "useless bot", "I smell gas", "4111 1111 1111 1111", "hand me",
)  # fmt: skip
MOVES = {
    EventKind.HANDED_OFF: Holder.WAITING,
    EventKind.TAKEN: Holder.PERSON,
    EventKind.RETURNED: Holder.BOT,
    EventKind.CALL_BACK_ASKED: Holder.BOT,
    EventKind.CLOSED: Holder.CLOSED,
}
SAY = st.tuples(st.just("say"), st.sampled_from(WORDS))
STEPS = st.one_of(
    SAY,
    SAY,
    SAY,
    st.tuples(
        st.sampled_from(
            ["take", "take as bob", "answer", "queue", "to bob", "return", "close", "repeat",
             "hold the bot", "let the bot", "settle", "idle", "watch", "restart"]
        ),
        st.just(""),
    ),
)  # fmt: skip


class Story:
    """One conversation after another of one customer, and what happens to them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)
        stage.room.clock = self.tick
        self.said: list[Said] = []
        self.open: str | None = None
        self.taken = 0

    @property
    def dialogue(self) -> Dialogue:
        return self.stage.dialogue

    def tick(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now

    async def play(self, what: str, words: str) -> None:
        """One step; what is refused changes nothing."""
        try:
            async with asyncio.timeout(20):
                await self._play(what, words)
        except (Conflict, NotFound, BadInput):
            return

    async def _play(self, what: str, words: str) -> None:
        if what == "say":
            self.said.append(Said(f"m{len(self.said)}", words))
            self.open = (await self.dialogue.receive(VISITOR, self.said[-1])).conversation
        elif what == "repeat" and self.said:
            await self.dialogue.receive(VISITOR, self.said[-1])
        elif what == "hold the bot":
            self.stage.bot.gate = asyncio.Event()
        elif what == "let the bot":
            self.let()
        elif what == "settle":
            self.let()
            await self.stage.settle()
        elif what == "idle":
            self.now += timedelta(days=2)
            await IdleClose(self.dialogue).sweep()
        elif what == "watch":
            self.now += timedelta(minutes=11)
            await Watch(self.dialogue).sweep()
        elif what == "restart":
            self.let()
            await self.dialogue.recover()
        elif self.open is not None:
            await self._command(what, self.open)
        await asyncio.sleep(0.001)  # lets what runs in the background come a step further

    async def _command(self, what: str, chat: str) -> None:
        desk = Desk(self.dialogue)
        if what in ("take", "take as bob"):
            user = "u1" if what == "take" else "u2"
            await desk.take(chat, user=user, name=user)
        elif what == "answer":
            self.taken += 1
            await desk.say(chat, user="u1", name="Ann", turn=f"a{self.taken}", text="I am here")
        elif what in ("queue", "to bob"):
            await desk.transfer(chat, user="u1", to=None if what == "queue" else "u2")
        elif what == "return":
            await desk.give_back(chat, user="u1", note=None)
        elif what == "close":
            await desk.close(chat, user="u1")

    def let(self) -> None:
        if self.stage.bot.gate is not None:
            self.stage.bot.gate.set()
            self.stage.bot.gate = None

    async def all(self) -> list[Conversation]:
        async with self.stage.room.database.reading() as session:
            ids = list(await session.scalars(select(ConversationRow.id)))
            return [await conversations.get(session, one) for one in ids]


def check_silence(talk: Conversation) -> None:
    """No turn of the bot lies between a person's taking it and the next move."""
    held: list[tuple[datetime, datetime]] = []
    since: datetime | None = None
    for event in talk.events:
        assert event.at is not None
        if event.kind in MOVES:
            if since is not None:
                held.append((since, event.at))
            since = event.at if event.kind is EventKind.TAKEN else None
    if since is not None:
        held.append((since, datetime.max.replace(tzinfo=UTC)))
    for turn in talk.turns:
        assert turn.said_at is not None
        is_held = any(start < turn.said_at < end for start, end in held)
        assert not (turn.role is Role.BOT and is_held), (turn.id, talk.events)


def check_moves(talk: Conversation) -> None:
    """The holder changes as `ALLOWED` says, and nothing happens after the close but answers."""
    holder = Holder.BOT
    for event in talk.events:
        to = MOVES.get(event.kind)
        if event.kind is EventKind.CALL_BACK_ASKED and holder is Holder.BOT:
            continue  # asked of the bot: nobody changes
        if to is not None:
            assert to in ALLOWED[holder], (holder, event.kind)
            holder = to


def check_answers(talk: Conversation) -> None:
    """Each customer turn has an answer of its own, a recorded reason, or a person to answer it."""
    ids = {turn.id for turn in talk.turns}
    noted = {event.note for event in talk.events}
    with_people = [
        event.at for event in talk.events if event.kind in (EventKind.HANDED_OFF, EventKind.TAKEN)
    ]
    closes = [event.at for event in talk.events if event.kind is EventKind.CLOSED]
    for turn in talk.turns:
        if turn.role is not Role.CUSTOMER:
            continue
        is_answered = f"bot:{turn.id}:0" in ids or turn.id in noted
        last_move = max((at for at in with_people if at is not None), default=None)
        is_peoples = last_move is not None and turn.said_at is not None
        is_closed = any(at is not None and turn.said_at is not None and at > turn.said_at
                        for at in closes)  # fmt: skip
        assert is_answered or is_peoples or is_closed, (turn.id, turn.text, talk.events)


async def tell(var: Path, steps: list[tuple[str, str]]) -> None:
    bot = StandInBot({"hand me": HANDOFF, "where is it": ORDER_ANSWER})
    async with staging(var, bot) as stage:
        story = Story(stage)
        for what, words in steps:
            await story.play(what, words)
        story.let()
        await stage.settle()
        async with stage.room.database.reading() as session:
            positions = list(
                await session.execute(select(TurnRow.conversation_id, TurnRow.position))
            )
        assert len(set(positions)) == len(positions)
        for talk in await story.all():
            check_silence(talk)
            check_moves(talk)
            check_answers(talk)


def run(empty_database: Path, steps: list[tuple[str, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(empty_database, Path(folder) / "parley.db")
        asyncio.run(tell(Path(folder), steps))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(STEPS, min_size=3, max_size=14))
def test_the_bot_is_silent_while_a_person_holds_it(
    empty_database: Path, steps: list[tuple[str, str]]
) -> None:
    run(empty_database, steps)


def test_known_hard_orders(empty_database: Path) -> None:
    """A late answer, a turn behind a handoff, a promise with a turn behind it, a return."""
    late = [("hold the bot", ""), ("say", "hello"), ("take", ""), ("let the bot", ""),
            ("say", "and?"), ("settle", ""), ("return", ""), ("say", "hello"),
            ("settle", "")]  # fmt: skip
    behind = [("say", "agent"), ("say", "hello"), ("settle", ""), ("take", ""), ("watch", "")]
    promised = [("say", "agent"), ("settle", ""), ("say", "call me back tomorrow after four"),
                ("say", "07700 900123"), ("settle", ""), ("say", "yes"), ("say", "hello"),
                ("settle", ""), ("take", ""), ("say", "hello"), ("idle", "")]  # fmt: skip
    for steps in (late, behind, promised):
        run(empty_database, steps)


def test_the_check_itself_sees_a_bot_that_talks_in_between() -> None:
    start = datetime(2026, 11, 23, tzinfo=UTC)
    minutes = [start + timedelta(minutes=n) for n in range(4)]
    taken, returned = Event(EventKind.TAKEN, minutes[0]), Event(EventKind.RETURNED, minutes[2])
    for at, is_fine in ((minutes[1], False), (minutes[3], True)):
        turn = Turn("bot:m0:0", Role.BOT, "hello", at)
        talk = Conversation("c", Channel.WEB, turns=(turn,), events=(taken, returned))
        if is_fine:
            check_silence(talk)
        else:
            with pytest.raises(AssertionError):
                check_silence(talk)
