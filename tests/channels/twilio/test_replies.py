"""A reply to one message on WhatsApp: choices of that message, and words that point at it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from core.conversation import Turn
from core.people import Address, AddressKind
from store import replied
from tests.channels.stage import MENU, ORDER_ANSWER
from tests.channels.twilio.post import CUSTOMER, Post, later, message, posting, sms

BRANCHES = [
    {
        "text": "Which branch is nearer to you?",
        "buttons": [
            {"title": "Leeds", "payload": "/leeds"},
            {"title": "York", "payload": "/york"},
        ],
        "custom": None,
    }
]


def sid_of(post: Post, text: str) -> str:
    """Twilio's id of the message that was sent with this text."""
    return next(sid for sid, sent in post.twilio.messages.items() if text in sent.get("Body", ""))


async def ask_how_it_went(post: Post) -> str:
    """Twilio's id of the survey's question, asked after an answer."""
    post.stage.bot.answers |= {"where": ORDER_ANSWER, "menu": MENU}
    await post.say("where")
    return next(sid for sid, sent in post.twilio.messages.items() if "ContentSid" in sent)


async def last_turn(post: Post) -> Turn:
    """The customer's last turn."""
    turns = (await post.conversation()).turns
    return [turn for turn in turns if turn.role == "customer"][-1]


@pytest.fixture
async def asks_late(tmp_path: Path) -> AsyncIterator[Post]:
    rules = tmp_path / "surveys.yml"
    rules.write_text("ask:\n  - after: task\n    questions: [csat]\n    share: {whatsapp: 1}\n")
    async with posting(tmp_path, surveys=str(rules)) as post:
        yield post


async def test_a_reply_points_at_our_message(post: Post) -> None:
    await post.say("hello 10442, not 10538")
    await post.say("something else")
    await post.say("what did you mean?", OriginalRepliedMessageSid=sid_of(post, "bot: hello"))
    chat = await post.conversation()
    told = next(turn for turn in chat.turns if turn.text.startswith("bot: hello"))
    assert (await last_turn(post)).replies_to == told.id
    assert post.stage.bot.asked[-1]["replies_to"] == "HP-10442 HP-10538"
    assert "replies_to" not in post.stage.bot.asked[-2]


async def test_a_reply_points_at_the_customers_own_message(post: Post) -> None:
    await post.say("order HP-10442 came broken")
    await post.say("thanks")
    await post.say("any news on this?", OriginalRepliedMessageSid="SM-in-1")
    assert (await last_turn(post)).replies_to == "SM-in-1"
    assert post.stage.bot.asked[-1]["replies_to"] == "HP-10442"


async def test_a_reply_to_a_message_of_a_closed_conversation_is_understood(post: Post) -> None:
    await post.say("hello")
    first = await post.find()
    await post.command("take")
    await post.command("say", turn="a1", text="Order HP-10442 comes on Friday.")
    await post.command("close")
    later(post, timedelta(days=3))
    await post.say("still?", OriginalRepliedMessageSid=sid_of(post, "HP-10442"))
    second = await post.find()
    assert second != first
    assert (await last_turn(post)).replies_to == "a1"
    assert post.stage.bot.asked[-1]["replies_to"] == "HP-10442", "no word of a colleague"
    async with post.stage.room.database.reading() as session:
        (quoted,) = (await replied.of_conversation(session, second)).values()
    assert quoted.text == "Order HP-10442 comes on Friday."
    assert quoted.author == "Ann"


@pytest.mark.parametrize("sid", ["SM-of-nobody", "../x", "x" * 4000])
async def test_a_reply_to_what_we_do_not_know_is_a_plain_message(post: Post, sid: str) -> None:
    assert await post.say("that one", OriginalRepliedMessageSid=sid) == ["bot: that one"]
    assert (await last_turn(post)).replies_to is None


async def test_nobody_points_at_the_words_of_another(post: Post) -> None:
    await post.say("hello")
    stranger = Address(AddressKind.PHONE, "+447700900999")
    async with post.stage.room.database.reading() as session:
        for sid in (sid_of(post, "bot: hello"), "SM-in-1"):
            assert await replied.find_message(session, stranger, sid) is None
            mine = Address(AddressKind.PHONE, CUSTOMER)
            assert await replied.find_message(session, mine, sid) is not None
    fields = message("this", sid="SM-x", OriginalRepliedMessageSid="SM-in-1")
    await post.deliver({**fields, "From": "whatsapp:+447700900999"})
    assert "replies_to" not in post.stage.bot.asked[-1]


@pytest.mark.parametrize(
    ("typed", "meant"), [("Leeds", "/leeds"), ("york.", "/york"), ("neither", None)]
)
async def test_a_reply_takes_a_choice_of_the_message_it_is_to(
    post: Post, typed: str, meant: str | None
) -> None:
    post.stage.bot.answers |= {"where": BRANCHES, "menu": MENU}
    await post.say("where")
    sid = next(iter(post.twilio.messages))
    await post.say("menu")
    await post.say(typed, OriginalRepliedMessageSid=sid)
    asked = post.stage.bot.asked[-1]
    assert asked.get("button") == meant
    assert asked.get("text") == (None if meant else typed)


async def test_a_number_in_a_reply_is_that_of_its_own_message(post: Post) -> None:
    post.stage.bot.answers |= {"where": BRANCHES, "menu": MENU}
    await post.deliver(sms("where", sid="SM-1"))
    sid = next(iter(post.twilio.messages))
    await post.deliver(sms("menu", sid="SM-2"))
    await post.deliver(sms("1", sid="SM-3", OriginalRepliedMessageSid=sid))
    assert post.stage.bot.asked[-1]["button"] == "/leeds"
    await post.deliver(sms("1", sid="SM-4", OriginalRepliedMessageSid="SM-1"))
    assert post.stage.bot.asked[-1]["text"] == "1", "their own message offers no choice"


@pytest.mark.parametrize(
    ("said", "scores", "told"),
    [("5", [5], "Thank you"), ("it was awful", [], "Shall I put that down as 1")],
)
async def test_a_reply_to_a_survey_of_before_answers_it(
    asks_late: Post, said: str, scores: list[int], told: str
) -> None:
    post = asks_late
    asked = await ask_how_it_went(post)
    first = await post.find()
    await post.command("take")
    await post.command("close")
    later(post, timedelta(hours=30))
    await post.say("menu")  # which asks something itself, so bare words are meant for it
    assert await post.find() != first
    await post.say(said, OriginalRepliedMessageSid=asked)
    assert [answer.score for answer in await post.stage.responses(first)] == scores
    assert told in (await post.stage.conversation(first)).turns[-1].text


@pytest.mark.parametrize(
    ("said", "scores", "told"), [("5", [5], "Thank you"), ("it was awful", [], "1 – very poor")]
)
async def test_a_reply_to_a_question_above_another_answers_it(
    asks_late: Post, said: str, scores: list[int], told: str
) -> None:
    post = asks_late
    asked = await ask_how_it_went(post)
    await post.say("menu")
    await post.say(said, OriginalRepliedMessageSid=asked)
    assert [one.score for one in await post.stage.responses(await post.find())] == scores
    assert told in (await post.conversation()).turns[-1].text
