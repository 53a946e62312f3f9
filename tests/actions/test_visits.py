"""The tasks about fittings, tickets, contact details, shops and call-backs, to both ends."""

from datetime import datetime, timedelta

import pytest

from actions.desk import DeskMaker
from actions.embedded import EmbeddedShop
from actions.fields import FIELDS
from actions.form import TaskForm
from actions.letters import Letters
from actions.tasks import ALL
from core.errors import Unavailable
from core.hours import parse_hours
from core.settings import Settings
from core.shop import Refused
from mail.opening import open_mail
from store.database import Database
from tests.actions.conftest import NOW
from tests.actions.talk import Talk

NUMBER, POSTCODE = "What is your order number", "the postcode of the delivery address"
TIMES, WHEN = "A fitter can come at these times", "When suits you?"
WHAT, RULES = "What went wrong?", "left to the rules"
TAKEN = "That time has just been taken, I am sorry."
LEFT = "left everything as it is"

Line = tuple[str, str, str, str | None]  # words, intent, part of the answer, asked or how it ended

BOOK: Line = ("a fitting for order 10538, EH3 9QQ", "book_fitting", TIMES, "time")
MOVE: Line = ("move F-40001 BN1 4GH", "move_fitting", TIMES, "time")
CONTACT: Line = (
    "change my e-mail, 10442 BN1 4GH",
    "change_contact",
    "new e-mail address?",
    "email",
)
CALL: Line = ("ring me", "call_back", "Which number may we ring?", "phone")
RING: Line = ("ring me on 07700 900123", "call_back", WHEN, "when")
PLACES: Line = ("where are your shops", "find_store", "What is your postcode or town?", "area")
COMPLAIN: Line = ("I have a complaint", "complain", WHAT, "note")

