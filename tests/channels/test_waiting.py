"""Who waits is told how long, is not left in silence, and comes first after the limit."""

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from channels.requests import asks_for_bot, wants_bot
from channels.waiting import (
    Outlook,
    expected_wait,
    reassure,
    tell_handoff,
    tell_place,
)
from channels.watch import Watch
from core.alert import AlertKind
from core.call_back import CallBackState
from core.conversation import EventKind, Role
from core.handoff import Holder
from core.people import UserRole
from language.packet import PacketKind, packet_in
from store import alerts, call_backs, handoffs, presence, users
from tests.channels.stage import HANDOFF, Stage, Visitor, staging

START = datetime(2026, 11, 23, 12, tzinfo=UTC)
OPENS = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Europe/London"))


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [((), None), ((4, 6), None), ((1, 2, 60), 2), ((5, 5, 7, 9), 6)],
)
def test_the_expected_wait_is_the_median_of_enough(
    minutes: tuple[int, ...], expected: int | None
) -> None:
    found = expected_wait(tuple(timedelta(minutes=m) for m in minutes))
    assert found == (None if expected is None else timedelta(minutes=expected))


@pytest.mark.parametrize(("so_far", "expected"), [(0, 2), (1, 2), (13, 13)])
def test_no_wait_is_promised_that_somebody_in_front_has_outlasted(
    so_far: int, expected: int
) -> None:
    waits = tuple(timedelta(minutes=m) for m in (1, 2, 60))
    found = expected_wait(waits, timedelta(minutes=so_far))
    assert found == timedelta(minutes=expected)


@pytest.mark.parametrize(
    ("outlook", "said"),
    [
        (Outlook(1), "You are next in line. I cannot say yet how long it will take."),
        (Outlook(3, timedelta(minutes=4)), "number 3 in line. Lately people waited about 4 min"),
        (Outlook(1, timedelta(seconds=20)), "Lately people waited less than a minute."),
        (Outlook(1, timedelta(minutes=4), is_anybody_here=False), "free just now, so I cannot"),
        (
            Outlook(1, is_anybody_here=False, closes_at=OPENS + timedelta(hours=8)),
            "free just now (they are in until 5 pm), so I cannot say how long it will take.",
        ),
        (
            Outlook(1, is_open=False, opens_at=OPENS),
            "None of our people is in now; they are back on Monday at 9 am.",
        ),
    ],
)
def test_nothing_is_promised_that_is_not_known(outlook: Outlook, said: str) -> None:
    for line in (tell_handoff(outlook), tell_place(outlook), reassure(outlook, timedelta(hours=2))):
        assert said in line.text
        assert line.choices == (
            ("Call me back", "/call_back"),
            ("Go on with the bot", "person:bot"),
        )


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("never mind", True),
        ("Carry on with the bot please", True),
        ("cancel that", True),
        ("Cancel.", True),
        ("I'll try the bot", True),
        ("ok, I'll just use the bot instead", True),
        ("can I go back to the bot?", True),
        ("Actually, never mind the person", True),
        ("I don't need a person any more", True),
        ("actually forget it i'll ask you", True),
        ("forget it ill talk to you", True),
        ("nvm ill do it with you", True),
        ("you do it", True),
        ("lets do it here", True),
        ("can i just use the bot again please", True),
        ("I'm not waiting any longer", True),
        ("you do it wrong", False),
        ("I will talk to you tomorrow", False),
        ("forget it, where is my order", False),
        ("never mind the delay, I'll wait", False),
        ("cancel my order", False),
        ("cancel that order please", False),
        ("I don't want the bot", False),
        ("the bot is useless", False),
        ("I tried the bot already", False),
        ("where is my order", False),
        ("I do not mind", False),
        ("no", False),
        ("", False),
    ],
)
def test_who_would_rather_have_the_bot_is_heard(text: str, is_so: bool) -> None:
    assert wants_bot(text) is is_so


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("carry on with the bot", True),
        ("never mind, just use the bot", True),
        ("never mind", False),
        ("cancel", False),
        ("you do it", False),
    ],
)
def test_the_bot_is_asked_for_by_name_alone(text: str, *, is_so: bool) -> None:
    assert asks_for_bot(text) is is_so


async def test_who_has_the_bot_and_asks_for_it_is_put_in_no_line(timed: "Timed") -> None:
    async with timed.stage.visitor() as visitor:
        assert await visitor.ask("carry on with the bot") == "I am here. What can I do for you?"
        assert timed.stage.bot.asked == []


