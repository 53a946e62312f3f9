"""While a person holds a conversation the bot says nothing: any order of events, real parts.

Hypothesis draws what happens; the chat, its dialogue and its SQLite store are the real ones, and
Rasa's stand-in answers when it is told to, which may be long after everything else. Who held the
conversation at a turn is known twice: by the clock, and by the turn's place among the moves, which
are noted down in the very transactions that make them.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from channels.dialogue import Dialogue
from channels.idle import IdleClose
from channels.live import Desk
from channels.watch import Watch
from channels.wire import Said
from core.conversation import Channel, Conversation, Event, EventKind, Role, Turn
from core.errors import BadInput, Conflict, NotFound
from core.handoff import ALLOWED, Handoff, Holder
from core.people import Address, AddressKind
from store import conversations, handoffs
from store.tables import ConversationRow, TurnRow
from tests.channels.stage import HANDOFF, ORDER_ANSWER, StandInBot, backstage

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
USERS = ("u1", "u2")
PEOPLE = (Holder.WAITING, Holder.PERSON)
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


@dataclass(frozen=True, slots=True)
class Period:
    """`holder` has the turns from `start` on, until the next period; `actor` brought it about."""

    holder: Holder
    start: int = 0
    actor: str | None = None


@contextmanager
def noting() -> Iterator[dict[str, list[Period]]]:
    """Notes each move with the place of the next turn, inside the transaction that makes it."""
    noted: dict[str, list[Period]] = {}
    move = handoffs.move

    async def noted_move(
        session: AsyncSession, handoff: Handoff, to: Holder, **given: Any
    ) -> Handoff:
        moved = await move(session, handoff, to, **given)
        place = await conversations.last_position(session, handoff.conversation) + 1
        noted.setdefault(handoff.conversation, [Period(Holder.BOT)]).append(
            Period(to, place, given.get("actor"))
        )
        return moved

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(handoffs, "move", noted_move)
        yield noted


class Story:
    """One conversation after another of one customer, and what happens to them."""

    def __init__(self, dialogue: Dialogue, bot: StandInBot) -> None:
        self.dialogue, self.bot = dialogue, bot
        self.now = datetime(2026, 11, 23, 12, tzinfo=UTC)
        dialogue.room.clock = self.tick
        self.said: list[Said] = []
        self.open: str | None = None
        self.taken = 0

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
            self.bot.gate = self.bot.gate or asyncio.Event()  # who waits at one is let go by it
        elif what == "let the bot":
            self.let()
        elif what == "settle":
            self.let()
            await self.dialogue.tasks.finish()
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
        if self.bot.gate is not None:
            self.bot.gate.set()
            self.bot.gate = None

    async def all(self) -> list[Conversation]:
        async with self.dialogue.room.database.reading() as session:
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


def check_places(talk: Conversation, periods: Sequence[Period]) -> None:
    """No turn of the bot has its place in a person's period."""
    for place, turn in enumerate(talk.turns):
        if turn.role is Role.BOT:
            assert periods[_at(periods, place)].holder is not Holder.PERSON, (turn, periods)


def check_answers(talk: Conversation, periods: Sequence[Period]) -> None:
    """Each customer turn has an answer behind it, or a reason that lies behind it as well."""
    for place, turn in enumerate(talk.turns):
        if turn.role is Role.CUSTOMER:
            is_fine = _is_answered(talk, place) or _has_reason(talk, periods, place)
            assert is_fine, (turn.id, turn.text, periods, talk)


def _is_answered(talk: Conversation, place: int) -> bool:
    """By the bot, under this turn's own key, or by a person after it."""
    mine = f"bot:{talk.turns[place].id}:0"
    return any(one.id == mine or one.role is Role.AGENT for one in talk.turns[place + 1 :])


def _has_reason(talk: Conversation, periods: Sequence[Period], place: int) -> bool:
    """Who has it in the end is still to answer, has left it to people, or has promised to ring."""
    turn, at = talk.turns[place], _at(periods, place)
    behind = periods[at + 1 :]
    if _is_promised(talk, place) or _was_closed_first(talk, place):
        return True
    if periods[-1].holder is Holder.BOT or not behind:
        return periods[-1].holder is Holder.PERSON or turn.id in _left(talk)
    if periods[at].holder is Holder.BOT and behind[0].holder is Holder.WAITING:
        # The bot itself handed over, after the turn; or a person came while it was still thinking,
        # or before it had looked at all that was said meanwhile.
        return turn.id in _left(talk) or _came_first(talk, place, _person_came(behind))
    return True  # people took it before it was answered and have it yet, or it was closed


