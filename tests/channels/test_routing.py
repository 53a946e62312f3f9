"""Who is offered the next conversation, what happens when they do not take it, and who is told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from channels.routing import Candidate, Plan, Routing, choose
from core.alert import AlertKind
from core.handoff import Holder
from core.inbox import Presence, RoutingWay, WorkQueue
from core.people import User
from store import (
    agent_states,
    alerts,
    handoffs,
    notes,
    offers,
    presence,
    users,
    work_queues,
)
from tests.channels.stage import HANDOFF, Stage, Visitor
from tests.channels.test_live import add_user, waiting

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
BUSY, ROUND = RoutingWay.LEAST_BUSY, RoutingWay.ROUND_ROBIN


def one(user: str, load: int = 0, minute: int | None = None, *, capacity: int = 3) -> Candidate:
    at = None if minute is None else NOON + timedelta(minutes=minute)
    return Candidate(user, load, capacity, offered_at=at)


@pytest.mark.parametrize(
    ("candidates", "way", "tried", "chosen"),
    [
        ([], BUSY, (), None),
        ([one("a", 2), one("b", 1)], BUSY, (), "b"),
        ([one("a", 2, 1), one("b", 1, 2)], ROUND, (), "a"),  # who was asked longest ago
        ([one("a", 1, 2), one("b", 1, 1)], BUSY, (), "b"),  # as busy: by turns as well
        ([one("a", 0, 5), one("b", 0)], ROUND, (), "b"),  # who was never asked
        ([one("a", 3), one("b", 2)], BUSY, (), "b"),
        ([one("a", 3), one("b", 3)], BUSY, (), None),  # both full
        ([one("a", 0, capacity=0)], BUSY, (), None),
        ([one("a", 0), one("b", 2)], BUSY, ("a",), "b"),
        ([one("a", 0), one("b", 2)], BUSY, ("b", "a"), "b"),  # all were asked: not the last again
        ([one("a", 0)], BUSY, ("a",), "a"),
        ([one("a", 0), one("b", 3)], BUSY, ("a",), "a"),  # the other is full
    ],
)
def test_who_is_asked_next(
    candidates: list[Candidate], way: RoutingWay, tried: tuple[str, ...], chosen: str | None
) -> None:
    assert choose(candidates, way, tried=tried) == chosen


class House:
    """A stage whose clock is turned by hand, and its routing."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.now = stage, NOON
        self.routing = Routing(stage.dialogue)
        stage.room.clock = lambda: self.now

    async def agent(self, name: str, *skills: str, capacity: int | None = None) -> User:
        user = await add_user(self.stage, name)
        async with self.stage.room.database.writing() as session:
            await agent_states.set_work(session, user.id, capacity=capacity, skills=skills)
        await self.come(user)
        return user

    async def come(self, user: User) -> None:
        async with self.stage.room.database.writing() as session:
            await agent_states.set_presence(session, user.id, Presence.AVAILABLE, now=self.now)

    async def seen(self, *people: User) -> None:
        async with self.stage.room.database.writing() as session:
            for user in people:
                await agent_states.note_seen(session, user.id, now=self.now)

    async def later(self, seconds: float, *seen: User) -> Plan:
        self.now += timedelta(seconds=seconds)
        await self.seen(*seen)
        return await self.routing.sweep()

    async def offered(self, chat: str) -> str | None:
        async with self.stage.room.database.reading() as session:
            found = (await offers.current(session)).get(chat)
        return found.user if found and found.until > self.now else None

    async def alerts(self) -> list[AlertKind]:
        async with self.stage.room.database.reading() as session:
            return [alert.kind for alert in await alerts.open_alerts(session)]


@pytest.fixture
def house(stage: Stage) -> House:
    return House(stage)


async def test_each_gets_the_next_one_and_nobody_more_than_they_can(house: House) -> None:
    ann, ben = await house.agent("Ann", capacity=2), await house.agent("Ben", capacity=1)
    visitors = [house.stage.visitor() for _ in range(4)]
    async with visitors[0], visitors[1], visitors[2], visitors[3]:
        chats = [await waiting(house.stage, visitor) for visitor in visitors]
        await house.later(1)
        offered = [await house.offered(chat) for chat in chats]
        assert sorted(map(str, offered)) == sorted([ann.id, ann.id, ben.id, "None"])
        assert (await house.later(1)).is_empty, "everybody has enough"
        status, _ = await house.stage.command(chats[0], "take", {"user": "zoe", "name": "Zoe"})
        assert status == 200, "an offer locks nothing"
        assert await house.offered(chats[0]) is None
        assert len((await house.later(1)).offers) == 1, "whose offer went is free again"


async def test_what_is_not_taken_in_time_goes_to_the_next(house: House) -> None:
    ann, ben = await house.agent("Ann"), await house.agent("Ben")
    async with house.stage.visitor() as visitor:
        chat = await waiting(house.stage, visitor)
        await house.later(1)
        first = await house.offered(chat)
        assert (await house.later(40, ann, ben)).is_empty
        await house.later(5, ann, ben)
        second = await house.offered(chat)
        assert {first, second} == {ann.id, ben.id}
        async with house.stage.room.database.writing() as session:
            assert await offers.decline(session, chat, user=str(second), now=house.now)
        await house.later(1, ann, ben)
        assert await house.offered(chat) == first, "all were asked, so it begins anew"
        assert (await house.stage.handoff(chat)).holder is Holder.WAITING


