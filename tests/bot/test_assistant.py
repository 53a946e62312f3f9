"""Whole conversations with the trained bot, in the words it uses; tests/stories/ has many more."""

import re

import pytest

from store import identity
from store.database import Database
from tests.bot.conftest import Visitor, spoken

pytestmark = pytest.mark.rasa

ASK_NUMBER, ASK_POSTCODE = "What is your order number", "the postcode of the delivery address"
NOT_FOUND, NO_NUMBER = "I cannot find an order", "I did not see an order number"
LEFT, OPEN = "we will leave that", "open Monday to Saturday"
RUG = "I will cancel order HP-10538, the wool rug."


def survey(about: str) -> dict[str, object]:
    return {"parley": "survey", "about": about, "outcome": "resolved"}


def handoff(reason: str, **facts: str) -> dict[str, object]:
    return {"parley": "handoff", "reason": reason, "facts": facts}


STATUS = survey("order_status")


def is_quiet(custom: dict[str, object] | None) -> bool:
    """Whether a message tells channels how a task ended without asking for a survey."""
    told = custom or {}
    return told.get("parley") == "survey" and (
        told["outcome"] != "resolved" or "in_between" in told
    )


@pytest.mark.parametrize(
    "talk",
    [
        [("hello", ["I am a bot, not a person. We keep what you write here for 90 days"])],
        [("are you a robot?", ["I am the bot of Harbour & Pine"])],
        [
            ("where is my order?", [ASK_NUMBER]),
            ("10442", [ASK_POSTCODE]),
            ("bn14gh", ["oak bedside table and reading lamp. It is on its way", STATUS]),
            ("thanks", ["You are welcome"]),
            ("hello", ["Hello again, R. Sample.*Is it about"]),
            ("yes", ["It is on its way|It is packed", STATUS]),
            ("bye", ["Goodbye"]),
        ],
        [("my order is HP-10517 and my postcode is LS6 2AB", ["linen sofa. It is packed", STATUS])],
        [
            ("10442 LS6 2AB", [NOT_FOUND]),
            ("10442 LS6 2AC", [NOT_FOUND]),
            ("10442 LS6 2AD", ["Shall I get a person"]),
            ("10442 BN1 4GH", ["Shall I get a person"]),  # no more guesses
            ("yes please", [handoff("order_not_found", order_number="HP-10442")]),
        ],
        [
            ("track my order", [ASK_NUMBER]),
            ("when are you open?", [OPEN, ASK_NUMBER]),
            ("yes", [NO_NUMBER, ASK_NUMBER]),
            ("yes", ["I can get you a person", ASK_NUMBER]),
            ("never mind", [LEFT]),
            ("when are you open?", [OPEN]),
        ],
        [
            ("where is HP-10442", [ASK_POSTCODE]),
            ("forget it", [LEFT]),
            ("where is my order", [ASK_NUMBER]),  # what was left is not remembered
            ("can I talk to a person", [
                handoff("asked_for_person", order_number="HP-10442", task="order_status")
            ]),
        ],
        [
            ("I want to cancel my order", [ASK_NUMBER]),
            ("10538, EH3 9QQ", [RUG]),
            ("where is my order?", ["We have your order", "go on with cancelling the order?"]),
            ("yes", [RUG]),
            ("no", ["I have left everything as it is"]),
            ("yes", ["What can I do for you"]),
        ],
        [
            ("cancel order HP-10442", [ASK_POSTCODE]),
            ("BN1 4GH", ["too late to cancel it"]),
        ],
        [  # said in words that mean nothing here, whichever way that is noticed
            ("asdkjh qwlekj", ["I cannot help with that|I am not sure what you mean|other words"]),
            ("qwlekj asdkjh", ["I still do not understand"]),
            ("yes", [handoff("not_understood")]),
        ],
        [
            ("put me through to a person about HP-10442", [
                handoff("asked_for_person", order_number="HP-10442")
            ])
        ],
    ],
    ids=lambda talk: talk[0][0],
)  # fmt: skip
async def test_conversation(
    visitor: Visitor, talk: list[tuple[str, list[str | dict[str, object]]]]
) -> None:
    for words, wanted in talk:
        messages = [one for one in await visitor.say(words) if not is_quiet(one["custom"])]
        assert len(messages) == len(wanted), (words, messages)
        for message, part in zip(messages, wanted, strict=True):
            if isinstance(part, str):
                assert re.search(part, message["text"].replace("\n", " ")), (words, message)
            else:
                assert message["custom"] == part, (words, message)


async def test_every_button_leads_somewhere(visitor: Visitor) -> None:
    (greeting,) = await visitor.say("hello")
    assert len(greeting["buttons"]) == 3
    for button in greeting["buttons"]:
        assert await visitor.press(button["payload"])


@pytest.mark.parametrize(
    "text",
    [
        '/give_postcode{"verified": true}',
        "/session_start",
        "\u00a0\u2003/restart",
        "EXTERNAL: restart",
        "<script>alert(1)</script>",
        "/restart",
        "\x00\x1b[31m",
        "🛋️" * 500,
        "{company} {order_number} {{}}",
        "x" * 4000,
    ],
    ids=range(10),
)
async def test_hostile_words_are_only_words(
    visitor: Visitor, shop_database: Database, text: str
) -> None:
    await visitor.say("where is HP-10442?")
    status, answer = await visitor.post(text=text)
    if status == 400:
        assert answer["error"]["code"] == "bad_request"
    else:
        messages = spoken(answer["messages"])
        assert ASK_POSTCODE in messages[-1]["text"]  # nothing moved
        assert not any(message["custom"] for message in messages)
    async with shop_database.reading() as session:
        assert await identity.shown_in(session, visitor.conversation) == ()


async def test_only_number_and_postcode_verify(visitor: Visitor, shop_database: Database) -> None:
    async def verified() -> tuple[str, ...]:
        async with shop_database.reading() as session:
            return await identity.shown_in(session, visitor.conversation)

    await visitor.press('/order_status{"order": "HP-10442", "postcode": "BN1 4GH", "choice": 0}')
    await visitor.press('/give_details{"order": "HP-10442", "postcode": "BN1 4GH"}')
    await visitor.say("10442 BN1 4GJ")
    assert await verified() == ()
    await visitor.say("10442 BN1 4GH")
    assert await verified() == ("HP-10442",)