def _at(periods: Sequence[Period], place: int) -> int:
    """The period that a turn's place lies in; the last one when one is empty."""
    return max(n for n, period in enumerate(periods) if period.start <= place)


def _left(talk: Conversation) -> set[str | None]:
    """Turns that were left to the people after these last gave the conversation back."""
    kinds = [event.kind for event in talk.events]
    last = max((n for n, kind in enumerate(kinds) if kind is EventKind.RETURNED), default=-1)
    later = talk.events[last + 1 :]
    return {event.note for event in later if event.kind is EventKind.LEFT_UNANSWERED}


def _person_came(behind: Sequence[Period]) -> int | None:
    """The place from which on a person had it, or at which one closed it; None if none did."""
    came = (
        period.start
        for period in behind
        if period.holder is Holder.PERSON
        or (period.holder is Holder.CLOSED and period.actor in USERS)
    )
    return next(came, None)


def _came_first(talk: Conversation, place: int, came: int | None) -> bool:
    """Whether a person came while the bot thought about this turn, or before it got to it.

    They had it before their eyes. The bot looks at turns in their order, so of those that were said
    before the person came it has looked at none behind this one.
    """
    if came is None:
        return False
    dropped = {e.note for e in talk.events if e.kind is EventKind.BOT_TURN_DROPPED}
    answers = {turn.id for turn in talk.turns if turn.role is Role.BOT}
    later = [turn.id for turn in talk.turns[place + 1 : came] if turn.role is Role.CUSTOMER]
    is_passed_by = any(
        one in _left(talk) or one in dropped or f"bot:{one}:0" in answers for one in later
    )
    return talk.turns[place].id in dropped or not is_passed_by


def _was_closed_first(talk: Conversation, place: int) -> bool:
    """Whether it was closed while the bot, given it back, was at this turn or at one before it.

    Only days that pass at once, as in these stories, are quicker than a bot that thinks.
    """
    kinds = [event.kind for event in talk.events]
    if EventKind.CLOSED not in kinds:
        return False
    returned = (n for n, kind in enumerate(kinds) if kind is EventKind.RETURNED)
    since = max(returned, default=kinds.index(EventKind.CLOSED))
    late = talk.events[since + 1 :]
    dropped = {event.note for event in late if event.kind is EventKind.BOT_TURN_DROPPED}
    return any(turn.id in dropped for turn in talk.turns[: place + 1])


def _is_promised(talk: Conversation, place: int) -> bool:
    """Whether a call-back was agreed in this turn or after it."""
    agreed = {e.note for e in talk.events if e.kind is EventKind.CALL_BACK_ASKED}
    return any(turn.id in agreed for turn in talk.turns[place:])


async def tell(var: Path, steps: list[tuple[str, str]]) -> None:
    bot = StandInBot({"hand me": HANDOFF, "where is it": ORDER_ANSWER})
    with noting() as noted:
        async with backstage(var, bot) as (_settings, dialogue):
            story = Story(dialogue, bot)
            for what, words in steps:
                await story.play(what, words)
            story.let()
            await dialogue.tasks.finish()
            async with dialogue.room.database.reading() as session:
                query = select(TurnRow.conversation_id, TurnRow.position)
                positions = list(await session.execute(query))
            assert len(set(positions)) == len(positions)
            for talk in await story.all():
                periods = noted.get(talk.id, [Period(Holder.BOT)])
                check_silence(talk)
                check_places(talk, periods)
                check_moves(talk)
                check_answers(talk, periods)


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
    """A late answer, turns left over at returns, behind a handoff, a promise, a close."""
    late = [("hold the bot", ""), ("say", "hello"), ("take", ""), ("let the bot", ""),
            ("say", "and?"), ("settle", ""), ("return", ""), ("say", "hello"),
            ("settle", "")]  # fmt: skip
    left_over = [("say", "agent"), ("settle", ""), ("take", ""), ("say", "where is it"),
                 ("return", ""), ("settle", "")]  # fmt: skip
    twice = [("hold the bot", ""), ("say", "hello"), ("take", ""), ("return", ""), ("take", ""),
             ("say", "and?"), ("let the bot", ""), ("return", ""), ("settle", "")]  # fmt: skip
    restarted = [("say", "agent"), ("settle", ""), ("say", "hello"), ("take", ""), ("say", "and?"),
                 ("return", ""), ("restart", ""), ("take", ""), ("restart", ""), ("return", ""),
                 ("restart", ""), ("settle", "")]  # fmt: skip
    unseen = [("hold the bot", ""), ("say", "hand me"), ("say", "I smell gas"), ("settle", "")]
    behind = [("say", "agent"), ("say", "hello"), ("settle", ""), ("take", ""), ("watch", "")]
    promised = [("say", "agent"), ("settle", ""), ("say", "call me back tomorrow after four"),
                ("say", "07700 900123"), ("settle", ""), ("say", "yes"), ("say", "hello"),
                ("settle", ""), ("take", ""), ("say", "hello"), ("idle", "")]  # fmt: skip
    closed = [("say", "hand me"), ("say", "hand me"), ("say", "yes"), ("return", ""), ("idle", ""),
              ("say", "hello")]  # fmt: skip
    for steps in (late, left_over, twice, restarted, unseen, behind, promised, closed):
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


