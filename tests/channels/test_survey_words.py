"""Answers in words: read back before they count, asked once more, and what a low score begins."""

from datetime import timedelta
from pathlib import Path

import pytest

from core.alert import AlertKind, Cited
from core.handoff import Holder
from core.people import UserRole
from core.survey import PendingReading, SurveyKind
from store import alerts, surveys, users
from tests.channels.stage import ORDER_ANSWER, Json, Stage, StandInBot, Visitor, staging

OFFER = "If you like, I can get a person for you, or have somebody call you back."
READ_BACK = "Shall I put that down as 2 – poor?"


async def asked(stage: Stage, visitor: Visitor) -> str:
    """Bring a customer to the first question; the conversation's id."""
    stage.bot.answers["where is it"] = ORDER_ANSWER
    chat: str = (await visitor.say("where is it"))["conversation"]
    await visitor.until("turn", id="bot:m1:1")
    return chat


async def scores(stage: Stage, chat: str) -> list[tuple[SurveyKind, int | None]]:
    return [(given.kind, given.score) for given in await stage.responses(chat)]


async def heard_by_bot(stage: Stage) -> list[str]:
    return [str(said.get("text") or said.get("button")) for said in stage.bot.asked][1:]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("yes please", 2), ("Yes", 2), ("👍", 2), ("no, make it 3", 3), ("4", 4),
        ("four stars", 4),
    ],
)  # fmt: skip
async def test_an_opinion_is_read_back_before_it_counts(
    stage: Stage, answer: str, expected: int
) -> None:
    async with stage.visitor() as visitor:
        chat = await asked(stage, visitor)
        assert await visitor.ask("not great") == READ_BACK
        assert await scores(stage, chat) == []
        await visitor.ask(answer)
        await stage.settle()
        assert await scores(stage, chat) == [(SurveyKind.CSAT, expected)]
        (given,) = await stage.responses(chat)
        assert given.turn == ("m2" if expected == 2 else "m3"), "the words that the score is of"
    assert await heard_by_bot(stage) == []