TALKS: dict[str, list[Line]] = {
    "book: one by one": [
        ("book a fitting", "book_fitting", NUMBER, "order"),
        ("10538", "give_details", POSTCODE, "postcode"),
        ("EH3 9QQ", "give_details", TIMES, "time"),
        ("the second one", "give_details", "Thursday 12 June, 10 am. Shall I?", "confirm"),
        ("yes", "affirm", "booked: Thursday 12 June, 10 am to 12 noon. Your", "resolved"),
    ],
    "book: all in the first sentence": [
        ("a fitting for order 10538 EH3 9QQ next Thursday at 10", "book_fitting",
         "Thursday 12 June, 10 am. Shall I?", "confirm"),
        ("yes", "affirm", "is booked", "resolved"),
    ],
    "book: corrected at the confirmation": [
        BOOK,
        ("the second one", "give_details", "12 June, 10 am. Shall I?", "confirm"),
        ("no, the first", "give_details", "12 June, 8 am. Shall I?", "confirm"),  # not of July
        ("no, at two", "give_details", "12 June, 2 pm. Shall I?", "confirm"),  # on the same day
        ("no, the 17th", "give_details", "17 June", "confirm"),
        ("yes", "affirm", "is booked: Tuesday 17 June", "resolved"),
    ],
    "book: declined": [
        BOOK, ("1", "give_details", "Shall I?", "confirm"), ("no", "deny", LEFT, "declined"),
    ],
    "book: a day without a free time": [
        BOOK,
        ("Saturday 14 June", "give_details", "Nothing is free on Saturday 14 June.", "time"),
        ("in December", "give_details", "There is no free time then", "time"),
        ("Tuesday 17 June at 10", "give_details", "17 June, 10 am. Shall I?", "confirm"),
    ],
    "book: going back": [
        BOOK,
        ("1", "give_details", "Shall I?", "confirm"),
        ("go back", "go_back", TIMES, "time"),
        ("go back", "go_back", "Which order is it about?", "order"),
    ],
    "book: aside, and another task": [
        BOOK,
        ("when are you open", "opening_hours", RULES, "time"),
        ("~", "", TIMES, "time"),
        ("3", "give_details", "12 June, 12 noon. Shall I?", "confirm"),
        ("where is my order", "order_status", "Shall we go on with booking a fitting?", "resume"),
        ("yes", "affirm", "12 June, 12 noon. Shall I?", "confirm"),
        ("never mind", "never_mind", LEFT, "declined"),
    ],
    "book: there is one": [
        ("a fitting for order 10530 BN1 4GH", "book_fitting", "A fitter comes for order HP-10530 "
         "already: Friday 13 June, 11 am to 1 pm.", "refused"),
    ],
    "book: a cancelled order": [
        ("a fitting for order 10405 CF10 1EP", "book_fitting", "10405 was cancelled", "refused"),
    ],
    "move": [
        MOVE,
        ("Friday the 20th at 2", "give_details", "to Friday 20 June, 2 pm. Shall I?", "confirm"),
        ("no, at 4", "deny", "visit to Friday 20 June, 4 pm. Shall I?", "confirm"),
        ("yes", "affirm", "now comes on Friday 20 June, 4 pm to 6 pm.", "resolved"),
    ],
    "move: declined": [
        MOVE,
        ("the last one", "give_details", "Shall I?", "confirm"),
        ("no", "deny", LEFT, "declined"),
    ],
    "move: there is none": [
        ("move my fitting, order 10538 EH3 9QQ", "move_fitting", "There is no fitting booked for "
         "order HP-10538.", "refused"),
    ],
    "cancel": [
        ("cancel the fitter", "cancel_fitting", NUMBER, "order"),
        ("F-40001", "give_details", POSTCODE, "postcode"),
        ("BN1 4GH", "give_details", "on Friday 13 June, 11 am to 1 pm. Shall I?", "confirm"),
        ("hm", "nlu_fallback", "Is that a yes or a no?", "confirm"),
        ("yes", "affirm", "visit on Friday 13 June, 11 am to 1 pm is cancelled", "resolved"),
        ("cancel the fitter", "cancel_fitting", "There is no fitting booked", "refused"),
    ],
    "cancel: declined": [
        ("cancel F-40001 BN1 4GH", "cancel_fitting", "Shall I?", "confirm"),
        ("no", "deny", LEFT, "declined"),
    ],
    "cancel: a number of nobody sounds like any other": [
        ("cancel F-49999", "cancel_fitting", POSTCODE, "postcode"),
        ("BN1 4GH", "give_details", "I cannot find F-49999 with that postcode", "order"),
        ("F-40001", "give_details", "Shall I?", "confirm"),
    ],
    "cancel: a fitting of somebody else": [
        ("cancel F-40001", "cancel_fitting", POSTCODE, "postcode"),
        ("EH3 9QQ", "give_details", "I cannot find F-40001 with that postcode", "order"),
    ],
    "when does the fitter come": [
        ("F-40001", "give_details", POSTCODE, "postcode"),
        ("BN1 4GH", "give_details", "on Friday 13 June, 11 am to 1 pm (F-40001).", "resolved"),
    ],
    "no fitter comes": [
        ("fitter for order 10538 EH3 9QQ", "fitting_status", "There is no fitting", "refused"),
    ],
    "ticket": [
        ("T-20001", "give_details", POSTCODE, "postcode"),
        ("NE1 7RU", "give_details", "T-20001, about something damaged", "resolved"),
    ],
    "ticket: late, by the order": [
        ("my ticket of order 10386 NE1 7RU", "ticket_status", "later than we promised", "resolved"),
    ],
    "ticket: none": [("10391 M4 1HQ", "ticket_status", "no ticket about order", "refused")],
    "ticket: of another order": [
        ("T-20009 of order 10386 NE1 7RU", "ticket_status",
         "Ticket T-20009 is not about order HP-10386.", "refused"),
    ],
    "ticket: a number of nobody": [
        ("T-20099", "ticket_status", POSTCODE, "postcode"),
        ("NE1 7RU", "give_details", "I cannot find T-20099 with that postcode", "order"),
    ],
    "ticket: a number of nobody, again and again, locks nothing": [
        ("T-20099", "ticket_status", POSTCODE, "postcode"),
        *[(f"NE1 7R{x}", "give_details", "I cannot find T-20099", "order") for x in "ABDEF"],
        ("10386 NE1 7RU", "give_details", "T-20099 is not about order HP-10386", "refused"),
        ("my ticket", "ticket_status", "T-20001, about something damaged", "resolved"),
    ],
    "ticket: a code for a number of nobody": [
        ("T-20099", "ticket_status", POSTCODE, "postcode"),
        ("I don't have the postcode", "give_details", "I have sent a code", "code"),
        *[("123456", "give_details", "That is not the code", "code")] * 6,
    ],
    "ticket: its number is asked for, and taken bare": [
        ("how far is my ticket", "ticket_status", "What is the number of your ticket", "ticket"),
        ("blue", "nlu_fallback", "I did not see a number", "ticket"),
        ("20001", "give_details", POSTCODE, "postcode"),
        ("NE1 7RU", "give_details", "T-20001, about something damaged", "resolved"),
    ],
    "ticket: the order's number will do, bare or not": [
        ("how far is my ticket", "ticket_status", "What is the number of your ticket", "ticket"),
        ("10386", "give_details", POSTCODE, "postcode"),
        ("NE1 7RU", "give_details", "T-20001, about something damaged", "resolved"),
        ("how far is my ticket", "ticket_status", "T-20001, about something damaged", "resolved"),
    ],
    "ticket: about no order": [
        ("the driver was rude, I complain", "complain", WHAT, "note"),
        ("he shouted at me", "complain", "T-20002", "resolved"),
        ("T-20002", "give_details", "T-20002, about your complaint, was opened on", "resolved"),
        ("T-20002 and 10386 NE1 7RU", "ticket_status", "T-20002, about your", "resolved"),
    ],
    "return: a number of nobody, again and again, locks nothing": [
        ("R-39999", "return_status", POSTCODE, "postcode"),
        *[(f"BS1 5T{x}", "give_details", "I cannot find R-39999", "order") for x in "ABDEF"],
        ("R-30001 BS1 5TR", "give_details", "dining chair", "resolved"),
    ],
    "fitting: a number of nobody, again and again, locks nothing": [
        ("F-49999", "fitting_status", POSTCODE, "postcode"),
        *[(f"BN1 4G{x}", "give_details", "I cannot find F-49999", "order") for x in "ABDEF"],
        ("F-40001 BN1 4GH", "give_details", "on Friday 13 June", "resolved"),
    ],
    "orders of theirs are named by what they are": [
        ("10391 M4 1HQ", "order_status", "was delivered", "resolved"),
        ("10214 M4 1HQ", "order_status", "was delivered", "resolved"),
        ("10442 BN1 4GH", "order_status", "on its way", "resolved"),
        ("and another order?", "order_status", "Which order is it about?", "order"),
        ("the bookcase", "give_details", "HP-10391: pine bookcase", "resolved"),
        ("and another order?", "order_status", "Which order is it about?", "order"),
        ("the first", "give_details", "HP-10442: oak bedside table", "resolved"),
        ("and another order?", "order_status", "Which order is it about?", "order"),
        ("10538", "give_details", POSTCODE, "postcode"),
    ],
    "complain": [
        COMPLAIN,
        ("the driver was rude", "complain", "Your complaint is ticket T-20002", "resolved"),
    ],
    "complain: going back, leaving and asides are none of it": [
        COMPLAIN,
        ("go back", "go_back", "There is nothing before this", "note"),
        ("never mind", "never_mind", RULES, "note"),
        ("a person please", "ask_person", RULES, "note"),
        ("when are you open", "opening_hours", RULES, "note"),
        ("~", "", WHAT, "note"),
        ("it went back to the depot two times in a row", "go_back", "T-20002", "resolved"),
    ],
    "complain: an order in the words of it": [
        COMPLAIN,
        ("10442", "give_details", WHAT, "note"),
        ("order 10442 came late and nobody rang me", "complain", "T-20002", "resolved"),
    ],
    "contact: one by one": [
        ("change my details", "change_contact", NUMBER, "order"),
        ("10442 BN1 4GH", "give_details", "What shall I change?", "which"),
        ("blue", "nlu_fallback", "I could not tell which of the two", "which"),
        ("the second", "give_details", "What is your new phone number", "phone"),
        ("12345", "give_details", "I did not see a phone number", "phone"),  # and no order either
        ("07700 900123", "give_details", "your phone number to 07700 900123, for the", "confirm"),
        ("no, 07700 900124", "give_details", "to 07700 900124, for the", "confirm"),
        ("and my e-mail to a@example.com", "change_contact", "your e-mail address to a@example.com "
         "and your phone number to 07700 900124, for the", "confirm"),
        ("yes", "affirm", "I have changed your e-mail address to a@example.com and", "resolved"),
    ],
    "contact: given early, from the old one to the new": [
        ("change my e-mail from r.sample@example.com to new@example.com, 10442 BN1 4GH",
         "change_contact", "to new@example.com, for the", "confirm"),
        ("no", "deny", LEFT, "declined"),
    ],
    **{
        f"contact: {words}": [
            (words, "change_contact", NUMBER, "order"),
            ("10442 BN1 4GH", "give_details", f"What is your new {asked}", field),
        ]
        for words, asked, field in (
            ("I want to change my email", "e-mail address?", "email"),
            ("new mobile number", "phone number,", "phone"),
        )
    },
    "contact: the answer names one": [
        ("change my details, 10442 BN1 4GH", "change_contact", "What shall I change?", "which"),
        ("my telephone number", "change_contact", "What is your new phone number", "phone"),
    ],
    "contact: going back": [
        CONTACT,
        ("anna at example dot com", "give_details", "to anna@example.com, for the", "confirm"),
        ("go back", "go_back", "What is your new e-mail address?", "email"),
        ("bo@example", "nlu_fallback", "I did not see an e-mail address", "email"),
    ],
    "contact: no e-mail on file": [
        ("my new e-mail is l@example.com, 10386 NE1 7RU", "change_contact", "Shall I?", "confirm"),
        ("yes", "affirm", "I have changed your e-mail address", "resolved"),
        ("send me an invoice", "send_invoice", "to l…@example.com", "resolved"),
    ],
    "shop: by postcode": [
        PLACES, ("LS6 2AB", "give_details", "Harbour & Pine Leeds", "resolved"),
    ],
    "shop: by half a postcode": [
        PLACES, ("bn1", "give_details", "Harbour & Pine Brighton", "resolved"),
    ],
    "shop: by town": [("the shop in Bristol", "find_store", "21 Harbourpine Walk", "resolved")],
    "shop: all": [PLACES, ("all of them", "give_details", "Edinburgh, 33 Pinehaven", "resolved")],
    "shop: an unknown area": [
        PLACES,
        ("the moon", "nlu_fallback", "I did not see a postcode", "area"),
        ("QQ1", "give_details", "I do not know where QQ1 is, so these are all", "resolved"),
    ],
    "call back": [
        CALL,
        ("1234", "give_details", "I did not see a phone number", "phone"),
        ("07700 900123", "give_details", WHEN, "when"),
        ("tomorrow after four", "give_details", "900123, on Friday 6 June from 4 pm.", "confirm"),
        ("no, 07700 900124", "give_details", "900124, on Friday 6 June from 4 pm.", "confirm"),
        ("no, five", "deny", "Thursday 5 June from 5 pm to 6 pm", "confirm"),
        ("yes", "affirm", "All right: we ring 07700 900124", "resolved"),
    ],
    "call back: all at once": [
        ("ring 07700 900123 tomorrow at 3 pm", "call_back", "6 June from 3 pm to 4 pm", "confirm"),
        ("no", "deny", LEFT, "declined"),
    ],
    "call back: not while nobody is at work": [
        RING,
        ("on Sunday", "give_details", "the next time is Monday 9 June, 9 am", "when"),
        ("tonight at nine", "give_details", "the next time is Friday 6 June, 9 am", "when"),
        ("yes", "affirm", "on Friday 6 June from 9 am. Is that right?", "confirm"),
        ("go back", "go_back", WHEN, "when"),
        ("yesterday", "give_details", "I could not tell when you mean", "when"),
        ("in three months", "give_details", "I can get you a person", "when"),
        ("any time", "give_details", "on Thursday 5 June from 10 am. Is that right?", "confirm"),
    ],
    "call back: the number on file": [
        ("10442 BN1 4GH", "order_status", "It is on its way", "resolved"),
        ("ring me", "call_back", "Which number may we ring?", "phone"),
        ("yes", "affirm", WHEN, "when"),
        ("tomorrow morning", "give_details", "01632 960101, on Friday 6 June", "confirm"),
    ],
}  # fmt: skip


