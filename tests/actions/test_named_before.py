"""An order that was named beside something else is not asked for again."""

from typing import Any

import pytest

from tests.actions.build import bot, customer
from tests.actions.talk import Talk

ASKS_NUMBER = "What is your order number"
LOSS = "my husband died, it is about order 10538"


def before(*texts: str) -> list[dict[str, Any]]:
    """Messages that began no task."""
    return [event for text in texts for event in (customer(text, "out_of_scope"), bot())]


@pytest.mark.parametrize(
    ("texts", "said", "asked"),
    [
        ([LOSS], "about order HP-10538, which you named", "postcode"),
        ([f"{LOSS}, postcode EH3 9QQ"], "I will cancel order HP-10538", "confirm"),
        ([LOSS, "no, I can do it here"], "about order HP-10538, which you named", "postcode"),
        # the latest counts
        ([LOSS, "sorry, 10530 I mean"], "about order HP-10530, which you named", "postcode"),
        # none was named, or a price, or a code
        (["my husband died"], ASKS_NUMBER, "order"),
        (["I paid 249.00 for it"], ASKS_NUMBER, "order"),
        (["/help"], ASKS_NUMBER, "order"),
    ],
)
async def test_the_order_named_before(talk: Talk, texts: list[str], said: str, asked: str) -> None:
    talk.before = before(*texts)
    assert said in await talk.say("I want to cancel it", "cancel_order")
    assert talk.asked == asked


@pytest.mark.parametrize(
    ("wish", "intent", "said"),
    [
        ("cancel order 10442", "cancel_order", "postcode of the delivery address"),
        ("cancel the order, I don't have the order number", "cancel_order", "Which e-mail"),
        ("where is return R-30001", "return_status", "postcode"),
        ("I want to complain", "complain", "What went wrong?"),
    ],
)
async def test_what_the_wish_says_itself_counts(
    talk: Talk, wish: str, intent: str, said: str
) -> None:
    talk.before = before(LOSS)
    answer = await talk.say(wish, intent)
    assert said in answer
    assert "which you named" not in answer
    assert talk.slots["collected"].get("order") != "HP-10538"


ON_ITS_WAY = "Order HP-10538 is on its way and should be with you on Friday."


@pytest.mark.parametrize(
    ("replied_to", "said", "asked"),
    [
        (ON_ITS_WAY, "about order HP-10538, as in the message", "postcode"),
        ("order 10538 please", "about order HP-10538, as in the message", "postcode"),
        # several are named, or none
        ("You have two: HP-10538 and HP-10442.", ASKS_NUMBER, "order"),
        ("Ticket T-20017 is open.", ASKS_NUMBER, "order"),
        ("", ASKS_NUMBER, "order"),
    ],
)
async def test_the_order_of_the_message_they_reply_to(
    talk: Talk, replied_to: str, said: str, asked: str
) -> None:
    answer = await talk.say("I want to cancel this", "cancel_order", replied_to=replied_to)
    assert said in answer
    assert talk.asked == asked


@pytest.mark.parametrize(
    "wish", ["cancel order 10442", "cancel the other order", "cancel it, I have no order number"]
)
async def test_a_reply_about_another_order_is_not_about_the_quoted(talk: Talk, wish: str) -> None:
    await talk.say(wish, "cancel_order", replied_to=ON_ITS_WAY)
    assert talk.slots["collected"].get("order") != "HP-10538"
