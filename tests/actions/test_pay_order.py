"""Paying what is open for an order: on the telephone by keypad, in a chat by the shop's link."""

from dataclasses import replace
from typing import Any

import pytest

from actions.backend import Backend
from actions.form import TaskForm
from actions.task import Desk
from core.errors import Unavailable
from core.shop import AmountDue
from tests.actions.talk import Talk

OPEN = "10517 LS6 2AB"
TAKEN = '/pay_order{"order": "HP-10517", "amount": 129900, "reference": "PAY-7"}'


class Here:
    """A telephone's keypad."""

    async def is_here(self) -> bool:
        return True


def on_the_phone(talk: Talk, **changes: Any) -> Talk:
    """The same talk on a call, perhaps with another back end."""
    open_desk = talk.form.open_desk

    def opened(conversation: str, turn: str) -> Desk:
        return replace(open_desk(conversation, turn), keypad=Here(), **changes)

    talk.form = TaskForm(talk.form.tasks, opened)
    return talk


def payloads(talk: Talk) -> list[str]:
    return [one["payload"] for message in talk.messages for one in message["buttons"]]


def outcomes(talk: Talk) -> list[str]:
    told = [message["custom"] for message in talk.messages if message["custom"]]
    return [one["outcome"] for one in told if one.get("parley") == "survey"]


async def test_on_the_phone_a_yes_leads_to_the_keypad(talk: Talk) -> None:
    said = await on_the_phone(talk).say(f"I want to pay {OPEN}", "pay_order")
    assert said.startswith("£1,299.00 is open to be paid for order HP-10517.")
    assert talk.asked == "confirm"
    await talk.say("yes", "affirm")
    assert payloads(talk) == ["payment:HP-10517:129900"]
    assert outcomes(talk) == ["pending"]  # nobody is asked yet how it was
    assert talk.asked is None


async def test_a_no_leaves_it_open(talk: Talk) -> None:
    await on_the_phone(talk).say(f"I want to pay {OPEN}", "pay_order")
    assert "left everything as it is" in await talk.say("no", "deny")
    assert payloads(talk) == []


async def test_what_was_taken_is_noted_once(talk: Talk) -> None:
    await on_the_phone(talk).say(f"I want to pay {OPEN}", "pay_order")
    await talk.say("yes", "affirm")
    said = await talk.say(TAKEN, "pay_order")
    assert said.startswith(
        "Thank you. £1,299.00 was taken from your card; the reference is PAY-7. "
        "Order HP-10517 is paid."
    )
    assert outcomes(talk) == ["resolved"]
    assert "Order HP-10517 is paid." in await talk.say(TAKEN, "pay_order")
    assert "Nothing is open" in await talk.say(f"pay {OPEN}", "pay_order")


async def test_what_was_taken_and_does_not_fit_is_for_a_person(talk: Talk) -> None:
    await on_the_phone(talk).say("where is 10442 BN1 4GH", "order_status")
    said = await talk.say(TAKEN.replace("10517", "10442"), "pay_order")
    assert "Our books do not fit that" in said
    assert "/ask_person" in payloads(talk)


class Away:
    """A back end that knows what is open, and is away when a payment is to be noted."""

    def __init__(self, backend: Backend) -> None:
        self.backend = backend

    def __getattr__(self, name: str) -> Any:
        return getattr(self.backend, name)

    async def record_payment(self, *_: Any, **__: Any) -> AmountDue:
        raise Unavailable("away", retryable=True)


async def test_a_system_that_is_away_does_not_say_that_nothing_was_done(talk: Talk) -> None:
    desk = talk.form.open_desk(talk.conversation, "t")
    await on_the_phone(talk, backend=Away(desk.backend)).say(f"pay {OPEN}", "pay_order")
    await talk.say("yes", "affirm")
    said = await talk.say(TAKEN, "pay_order")
    assert "£1,299.00 was taken from your card; the reference is PAY-7." in said
    assert "could not note it" in said
    assert outcomes(talk) == ["failed"]


async def test_a_button_of_another_task_pays_nothing(talk: Talk) -> None:
    said = await talk.say(TAKEN.replace("/pay_order", "/order_status"), "order_status")
    assert "What is your order number" in said


async def test_a_chat_takes_no_card(talk: Talk) -> None:
    said = await talk.say(f"I want to pay {OPEN}", "pay_order")
    assert "please do not write your card number" in said
    assert outcomes(talk) == ["refused"]
    assert payloads(talk)[:1] == ["/ask_person"]


class Linked(Away):
    """A shop with a page to pay at."""

    async def amount_due(self, order: str) -> AmountDue:
        return AmountDue(order, 5000, "https://shop.example/pay/abc")


async def test_a_chat_gets_the_link_that_the_shop_gives(talk: Talk) -> None:
    desk, open_desk = talk.form.open_desk(talk.conversation, "t"), talk.form.open_desk

    def opened(conversation: str, turn: str) -> Desk:
        return replace(open_desk(conversation, turn), backend=Linked(desk.backend))

    talk.form = TaskForm(talk.form.tasks, opened)
    said = await talk.say(f"I want to pay {OPEN}", "pay_order")
    assert "£50.00 is open" in said
    assert "https://shop.example/pay/abc" in said


@pytest.mark.parametrize("is_call", [False, True])
async def test_where_nothing_is_open_nothing_is_asked(talk: Talk, is_call: bool) -> None:
    said = await (on_the_phone(talk) if is_call else talk).say("pay 10442 BN1 4GH", "pay_order")
    assert "Nothing is open to be paid for order HP-10442." in said


async def test_whose_order_it_is_must_be_shown_first(talk: Talk) -> None:
    said = await on_the_phone(talk).say("I want to pay 10517", "pay_order")
    assert "postcode" in said
    assert "1,299" not in said