@pytest.fixture
def form(settings: Settings, database: Database) -> TaskForm:
    """As ever, while people are at work on weekdays only."""
    return at_work(settings, database, NOW)


def at_work(settings: Settings, database: Database, now: datetime) -> TaskForm:
    backend = EmbeddedShop(
        database, settings.zone, open_mail(settings), Letters(settings.company), lambda: now
    )
    hours = parse_hours("mon-fri 09:00-18:00")
    return TaskForm(ALL, DeskMaker(database, backend, settings.zone, lambda: now, hours).open)


@pytest.mark.parametrize("name", TALKS)
async def test_talk(talk: Talk, name: str) -> None:
    for words, intent, wanted, then in TALKS[name]:
        said = await (talk.repeat() if words == "~" else talk.say(words, intent))
        assert wanted in said, words
        assert (talk.asked or talk.slots["outcome"]) == then, words


@pytest.mark.parametrize("task", ["move_fitting", "cancel_fitting"])
async def test_a_day_before_the_visit_is_too_late(
    settings: Settings, database: Database, chat: str, task: str
) -> None:
    visit = NOW.replace(day=13, hour=10)
    late = Talk(at_work(settings, database, visit - timedelta(hours=23)), chat)
    said = await late.say("F-40001 BN1 4GH", task)  # at once, without a yes
    assert said.startswith("utter_offer_person_change")
    assert "Friday 13 June, 11 am to 1 pm" in late.messages[0]["why"]
    in_time = Talk(at_work(settings, database, visit - timedelta(hours=24)), chat)
    assert in_time.asked is None
    await in_time.say("F-40001 BN1 4GH", task)
    assert in_time.asked in ("time", "confirm")


