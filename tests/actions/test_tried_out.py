"""What customers who tried the bot out stumbled over: each a short talk that failed before."""

import pytest

from actions.desk import DeskMaker
from core.settings import Settings
from tests.actions.talk import Talk

TIMES = "A fitter can come at these times"

Line = tuple[str, str, str, str | None]  # words, intent, part of the answer, asked or how it ended

BOOK: Line = ("a fitting for order 10538, EH3 9QQ", "book_fitting", TIMES, "time")
MOVE: Line = ("move F-40001 BN1 4GH", "move_fitting", TIMES, "time")

TALKS: dict[str, list[Line]] = {
    "the last one, and the last one again": [
        MOVE,
        ("the last one", "give_details", "Shall I?", "confirm"),
        ("the last one", "give_details", "Shall I?", "confirm"),
        ("yes", "affirm", "now comes on", "resolved"),
    ],
    "a day of which several times are free": [
        ("10538 EH3 9QQ", "change_slot", "These times are free.", "slot"),
        ("Tuesday", "give_details", "These times are free.", "slot"),
        ("the afternoon", "give_details", "Tuesday 10 June, 12 to 4. Shall I?", "confirm"),
    ],
    "the latest of all is not the last of the page": [
        BOOK, ("the latest possible", "give_details", "could not tell which time", "time"),
    ],
    "a return: what is no choice, and no reason": [
        ("10386 NE1 7RU", "start_return", "What would you like to return?", "item"),
        ("can i ask a question first", "nlu_fallback", "which item you mean", "item"),
        ("the first", "give_details", "What is the reason?", "reason"),
        ("yes", "affirm", "What is the reason?", "reason"),
        ("the shelf", "give_details", "What is the reason?", "reason"),
        ("how long do i have to return things", "ask_article", "left to the rules", "reason"),
        ("it is ugly", "give_details", "the return of the wall shelf", "confirm"),
    ],
    "a return: a reason given early": [
        ("return the vase of 10386 NE1 7RU, wrong colour", "start_return",
         "the return of the glass vase", "confirm"),
        ("yes", "affirm", "is started", "resolved"),
    ],
    "it is the fitting": [
        ("when is F-40001 BN1 4GH", "fitting_status", "The fitter comes on", "resolved"),
        ("can i cancel it", "cancel_order", "I will cancel the fitter's visit", "confirm"),
        ("no", "deny", "left everything", "declined"),
        ("can i move that", "change_slot", TIMES, "time"),
    ],
    "it is the order": [
        ("10538 EH3 9QQ", "order_status", "wool rug", "resolved"),
        ("so when's it coming", "fitting_status", "will deliver it on", "resolved"),
        ("where is it", "find_store", "will deliver it on", "resolved"),
        ("what time exactly", "nlu_fallback", "will deliver it on", "resolved"),
        ("and? when exactly", "ask_article", "will deliver it on", "resolved"),
        ("cancel that", "cancel_fitting", "I will cancel order HP-10538", "confirm"),
    ],
    "what is named is meant": [
        ("when is F-40001 BN1 4GH", "fitting_status", "The fitter comes on", "resolved"),
        ("cancel that order", "cancel_order", "I will cancel order HP-10530", "confirm"),
    ],
    "a part of what was read back is put right": [
        ("10538 EH3 9QQ", "change_address", "What is the new address?", "address"),
        ("34 Rose Street, Leeds LS1 4AB", "give_details", "Leeds, LS1 4AB. Shall I?", "confirm"),
        ("no, 43", "deny", "43 Rose Street, Leeds, LS1 4AB. Shall I?", "confirm"),
        ("no, it's number 43b please", "deny", "43b Rose Street, Leeds, LS1 4AB. Sh", "confirm"),
        ("no, the second flat", "deny", "could not tell what that should replace", "confirm"),
        ("no, not today", "deny", "left everything as it is", "declined"),
    ],
    "a no with a number that replaces nothing": [
        ("cancel 10538 EH3 9QQ", "cancel_order", "Shall I?", "confirm"),
        ("no, 3 of them", "deny", "could not tell what that should replace", "confirm"),
        ("no", "deny", "left everything as it is", "declined"),
    ],
    "a question in place of a reason": [
        ("10386 NE1 7RU the vase", "start_return", "What is the reason?", "reason"),
        ("hang on, when are you open on saturdays", "opening_hours", "left to the rules", "reason"),
        ("will my money come back on the same card as before", "ask_article", "left to", "reason"),
        ("how far is my refund for it", "return_status", "no return", "resume"),
        ("yes", "affirm", "What is the reason?", "reason"),
        ("wrong size", "deny", "return of the glass vase", "confirm"),
        ("wrong colour", "deny", "Is that a yes or a no?", "confirm"),
        ("yes", "affirm", "is started", "resolved"),
    ],
    "a no with another wish": [
        ("cancel 10538 EH3 9QQ", "cancel_order", "Shall I?", "confirm"),
        ("no, I want to change the address instead", "change_address", "new address?", "address"),
    ],
    "a no that is only a no": [
        ("cancel 10538 EH3 9QQ", "cancel_order", "Shall I?", "confirm"),
        ("no, leave it", "change_address", "left everything as it is", "declined"),
    ],
    "number and postcode in odd words": [
        ("where is my parcel", "order_status", "What is your order number?", "order"),
        ("My number of order is HP-10538 and code postal EH3 9QQ", "change_address",
         "wool rug", "resolved"),
    ],
    "no person after all": [
        ("cancel 10538 EH3 9QQ", "cancel_order", "Shall I?", "confirm"),
        ("I don't want a person I want an answer", "ask_person", "Is that a yes or a no?",
         "confirm"),
    ],
    "a day with its date in a longer sentence": [
        ("another slot for 10538 EH3 9QQ", "change_slot", "These times are free.", "slot"),
        ("would Friday the 13th be convenient, after lunch?", "give_details",
         "Friday 13 June, 12 to 4. Shall I?", "confirm"),
        ("ok the first", "give_details", "Saturday 7 June, 8 to 12. Shall I?", "confirm"),
        ("Monday no, Thursday or Friday", "give_details", "These times are free.", "slot"),
    ],
    "when is it, of a fitting": [
        ("when is F-40001 BN1 4GH", "fitting_status", "The fitter comes on", "resolved"),
        ("oh right when is it", "order_status", "The fitter comes on", "resolved"),
    ],
    "another day is not another order": [
        ("where is 10538 EH3 9QQ", "order_status", "wool rug", "resolved"),
        ("can it come on another day", "change_slot", "These times are free.", "slot"),
    ],
    "the day and the hour of a call, one after the other": [
        ("ring me on 07700 900123", "call_back", "When suits you?", "when"),
        ("about 6", "give_details", "Thursday 5 June from 5.30 pm to 6.30 pm", "confirm"),
        ("tomorrow", "give_details", "Friday 6 June from 5.30 pm to 6.30 pm", "confirm"),
        ("at five", "give_details", "Friday 6 June from 5 pm to 6 pm", "confirm"),
    ],
    "a flat of two numbers": [
        ("10538 EH3 9QQ", "change_address", "What is the new address?", "address"),
        ("Flat 3/2, 118 Leith Walk, Edinburgh, EH6 5DX", "give_details",
         "Flat 3/2, 118 Leith Walk, Edinburgh, EH6 5DX. Shall I?", "confirm"),
    ],
    "delivered, and not there": [
        ("10391 M4 1HQ says delivered but I never got it", "order_status",
         "If it is not with you, I can open a ticket", "refused"),
    ],
    "it has arrived whatever the records say": [
        ("10442 BN1 4GH is broken", "report_damaged", "By our records", "refused"),
        ("it did arrive, it is here and the drawer is broken in two places", "report_damaged",
         "Which of these is damaged?", "item"),
        ("the first", "give_details", "What is wrong with it?", "note"),
        ("two drawers are broken", "give_details", "opened ticket T-20002", "resolved"),
    ],
    "an order by the name of what is wanted for it": [
        ("book fitting 10538 EH3 9QQ", "book_fitting", TIMES, "time"),
    ],
    "another time for what was just arranged": [
        ("another slot for 10538 EH3 9QQ", "change_slot", "These times are free.", "slot"),
        ("the first", "give_details", "Saturday 7 June, 8 to 12. Shall I?", "confirm"),
        ("yes", "affirm", "now comes on Saturday 7 June", "resolved"),
        ("actually could we make it tuesday afternoon", "out_of_scope",
         "Tuesday 10 June, 12 to 4. Shall I?", "confirm"),
        ("yes", "affirm", "now comes on Tuesday 10 June", "resolved"),
        ("can you do it at a lower price", "nlu_fallback", "utter_rephrase", None),
    ],
    "a time alone is for what was just told": [
        ("where is 10538 EH3 9QQ", "order_status", "wool rug", "resolved"),
        ("is it on tuesday", "nlu_fallback", "utter_rephrase", None),
        ("evening, after 7", "give_details", "Nothing is free at that time.", "slot"),
    ],
    "a day alone is for what was just told": [
        ("where is 10538 EH3 9QQ", "order_status", "wool rug", "resolved"),
        ("Tuesday afternoon would be lovely", "nlu_fallback",
         "Tuesday 10 June, 12 to 4. Shall I?", "confirm"),
    ],
    "a time alone, of a visit": [
        ("when is F-40001 BN1 4GH", "fitting_status", "The fitter comes on", "resolved"),
        ("any time after 2 in the afternoon", "give_details", TIMES, "time"),
    ],
    "another day for a call": [
        ("ring me on 07700 900123 tomorrow at 5", "call_back", "Is that right?", "confirm"),
        ("yes", "affirm", "we ring 07700 900123", "resolved"),
        ("actually can we do monday instead", "change_slot", "Which number may we", "phone"),
    ],
    "the sum of another order": [
        ("how much did I pay for 10442, BN1 4GH?", "send_invoice", "comes to £208.00", "resolved"),
        ("and for 10530?", "send_invoice", "Order HP-10530 comes to", "resolved"),
        ("send me the invoice of that one", "send_invoice", "I have sent a copy", "resolved"),
        ("and of 10442?", "send_invoice", "I have sent a copy", "resolved"),
    ],
    "another thing in place of the one to return": [
        ("return the vase of 10386 NE1 7RU", "start_return", "What is the reason?", "reason"),
        ("actually no the shelf", "give_details", "What is the reason?", "reason"),
        ("too big for the room", "give_details", "the return of the wall shelf", "confirm"),
        ("hmm wait both", "give_details", "glass vase", "confirm"),
        ("no hang on just the vase", "deny", "the return of the glass vase from", "confirm"),
        ("no hang on just the vase", "deny", "Is that a yes or a no?", "confirm"),
        ("no, not the vase", "deny", "left everything as it is", "declined"),
    ],
    "a no in other words": [
        ("cancel 10538 EH3 9QQ", "cancel_order", "Shall I?", "confirm"),
        ("ok dont cancel it", "cancel_order", "left everything as it is", "declined"),
        ("cancel 10538 EH3 9QQ", "cancel_order", "Shall I?", "confirm"),
        ("please leave it as it is", "give_details", "left everything as it is", "declined"),
    ],
    "a weekday with its hours is the one that is shown": [
        ("book a fitting for 10538 EH3 9QQ on monday 16 june", "book_fitting", TIMES, "time"),
        ("monday at 2 pm", "give_details", "for Monday 16 June, 2 pm. Shall I?", "confirm"),
    ],
    "what was chosen, named once more where another wish is heard": [
        ("return the vase of 10386 NE1 7RU", "start_return", "What is the reason?", "reason"),
        ("too big for the room", "give_details", "the return of the glass vase", "confirm"),
        ("no hang on just the vase", "report_damaged", "Is that a yes or a no?", "confirm"),
        ("no, the vase is broken", "report_damaged", "What is wrong with it?", "note"),
    ],
    "where photos go": [
        ("10386 NE1 7RU is cracked", "report_damaged", "Which of these is damaged?", "item"),
        ("can i send you a photo", "send_invoice", "You can send photos right here", "item"),
        ("the first", "give_details", "What is wrong with it?", "note"),
        ("where do I send the pictures?", "give_details", "photos right here", "note"),
        ("a crack along the side", "give_details", "opened ticket", "resolved"),
        ("great, where do i send the photo", "order_status", "You can send photos right",
         "resolved"),
    ],
    "a damaged item may be shown": [
        ("10386 NE1 7RU is cracked", "report_damaged", "Which of these is damaged?", "item"),
        ("the first", "give_details", "What is wrong with it?", "note"),
        ("a crack along the side", "give_details", "If you have a photo of it", "resolved"),
        ('/add_to_ticket{"picture": true}', "add_to_ticket", "I have added that to ticket",
         "resolved"),
    ],
    "a town in place of a postcode": [
        ("where are your shops", "find_store", "What is your postcode or town?", "area"),
        ("London", "give_details", "Harbour & Pine Brighton", "resolved"),
        ("is there a shop near York", "find_store", "Pine Leeds, Unit 6", "resolved"),
    ],
    "a cancelled order": [
        ("new address for 10405 CF10 1EP", "change_address", "HP-10405 was cancelled", "refused"),
        ("when do I get my money", "return_status",
         "HP-10405 was cancelled. What you paid goes back the way it came.", "resolved"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TALKS)
async def test_talk(talk: Talk, name: str) -> None:
    for words, intent, wanted, then in TALKS[name]:
        said = await talk.say(words, intent)
        assert wanted in said, words
        assert (talk.asked or talk.slots["outcome"]) == then, words


@pytest.mark.parametrize(
    ("confidence", "runner_up", "is_asked"),
    [(0.9, 0.05, False), (0.3, 0.1, False), (0.2, 0.1, True), (0.49, 0.4, True), (0.6, 0.4, False)],
)
async def test_a_task_does_not_begin_on_a_guess(
    talk: Talk, confidence: float, runner_up: float, is_asked: bool
) -> None:
    said = await talk.say(
        "is it still there",
        "cancel_order",
        [("cancel_order", confidence), ("order_status", runner_up)],
    )
    assert ("utter_did_you_mean" in said) is is_asked
    assert (talk.asked is None) is is_asked


async def test_nothing_is_left_on_a_guess(talk: Talk) -> None:
    await talk.say("cancel 10538 EH3 9QQ", "cancel_order")
    for intent in ("never_mind", "go_back", "ask_person"):
        said = await talk.say("what are you going to do about it", intent, [(intent, 0.29)])
        assert "left to the rules" not in said
        assert talk.asked == "confirm"


async def test_all_returns_of_an_order_are_told_newest_first(talk: Talk) -> None:
    await talk.say("return the table of 10377 BS1 5TR, it does not fit", "start_return")
    await talk.say("yes", "affirm")
    said = await talk.say("where is my return", "return_status")
    assert said.index("R-30002") < said.index("R-30001")
    assert "R-30002" not in await talk.say("where is R-30001", "return_status")


async def test_a_weekday_at_which_nothing_is_free_is_looked_for_in_later_weeks(talk: Talk) -> None:
    said = await talk.say("fitting for 10538 EH3 9QQ on a friday after 2pm", "book_fitting")
    assert said.startswith("Nothing is free at that time on Friday 6 June.")
    assert next(iter(talk.buttons)).startswith("1. Friday")


async def test_a_code_is_sent_again_within_limits_and_never_in_a_loop(talk: Talk) -> None:
    for number in ("10442", "10999"):  # one is of nobody, and sounds the same
        await talk.say(f"where is {number}", "order_status")
        assert "If we have an e-mail address" in await talk.press("Send me a code")
        assert "I can send 1 more" in await talk.say("can you send it again", "send_invoice")
        assert "I can send no more within" in await talk.say("nothing came")
        assert "send no more codes for that order" in await talk.say("send another one")
        talk.leave()
        talk.slots["last_order"] = None


async def test_a_code_counts_at_the_question_for_the_postcode(
    talk: Talk, settings: Settings, desks: DeskMaker
) -> None:
    await talk.say("where is 10442", "order_status")
    assert "postcode of the delivery" in await talk.say("123456")  # none was sent
    await talk.press("Send me a code")
    talk.leave()
    await talk.say("where is 10442", "order_status")
    await desks.tasks.finish()
    (letter,) = (settings.var / "mail").glob("*.eml")
    assert "on its way" in await talk.say(letter.read_text().split(" is ")[1][:6])


async def test_who_is_locked_hears_until_when(talk: Talk) -> None:
    for postcode in ("LS6 2AB", "LS6 2AC", "LS6 2AD"):
        await talk.say(f"where is 10442 {postcode}", "order_status")
    assert "for the next hour" in talk.messages[0]["why"]
    await talk.say("where is my order", "order_status")
    assert "still locked until 11:00" in talk.messages[0]["why"]


async def test_only_the_nearest_shop_is_told(talk: Talk) -> None:
    said = await talk.say("a shop near LS6 2AB", "find_store")
    assert "Leeds" in said
    assert "Edinburgh" not in said


async def test_who_has_told_nothing_yet_cannot_have_said_it_already(talk: Talk) -> None:
    await talk.say("I want to make a complaint please", "complain")
    assert not talk.buttons
    talk.leave()
    await talk.say("I want to complain, the driver left my sofa in the rain", "complain")
    assert list(talk.buttons) == ["I have said it already"]


@pytest.mark.parametrize(
    ("named", "text", "said", "kept"),
    [
        ("HP-10386", "I want to report it as damaged", "that this is about order HP-10386",
         "HP-10386"),
        ("HP-10386", "10391 is damaged", "postcode of the delivery", "HP-10391"),
        (None, "I want to report it as damaged", "order number", None),
    ],
)  # fmt: skip
async def test_an_order_in_words_that_the_bot_was_not_given_is_the_one_that_is_meant(
    talk: Talk, named: str | None, text: str, said: str, kept: str | None
) -> None:
    talk.slots["named_order"] = named
    assert said in await talk.say(text, "report_damaged")
    assert talk.slots["collected"].get("order") == kept


async def test_an_order_named_in_the_middle_of_a_task_is_not_asked_for_again(talk: Talk) -> None:
    assert "What is your order number?" in await talk.say("it is damaged", "report_damaged")
    talk.slots["named_order"] = "HP-10386"
    assert "Which of these is damaged?" in await talk.say("NE1 7RU")
    assert talk.slots["named_order"] is None
