"""Customers without the number of their order: a code to their e-mail address, or a person."""

from collections.abc import Callable

import pytest

from actions.desk import DeskMaker
from actions.fields import lacks_order_number, read_lost
from core.settings import Settings
from tests.actions.conftest import NOW
from tests.actions.talk import Talk

NUMBER, WHICH_EMAIL = "What is your order number?", "Which e-mail address did you order with?"
SENT = "If we know that address, I have sent a code"


@pytest.fixture
def last_code(settings: Settings, desks: DeskMaker) -> Callable[[], str]:
    def read() -> str:
        letters = sorted(
            (settings.var / "mail").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns
        )
        return letters[-1].read_text().split(" is ")[1][:6]

    return read


@pytest.mark.parametrize(
    "text",
    [
        "I don't have the number", "i dont know my order number", "no idea", "I lost it",
        "I can't find the confirmation email", "don't have it to hand sorry", "what number",
        "sorry I have no idea", "I deleted the e-mail", "where do I find that", "don’t know it",
        "never got a number", "I don't know", "i havent got my order number",
        "I haven’t got it", "i haven't got an order number", "i don't have the email",
        "i dont have email confirmation",
    ],
)  # fmt: skip
def test_no_number_is_read(text: str) -> None:
    assert read_lost(text, NOW) == "email"


@pytest.mark.parametrize(
    "text",
    [
        "i dont do email", "I don't have an e-mail address", "i have no email", "no email sorry",
        "we don't use emails", "I haven't got any email",
    ],
)  # fmt: skip
def test_no_email_either_is_read(text: str) -> None:
    assert read_lost(text, NOW) == "no_email"


async def test_who_has_no_email_either_is_offered_a_person(talk: Talk) -> None:
    assert NUMBER in await talk.say("where is my order", "order_status")
    assert WHICH_EMAIL in await talk.say("i havent got my order number", "order_status")
    assert await talk.say("i dont do email", "change_contact") == (
        "utter_offer_person_lookup | survey order_status refused"
    )
    assert talk.asked is None


async def test_who_begins_without_a_number_is_asked_for_an_email_at_once(talk: Talk) -> None:
    said = await talk.say("where is my order, i haven't got my order number", "order_status")
    assert WHICH_EMAIL in said


@pytest.mark.parametrize(
    "text",
    ["HP-10442", "I don't have the postcode, the number is 10442", "hello", "Tuesday", "blah"],
)
def test_other_words_are_no_lack_of_a_number(text: str) -> None:
    assert read_lost(text, NOW) is None


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("where is my parcel, I don't have the order number", True),
        ("I want to cancel but I lost my reference number", True),
        ("I no longer have that phone number", False),
        ("my order never came", False),
    ],
)
def test_a_wish_may_say_so_itself(text: str, lacks: bool) -> None:
    assert lacks_order_number(text) is lacks


async def test_one_order_is_found_by_the_address(
    talk: Talk, desks: DeskMaker, last_code: Callable[[], str]
) -> None:
    assert NUMBER in await talk.say("where is my parcel", "order_status")
    assert WHICH_EMAIL in await talk.press("I do not have it")
    assert "/ask_person" in talk.buttons.values()
    assert SENT in await talk.say("m.sample@example.com")
    await desks.tasks.finish()
    assert "wool rug" in await talk.say(last_code())
    assert "email" not in str(talk.slots)
    assert "m.sample" not in str(talk.slots)


async def test_of_several_orders_it_is_asked_which(
    talk: Talk, desks: DeskMaker, last_code: Callable[[], str]
) -> None:
    await talk.say("cancel my order, I don't have the order number", "cancel_order")
    await talk.say("it is R.Sample@example.com")
    await desks.tasks.finish()
    assert "Which order is it about?" in await talk.say(last_code())
    assert len(talk.buttons) == 2
    assert "I will cancel order HP-10530" in await talk.say("the curtains")


async def test_an_address_instead_of_the_number(
    talk: Talk, desks: DeskMaker, last_code: Callable[[], str]
) -> None:
    await talk.say("where is my parcel", "order_status")
    assert SENT in await talk.say("my email is m.sample@example.com")
    assert "I can send 1 more" in await talk.say("nothing came, send it again")
    await desks.tasks.finish()
    assert "wool rug" in await talk.say(last_code())


async def test_an_address_of_nobody_sounds_the_same(
    talk: Talk, desks: DeskMaker, settings: Settings
) -> None:
    await talk.say("where is my parcel", "order_status")
    await talk.say("no idea")
    assert SENT in await talk.say("nobody@example.com")
    await desks.tasks.finish()
    assert list((settings.var / "mail").glob("*.eml")) == []
    for _ in range(2):
        assert "That is not the code" in await talk.say("123456")
    assert "utter_offer_person_lookup" in await talk.say("654321")
    assert talk.asked is None


async def test_lost_twice_is_no_other_wish(talk: Talk) -> None:
    await talk.say("where is my parcel", "order_status")
    await talk.say("no idea")
    assert WHICH_EMAIL in await talk.say("I lost the confirmation e-mail", "change_contact")
    assert talk.slots["task"] == "order_status"


async def test_a_number_after_all(talk: Talk) -> None:
    await talk.say("where is my parcel", "order_status")
    await talk.say("I don't have the number")
    assert "postcode" in await talk.say("oh wait, it is 10538")
    assert "wool rug" in await talk.say("EH3 9QQ")


async def test_another_address_gets_a_code_of_its_own(
    talk: Talk, desks: DeskMaker, last_code: Callable[[], str]
) -> None:
    await talk.say("where is my parcel", "order_status")
    await talk.say("my email is typo@example.com")
    assert SENT in await talk.say("sorry, I meant m.sample@example.com")
    await desks.tasks.finish()
    assert "wool rug" in await talk.say(last_code())


async def test_a_new_address_is_no_address_on_file(talk: Talk) -> None:
    await talk.say("change my email to new@example.com", "change_contact")
    assert NUMBER in await talk.say("the new one is new@example.com")


async def test_without_any_address_a_person_is_offered(talk: Talk) -> None:
    await talk.say("where is my parcel", "order_status")
    await talk.say("no idea")
    assert "I did not see an e-mail address" in await talk.say("blah", "nlu_fallback")
    assert "Talk to a person" in talk.buttons
    said = await talk.say("I don't have an email address")
    assert "utter_offer_person_lookup" in said
