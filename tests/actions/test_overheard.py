"""What customers said in conversations that went wrong: each a short talk that failed before."""

import pytest

from actions.desk import DeskMaker
from actions.form import TaskForm
from actions.knowledge import Found, Library, Questions
from actions.small_talk import SmallTalk
from actions.tasks import ALL
from actions.tasks.orders import is_part
from language.retrieval import ArticleIndex
from store.database import Database
from tests.actions.build import bot, customer, dispatcher, tracker
from tests.actions.talk import Talk

ADDRESS = "What is the new address?"
NUMBER, POSTCODE = "What is your order number?", "the postcode of the delivery address"
REFUND = "All of the £249.00 you paid goes back the way it came as soon as it is cancelled."
SLOTS = "These times are free."
TIMES = "A fitter can come at these times"

Line = tuple[str, str, str, str | None]  # words, intent, part of the answer, asked or how it ended

BOOK: Line = ("a fitting for order 10538, EH3 9QQ", "book_fitting", TIMES, "time")

TALKS: dict[str, list[Line]] = {
    "a weekday and an hour, no day of the month": [
        ("ring me on 07700 900123 wednesday at 5", "call_back",
         "on Wednesday 11 June from 5 pm to 6 pm", "confirm"),
        ("or monday 10", "give_details", "on Monday 9 June from 10 am to 11 am", "confirm"),
        ("ok monday 11 then", "give_details", "on Monday 9 June from 11 am to 12", "confirm"),
    ],
    "a fitter on a weekday at an hour": [
        ("book fitter 10538 EH3 9QQ thursday 10", "book_fitting",
         "Thursday 12 June, 10 am. Shall I?", "confirm"),
    ],
    "a weekday that is another than that of the day": [
        ("ring me on 07700 900123", "call_back", "When suits you?", "when"),
        ("Monday the 10th at 4", "give_details", "I could not tell when you mean.", "when"),
    ],
    "he is who comes": [
        ("when does he come, F-40001 BN1 4GH", "fitting_status", "The fitter comes on", "resolved"),
        ("can he come in the afternoon instead", "change_slot", TIMES, "time"),
    ],
    "she is who comes, too": [
        ("when does he come, F-40001 BN1 4GH", "fitting_status", "The fitter comes on", "resolved"),
        ("please tell her not to come", "cancel_order", "I will cancel the", "confirm"),
    ],
    "one thing off an order": [
        ("can i cancel just the curtain pole from 10530 bn1 4gh", "cancel_order",
         "I can only cancel the whole order; one of our people can take a single item off it. "
         "I will cancel order HP-10530, the curtain pole and linen curtains. "
         "All of the £138.00 you paid goes back the way it came as soon as it is cancelled. "
         "Shall I?", "confirm"),
    ],
    "one thing off an order, said at the confirmation": [
        ("cancel 10530 bn1 4gh", "cancel_order", "I will cancel order HP-10530", "confirm"),
        ("no just the pole", "deny", "I can only cancel the whole order", "confirm"),
        ("yes", "affirm", "Order HP-10530 is cancelled", "resolved"),
    ],
    "an address in parts": [
        ("change the address of 10538 EH3 9QQ", "change_address", ADDRESS, "address"),
        ("14 Morningside Road", "give_details", "And what is the postcode there?", "new_postcode"),
        ("edinburgh", "give_details", "And what is the postcode there?", "new_postcode"),
        ("EH10 4AX", "give_details",
         "delivered to 14 Morningside Road, Edinburgh, EH10 4AX. Shall I?", "confirm"),
        ("sorry its 41 not 14", "give_details", "to 41 Morningside Road, Edinburgh,", "confirm"),
        ("its flat 3 by the way", "nlu_fallback", "to Flat 3, 41 Morningside Road,", "confirm"),
        ("yes", "affirm", "goes to Flat 3, 41 Morningside Road, Edinburgh, EH10 4AX.", "resolved"),
    ],
    "town and postcode behind a street": [
        ("change the address of 10538 EH3 9QQ", "change_address", ADDRESS, "address"),
        ("14 Morningside Road", "give_details", "And what is the postcode there?", "new_postcode"),
        ("its in Edinburgh, EH10 4AX", "give_details",
         "delivered to 14 Morningside Road, Edinburgh, EH10 4AX. Shall I?", "confirm"),
        ("sorry, 41 not 14", "give_details", "41 Morningside Road, Edinburgh, EH10", "confirm"),
        ("not 12", "give_details", "Is that a yes or a no?", "confirm"),
    ],
    "what is no town": [
        ("change the address of 10538 EH3 9QQ", "change_address", ADDRESS, "address"),
        ("14 Morningside Road", "give_details", "And what is the postcode there?", "new_postcode"),
        ("no idea", "give_details", "I did not see a postcode in that.", "new_postcode"),
        ("i think the postcode is EH10 4AX", "give_details",
         "delivered to 14 Morningside Road, EH10 4AX. Shall I?", "confirm"),
    ],
    "no at a list of times": [
        ("change 10538 EH3 9QQ", "change_slot", SLOTS, "slot"),
        ("no thanks", "thanks", "say no once more, and I leave everything", "slot"),
        ("nah", "deny", "left everything as it is", "declined"),
    ],
    "no, and then an answer": [
        ("change 10538 EH3 9QQ", "change_slot", SLOTS, "slot"),
        ("no", "deny", "say no once more", "slot"),
        ("the first one", "give_details", "Shall I?", "confirm"),
    ],
    "no, something else, and no": [
        ("where is my order", "order_status", NUMBER, "order"),
        ("no", "deny", "say no once more", "order"),
        ("hm", "nlu_fallback", "I did not see an order number", "order"),
        ("no", "deny", "say no once more", "order"),
        ("10442", "give_details", POSTCODE, "postcode"),
        ("nope", "deny", "say no once more", "postcode"),
        ("no sorry", "deny", "left everything as it is", "declined"),
    ],
    "no at a phone number": [
        ("ring me", "call_back", "Which number may we ring?", "phone"),
        ("no", "deny", "say no once more", "phone"),
        ("nah", "nlu_fallback", "left everything as it is", "declined"),
    ],
    "what comes back of an order that is not paid yet": [
        ("cancel 10517 LS6 2AB", "cancel_order", "Nothing is paid for it yet", "confirm"),
    ],
    "what comes back is in the confirmation": [
        ("cancel 10538 EH3 9QQ", "cancel_order", REFUND, "confirm"),
        ("is there a fee", "pay_order", REFUND, "confirm"),
        ("how much will i get back", "return_status", REFUND, "confirm"),
        ("do i get a full refund", "ask_article", REFUND, "confirm"),
        ("can i get a copy of the invoice", "send_invoice", "I have sent a copy", "resume"),
    ],
    "the time that stands": [
        ("change 10538 EH3 9QQ", "change_slot", SLOTS, "slot"),
        ("what did you have it as before", "nlu_fallback",
         "As it stands, it comes on Wednesday 11 June, 8 to 12. | These times", "slot"),
        ("the first", "give_details", "Shall I?", "confirm"),
        ("when is it now", "order_status", "As it stands, it comes on Wednesday", "confirm"),
    ],
    "the visit that stands": [
        ("move F-40001 BN1 4GH", "move_fitting", TIMES, "time"),
        ("when was it before?", "fitting_status",
         "As it stands, the fitter comes on Friday 13 June, 11 am to 1 pm.", "time"),
    ],
    "what was paid, and no paper": [
        ("how much did i pay for 10442 BN1 4GH", "send_invoice",
         "Order HP-10442 comes to £208.00 in all.", "resolved"),
        ("what did that cost me in the end", "send_invoice", "£208.00 in all.", "resolved"),
        ("send me the receipt then", "send_invoice", "I have sent a copy", "resolved"),
    ],
    "what is to be paid": [
        ("whats the total of 10517 LS6 2AB", "send_invoice",
         "comes to £1,299.00 in all, of which £1,299.00 is still open to be paid.", "resolved"),
    ],
    "a paper that shows the sum": [
        ("i need something that shows what I paid for 10442 BN1 4GH", "send_invoice",
         "I have sent a copy", "resolved"),
    ],
    "the other one of two": [
        ("return something from 10386 NE1 7RU", "start_return", "What would you like", "item"),
        ("the glass vase", "give_details", "What is the reason?", "reason"),
        ("no not that one, the other one", "deny", "What is the reason?", "reason"),
        ("too big", "give_details", "return of the wall shelf from", "confirm"),
        ("no, not that one", "deny", "What would you like to return?", "item"),
    ],
    "the other one of many": [
        ("change 10538 EH3 9QQ", "change_slot", SLOTS, "slot"),
        ("the first", "give_details", "Saturday 7 June, 8 to 12. Shall I?", "confirm"),
        ("no not that one, the other one", "deny", SLOTS, "slot"),
    ],
    "both of them, which are two things": [
        ("return something from 10386 NE1 7RU", "start_return", "What would you like", "item"),
        ("both of them", "give_details", "What is the reason?", "reason"),
        ("too big", "give_details", "return of the glass vase and wall shelf from", "confirm"),
    ],
    "the day beside the one that stands": [
        ("a fitting for order 10538, EH3 9QQ", "book_fitting", TIMES, "time"),
        ("the second one", "give_details", "Thursday 12 June, 10 am. Shall I?", "confirm"),
        ("what about the day after", "ask_article", TIMES, "time"),
        ("at 10", "give_details", "Friday 13 June, 10 am. Shall I?", "confirm"),
        ("the day before at 4 is better", "give_details", "Thursday 12 June, 4 pm.", "confirm"),
    ],
    "another time of the day that stands": [
        ("change 10538 EH3 9QQ", "change_slot", SLOTS, "slot"),
        ("the first", "give_details", "Saturday 7 June, 8 to 12. Shall I?", "confirm"),
        ("afternoon is better", "nlu_fallback", "Saturday 7 June, 12 to 4. Shall I?", "confirm"),
    ],
    "an address that was changed is corrected": [
        ("send 10538 EH3 9QQ to 5 Hill Street, Edinburgh EH2 3JP", "change_address",
         "5 Hill Street, Edinburgh", "confirm"),
        ("yes", "affirm", "now goes to 5 Hill Street", "resolved"),
        ("wait, sorry, it should be number 15 not 5", "give_details",
         "Tell me which it should be, and I change it once more.", "resolved"),
        ("15 Hill Street, Edinburgh EH2 3JP", "give_details", "15 Hill Street", "confirm"),
    ],
    "an order's number behind the word fitting": [
        ("when is my fitting? 10530 bn1 4gh", "fitting_status", "The fitter comes on", "resolved"),
    ],
    "an order's number behind the word fitting, of somebody else": [
        ("when is my fitting? 10530 LS6 2AB", "fitting_status",
         "I cannot find F-10530 with that postcode.", "order"),
        ("when is my fitting? 10599 LS6 2AB", "fitting_status",
         "I cannot find F-10599 with that postcode.", "order"),
    ],
    "a ticket leads to its order": [
        ("where is my order", "order_status", NUMBER, "order"),
        ("T-20001", "ticket_status", POSTCODE, "postcode"),
        ("NE1 7RU", "give_details", "Order HP-10386: glass vase and wall shelf.", "resolved"),
    ],
    "a return leads to its order": [
        ("send me the invoice for R-30001, BS1 5TR", "send_invoice",
         "I have sent a copy of the invoice for order HP-10377", "resolved"),
    ],
    "a ticket about no order leads to none": [
        ("the driver was rude to me, a complaint", "complain", "What", "note"),
        ("he left it in the rain", "give_details", "T-20002", "resolved"),
        ("cancel T-20002, BN1 4GH", "cancel_order", "I cannot find T-20002", "order"),
    ],
    "the state of an order, asked about again": [
        ("where is 10442 BN1 4GH", "order_status", "Order HP-10442: oak bedside", "resolved"),
        ("can i track it", "order_status", "no closer than this. It is on its way", "resolved"),
        ("will it def come", "order_status", "I cannot promise it, but this is", "resolved"),
        ("where is it", "order_status", "Nothing has changed since. It is on", "resolved"),
        ("where is 10530", "order_status", "Order HP-10530: curtain pole", "resolved"),
    ],
    "the state of another's order": [
        ("where is 10442 BN1 4GH", "order_status", "Order HP-10442: oak bedside", "resolved"),
        ("hang on thats not my order", "order_status", "number of the other order?", "order"),
        ("10538 EH3 9QQ", "give_details", "Order HP-10538: wool rug.", "resolved"),
        ("no, wrong order", "deny", "Order HP-10442: oak bedside table", "resolved"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TALKS)
async def test_talk(talk: Talk, name: str) -> None:
    for words, intent, wanted, then in TALKS[name]:
        said = await talk.say(words, intent)
        assert wanted in said, words
        assert (talk.asked or talk.slots["outcome"]) == then, words


async def test_a_person_is_offered_for_one_thing_off_an_order(talk: Talk) -> None:
    await talk.say("take the pole off 10530 bn1 4gh but keep the curtains", "cancel_order")
    assert list(talk.buttons) == ["Yes", "No", "Talk to a person"]


async def test_the_invoice_is_a_button_beside_the_sum(talk: Talk) -> None:
    await talk.say("what did I pay for 10442 BN1 4GH", "send_invoice")
    assert list(talk.buttons) == ["Send me the invoice"]
    assert "I have sent a copy" in await talk.press("Send me the invoice")


async def test_a_number_leaves_it_open_which_task_was_meant(talk: Talk) -> None:
    both = [("move_fitting", 0.3), ("change_address", 0.28)]
    assert await talk.say("move it please", "move_fitting", both) == "utter_did_you_mean"
    assert await talk.say("HP10538 EH3 9QQ", "give_details") == "utter_did_you_mean"
    assert list(talk.buttons)[:2] == ["Move a fitting", "Change the delivery address"]
    said = await talk.press("Change the delivery address")
    assert "I take it that this is about order HP-10538, which you named." in said
    assert ADDRESS in said


async def test_a_number_is_for_the_one_task_that_needs_it(talk: Talk) -> None:
    both = [("find_store", 0.3), ("cancel_order", 0.28)]
    assert await talk.say("blah", "find_store", both) == "utter_did_you_mean"
    assert "I will cancel order" in await talk.say("HP10538 EH3 9QQ", "give_details")


async def test_both_of_two_chairs(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def left(*_args: object, **_kwargs: object) -> tuple[str, ...]:
        return "ash dining table", "dining chair", "dining chair"

    monkeypatch.setattr("actions.embedded.EmbeddedShop.returnable_items", left)
    await talk.say("return something from 10377 BS1 5TR", "start_return")
    await talk.say("the chair")
    assert "What is the reason?" in await talk.say("both of them")
    said = await talk.say("they are too big")
    assert "return of the dining chair and dining chair from" in said


HOURS = bot("utter_opening_hours")


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("what about boxing day", "On Friday 26 December we are closed. "),
        ("and christmas eve?", "On Wednesday 24 December we are open from 9 am to 6 pm. "),
        ("on sunday", "On Sunday 8 June we are open from 10 am to 4 pm. "),
        ("the 10th please", "On Tuesday 10 June we are open from 9 am to 6 pm. "),
    ],
)
@pytest.mark.parametrize("intent", ["ask_article", "nlu_fallback", "give_details"])
async def test_another_day_after_the_hours(
    form: TaskForm, database: Database, text: str, state: str, intent: str
) -> None:
    questions = Questions(
        database, Library(ArticleIndex(())), SmallTalk("Harbour & Pine", 90, form.open_desk)
    )
    runs = {"ask_article": questions.answer_question, "nlu_fallback": questions.fall_back}
    heard = tracker(customer("when are you open", "opening_hours"), HOURS, customer(text, intent))
    spoken = dispatcher()
    await runs.get(intent, form.validate)(spoken, heard, {})
    assert spoken.messages[0]["response"] == "utter_opening_hours"
    assert spoken.messages[0]["state"] == state


async def test_another_shop_after_the_hours(form: TaskForm, chat: str) -> None:
    talk = Talk(form, chat)
    talk.before = [customer("when are you open", "opening_hours"), HOURS]
    assert "Harbour & Pine Brighton" in await talk.say("the brighton one", "nlu_fallback")


async def test_no_miles_are_told_within_a_shops_own_area(talk: Talk) -> None:
    said = await talk.say("shops near EH2 3HT", "find_store")
    assert "Harbour & Pine Edinburgh" in said
    assert "miles" not in said
    assert "about 35 miles away" in await talk.say("and M4 1HQ?", "find_store")


POLE, RUG = ("curtain pole", "linen curtains"), ("wool rug",)
CHAIRS = ("ash dining table", "dining chair", "dining chair")


@pytest.mark.parametrize(
    ("text", "items", "is_some"),
    [
        ("take the pole off the order but keep the curtains", POLE, True),
        ("i want to keep the curtains but cancel the pole", POLE, True),
        ("cancel the linen curtains 10530", POLE, True),
        ("please remove the pole from my order", POLE, True),
        ("take part of it off", POLE, True),
        ("cancel the pole and the curtains", POLE, False),
        ("cancel 10530, not the other one", POLE, False),
        ("i only want to cancel the chairs not the table", CHAIRS, True),
        ("cancel the chairs but not the table", CHAIRS, True),
        ("only cancel the chairs", RUG, True),
        ("just the rug please", RUG, False),
        ("i just want to cancel the order", POLE, False),
        ("can i just cancel it", POLE, False),
        ("just cancel the whole lot", POLE, False),
        ("i don't want to keep the curtains", RUG, False),
        ("cancel it, it was only a mistake", POLE, False),
        ("cancel it, its not the colour i wanted", RUG, False),
    ],
)
def test_a_part_of_an_order(text: str, items: tuple[str, ...], is_some: bool) -> None:
    assert is_part(text, items) is is_some


@pytest.mark.parametrize(
    ("begun", "question", "looked_up"),
    [
        ("cancel 10538 EH3 9QQ", "and when", "about my refund: and when"),
        ("cancel 10538 EH3 9QQ", "what happens to my money",
         "about my refund: what happens to my money"),
        ("return the bookcase 10391 M4 1HQ", "who pays for the collection",
         "about my return: who pays for the collection"),
        ("return the bookcase 10391 M4 1HQ", "how much will i get back",
         "about my return: how much will i get back"),
        ("return it, it wobbles because it is broken, 10391 M4 1HQ",
         "do i need to take it apart", "about my return: do i need to take it apart"),
    ],
)  # fmt: skip
async def test_a_question_about_the_task_is_looked_up(
    desks: DeskMaker, chat: str, begun: str, question: str, looked_up: str
) -> None:
    asked: list[str] = []

    async def find(text: str) -> Found:
        asked.append(text)
        return Found("refund-times", "Refunds", "How long", "The same day.", "link", 0.9)

    talk = Talk(TaskForm(ALL, desks.open, find), chat)
    await talk.say(begun, "cancel_order" if "cancel" in begun else "start_return")
    field = talk.asked
    said = await talk.say(question, "return_status" if "money" in question else "ask_article")
    assert said.startswith("utter_article_in_between")
    assert asked == [looked_up]
    assert talk.asked == field


async def test_what_no_article_answers_goes_its_way(desks: DeskMaker, chat: str) -> None:
    async def find(_text: str) -> None:
        return None

    talk = Talk(TaskForm(ALL, desks.open, find), chat)
    await talk.say("cancel 10538 EH3 9QQ", "cancel_order")
    assert await talk.say("what colour is it", "ask_article") == "left to the rules"
    assert await talk.say("can I have a person", "ask_person") == "left to the rules"
