"""A caller talks with the bot: notice, prompts, keys and words, read back, ladders, patience."""

import asyncio
import shutil
from pathlib import Path

import pytest

from channels.phone import switchboard
from core.conversation import CallDirection, Channel
from core.handoff import Holder
from tests.channels.phone.line import CALL, House, answering, verbs, words
from tests.channels.stage import MENU, Json, StandInBot

ASK_ORDER: list[Json] = [
    {
        "text": "What is your order number? It starts with HP and has five digits, such as "
        "HP-10442.",
        "buttons": [{"title": "I do not have it", "payload": "/lost"}],
        "custom": None,
    },
    {"text": None, "buttons": [], "custom": {"parley": "asks"}},
]


async def test_a_call_begins_with_the_notice_that_nothing_interrupts(house: House) -> None:
    phone = house.phone()
    await phone.ring()
    say, gather = verbs(phone.last)
    assert (say.tag, say.text) == ("Say", "This call is recorded, and kept for 90 days.")
    assert gather.get("input") == "dtmf speech"
    assert "a computer and not a person. How can I help?" in words(phone.last)
    assert "where is my order" in (gather.get("hints") or "").lower()
    made = await house.stage.conversation((await house.call()).conversation)
    assert (made.channel, made.direction) == (Channel.VOICE, CallDirection.INBOUND)
    assert [turn.role.value for turn in made.turns] == ["bot", "bot"]


async def test_words_go_to_the_bot_and_its_answer_is_spoken(house: House) -> None:
    phone = house.phone()
    await phone.ring()
    assert await phone.say("when are you open") == "bot: when are you open"
    assert (await house.lines())[2:] == [
        ("customer", "when are you open"),
        ("bot", "bot: when are you open"),
    ]


async def test_a_key_presses_the_button_of_the_menu(house: House) -> None:
    phone = house.phone()
    await phone.ring()
    await phone.key("1")
    assert house.stage.bot.asked[0]["button"] == "/order_status"
    assert (await house.lines())[2] == ("customer", "Where is my order?")


async def test_a_number_that_was_heard_is_read_back_and_one_that_was_keyed_is_not(
    house: House,
) -> None:
    house.stage.bot.answers["where is my order now"] = ASK_ORDER
    phone = house.phone()
    await phone.ring()
    asked = await phone.say("where is my order now")
    assert asked.startswith("What is your order number? Say or key in its five digits.")
    assert verbs(phone.last)[0].get("numDigits") == "5"
    heard = await phone.say("one oh four four three")
    assert heard.startswith("I heard H P, 1 0 4 4 3. Is that right?")
    assert verbs(phone.last)[0].get("numDigits") == "1"
    assert "digit by digit" in await phone.key("2")
    assert "1 0 4 4 2" in await phone.say("one oh four four two")
    await phone.say("yes")
    assert house.stage.bot.asked[-1]["text"] == "HP-10442"
    house.stage.bot.answers["another order"] = ASK_ORDER
    await phone.say("another order")
    await phone.key("10442")
    assert house.stage.bot.asked[-1]["text"] == "10442"
    said = [text for role, text in await house.lines() if role == "customer"]
    assert said == ["where is my order now", "HP-10442", "another order", "10442"]


async def test_repeat_and_slower_never_reach_the_bot(house: House) -> None:
    phone = house.phone()
    await phone.ring()
    first = await phone.say("hello there")
    assert await phone.key("*") == first
    assert await phone.say("sorry, can you repeat that") == first
    assert await phone.say("slower please") == f"Of course, I speak more slowly. {first}"
    (prosody,) = list(verbs(phone.last)[0][0])
    assert prosody.get("rate") == "75%"
    assert len(house.stage.bot.asked) == 1
    assert len(await house.lines()) == 4


async def test_silence_leads_down_the_ladder_to_a_person(house: House) -> None:
    phone = house.phone()
    await phone.ring()
    assert (await phone.keep_silent()).startswith("Sorry, I did not hear anything. Hello")
    assert "You can say: where is my order" in await phone.keep_silent()
    assert "press 1" in await phone.keep_silent()
    assert "putting you through" in await phone.keep_silent()
    assert verbs(phone.last)[-1].tag == "Dial"
    assert house.stage.bot.asked == []


async def test_who_has_nothing_more_to_say_is_let_go_and_not_put_through(house: House) -> None:
    house.stage.bot.answers["thanks"] = [{"text": "You are welcome.", "buttons": []}]
    phone = house.phone()
    await phone.ring()
    assert (await phone.say("thanks")).endswith("Is there anything else I can do for you?")
    assert "Is there anything else" in await phone.keep_silent()
    assert await phone.keep_silent() == "Thank you for calling. Goodbye."
    assert verbs(phone.last)[-1].tag == "Hangup"
    assert (await house.stage.handoff((await house.call()).conversation)).holder is Holder.BOT


async def test_noise_after_a_farewell_still_leads_to_a_person(house: House) -> None:
    house.stage.bot.answers["thanks"] = [{"text": "You are welcome.", "buttons": []}]
    phone = house.phone()
    await phone.ring()
    await phone.say("thanks")
    for _ in range(3):
        assert "did not catch that" in await phone.say("hrm brm", "0.1")
    assert "putting you through" in await phone.say("hrm brm", "0.1")


