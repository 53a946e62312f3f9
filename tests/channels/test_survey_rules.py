"""When customers are asked: after a task, after a person, under a cap, in a sample; and late."""

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from channels.idle import IdleClose
from core.handoff import Holder
from core.survey import SurveyKind
from store import surveys
from tests.channels.stage import Stage, StandInBot, staging

ANN = {"user": "ann", "name": "Ann"}


def done(task: str, outcome: str | None = "resolved") -> list[dict[str, Any]]:
    """What the bot answers when a task has ended."""
    custom = {"parley": "survey", "about": task} | ({"outcome": outcome} if outcome else {})
    return [
        {"text": "It is done.", "buttons": [], "custom": None},
        {"text": None, "buttons": [], "custom": custom},
    ]


def rules(tmp_path: Path, text: str) -> str:
    """A file of rules, for PARLEY_SURVEYS."""
    file = tmp_path / "rules.yml"
    file.write_text(text, encoding="utf-8")
    return str(file)


async def turns(stage: Stage, chat: str) -> list[str]:
    return [turn.text for turn in (await stage.conversation(chat)).turns]


@pytest.mark.parametrize(
    ("outcome", "is_asked"),
    [("resolved", True), (None, True), ("refused", False), ("failed", False)],
)
async def test_only_what_was_resolved_is_asked_about(
    stage: Stage, outcome: str | None, *, is_asked: bool
) -> None:
    stage.bot.answers["go"] = done("cancel_order", outcome)
    async with stage.visitor() as visitor:
        chat = (await visitor.say("go"))["conversation"]
        await stage.settle()
        assert ("How was this" in " ".join(await turns(stage, chat))) is is_asked
        async with stage.room.database.reading() as session:
            found = await surveys.find_invitation(session, chat)
        assert (found is not None) is is_asked
        if found is not None:
            assert (found.about, found.kinds) == (
                "cancel_order",
                (SurveyKind.CSAT, SurveyKind.CES),
            )


async def test_what_ended_in_between_is_not_asked_about(stage: Stage) -> None:
    stage.bot.answers["go"] = done("order_status")
    stage.bot.answers["go"][1]["custom"]["in_between"] = True
    async with stage.visitor() as visitor:
        chat = (await visitor.say("go"))["conversation"]
        await stage.settle()
        assert await turns(stage, chat) == ["go", "It is done."]
        stage.bot.answers["yes"] = done("cancel_order")
        await visitor.say("yes")
        await stage.settle()
        asked = [text for text in await turns(stage, chat) if "How was this" in text]
        assert len(asked) == 1


async def test_a_rule_names_its_tasks_its_questions_and_their_words(tmp_path: Path) -> None:
    text = (
        "ask:\n- {after: task, tasks: [book_fitting], questions: [nps]}\n"
        "wording: {nps: 'Tell a friend? 0 to 10.'}\n"
    )
    bot = StandInBot({"fit": done("book_fitting"), "go": done("cancel_order")})
    async with staging(tmp_path, bot, surveys=rules(tmp_path, text)) as stage:
        async with stage.visitor() as visitor:
            chat = (await visitor.say("go"))["conversation"]
            await visitor.say("fit")
            await stage.settle()
            assert (await turns(stage, chat))[-1] == "Tell a friend? 0 to 10."
            assert len(await turns(stage, chat)) == 5, "nothing was asked about the first task"
            await visitor.say("ten out of ten")
            await stage.settle()
            given = await stage.responses(chat)
        assert [(one.kind, one.score) for one in given] == [(SurveyKind.NPS, 10)]


@pytest.mark.parametrize(
    ("share", "is_asked"), [("0", False), ("{web: 1}", True), ("{sms: 1}", False)]
)
async def test_a_share_is_sampled_by_channel(tmp_path: Path, share: str, *, is_asked: bool) -> None:
    text = f"ask:\n- {{after: task, questions: [csat], share: {share}}}\n"
    bot = StandInBot({"go": done("cancel_order")})
    async with (
        staging(tmp_path, bot, surveys=rules(tmp_path, text)) as stage,
        stage.visitor() as visitor,
    ):
        chat = (await visitor.say("go"))["conversation"]
        await stage.settle()
        assert ("How was this" in " ".join(await turns(stage, chat))) is is_asked


