"""A conversation ends: what closes it, what comes late, and what is forgotten."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from channels.idle import IdleClose
from channels.situation import Situation
from core.conversation import Role, Turn
from core.handoff import Holder
from store import conversations, erasure, handoffs
from store.handoffs import Silent
from tests.channels.stage import (
    ORDER_ANSWER,
    Stage,
    StandInBot,
    staging,
)


async def test_silence_closes_and_a_late_answer_reopens_nothing(stage: Stage) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        first = (await visitor.say("where is it"))["conversation"]
        await visitor.until("turn", id="bot:m1:1")
        now = stage.room.clock()
        assert await IdleClose(stage.dialogue).sweep() == 0
        stage.room.clock = lambda: now + timedelta(minutes=31)
        assert await IdleClose(stage.dialogue).sweep() == 1
        notice = await visitor.until("notice", kind="closed")
        assert "closed" in notice["text"]
        await stage.settle()
        assert stage.bot.forgotten == [first]

        late = await visitor.say("4")
        await stage.settle()
        assert late["conversation"] == first
        handoff = await stage.handoff(first)
        assert handoff.holder is Holder.CLOSED
        assert [g.score for g in await stage.responses(first)] == [4]

        second = await visitor.say("and another thing")
        made = await stage.conversation(second["conversation"])
        assert (made.id != first, made.previous) == (True, first)


async def test_words_written_while_silence_is_counted_keep_it_open(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with stage.visitor() as visitor:
        first = (await visitor.say("hello"))["conversation"]
        await stage.settle()
        now = stage.room.clock()
        stage.room.clock = lambda: now + timedelta(minutes=31)
        read = handoffs.idle

        async def read_then_write(session: AsyncSession, **limits: Any) -> list[Silent]:
            found = await read(session, **limits)
            await visitor.say("still here")
            return found

        monkeypatch.setattr(handoffs, "idle", read_then_write)
        assert await IdleClose(stage.dialogue).sweep() == 0
        await visitor.until("turn", text="bot: still here")
        assert (await stage.handoff(first)).holder is Holder.BOT


async def test_words_that_come_while_it_closes_open_a_new_conversation(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = stage.dialogue.find_homes
    closes = [True]

    async def find_then_close(_: object, *asked: Any) -> tuple[Situation | None, ...]:
        found = await find(*asked)
        if closes and closes.pop():
            await stage.command(first, "close", {"user": "ann"})
        return found

    async with stage.visitor() as visitor:
        first = (await visitor.say("hello"))["conversation"]
        await stage.settle()
        monkeypatch.setattr(type(stage.dialogue), "find_homes", find_then_close)
        second = (await visitor.say("one more thing"))["conversation"]
        await visitor.until("turn", text="bot: one more thing")
        assert second != first
        assert [turn.text for turn in (await stage.conversation(first)).turns] == [
            "hello",
            "bot: hello",
        ]


async def test_a_turn_without_an_answer_holds_up_no_late_survey_answer(stage: Stage) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        first = (await visitor.say("where is it"))["conversation"]
        await stage.settle()
        await stage.command(first, "close", {"user": "ann"})
        async with stage.room.database.writing() as session:
            now = stage.room.clock()
            lost = Turn("x1", Role.CUSTOMER, "is anybody there?", now)
            await conversations.append_turn(session, first, lost, now=now)
        await visitor.say("4")
        await stage.settle()
    assert [given.score for given in await stage.responses(first)] == [4]


@pytest.mark.parametrize(
    ("hours", "text", "is_answer"),
    [
        (23, "the lamp came broken", True),
        (25, "the lamp came broken", False),  # the page no longer shows the question
        (25, "no thanks", False),
        (1, "Put me through to a member of staff", False),
        (30, "Put me through to a member of staff", False),
        (30, "Skip", True),  # a button of ours, typed
        (30, "6", False),  # the reason is asked, no number
        (73, "Skip", False),
    ],
)
async def test_words_after_the_close_are_a_reason_only_while_it_is_asked(
    stage: Stage, hours: int, text: str, is_answer: bool
) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        first = (await visitor.say("where is it"))["conversation"]
        await stage.settle()
        await visitor.say("2")
        await stage.settle()
        await stage.command(first, "close", {"user": "ann"})
        now = stage.room.clock()
        stage.room.clock = lambda: now + timedelta(hours=hours)
        ack = await visitor.say(text)
        await stage.settle()
        assert (ack["conversation"] == first) is is_answer
        holder = (await stage.handoff(ack["conversation"])).holder
        if "staff" in text:
            assert holder is Holder.WAITING
        reasons = [given.text for given in await stage.responses(first)]
        assert ("lamp" in str(reasons)) is (is_answer and "lamp" in text)


async def test_a_number_long_after_the_close_is_a_new_matter(stage: Stage) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        first = (await visitor.say("where is it"))["conversation"]
        await stage.settle()
        now = stage.room.clock()
        stage.room.clock = lambda: now + timedelta(minutes=31)
        await IdleClose(stage.dialogue).sweep()
        stage.room.clock = lambda: now + timedelta(days=4)
        assert (await visitor.say("4"))["conversation"] != first
        await stage.settle()


async def test_a_closed_conversation_rasa_could_not_forget_is_forgotten_later(
    stage: Stage,
) -> None:
    async with stage.visitor() as visitor:
        first = (await visitor.say("hello"))["conversation"]
        await stage.settle()
        stage.bot.status = 503
        now = stage.room.clock()
        stage.room.clock = lambda: now + timedelta(minutes=31)
        await IdleClose(stage.dialogue).sweep()
        await stage.settle()
        stage.bot.status = 200
        await stage.dialogue.forgetting.pay()
        await stage.dialogue.forgetting.pay()
    assert stage.bot.forgotten == [first, first], "asked again once, then done"


async def test_what_rasa_is_owed_outlives_a_restart_and_an_erasure(tmp_path: Path) -> None:
    bot = StandInBot()
    async with staging(tmp_path, bot) as stage, stage.visitor() as visitor:
        chats = [(await visitor.say("hello"))["conversation"]]
        await stage.settle()
        bot.status = 503
        await stage.command(chats[0], "close", {"user": "ann"})
        chats.append((await visitor.say("hello again"))["conversation"])
        await stage.settle()
        async with stage.room.database.writing() as session:  # as the console or retention does
            await erasure.erase_conversation(session, chats[1], actor="ann", now=stage.room.clock())
    bot.status = 200
    bot.forgotten.clear()
    async with staging(tmp_path, bot) as stage:
        await stage.dialogue.forgetting.pay()
        await stage.dialogue.forgetting.pay()
    assert sorted(bot.forgotten) == sorted(chats), "each once"


async def test_who_waits_is_not_closed_after_half_an_hour_of_silence(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        ack = await visitor.say("agent")
        await stage.settle()
        now = stage.room.clock()
        stage.room.clock = lambda: now + timedelta(hours=12)
        assert await IdleClose(stage.dialogue).sweep() == 0
        assert (await stage.handoff(ack["conversation"])).holder is Holder.WAITING