async def test_noise_is_asked_once_more_and_an_answer_begins_anew(house: House) -> None:
    phone = house.phone()
    await phone.ring()
    assert "did not catch that" in await phone.say("hrm brm", "0.1")
    await phone.say("hello")
    assert (await house.call()).misheard == 0
    assert [asked["text"] for asked in house.stage.bot.asked] == ["hello"]


async def test_a_bot_that_does_not_understand_hands_over_at_the_end_of_the_ladder(
    house: House,
) -> None:
    lost: list[Json] = [{"text": "I did not understand that. Could you say it in other words?",
             "buttons": [], "custom": None}]  # fmt: skip
    phone = house.phone()
    await phone.ring()
    for number in range(3):
        house.stage.bot.answers[f"blah {number}"] = lost
        assert "did not understand" in await phone.say(f"blah {number}")
    house.stage.bot.answers["blah 3"] = lost
    assert "putting you through" in await phone.say("blah 3")
    handoff = await house.stage.handoff((await house.call()).conversation)
    assert (handoff.holder, handoff.reason) == (Holder.WAITING, "not_understood")


async def test_a_slow_bot_is_bridged_and_the_call_is_never_dropped(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switchboard, "PATIENCE_SECONDS", 0.1)
    bot = house.stage.bot
    bot.gate = asyncio.Event()
    phone = house.phone()
    await phone.ring()
    (gather,) = [v for v in verbs(phone.last) if v.tag == "Gather"]
    path = (gather.get("action") or "").removeprefix("https://chat.example.org")
    assert await phone.post(path, {"SpeechResult": "hello"}) == "One moment, please."
    assert verbs(phone.last)[-1].tag == "Redirect"
    for _ in range(2):
        path = (verbs(phone.last)[-1].text or "").removeprefix("https://chat.example.org")
        await phone.post(path, {})
        assert [v.tag for v in verbs(phone.last)] == ["Pause", "Redirect"]
    monkeypatch.setattr(switchboard, "PATIENCE_SECONDS", 20.0)
    bot.gate.set()
    assert await phone.follow() == "bot: hello"
    assert len(bot.asked) == 1


async def test_two_calls_of_one_number_are_two_conversations(house: House) -> None:
    other = "CA" + "b" * 32
    one, two = house.phone(), house.phone(other)
    await one.ring()
    await two.ring()
    await one.say("for one")
    await two.say("for two")
    assert (await house.lines())[-1] == ("bot", "bot: for one")
    assert (await house.lines(other))[-1] == ("bot", "bot: for two")
    first, second = await house.call(), await house.call(other)
    made = await house.stage.conversation(second.conversation)
    assert made.previous == first.conversation


@pytest.mark.parametrize(
    ("words", "is_careful"),
    [
        ("the lamp of order one oh four four two smells of burning", True),
        ("the lamp of order one oh four four two is crooked", False),
    ],
)
async def test_danger_is_answered_before_a_number_is_read_back(
    house: House, words: str, is_careful: bool
) -> None:
    phone = house.phone()
    await phone.ring()
    said = await phone.say(words)
    assert ("please call 999 first" in said) is is_careful
    assert ("I heard H P, 1 0 4 4 2" in said) is not is_careful
    if is_careful:
        await phone.say("no")
        await phone.say("report it as damaged")
        assert house.stage.bot.asked[-1]["slots"] == {"named_order": "HP-10442"}


async def test_a_withheld_number_is_nobodys_and_not_rung_back(house: House) -> None:
    phone = house.phone(number="+266696687")
    await phone.ring()
    situation = await house.stage.room.look((await house.call()).conversation)
    assert situation.phone is None


async def test_card_numbers_that_are_keyed_are_neither_kept_nor_passed_on(house: House) -> None:
    phone = house.phone()
    await phone.ring()
    said = await phone.key("4111111111111111")
    assert "I have not kept the card number" in said
    assert house.stage.bot.asked == []
    assert "4111" not in str(await house.lines())


async def test_outside_opening_hours_the_caller_is_told_so_and_offered_what_there_is(
    tmp_path: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, tmp_path / "parley.db")
    bot = StandInBot(answers={"hello": MENU})
    async with answering(tmp_path, bot, people_hours="mon 00:00-00:01") as house:
        phone = house.phone()
        greeting = await phone.ring()
        assert "None of our people is in now; they are back on Monday at 12 am." in greeting
        said = await phone.say("operator")
        assert "somebody call you back, take a ticket for them, or go on with you" in said
        assert [v.tag for v in verbs(phone.last)] == ["Gather"]
        house.stage.bot.answers["/complain"] = [
            {"text": "What went wrong?", "buttons": [], "custom": None},
            {"text": None, "buttons": [], "custom": {"parley": "asks"}},
        ]
        assert await phone.say("leave a ticket") == "What went wrong?"
        await house.stage.settle()
        conversation = (await house.call(CALL)).conversation
        assert (await house.stage.handoff(conversation)).holder is Holder.BOT
        assert bot.forgotten == []
        assert await phone.say("the table is scratched") == "bot: the table is scratched"