async def test_a_no_shows_the_scale_and_another_opinion_is_read_back_anew(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = await asked(stage, visitor)
        await visitor.say("not great")
        read_back = await visitor.until("turn", text=READ_BACK)
        assert read_back["scale"] is None
        titles = [button["title"] for button in read_back["buttons"]]
        assert titles == ["Yes", "No, I'll choose myself"]
        await visitor.press(read_back["buttons"][1], id="p1")
        question = await visitor.until("turn", scale="csat", id="bot:p1:0")
        assert question["text"].startswith("All right. How was this")
        assert await visitor.ask("ok I guess") == "Shall I put that down as 3 – fair?"
        assert await visitor.ask("no") == question["text"]
        assert await visitor.ask("no thanks") == "All right, we will leave it at that."
        (given,) = await stage.responses(chat)
    assert (given.kind, given.score, given.is_dismissed) == (SurveyKind.CSAT, None, True)


async def test_what_was_read_back_outlives_a_restart(tmp_path: Path) -> None:
    bot = StandInBot()
    async with staging(tmp_path, bot) as stage, stage.visitor() as visitor:
        chat = await asked(stage, visitor)
        await visitor.ask("not great")
        await stage.settle()
        token = visitor.token
        async with stage.room.database.reading() as session:
            found = await surveys.find_invitation(session, chat)
        assert found is not None
        assert found.pending == PendingReading(SurveyKind.CSAT, 2, "m2")
    async with staging(tmp_path, bot) as stage:
        visitor = stage.visitor()
        visitor.token = token
        await visitor.connect()
        await visitor.say("yep", id="after")
        await stage.settle()
        await visitor.socket.close()
        assert await scores(stage, chat) == [(SurveyKind.CSAT, 2)]


async def test_an_opinion_counts_only_right_after_the_question(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = await asked(stage, visitor)
        assert await visitor.ask("when are you open?") == "bot: when are you open?"
        assert await visitor.ask("great") == "bot: great"
        assert await visitor.ask("5") != "bot: 5", "a number still does"
        assert await scores(stage, chat) == [(SurveyKind.CSAT, 5)]


AT_A_LOSS: list[Json] = [
    {"text": "I did not understand that. Could you say it in other words?", "buttons": []}
]


@pytest.mark.parametrize("miss", ["11", "0/5", "4.5", "4 or 5", "yes", "whatever", "haha"])
async def test_no_answer_is_asked_once_more_and_then_left(stage: Stage, miss: str) -> None:
    async with stage.visitor() as visitor:
        chat = await asked(stage, visitor)
        if miss in ("whatever", "haha"):
            stage.bot.stored[chat, "m2"] = AT_A_LOSS
        await visitor.say(miss)
        again = await visitor.until("turn", id="bot:m2:0")
        assert again["text"] == "Please choose one whole number from 1 to 5, or skip it."
        assert again["scale"] == "csat"
        assert await visitor.ask(miss) == f"bot: {miss}", "now the bot goes on"
        assert await visitor.ask("blah") == "bot: blah"
        assert await scores(stage, chat) == []
        await visitor.ask("4")
        assert await scores(stage, chat) == [(SurveyKind.CSAT, 4)], "it can be answered still"


@pytest.mark.parametrize("matter", ["but i wont be in", "thats too late for me", "cn u chnge it"])
async def test_the_bot_is_asked_first_what_is_no_score(stage: Stage, matter: str) -> None:
    async with stage.visitor() as visitor:
        chat = await asked(stage, visitor)
        assert await visitor.ask(matter) == f"bot: {matter}"
        await visitor.ask("4")
        assert await scores(stage, chat) == [(SurveyKind.CSAT, 4)], "it can be answered still"


@pytest.mark.parametrize("words", ["i dont do surveys", "No surveys please", "no more questions"])
async def test_who_does_no_surveys_is_left_alone(stage: Stage, words: str) -> None:
    async with stage.visitor() as visitor:
        chat = await asked(stage, visitor)
        await visitor.ask(words)
        (given,) = await stage.responses(chat)
        assert given.is_dismissed


@pytest.mark.parametrize(
    "matter", ["where is my other order", "cancel my order", "my chair is broken", "HP-10442"]
)
async def test_a_real_matter_goes_to_the_bot_at_once(stage: Stage, matter: str) -> None:
    async with stage.visitor() as visitor:
        chat = await asked(stage, visitor)
        assert await visitor.ask(matter) == f"bot: {matter}"
        assert await visitor.ask("4") != "bot: 4"
        assert await scores(stage, chat) == [(SurveyKind.CSAT, 4)]


async def hire(stage: Stage) -> str:
    async with stage.room.database.writing() as session:
        roles = frozenset({UserRole.SUPERVISOR})
        return (await users.create(session, email="s@example.org", name="Sam", roles=roles)).id


async def dissatisfied(stage: Stage, visitor: Visitor) -> tuple[str, Json]:
    """A customer who has given a 2: the conversation's id, and the offer."""
    chat = await asked(stage, visitor)
    await visitor.say("2", id="low")
    why = await visitor.until("turn", id="bot:low:0")
    assert why["scale"] == "why"
    return chat, await visitor.until("turn", id="bot:low:1")


async def test_a_detractor_makes_an_alert_and_is_offered_somebody(stage: Stage) -> None:
    sam = await hire(stage)
    async with stage.visitor() as visitor:
        chat, offer = await dissatisfied(stage, visitor)
        assert offer["text"] == OFFER
        titles = [button["title"] for button in offer["buttons"]]
        assert titles == ["Talk to a person", "Call me back", "No, thank you"]
        assert "how far do you agree" in await visitor.ask("the driver was rude")
        assert await visitor.ask("1") == "Thank you, that helps us do better.", "no second offer"
        await stage.settle()
        (csat, _, ces) = await stage.responses(chat)
        async with stage.room.database.reading() as session:
            raised = await alerts.of_conversation(session, chat)
    assert [alert.cites.id for alert in raised] == [csat.id, ces.id]
    first = raised[0]
    assert (first.kind, first.cites.of, first.cites.turn) == (
        AlertKind.DETRACTOR,
        Cited.RESPONSE,
        "low",
    )
    assert first.owner == sam
    assert first.due_at - csat.answered_at == timedelta(hours=24)


async def test_a_reason_told_with_the_score_is_not_asked_for_again(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = await asked(stage, visitor)
        await visitor.say("2, it took ages to find you", id="low")
        following = await visitor.until("turn", id="bot:low:0")
        assert "how far do you agree" in following["text"]
        offer = await visitor.until("turn", id="bot:low:1")
        assert offer["text"] == OFFER
        await stage.settle()
        (score, why) = await stage.responses(chat)
        assert (score.score, score.turn) == (2, "low")
        assert (why.kind, why.text) == (SurveyKind.WHY, "2, it took ages to find you")


async def test_a_content_or_dismissing_customer_makes_no_alert(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = await asked(stage, visitor)
        assert "main reason" in await visitor.ask("3"), "asked why, and no detractor"
        await visitor.ask("it was slow")
        await visitor.ask("skip")
        await stage.settle()
        texts = [turn.text for turn in (await stage.conversation(chat)).turns]
        async with stage.room.database.reading() as session:
            assert await alerts.count_open(session) == 0
    assert OFFER not in texts


async def test_the_offer_is_taken_or_declined_by_button(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        _, offer = await dissatisfied(stage, visitor)
        await visitor.press(offer["buttons"][2], id="no")
        assert "main reason" in (await visitor.until("turn", id="bot:no:0"))["text"]
        await visitor.press(offer["buttons"][0], id="person")
        await visitor.until("state", holder="waiting")


@pytest.mark.parametrize("words", ["yes please", "Talk to a person"])
async def test_a_yes_to_the_offer_is_a_wish_for_a_person(stage: Stage, words: str) -> None:
    stage.bot.answers["/ask_person"] = [
        {"text": None, "buttons": [], "custom": {"parley": "handoff", "reason": "asked_for_person"}}
    ]
    async with stage.visitor() as visitor:
        chat, _ = await dissatisfied(stage, visitor)
        await visitor.say(words)
        await stage.settle()
        assert (await stage.handoff(chat)).holder is Holder.WAITING
        assert await scores(stage, chat) == [(SurveyKind.CSAT, 2)], "a yes is no reason"


async def test_a_no_declines_what_is_asked_last(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat, _ = await dissatisfied(stage, visitor)
        assert "agree" in await visitor.ask("no thanks"), "to why, so the next is asked"
        given = await stage.responses(chat)
        assert [one.is_dismissed for one in given] == [False, True]


async def test_a_no_to_the_offer_alone_is_thanked(tmp_path: Path) -> None:
    file = tmp_path / "rules.yml"
    file.write_text("ask: [{after: task, questions: [csat]}]")
    async with staging(tmp_path, surveys=str(file)) as stage, stage.visitor() as visitor:
        await asked(stage, visitor)
        await visitor.say("1", id="low")
        assert (await visitor.until("turn", id="bot:low:1"))["text"] == OFFER
        assert await visitor.ask("no thanks") == "All right. Thank you for telling us."
        assert await heard_by_bot(stage) == []


async def test_a_call_back_reaches_its_task(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        _, offer = await dissatisfied(stage, visitor)
        await visitor.press(offer["buttons"][1], id="call")
        await stage.settle()
        assert await heard_by_bot(stage) == ["/call_back"]
        assert await visitor.ask("call me back") == "bot: call me back", "the offer is past"


async def test_a_call_is_taken_though_the_next_scale_has_come(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        await dissatisfied(stage, visitor)
        assert "how far do you agree" in await visitor.ask("it came late and broken")
        await visitor.say("yes call me")
        await stage.settle()
        assert await heard_by_bot(stage) == ["/call_back"]


async def test_a_yes_after_the_end_is_shown_how_to_begin(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = await asked(stage, visitor)
        await stage.command(chat, "close", {"user": "ann"})
        await visitor.say("1", id="low")
        await visitor.until("turn", id="bot:low:1")
        assert (await visitor.say("yes", id="y"))["conversation"] == chat
        again = await visitor.until("turn", id="bot:y:0")
        assert again["buttons"][0]["title"] == "Talk to a person"
        press = await visitor.press(again["buttons"][0], id="p")
        assert press["conversation"] != chat
        await visitor.until("state", holder="waiting")