@pytest.mark.parametrize("task", ["move_fitting", "cancel_fitting"])
async def test_the_shop_has_the_last_word_on_too_late(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    async def refuse(*_args: object, **_kwargs: object) -> None:
        raise Refused("too_late")

    await talk.say("F-40001 BN1 4GH, Friday 20 June at 2 pm", task)
    monkeypatch.setattr(f"actions.embedded.EmbeddedShop.{task}", refuse)
    assert (await talk.say("yes", "affirm")).startswith("utter_offer_person_change")
    assert talk.slots["outcome"] == "refused"


@pytest.mark.parametrize(
    ("task", "order"), [("book_fitting", "10538 EH3 9QQ"), ("move_fitting", "F-40001 BN1 4GH")]
)
async def test_a_time_that_is_gone_is_asked_for_again(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, task: str, order: str
) -> None:
    async def refuse(*_args: object, **_kwargs: object) -> None:
        raise Refused("slot_taken")

    await talk.say(f"{order}, Tuesday 17 June at 10", task)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(f"actions.embedded.EmbeddedShop.{task}", refuse)
        said = await talk.say("yes", "affirm")
    assert said.startswith(f"{TAKEN} | {TIMES}")
    assert talk.asked == "time"
    assert "Shall I?" in await talk.say("the second one")
    assert talk.slots["outcome"] is None
    await talk.say("yes", "affirm")
    assert talk.slots["outcome"] == "resolved"


@pytest.mark.parametrize(
    ("task", "words"),
    [
        ("book_fitting", "10538 EH3 9QQ, Tuesday 17 June at 10"),
        ("move_fitting", "F-40001 BN1 4GH, Tuesday 17 June at 10"),
        ("cancel_fitting", "F-40001 BN1 4GH"),
        ("change_contact", "10442 BN1 4GH, my e-mail is now new@example.com"),
    ],
)
async def test_a_repeated_turn_does_it_once(talk: Talk, task: str, words: str) -> None:
    await talk.say(words, task)
    before, turns = dict(talk.slots), talk.turns
    first = await talk.say("yes", "affirm")
    assert talk.slots["outcome"] == "resolved"
    talk.slots, talk.turns = before, turns  # the turn failed on its way back, and is tried again
    assert await talk.say("yes", "affirm") == first


@pytest.mark.parametrize("task", ["book_fitting", "ticket_status", "fitting_status", "complain"])
async def test_while_the_shop_is_down_it_is_said(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    async def away(*_args: object, **_kwargs: object) -> None:
        raise Unavailable("the shop does not answer", retryable=True)

    await talk.say("10442 BN1 4GH", "order_status")
    for method in ("fittings_of", "tickets_of", "open_ticket"):
        monkeypatch.setattr(f"actions.embedded.EmbeddedShop.{method}", away)
    said = await talk.say("about my order", task)
    said = await talk.say("it came too late", task) if talk.asked == "note" else said
    assert said.startswith("I cannot reach our system")
    assert talk.slots["outcome"] == "failed"


async def test_a_complaint_is_about_an_order_that_was_shown(talk: Talk) -> None:
    await talk.say("10442 BN1 4GH", "order_status")
    await talk.say("I have a complaint about it", "complain")
    await talk.say("the box of order 10442 was open", "complain")
    assert "T-20002, about your complaint" in await talk.say("my ticket T-20002", "ticket_status")


async def test_a_complaint_tells_nothing_of_an_order_that_was_not_shown(talk: Talk) -> None:
    await talk.say("I have a complaint, order 10442 came far too late", "complain")
    await talk.press("I have said it already")
    await talk.say("10442 BN1 4GH", "order_status")
    assert "no ticket about order HP-10442" in await talk.say("my ticket", "ticket_status")


async def test_a_call_back_is_handed_to_channels(talk: Talk) -> None:
    await talk.say("ring me on 07700 900123 tomorrow between 2 and 4", "call_back")
    await talk.say("yes", "affirm")
    assert talk.messages[1]["custom"] == {
        "parley": "call_back",
        "facts": {
            "phone": "+447700900123",
            "when": "2025-06-06T14:00:00+01:00",
            "until": "2025-06-06T16:00:00+01:00",
        },
    }


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("email", "anna@example.com", "anna@example.com"),
        ("email", "Anna dot Smith at example dot co dot uk", "anna.smith@example.co.uk"),
        ("email", "not a@example.com but b@example.com", "b@example.com"),
        ("email", "my old one was a@example.com, now it is b@example.com", "b@example.com"),
        ("email", "b@example.com instead of a@example.com", "b@example.com"),
        ("email", "from b@example.com", "b@example.com"),  # the only one
        ("email", "anna@example", None),
        ("email", "@example.com", None),
        ("email", "look at it", None),
        ("phone", "07700 900123", "+447700900123"),
        ("phone", "+33 1 23 45 67 89", "+33123456789"),
        ("phone", "oh double seven double oh nine double oh one two three", "+447700900123"),
        ("phone", "from 07700 900123 to 07700 900124", "+447700900124"),
        ("phone", "HP-10442", None),
        ("phone", "12345", None),
        ("phone", "BN1 4GH", None),
        ("area", "BN1 4GH", "BN1 4GH"),
        ("area", "near ls6 please", "LS6"),
        ("area", "EC1A", "EC1A"),
        ("area", "HP-10442", None),
        ("area", "F-40001", None),
        ("area", "Leeds", "LS1"),
        ("area", "4 pm", None),
        ("when", "tomorrow after four", "2025-06-06T16:00:00+01:00/"),
        ("when", "on 07700 900123, tomorrow at 3",
         "2025-06-06T15:00:00+01:00/2025-06-06T16:00:00+01:00"),
        ("when", "07700 900123", None),
        ("when", "yesterday", None),
        ("when", "HP-10442", None),
        ("which", "email", "email"),
        ("which", "my e-mail", "email"),
        ("which", "the e mail address", "email"),
        ("which", "my mobile", "phone"),
        ("which", "telephone number", "phone"),
        ("which", "phone", "phone"),
        ("which", "Number", "phone"),
        ("which", "email and phone", None),
        ("which", "my order number", None),
        ("which", "my address", None),
        ("time", "the second one", None),
    ],
)  # fmt: skip
def test_a_field_is_read(name: str, text: str, value: str | None, settings: Settings) -> None:
    assert FIELDS[name].read(text, NOW.astimezone(settings.zone)) == value


async def test_another_language_is_answered_and_the_question_asked_again(talk: Talk) -> None:
    await talk.say("where is my order", "order_status")
    for _ in range(3):  # no reproach, and a person every time
        said = await talk.say("Ich habe keine Nummer bekommen", "nlu_fallback")
        assert said.startswith(f"utter_other_language | {NUMBER}")
    assert "nur Englisch" in talk.messages[0]["sentence"]
