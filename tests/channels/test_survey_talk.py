"""How it went is asked in the conversation, and only answers are taken for answers."""

from pathlib import Path

import pytest

from core.survey import SurveyKind
from tests.channels.stage import MENU, ORDER_ANSWER, Json, Stage, StandInBot, staging


async def test_survey_from_a_low_score_to_the_reason_to_the_effort(stage: Stage) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        ack = await visitor.say("where is it")
        question = await visitor.until("turn", id="bot:m1:1")
        assert question["scale"] == "csat"
        titles = [button["title"] for button in question["buttons"]]
        assert titles == ["1 – very poor", "2 – poor", "3 – fair", "4 – good", "5 – very good",
                          "Skip"]  # fmt: skip
        await visitor.press(question["buttons"][1], id="p1")
        why = await visitor.until("turn", id="bot:p1:0")
        assert "main reason" in why["text"]
        effort = await visitor.ask("it took me ages to find the number")
        assert "how far do you agree" in effort
        assert await visitor.ask("6") == "Thank you, that helps us do better."
        assert await visitor.ask("4") == "bot: 4", "nothing is asked any more"
        given = await stage.responses(ack["conversation"])
    assert [(g.kind, g.score, g.text) for g in given] == [
        (SurveyKind.CSAT, 2, None),
        (SurveyKind.WHY, None, "it took me ages to find the number"),
        (SurveyKind.CES, 6, None),
    ]
    assert [asked.get("text") for asked in stage.bot.asked] == ["where is it", "4"]


async def test_what_is_no_answer_to_the_survey_goes_to_the_bot(stage: Stage) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    asks: Json = {"text": None, "buttons": [], "custom": {"parley": "asks", "field": "area"}}
    stage.bot.answers["what is your address?"] = [{"text": "Say which shop.", "buttons": []}, asks]
    stage.bot.answers["when are you open?"] = [{"text": "From nine to six.", "buttons": []}]
    async with stage.visitor() as visitor:
        ack = await visitor.say("where is it")
        await visitor.until("turn", id="bot:m1:1")
        assert await visitor.ask("when are you open?") == "From nine to six."
        assert "how far do you agree" in await visitor.ask("5"), "a number still counts"
        assert await visitor.ask("what is your address?") == "Say which shop."
        assert await visitor.ask("2") == "bot: 2", "now it answers the bot's question"
        given = await stage.responses(ack["conversation"])
    assert [(g.kind, g.score) for g in given] == [(SurveyKind.CSAT, 5)]


@pytest.mark.parametrize(
    ("text", "counts"),
    [("5 out of 5", True), ("five stars", True), ("4/5", True), ("2", False), ("two", False)],
)
async def test_after_a_fallback_with_buttons_only_a_score_in_full_counts(
    stage: Stage, text: str, counts: bool
) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    stage.bot.answers["what now?"] = MENU
    async with stage.visitor() as visitor:
        chat = (await visitor.say("where is it"))["conversation"]
        await visitor.until("turn", id="bot:m1:1")
        assert await visitor.ask("what now?") == "What can I do for you?"
        await visitor.say(text)
        await stage.settle()
    assert bool(await stage.responses(chat)) is counts


async def test_a_number_after_a_fallback_without_buttons_still_counts(stage: Stage) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    stage.bot.answers["what now?"] = [{"text": "Could you say it in other words?", "buttons": []}]
    async with stage.visitor() as visitor:
        chat = (await visitor.say("where is it"))["conversation"]
        await visitor.until("turn", id="bot:m1:1")
        await visitor.ask("what now?")
        await visitor.say("4")
        await stage.settle()
    assert [given.score for given in await stage.responses(chat)] == [4]


