"""What customers say who change their minds, want several things, or are asked the wrong thing."""

import pytest

from tests.actions.talk import Talk

NUMBER = "What is your order number?"
RUG = "change the delivery of 10538 EH3 9QQ"
ADDRESS = "What is the new address?"
HOME = "4 Hill Street, Edinburgh EH2 3JP"

Line = tuple[str, str, str, str | None]  # words, intent, part of the answer, asked or how it ended

TALKS: dict[str, list[Line]] = {
    "moved, not cancelled": [
        ("cancel the fitter for 10530 BN1 4GH", "cancel_fitting", "I will cancel the", "confirm"),
        ("could it be later that week", "nlu_fallback", "A fitter can come at these", "time"),
    ],
    "delivered on another day, not cancelled": [
        ("cancel 10538 EH3 9QQ", "cancel_order", "I will cancel order HP-10538", "confirm"),
        ("would another day be possible", "ask_article", "These times are free.", "slot"),
    ],
    "cancelled after all": [
        ("cancel 10538 EH3 9QQ", "cancel_order", "I will cancel order HP-10538", "confirm"),
        ("yes, today", "affirm", "Order HP-10538 is cancelled", "resolved"),
    ],
    "none of these times": [
        (RUG, "change_slot", "These times are free.", "slot"),
        ("none of these suit me", "deny", "These times are free.", "slot"),
        ("the first", "give_details", "I will have order HP-10538 delivered", "confirm"),
        ("no, a later one", "deny", "These times are free.", "slot"),
    ],
    "a plain no to a time": [
        (RUG, "change_slot", "These times are free.", "slot"),
        ("the first", "give_details", "I will have order HP-10538 delivered", "confirm"),
        ("no, none", "deny", "left everything as it is", "declined"),
    ],
    "back to the whole address": [
        ("change the address of 10538 EH3 9QQ", "change_address", ADDRESS, "address"),
        (HOME, "give_details", "4 Hill Street, Edinburgh, EH2 3JP. Shall I?", "confirm"),
        ("go back", "go_back", ADDRESS, "address"),
        ("5 Hill Street, Edinburgh EH2 3JP", "give_details", "5 Hill Street", "confirm"),
    ],
    "agreeing is no reason": [
        ("return the bookcase 10391 M4 1HQ", "start_return", "What is the reason?", "reason"),
        ("yes go ahead", "affirm", "What is the reason?", "reason"),
        ("yes it wobbles", "affirm", "the return of the pine bookcase", "confirm"),
    ],
    "two things at once": [
        ("return a dining chair and the table, HP-10377 BS1 5TR, they are too big",
         "start_return", "ash dining table and dining chair", "confirm"),
        ("yes", "affirm", "We pay £968.00 back", "resolved"),
    ],
    "one thing of two that are alike": [
        ("return one of the dining chairs, HP-10377 BS1 5TR, too big",
         "start_return", "the return of the dining chair from", "confirm"),
    ],
    "an invoice for somebody else": [
        ("send the invoice of 10391, M4 1HQ to books@example.org", "send_invoice",
         "For safety I can only send it to the address on file", "resolved"),
    ],
    "an invoice for the address on file": [
        ("send the invoice of 10391, M4 1HQ to j.example@example.com", "send_invoice",
         "to j…@example.com.", "resolved"),
    ],
    "how long a ticket takes": [
        ("the vase of 10386 NE1 7RU came smashed to bits, all of it", "report_damaged",
         "What is wrong with it?", "note"),
        ("I have said it already", "give_details", "I have opened ticket", "resolved"),
        ("how long will that take", "nlu_fallback", "Ticket T-", "resolved"),
    ],
    "more of a ticket that sounds like a question of time": [
        ("the vase of 10386 NE1 7RU came smashed to bits, all of it", "report_damaged",
         "What is wrong with it?", "note"),
        ("I have said it already", "give_details", "I have opened ticket", "resolved"),
        ("the day it came it was wet all over", "nlu_fallback", "Shall I add that", "confirm"),
    ],
    "too few digits": [
        ("order number is 1044", "give_details", "has five digits", None),
        ("sorry, 10442", "give_details", "the postcode of the delivery address", "postcode"),
    ],
    "not understood twice": [
        ("dunno the number tbh", "give_details", "utter_rephrase", None),
        ("its the lamp thing", "give_details", "utter_offer_person_lost", None),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TALKS)
async def test_talk(talk: Talk, name: str) -> None:
    for words, intent, wanted, then in TALKS[name]:
        said = await talk.say(words, intent)
        assert wanted in said, words
        assert (talk.asked or talk.slots["outcome"]) == then, words


async def test_address_on_file_is_not_told_off(talk: Talk) -> None:
    said = await talk.say(
        "send the invoice of 10391, M4 1HQ to j.example@example.com", "send_invoice"
    )
    assert "For safety" not in said


async def test_weekday_is_the_one_that_is_shown(talk: Talk) -> None:
    await talk.say(f"{RUG} to next Sunday in the evening", "change_slot")
    shown = next(title for title in talk.buttons if "Tuesday" in title)
    day = shown.partition(". ")[2].partition(",")[0]
    said = await talk.say("fine, tuesday then", "give_details")
    assert "Nothing is free at that time" not in said
    assert all(day in title for title in talk.buttons if ". " in title), said


async def test_weekday_of_another_week_is_meant(talk: Talk) -> None:
    await talk.say(RUG, "change_slot")
    before = next(title for title in talk.buttons if "Tuesday" in title)
    await talk.say("Tuesday the 17th", "give_details")
    assert before.partition(". ")[2] not in {title.partition(". ")[2] for title in talk.buttons}