async def test_who_asks_something_while_they_wait_is_answered_each_time(timed: "Timed") -> None:
    async with timed.stage.visitor() as visitor:
        await timed.waiting(visitor)
        await visitor.ask("it is about my chair")
        for asked in ("where is 10442 bn1 4gh", "hello?", "is anybody there"):
            assert (await visitor.ask(asked)).startswith("I have passed that on as well. You are")


async def test_a_newcomer_is_told_of_those_who_wait_still(timed: "Timed") -> None:
    async with timed.stage.room.database.writing() as session:
        await presence.note(session, "u1", now=timed.now + timedelta(minutes=13))
    async with timed.stage.visitor() as first, timed.stage.visitor() as second:
        await timed.waiting(first)
        timed.now += timedelta(minutes=13)
        chat = await timed.waiting(second)
        async with timed.stage.room.database.reading() as session:
            handoff = await handoffs.get(session, chat)
            since = await handoffs.longest_waiting(session, handoff, since=START)
    assert since == START


@pytest.fixture
async def timed(tmp_path: Path, empty_database: Path) -> AsyncIterator["Timed"]:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with staging(tmp_path, wait_limit_minutes=10, reassure_minutes=3) as made:
        yield Timed(made)


class Timed:
    """A stage whose clock is turned by hand."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.now = START
        stage.room.clock = lambda: self.now

    async def later(self, minutes: float) -> int:
        self.now += timedelta(minutes=minutes)
        return await Watch(self.stage.dialogue).sweep()

    async def waiting(self, visitor: Visitor) -> str:
        chat = str((await visitor.say("agent"))["conversation"])
        await visitor.until("state", holder="waiting")
        await self.stage.settle()
        return chat

    async def bot_lines(self, chat: str) -> list[str]:
        made = await self.stage.conversation(chat)
        return [turn.text for turn in made.turns if turn.role is Role.BOT]


async def test_who_waits_hears_something_every_few_minutes(timed: Timed) -> None:
    async with timed.stage.visitor() as visitor:
        chat = await timed.waiting(visitor)
        assert await timed.later(1) == 0
        assert await timed.later(2) == 1
        assert "you have waited 3 minutes" in (await timed.bot_lines(chat))[-1]
        assert await timed.later(1) == 0
        assert await timed.later(2.5) == 1
        assert len(await timed.bot_lines(chat)) == 3


async def test_after_the_limit_they_come_first_and_a_supervisor_knows(timed: Timed) -> None:
    stage = timed.stage
    async with stage.room.database.writing() as session:
        boss = await users.create(
            session, email="sue@example.org", name="Sue", roles=frozenset({UserRole.SUPERVISOR})
        )
    async with stage.visitor() as first, stage.visitor() as second:
        chat = await timed.waiting(first)
        timed.now += timedelta(minutes=9)
        other = await timed.waiting(second)
        await timed.later(1.5)
        await timed.later(1)
        async with stage.room.database.reading() as session:
            line = [one.conversation for one in await handoffs.waiting(session)]
            raised = await alerts.open_alerts(session)
        lines = await timed.bot_lines(chat)
    assert line == [chat, other]
    assert (await stage.handoff(chat)).priority == 1
    assert [(one.conversation, one.kind, one.owner) for one in raised] == [
        (chat, AlertKind.UNANSWERED, boss.id)
    ]
    assert sum("longer than it should be" in said for said in lines) == 1
    kinds = [event.kind for event in (await stage.conversation(chat)).events]
    assert kinds.count(EventKind.WAITED_TOO_LONG) == 1


async def test_what_somebody_took_and_never_answered_goes_to_everybody(timed: Timed) -> None:
    stage = timed.stage
    async with stage.visitor() as visitor:
        chat = await timed.waiting(visitor)
        await stage.command(chat, "take", {"user": "u1", "name": "Ann"})
        await visitor.say("hello?")
        assert await timed.later(9) == 0
        assert await timed.later(2) == 1
        handoff = await stage.handoff(chat)
        assert (handoff.holder, handoff.reason, handoff.priority) == (
            Holder.WAITING, "no_answer", 1,
        )  # fmt: skip
        assert "nobody has answered you yet" in (await timed.bot_lines(chat))[-1]
        assert await timed.later(1) == 0


async def test_an_agent_in_the_middle_of_it_is_not_relieved(timed: Timed) -> None:
    stage = timed.stage
    async with stage.visitor() as visitor:
        chat = await timed.waiting(visitor)
        await stage.command(chat, "take", {"user": "u1", "name": "Ann"})
        said = {"user": "u1", "name": "Ann", "turn": "a1", "text": "One moment please"}
        await stage.command(chat, "say", said)
        await visitor.say("ok")
        before = await timed.bot_lines(chat)
        assert await timed.later(11) == 1
        assert await timed.later(1) == 0
        assert (await stage.handoff(chat)).holder is Holder.PERSON
        assert await timed.bot_lines(chat) == before
        async with stage.room.database.reading() as session:
            assert len(await alerts.open_alerts(session)) == 1


async def test_outside_hours_nobody_is_reassured_at_night(
    tmp_path: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with staging(tmp_path, people_hours="tue 09:00-17:00") as stage:
        timed = Timed(stage)
        async with stage.visitor() as visitor:
            chat = await timed.waiting(visitor)
            assert "back on Tuesday at 9 am" in (await timed.bot_lines(chat))[-1]
            assert await timed.later(60) == 0


async def test_recent_waits_are_told(timed: Timed) -> None:
    stage = timed.stage
    for wait in (2, 4, 6):
        async with stage.visitor() as visitor:
            chat = await timed.waiting(visitor)
            timed.now += timedelta(minutes=wait)
            await stage.command(chat, "take", {"user": "u1", "name": "Ann"})
    async with stage.visitor() as direct:  # taken from the bot: nobody waited
        chat = str((await direct.say("hello"))["conversation"])
        await stage.settle()
        await stage.command(chat, "take", {"user": "u1", "name": "Ann"})
    async with stage.room.database.writing() as session:
        user = await users.create(
            session, email="ann@example.org", name="Ann", roles=frozenset({UserRole.AGENT})
        )
        await users.start_session(session, user.id, now=timed.now, hours=1)
        await presence.note(session, user.id, now=timed.now)
        assert await presence.is_noted(session, user.id, now=timed.now)
        assert not await presence.is_noted(session, user.id, now=timed.now + timedelta(minutes=1))
    async with stage.visitor() as visitor:
        chat = await timed.waiting(visitor)
        assert "Lately people waited about 4 minutes." in (await timed.bot_lines(chat))[-1]


async def test_a_call_back_is_left_and_the_bot_has_them_again(timed: Timed) -> None:
    stage = timed.stage
    async with stage.visitor() as visitor:
        chat = await timed.waiting(visitor)
        await visitor.say("call me back tomorrow after four")
        await visitor.until("turn", role="bot")
        await visitor.say("07700 900123")
        assert "We will ring 07700 900123" in (await visitor.until("turn", role="bot"))["text"]
        await visitor.say("yes")
        await visitor.until("state", holder="bot")
        await stage.settle()
        async with stage.room.database.reading() as session:
            (open_one,) = await call_backs.open_ones(session)
        assert (open_one.conversation, open_one.state) == (chat, CallBackState.OPEN)
        assert open_one.words == "call me back tomorrow after four"
        assert await visitor.ask("thanks") == "bot: thanks"
        kinds = [event.kind for event in (await stage.conversation(chat)).events]
        assert EventKind.CALL_BACK_ASKED in kinds
        assert EventKind.RETURNED not in kinds
        assert chat in stage.bot.forgotten


async def test_a_call_back_that_the_bot_agreed_is_kept(stage: Stage) -> None:
    facts = {"phone": "+447700900123", "when": "2030-05-06T16:00"}
    agreed = {"text": None, "custom": {"parley": "call_back", "facts": facts}}
    stage.bot.answers["ring me"] = [{"text": "We ring you.", "buttons": []}, agreed]
    async with stage.visitor() as visitor:
        chat = (await visitor.say("ring me"))["conversation"]
        await stage.settle()
        async with stage.room.database.reading() as session:
            (kept,) = await call_backs.of_conversation(session, chat)
    assert kept.wanted_from == datetime(2030, 5, 6, 15, tzinfo=UTC)
    assert kept.phone == "+447700900123"
    assert (await stage.handoff(chat)).holder is Holder.BOT


async def test_the_packet_is_stored_with_the_handoff(stage: Stage) -> None:
    stage.bot.answers["change it"] = HANDOFF
    async with stage.visitor() as visitor:
        chat = (await visitor.say("my lamp is broken"))["conversation"]
        await stage.settle()
        await visitor.say("change it")
        await stage.settle()
    packet = packet_in((await stage.handoff(chat)).packet or "")
    wants = packet.line(PacketKind.WANTS)
    assert wants is not None
    assert "“my lamp is broken”" in wants.text
    assert wants.evidence[0].turn == "m1"


async def test_words_while_waiting_are_left_to_the_people(timed: Timed) -> None:
    async with timed.stage.visitor() as visitor:
        chat = await timed.waiting(visitor)
        for text in ("are you there", "it is about my lamp", "the blue one"):
            await visitor.say(text)
            await timed.stage.settle()
        made = await timed.stage.conversation(chat)
        lines = await timed.bot_lines(chat)
        timed.now += timedelta(minutes=3)
        for text in ("ok thanks", "it came broken"):
            await visitor.say(text)
            await timed.stage.settle()
        later = await timed.bot_lines(chat)
    left = [e.note for e in made.events if e.kind is EventKind.LEFT_UNANSWERED]
    assert left == ["m2", "m3", "m4"]
    assert [line.partition(".")[0] for line in lines[1:]] == [
        "I have passed that on",
        "I have passed that on as well",
    ]
    assert later[len(lines) :] == ["I have passed that on as well. You are next in line."]


@pytest.mark.parametrize("text", ["never mind", "carry on with the bot please", "PRESS"])
async def test_who_waits_can_go_on_with_the_bot(timed: Timed, text: str) -> None:
    stage = timed.stage
    async with stage.visitor() as visitor:
        chat = str((await visitor.say("agent"))["conversation"])
        told = await visitor.until("turn", role="bot")
        await visitor.until("state", holder="waiting")
        await stage.settle()
        await visitor.say("where is my order")
        await stage.settle()
        if text == "PRESS":
            (button,) = [one for one in told["buttons"] if one["title"] == "Go on with the bot"]
            await visitor.press(button, id="p1")
        else:
            await visitor.say(text)
        await visitor.until("state", holder="bot")
        await visitor.until("turn", text="bot: where is my order")
        await stage.settle()
        made = await stage.conversation(chat)
        assert await visitor.ask("and my chair?") == "bot: and my chair?"
        if text == "PRESS":
            await visitor.press(button, id="p2")
            assert (await visitor.until("turn", role="bot"))["text"].startswith("I am here")
    back = [event for event in made.events if event.kind is EventKind.RETURNED]
    assert [event.actor for event in back] == ["customer"]
    assert chat in stage.bot.forgotten
    assert (await stage.handoff(chat)).holder is Holder.BOT
    said = [turn.text for turn in made.turns]
    assert "All right, you are no longer in line, and I am here again." in said


async def test_nothing_written_meanwhile_the_bot_asks_what_it_can_do(timed: Timed) -> None:
    async with timed.stage.visitor() as visitor:
        await timed.waiting(visitor)
        told = await visitor.ask("never mind")
        await timed.stage.settle()
    assert told.endswith("I am here again. What can I do for you?")
    assert timed.stage.bot.asked == []


async def test_a_second_promise_takes_the_place_of_the_first_and_can_be_taken_back(
    stage: Stage,
) -> None:
    def agreed(when: str) -> list[dict[str, object]]:
        facts = {"phone": "+447700900123", "when": when}
        return [
            {"text": "All right.", "custom": None},
            {"text": None, "custom": {"parley": "call_back", "facts": facts}},
        ]

    stage.bot.answers["ring me at four"] = agreed("2026-11-24T16:00:00+00:00")
    stage.bot.answers["at five instead"] = agreed("2026-11-24T17:00:00+00:00")
    async with stage.visitor() as visitor:
        chat = (await visitor.say("ring me at four"))["conversation"]
        await stage.settle()
        await visitor.say("at five instead")
        await stage.settle()
        async with stage.room.database.reading() as session:
            (now_open,) = await call_backs.open_ones(session)
        assert now_open.wanted_from == datetime(2026, 11, 24, 17, tzinfo=UTC)
        for name, given in (("a stranger's", "call-of-somebody"), ("mine", now_open.id)):
            told = {"parley": "call_back", "cancels": given}
            stage.bot.answers[name] = [{"text": "Cancelled.", "custom": told}]
            await visitor.say(name)
            await stage.settle()
            async with stage.room.database.reading() as session:
                found = await call_backs.of_conversation(session, chat)
            is_mine = name == "mine"
            assert (found[-1].state is CallBackState.CANCELLED) is is_mine
        kinds = [event.kind for event in (await stage.conversation(chat)).events]
        assert kinds.count(EventKind.CALL_BACK_CANCELLED) == 1