async def test_only_who_has_the_skill_is_asked(house: House) -> None:
    await house.agent("Ann")
    ben = await house.agent("Ben", "billing", "law")
    async with house.stage.room.database.writing() as session:
        await work_queues.add(session, WorkQueue("Changes", ("law",), ("order_change",)))
    house.stage.bot.answers["change it"] = HANDOFF
    async with house.stage.visitor() as visitor:
        chat = str((await visitor.say("change it"))["conversation"])
        await visitor.until("state", holder="waiting")
        assert (await house.stage.conversation(chat)).queue == "Changes"
        await house.later(1)
        assert await house.offered(chat) == ben.id
        async with house.stage.room.database.writing() as session:
            await agent_states.set_presence(session, ben.id, Presence.AWAY, now=house.now)
        await house.later(1)
        assert await house.offered(chat) == ben.id, "there is nobody else to ask"
        assert await house.alerts() == []
        await house.later(60)
        assert await house.alerts() == [AlertKind.NOBODY_THERE]
        await house.later(60)
        assert await house.alerts() == [AlertKind.NOBODY_THERE], "told once"


async def test_who_left_is_away_and_their_offer_goes_on(house: House) -> None:
    ann, ben = await house.agent("Ann", capacity=3), await house.agent("Ben", capacity=3)
    async with house.stage.visitor() as visitor:
        chat = await waiting(house.stage, visitor)
        await house.later(1)
        first, other = (ann, ben) if await house.offered(chat) == ann.id else (ben, ann)
        await house.later(100, other)
        await house.later(30, other)
        async with house.stage.room.database.reading() as session:
            state = await agent_states.find(session, first.id)
        assert (state.is_available, state.was_left) == (False, True)
        assert await house.offered(chat) == other.id
    assert (await house.later(200)).is_left, "and it is noticed while nobody waits"


@pytest.mark.parametrize(
    ("what", "is_alarming"),
    [("nobody", True), ("console open", False), ("away", True), ("shut out", True)],
)
async def test_a_supervisor_is_told_when_nobody_is_there(
    house: House, what: str, *, is_alarming: bool
) -> None:
    user = await house.agent("Ann")
    async with house.stage.room.database.writing() as session:
        await users.start_session(session, user.id, now=NOON, hours=9)
        if what == "shut out":
            await users.set_active(session, user.id, is_active=False)
        if what == "away":
            await agent_states.set_presence(session, user.id, Presence.AWAY, now=NOON)
            await presence.note(session, user.id, now=NOON)
        if what == "nobody":
            await agent_states.set_presence(session, user.id, Presence.AWAY, now=NOON)
    async with house.stage.visitor() as visitor:
        chat = await waiting(house.stage, visitor)
        await house.later(30, *([user] if what == "console open" else []))
        assert await house.alerts() == [], "not at once"
        await house.later(30, *([user] if what == "console open" else []))
    assert await house.alerts() == [AlertKind.NOBODY_THERE] * is_alarming
    async with house.stage.room.database.reading() as session:
        for alert in await alerts.of_conversation(session, chat):
            assert alert.due_at == house.now + timedelta(minutes=10)


async def test_routing_can_be_turned_off(house: House) -> None:
    await house.agent("Ann")
    settings = house.stage.room.settings.model_copy(update={"routing": RoutingWay.OFF})
    routing = Routing(
        replace(house.stage.dialogue, room=replace(house.stage.room, settings=settings))
    )
    async with house.stage.visitor() as visitor:
        chat = await waiting(house.stage, visitor)
        assert (await routing.sweep()).offers == ()
        assert await house.offered(chat) is None


async def held(house: House, visitor: Visitor) -> str:
    chat = await waiting(house.stage, visitor)
    await house.stage.command(chat, "take", {"user": "ann", "name": "Ann"})
    return chat


async def test_a_transfer_goes_to_a_queue_with_its_note(house: House) -> None:
    async with house.stage.room.database.writing() as session:
        await work_queues.add(session, WorkQueue("Billing", ("billing",)))
    ben = await house.agent("Ben", "billing")
    async with house.stage.visitor() as visitor:
        chat = await held(house, visitor)
        body = {"user": "ann", "to": None, "queue": "Billing", "note": "wants the VAT invoice"}
        status, told = await house.stage.command(chat, "transfer", body)
        assert (status, told["holder"]) == (200, "waiting")
        notice = await visitor.until("notice", kind="transferred")
        assert notice["text"] == "ann is passing you on to a colleague."
        await house.later(1)
        assert await house.offered(chat) == ben.id
        async with house.stage.room.database.reading() as session:
            found = await notes.of_conversation(session, chat)
            assert await handoffs.queues_of_waiting(session) == {chat: "Billing"}
        assert [(note.user, note.text) for note in found] == [("ann", "wants the VAT invoice")]
        assert "VAT" not in str(visitor.got)
        assert "VAT" not in str(house.stage.bot.asked)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"queue": "Nowhere", "note": "x"}, 404),
        ({"to": "ben", "queue": "Billing"}, 400),
        ({"queue": 7}, 400),
        ({"note": "x" * 2001}, 400),
        ({"note": 7}, 400),
    ],
)
async def test_a_transfer_that_goes_nowhere_changes_nothing(
    house: House, body: dict[str, object], status: int
) -> None:
    async with house.stage.visitor() as visitor:
        chat = await held(house, visitor)
        got, _ = await house.stage.command(chat, "transfer", {"user": "ann", **body})
        assert got == status
        assert (await house.stage.handoff(chat)).holder is Holder.PERSON
        async with house.stage.room.database.reading() as session:
            assert await notes.of_conversation(session, chat) == ()