async def test_skipping_a_scale_ends_the_survey(stage: Stage) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        ack = await visitor.say("where is it")
        question = await visitor.until("turn", id="bot:m1:1")
        await visitor.press(question["buttons"][-1], id="p1")
        await visitor.until("turn", text="All right, we will leave it at that.")
        await visitor.press(question["buttons"][4], id="p2")
        late = await visitor.until("turn", id="bot:p2:0")
        assert late["text"] == "Thank you, we have your answer to that already."
        given = await stage.responses(ack["conversation"])
    assert [(g.score, g.is_dismissed) for g in given] == [(None, True)]


OFFER = [
    {
        "text": "Shall I get someone?",
        "buttons": [
            {"title": "Yes, get someone", "payload": "/ask_person"},
            {"title": "No, thank you", "payload": "/deny"},
        ],
        "custom": None,
    }
]


async def test_a_typed_title_means_a_button_of_the_last_answer_only(stage: Stage) -> None:
    stage.bot.answers |= {"this is bad": OFFER, "where is it": ORDER_ANSWER}
    async with stage.visitor() as visitor:
        ack = await visitor.say("this is bad")
        offer = await visitor.until("turn", role="bot")
        await visitor.say("where is it")
        await visitor.until("turn", id="bot:m2:1")
        assert await visitor.ask("No, thank you") == "All right, we will leave it at that."
        given = await stage.responses(ack["conversation"])
        await visitor.press(offer["buttons"][1], id="p1")
        assert (await visitor.until("turn", role="bot"))["text"] == "bot: /deny", "it was pressed"
        assert await visitor.ask("this is bad") == "Shall I get someone?"
        assert await visitor.ask("No, thank you") == "bot: /deny"
    assert [(g.kind, g.is_dismissed) for g in given] == [(SurveyKind.CSAT, True)]


async def test_an_old_skip_does_not_skip_the_newest_question(stage: Stage) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        ack = await visitor.say("where is it")
        question = await visitor.until("turn", id="bot:m1:1")
        assert "how far do you agree" in await visitor.ask("5")
        await visitor.press(question["buttons"][-1], id="p1")
        told = await visitor.until("turn", id="bot:p1:0")
        assert told["text"] == "Thank you, we have your answer to that already."
        given = await stage.responses(ack["conversation"])
    assert [(g.kind, g.score) for g in given] == [(SurveyKind.CSAT, 5)]


async def test_no_survey_when_the_settings_say_so(tmp_path: Path) -> None:
    bot = StandInBot({"where is it": ORDER_ANSWER})
    async with staging(tmp_path, bot, survey=False) as stage, stage.visitor() as visitor:
        ack = await visitor.say("where is it")
        await stage.settle()
        made = await stage.conversation(ack["conversation"])
    assert [turn.text for turn in made.turns][1:] == ["Order HP-10442 is on its way."]


async def test_not_now_leaves_the_question_open(stage: Stage) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        ack = await visitor.say("where is it")
        await visitor.until("turn", id="bot:m1:1")
        assert (await visitor.ask("not now")).startswith("All right. You can still")
        assert await stage.responses(ack["conversation"]) == ()
        assert await visitor.ask("thanks") == "bot: thanks"
        assert "how far do you agree" in await visitor.ask("4")
        given = await stage.responses(ack["conversation"])
    assert [(g.kind, g.score) for g in given] == [(SurveyKind.CSAT, 4)]


@pytest.mark.parametrize(
    ("score", "words"),
    [
        ("3", "Thank you. What was the main reason for your score?"),
        ("2", "I am sorry to hear that. What was the main reason?"),
    ],
)
async def test_only_a_bad_score_is_met_with_regret(stage: Stage, score: str, words: str) -> None:
    stage.bot.answers["where is it"] = ORDER_ANSWER
    async with stage.visitor() as visitor:
        ack = await visitor.say("where is it")
        await visitor.until("turn", id="bot:m1:1")
        assert await visitor.ask(score) == words
        await stage.settle()
        matter = "changed my mind, can you un-cancel it"
        await visitor.say(matter)
        await visitor.until("turn", text=f"bot: {matter}")
        given = await stage.responses(ack["conversation"])
    assert [g.kind for g in given] == [SurveyKind.CSAT], "a matter is no reason"
