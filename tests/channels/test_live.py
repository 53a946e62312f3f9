"""What people at work do to a live conversation, and what its customer sees of it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from channels.idle import IdleClose
from core.conversation import EventKind, Role
from core.handoff import Holder
from core.people import User, UserRole
from store import conversations, shop, users
from store.outbox import Delivery
from store.tables import ConversationRow
from tests.channels.stage import LIVE_SECRET, Json, Stage, Visitor

ANN = {"user": "ann", "name": "Ann"}
BEN = {"user": "ben", "name": "Ben"}


async def waiting(stage: Stage, visitor: Visitor) -> str:
    """A conversation whose customer waits for a person."""
    ack = await visitor.say("agent")
    await visitor.until("state", holder="waiting")
    return str(ack["conversation"])


async def add_user(
    stage: Stage, name: str, role: UserRole = UserRole.AGENT, *, is_active: bool = True
) -> User:
    async with stage.room.database.writing() as session:
        made = await users.create(
            session,
            email=f"{name.lower()}@example.org",
            name=name,
            roles=frozenset({role}),
        )
        await users.set_active(session, made.id, is_active=is_active)
        return made


async def test_take_say_and_return(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = await waiting(stage, visitor)
        status, told = await stage.command(chat, "take", ANN)
        assert (status, told["holder"], told["held_by"]) == (200, "person", "ann")
        assert (await visitor.until("notice", kind="taken"))["text"] == "Ann has joined."
        assert (await visitor.until("state", holder="person"))["agent"] == "Ann"

        say = {**ANN, "turn": "a1", "text": "Hello, I am Ann. Card 4111 1111 1111 1111?"}
        assert (await stage.command(chat, "say", say))[0] == 200
        turn = await visitor.until("turn", id="a1")
        assert (turn["role"], turn["author"]) == ("agent", "Ann")
        assert "4111" not in turn["text"]
        assert (await stage.command(chat, "say", say))[0] == 200  # the same again

        await visitor.say("thank you")
        await stage.settle()
        assert stage.bot.asked == [], "the bot is silent while a person holds it"

        async with stage.room.database.writing() as session:
            await shop.record_verification(session, chat, "HP-10442", "m1", now=stage.room.clock())
        status, told = await stage.command(chat, "return", {"user": "ann", "note": "all set"})
        assert (status, told["holder"], told["held_by"]) == (200, "bot", None)
        notice = await visitor.until("notice", kind="returned")
        assert notice["text"] == "You are back with the assistant."
        await stage.settle()
        assert stage.bot.forgotten == [chat]

        assert await visitor.ask("and now?") == "bot: and now?"
        assert await visitor.ask("and then?") == "bot: and then?"
        made = await stage.conversation(chat)
        async with stage.room.database.reading() as session:
            row = await session.get(ConversationRow, chat)
            assert row is not None
            assert row.agent == "Ann"
        deliveries = await stage.deliveries(chat)
    assert [t.text for t in made.turns if t.role is Role.AGENT] == [
        f"Hello, I am Ann. Card {'█' * 19}?"
    ]
    assert [asked.get("slots") for asked in stage.bot.asked] == [
        {"last_order": "HP-10442"},  # with "thank you", which Ann left without an answer
        None,
        None,
    ]
    assert "Ann" not in str(stage.bot.asked)
    assert deliveries["a1"] is Delivery.SENT


async def test_two_takes_at_once_have_one_winner(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = await waiting(stage, visitor)
        answers = await asyncio.gather(
            stage.command(chat, "take", ANN), stage.command(chat, "take", BEN)
        )
        winner = (await stage.handoff(chat)).agent
        assert sorted(status for status, _ in answers) == [200, 409]
        refusal = next(body for status, body in answers if status == 409)
        assert refusal["error"]["code"] == "overtaken"
        assert refusal["error"]["message"] == f"{winner} has this conversation."
        mine = ANN if winner == "ann" else BEN
        assert (await stage.command(chat, "take", mine))[0] == 200  # taking one's own again
        kinds = [event.kind for event in (await stage.conversation(chat)).events]
    assert kinds.count(EventKind.TAKEN) == 1


async def test_whether_a_page_is_open_is_known(stage: Stage) -> None:
    async def is_open(chat: str, secret: str = LIVE_SECRET) -> object:
        headers = {"Authorization": f"Bearer {secret}"}
        path = stage.live.make_url(f"/live/conversations/{chat}/page")
        async with ClientSession(headers=headers) as session, session.get(path) as response:
            return (await response.json()).get("is_open", response.status)

    async with stage.visitor() as visitor:
        chat = await waiting(stage, visitor)
        assert await is_open(chat) is True
        assert await is_open(chat, "guessed") == 401
    async with asyncio.timeout(5):
        while await is_open(chat):
            await asyncio.sleep(0.01)
    assert await is_open(chat) is False


async def test_only_the_holder_speaks_passes_on_gives_back_and_closes(stage: Stage) -> None:
    say = {**BEN, "turn": "b1", "text": "hello"}
    others: list[tuple[str, Json]] = [
        ("say", say),
        ("transfer", {"user": "ben", "to": None}),
        ("return", {"user": "ben"}),
        ("close", {"user": "ben"}),
    ]
    async with stage.visitor() as visitor:
        chat = await waiting(stage, visitor)
        status, told = await stage.command(chat, "say", say)
        message = "Nobody has this conversation yet; take it first."
        assert (status, told["error"]["message"]) == (409, message)
        assert told["error"]["code"] == "conflict"
        await stage.command(chat, "take", ANN)
        for name, body in others:
            status, told = await stage.command(chat, name, body)
            assert (status, told["error"]["code"]) == (409, "overtaken")
        handoff = await stage.handoff(chat)
    assert (handoff.holder, handoff.agent) == (Holder.PERSON, "ann")


@pytest.mark.parametrize(
    ("holder", "acting", "name", "status"),
    [
        ("in", "supervisor in", "take", 200),
        ("in", "supervisor in", "transfer", 200),
        ("in", "supervisor in", "return", 200),
        ("in", "supervisor in", "close", 200),
        ("in", "owner in", "transfer", 200),
        ("in", "agent in", "take", 409),
        ("in", "supervisor out", "close", 409),  # shut out themselves
        ("out", "agent in", "take", 200),  # the holder will never come back to it
        ("out", "agent in", "transfer", 200),
    ],
)
async def test_who_may_relieve_a_holder(
    stage: Stage, *, holder: str, acting: str, name: str, status: int
) -> None:
    role, _, state = acting.partition(" ")
    ann = await add_user(stage, "Ann", is_active=holder == "in")
    sue = await add_user(stage, "Sue", UserRole(role), is_active=state == "in")
    async with stage.visitor() as visitor:
        chat = await waiting(stage, visitor)
        await stage.command(chat, "take", {"user": ann.id, "name": "Ann"})
        body = {"user": sue.id, "name": "Sue", "turn": "s1", "text": "hello", "to": None}
        told = await stage.command(chat, "say", body)
        assert told[0] == 409, "words need the conversation taken first"
        assert (await stage.command(chat, name, body))[0] == status
        handoff = await stage.handoff(chat)
        await stage.settle()
    after = {"transfer": Holder.WAITING, "return": Holder.BOT, "close": Holder.CLOSED}
    assert handoff.holder is (after.get(name, Holder.PERSON) if status == 200 else Holder.PERSON)
    assert (handoff.agent == sue.id) is (status == 200 and name == "take")


async def test_transfer_to_a_colleague_and_to_the_queue(stage: Stage) -> None:
    ben = await add_user(stage, "Ben")
    async with stage.visitor() as visitor:
        chat = await waiting(stage, visitor)
        await stage.command(chat, "take", ANN)
        assert (await stage.command(chat, "transfer", {"user": "ann", "to": "nobody"}))[0] == 404
        assert (await stage.handoff(chat)).agent == "ann", "a refused command changes nothing"

        status, told = await stage.command(chat, "transfer", {"user": "ann", "to": ben.id})
        assert (status, told["holder"], told["held_by"]) == (200, "person", ben.id)
        assert (await visitor.until("state", agent="Ben"))["holder"] == "person"

        status, told = await stage.command(chat, "transfer", {"user": ben.id, "to": None})
        assert (status, told["holder"], told["held_by"]) == (200, "waiting", None)
        notices = [got["text"] for got in visitor.got if got["type"] == "notice"]
        assert "Ben has joined." in notices
        assert (await stage.handoff(chat)).reason == "transferred"


async def test_close_makes_the_score_due_and_tells_the_customer(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = await waiting(stage, visitor)
        await stage.command(chat, "take", ANN)
        status, told = await stage.command(chat, "close", {"user": "ann"})
        assert (status, told["holder"]) == (200, "closed")
        await visitor.until("notice", kind="closed")
        assert (await stage.command(chat, "close", {"user": "ben"}))[0] == 200  # it is closed
        status, told = await stage.command(chat, "take", ANN)
        assert (status, told["error"]["message"]) == (409, "This conversation is closed.")
        await stage.settle()
        assert stage.bot.forgotten == [chat]
        async with stage.room.database.reading() as session:
            row = await session.get(ConversationRow, chat)
            assert row is not None
            assert row.score_state == conversations.SCORE_DUE
        assert (await visitor.say("one more thing"))["conversation"] != chat
        await stage.settle()


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("take", {"user": "ann"}, 400),
        ("take", {"user": "", "name": "Ann"}, 400),
        ("take", [], 400),
        ("say", {**ANN, "turn": "a1"}, 400),
        ("say", {**ANN, "turn": "bot:m1:0", "text": "hi"}, 400),
        ("say", {**ANN, "turn": "m1", "text": "hi"}, 400),  # the customer's own turn
        ("say", {**ANN, "turn": "a1", "text": "  "}, 400),
        ("say", {**ANN, "turn": "a1", "text": "x" * 2001}, 400),
        ("transfer", {"user": "ann", "to": 7}, 400),
        ("return", {"user": "ann", "note": 7}, 400),
        ("dance", ANN, 404),
    ],
)
async def test_bad_commands_are_refused(stage: Stage, name: str, body: Any, status: int) -> None:
    async with stage.visitor() as visitor:
        chat = await waiting(stage, visitor)
        assert (await stage.command(chat, name, body))[0] == status
        assert (await stage.handoff(chat)).holder is Holder.WAITING


async def test_an_unknown_conversation_is_not_found(stage: Stage) -> None:
    status, told = await stage.command("none", "take", ANN)
    assert (status, told["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("secret", ["", "wrong", LIVE_SECRET + "x", "é"])
async def test_a_wrong_secret_opens_nothing(stage: Stage, secret: str) -> None:
    async with stage.visitor() as visitor:
        chat = await waiting(stage, visitor)
        status, told = await stage.command(chat, "take", ANN, secret=secret)
        assert (status, told["error"]["code"]) == (401, "not_allowed")
        assert (await stage.handoff(chat)).holder is Holder.WAITING
    async with stage.browser.get(stage.live.make_url("/metrics")) as response:
        assert response.status == 401


async def test_health_and_metrics(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        await visitor.ask("hello")
    async with stage.browser.get(stage.live.make_url("/live/health")) as response:
        assert await response.json() == {"status": "ok"}
    headers = {"Authorization": f"Bearer {LIVE_SECRET}"}
    url = stage.live.make_url("/metrics")
    async with stage.browser.get(url, headers=headers) as response:
        told = await response.text()
    assert "parley_customer_turns_total 1.0" in told
    assert "parley_bot_turns_total 1.0" in told


async def test_who_waits_too_long_has_abandoned_and_who_was_just_taken_has_not(
    stage: Stage,
) -> None:
    async with stage.visitor() as visitor, stage.visitor() as other:
        left, taken = await waiting(stage, visitor), await waiting(stage, other)
        now = stage.room.clock()
        stage.room.clock = lambda: now + timedelta(hours=23)
        await stage.command(taken, "take", ANN)
        assert await IdleClose(stage.dialogue).sweep() == 0
        stage.room.clock = lambda: now + timedelta(hours=25)
        assert await IdleClose(stage.dialogue).sweep() == 1
        kinds = [event.kind for event in (await stage.conversation(left)).events]
        assert kinds[-2:] == [EventKind.ABANDONED, EventKind.CLOSED]
        assert (await stage.handoff(taken)).holder is Holder.PERSON
        stage.room.clock = lambda: now + timedelta(hours=49)
        assert await IdleClose(stage.dialogue).sweep() == 1
        kinds = [event.kind for event in (await stage.conversation(taken)).events]
        assert EventKind.ABANDONED not in kinds
        await stage.settle()