async def test_a_customer_is_not_asked_again_within_the_cap(tmp_path: Path) -> None:
    text = "cap_days: 30\nask:\n- {after: task, questions: [csat]}\n"
    bot = StandInBot({"go": done("cancel_order")})
    async with staging(tmp_path, bot, surveys=rules(tmp_path, text)) as stage:
        start = stage.room.clock()
        asked = []
        async with stage.visitor() as visitor:
            for days in (0, 29, 31):
                stage.room.clock = partial(lambda days: start + timedelta(days=days), days)
                chat = (await visitor.say("go"))["conversation"]
                await stage.settle()
                asked.append("How was this" in " ".join(await turns(stage, chat)))
                await stage.command(chat, "close", {"user": "ann"})
            assert asked == [True, False, True]
        async with stage.visitor() as other:
            chat = (await other.say("go"))["conversation"]
            await stage.settle()
            assert "How was this" in " ".join(await turns(stage, chat)), "somebody else"


async def held_by_ann(stage: Stage, visitor: Any) -> str:
    chat: str = (await visitor.say("agent"))["conversation"]
    await stage.settle()
    await stage.command(chat, "take", ANN)
    await stage.command(chat, "say", {**ANN, "turn": "a1", "text": "All mended."})
    return chat


async def test_after_a_person_closes_the_closed_chat_asks_and_takes_the_answer(
    stage: Stage,
) -> None:
    async with stage.visitor() as visitor:
        chat = await held_by_ann(stage, visitor)
        status, answer = await stage.command(chat, "close", {"user": "ann"})
        assert (status, answer["holder"]) == (200, "closed")
        question = await visitor.until("turn", scale="csat")
        assert question["role"] == "bot"
        await stage.command(chat, "close", {"user": "ann"})  # once more changes nothing
        press = await visitor.press(question["buttons"][4], id="p1")
        assert press["conversation"] == chat
        assert (await visitor.until("turn", scale="nps"))["id"] == "bot:p1:0"
        assert (await visitor.say("9"))["conversation"] == chat
        await stage.settle()
        assert [(g.kind, g.score) for g in await stage.responses(chat)] == [
            (SurveyKind.CSAT, 5),
            (SurveyKind.NPS, 9),
        ]
        assert (await stage.handoff(chat)).holder is Holder.CLOSED
        assert (await turns(stage, chat)).count(question["text"]) == 1
        assert (await visitor.say("one more thing"))["conversation"] != chat
        await stage.settle()


async def test_nobody_is_asked_when_no_person_held_it(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = (await visitor.say("hello"))["conversation"]
        await stage.settle()
        await stage.command(chat, "close", {"user": "ann"})
        assert await turns(stage, chat) == ["hello", "bot: hello"]


async def test_an_answer_of_two_days_later_counts_once_and_reopens_nothing(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = await held_by_ann(stage, visitor)
        await stage.command(chat, "close", {"user": "ann"})
        now = stage.room.clock()
        stage.room.clock = lambda: now + timedelta(hours=48)
        assert (await visitor.say("four stars"))["conversation"] == chat
        await stage.settle()
        assert [(g.kind, g.score) for g in await stage.responses(chat)] == [(SurveyKind.CSAT, 4)]
        assert (await visitor.say("8"))["conversation"] == chat
        await stage.settle()
        later = await visitor.say("5")
        await stage.settle()
        assert later["conversation"] != chat, "all is answered, so it is a new matter"
        given = await stage.responses(chat)
    assert [(g.kind, g.score) for g in given] == [(SurveyKind.CSAT, 4), (SurveyKind.NPS, 8)]
    assert (await stage.handoff(chat)).holder is Holder.CLOSED
    assert await IdleClose(stage.dialogue).sweep() == 0


async def test_the_time_for_late_answers_stands_in_the_rules(tmp_path: Path) -> None:
    text = "late_answer_hours: 1\nask:\n- {after: person, questions: [csat]}\n"
    async with (
        staging(tmp_path, surveys=rules(tmp_path, text)) as stage,
        stage.visitor() as visitor,
    ):
        chat = await held_by_ann(stage, visitor)
        await stage.command(chat, "close", {"user": "ann"})
        now = stage.room.clock()
        stage.room.clock = lambda: now + timedelta(minutes=61)
        assert (await visitor.say("4"))["conversation"] != chat
        await stage.settle()
        assert await stage.responses(chat) == ()