BOT, PERSON, WAITING = Holder.BOT, Holder.PERSON, Holder.WAITING


@pytest.mark.parametrize(
    ("turns", "periods", "is_fine"),
    [
        ("c b", [(BOT, 0)], True),
        ("c", [(BOT, 0)], False),  # nobody answered
        ("b c", [(BOT, 0)], False),  # an answer ahead of the turn is none
        ("c", [(BOT, 0), (PERSON, 0)], True),  # a person has it and is to answer
        ("c b c", [(BOT, 0), (PERSON, 1), (BOT, 2)], False),  # given back: the bot's again
        ("c b c", [(BOT, 0), (PERSON, 2), (BOT, 3)], False),  # left over by the person
        ("c b c a", [(BOT, 0), (PERSON, 2), (BOT, 4)], True),
        ("c b c a c", [(BOT, 0), (PERSON, 2), (BOT, 5)], False),
        ("c c b", [(BOT, 0), (WAITING, 2)], False),  # the bot handed over and passed one by
    ],
)
def test_the_check_itself_sees_a_turn_without_an_answer(
    turns: str, periods: list[tuple[Holder, int]], is_fine: bool
) -> None:
    """`b` answers the latest turn of the customer; in 'b c' it cannot."""
    made: list[Turn] = []
    for n, who in enumerate(turns.split()):
        asked = next((one.id for one in reversed(made) if one.role is Role.CUSTOMER), "c1")
        role = {"c": Role.CUSTOMER, "b": Role.BOT, "a": Role.AGENT}[who]
        made.append(Turn(f"bot:{asked}:0" if who == "b" else f"c{n}", role, "hello"))
    talk = Conversation("c", Channel.WEB, turns=tuple(made))
    told = [Period(*period) for period in periods]
    if is_fine:
        check_answers(talk, told)
    else:
        with pytest.raises(AssertionError):
            check_answers(talk, told)


@pytest.mark.parametrize("is_fine", [True, False])
def test_the_check_itself_sees_whether_a_turn_was_dropped_by_the_close(is_fine: bool) -> None:
    turns = tuple(Turn(f"c{n}", Role.CUSTOMER, "hello") for n in range(2))
    now = datetime(2026, 11, 23, tzinfo=UTC)
    closed = Event(EventKind.CLOSED, now)
    dropped = Event(EventKind.BOT_TURN_DROPPED, now, note="c0")
    events = (closed, dropped) if is_fine else (dropped, closed)
    talk = Conversation("c", Channel.WEB, turns=turns, events=events)
    periods = [Period(BOT), Period(WAITING, 2), Period(BOT, 2), Period(Holder.CLOSED, 2)]
    if is_fine:
        check_answers(talk, periods)
    else:
        with pytest.raises(AssertionError):
            check_answers(talk, periods)


@pytest.mark.parametrize(("place", "is_fine"), [(0, True), (1, False), (2, True)])
def test_the_check_by_place_sees_a_bot_that_talks_in_between(place: int, is_fine: bool) -> None:
    turns = [Turn(f"c{n}", Role.CUSTOMER, "hello") for n in range(3)]
    turns[place] = Turn("bot:m0:0", Role.BOT, "hello")
    talk = Conversation("c", Channel.WEB, turns=tuple(turns))
    periods = [Period(BOT), Period(PERSON, 1), Period(BOT, 2)]
    if is_fine:
        check_places(talk, periods)
    else:
        with pytest.raises(AssertionError):
            check_places(talk, periods)
