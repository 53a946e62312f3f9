"""What means something only beside what was said before: each a short talk that failed before."""

import pytest

from tests.actions.talk import Talk

TIMES = "A fitter can come at these times"
ADDRESS, NUMBER = "What is the new address?", "What is your order number?"
POSTCODE = "the postcode of the delivery address"

Line = tuple[str, str, str, str | None]  # words, intent, part of the answer, asked or how it ended

TALKS: dict[str, list[Line]] = {
    "the other one, of which nothing is known": [
        ("where is 10442 BN1 4GH", "order_status", "reading lamp", "resolved"),
        ("and the other one?", "nlu_fallback", "the number of the other order?", "order"),
        ("10530", "give_details", "linen curtains", "resolved"),
        ("and the other one?", "give_details", "reading lamp", "resolved"),
    ],
    "the other one of somebody else": [
        ("where is 10442 BN1 4GH", "order_status", "reading lamp", "resolved"),
        ("what about 10517?", "give_details", POSTCODE, "postcode"),
        ("LS6 2AB", "give_details", "linen sofa", "resolved"),
        ("and the other one", "out_of_scope", "reading lamp", "resolved"),
    ],
    "the same for another": [
        ("send me the invoice for 10442 BN1 4GH", "send_invoice", "HP-10442", "resolved"),
        ("and for 10530 too please", "give_details", "invoice for order HP-10530", "resolved"),
        ("cancel 10530", "cancel_order", "I will cancel order HP-10530", "confirm"),
        ("no", "deny", "left everything", "declined"),
        ("and where is 10442", "order_status", "reading lamp", "resolved"),
    ],
    "and in another town": [
        ("is there a shop in Leeds", "find_store", "Harbour & Pine Leeds", "resolved"),
        ("and in Glasgow?", "ask_article", "Harbour & Pine Edinburgh", "resolved"),
        ("what about Brighton", "nlu_fallback", "Harbour & Pine Brighton", "resolved"),
        ("and BS1?", "give_details", "Harbour & Pine Bristol", "resolved"),
        ("and in Tobermory?", "nlu_fallback", "What is your postcode or town?", "area"),
    ],
    "no more of the same": [
        ("is there a shop in Leeds", "find_store", "Harbour & Pine Leeds", "resolved"),
        ("and thanks", "thanks", "utter_rephrase", None),
    ],
    "going on is answered by the value": [
        ("change the address of 10538 EH3 9QQ", "change_address", ADDRESS, "address"),
        ("where is it?", "order_status", "Shall we go on with changing the", "resume"),
        ("34 Rose Street, Leeds LS1 4AB", "give_details",
         "delivered to 34 Rose Street, Leeds, LS1 4AB. Shall I?", "confirm"),
        ("yes", "affirm", "now goes to 34 Rose Street", "resolved"),
    ],
    "going on is answered by the wish": [
        ("change the address of 10538 EH3 9QQ", "change_address", ADDRESS, "address"),
        ("where is it?", "order_status", "Shall we go on with changing the", "resume"),
        ("send it to 34 Rose Street, Leeds LS1 4AB", "change_address",
         "delivered to 34 Rose Street, Leeds, LS1 4AB. Shall I?", "confirm"),
        ("yes", "affirm", "now goes to 34 Rose Street", "resolved"),
    ],
    "going on is answered by a day": [
        ("a fitting for order 10538, EH3 9QQ", "book_fitting", TIMES, "time"),
        ("where is it?", "order_status", "Shall we go on with booking a fitting?", "resume"),
        ("on Tuesday the 17th at ten", "give_details", "Tuesday 17 June, 10 am", "confirm"),
    ],
    "a yes to the way out": [
        ("cancel 10391 M4 1HQ", "cancel_order", "You can return it instead.", "refused"),
        ("yes please", "affirm", "What is the reason?", "reason"),
    ],
    "a yes to one of two ways out": [
        ("return 10517 LS6 2AB", "start_return", "whether it can still be cancelled", "refused"),
        ("ok", "affirm", "I will cancel order HP-10517", "confirm"),
    ],
    "a yes to what was only told": [
        ("where is 10442 BN1 4GH", "order_status", "reading lamp", "resolved"),
        ("yes", "affirm", "utter_rephrase", None),
    ],
    "the first of two nearest": [
        ("blah", "cancel_order", "utter_did_you_mean", None),
        ("the second one", "give_details", NUMBER, "order"),
    ],
    "what stands on a button is written out": [
        ("where is 10442", "order_status", POSTCODE, "postcode"),
        ("Send me a code instead", "call_back", "I have sent a code of six digits", "code"),
    ],
    "said already": [
        ("I want to complain, the driver left my sofa in the rain", "complain",
         "What else should they know?", "note"),
        ("I said it already", "nlu_fallback", "Your complaint is ticket", "resolved"),
    ],
    "nothing says no more": [
        ("I want to complain, the driver left my sofa in the rain", "complain",
         "What else should they know?", "note"),
        ("nothing", "nlu_fallback", "Your complaint is ticket", "resolved"),
    ],
    "a yes says no more": [
        ("I want to complain, the driver left my sofa in the rain", "complain",
         "What else should they know?", "note"),
        ("yes", "affirm", "Your complaint is ticket", "resolved"),
    ],
    "an e-mail address is no delivery address": [
        ("change the address of 10538 EH3 9QQ", "change_address", ADDRESS, "address"),
        ("anna@example.com", "give_details", "your e-mail address to anna@example.com", "confirm"),
        ("yes", "affirm", "Shall we go on with changing the delivery address?", "resume"),
        ("no", "deny", "left everything", "declined"),
    ],
    "an e-mail address in a wish for another address": [
        ("my new address is anna@example.com, order 10538 EH3 9QQ", "change_address",
         "your e-mail address to anna@example.com", "confirm"),
    ],
    "not what was asked": [
        ("where is 10442", "order_status", POSTCODE, "postcode"),
        ("that's not what I asked", "nlu_fallback", "utter_misunderstood", "left"),
    ],
    "not what was asked, but this": [
        ("where is 10538", "order_status", POSTCODE, "postcode"),
        ("no I was asking about your shops in Leeds", "find_store", "Pine Leeds", "resolved"),
    ],
    "not what was asked, in place of a report": [
        ("I want to make a complaint", "complain", "What went wrong?", "note"),
        ("I didn't ask for that", "deny", "utter_misunderstood", "left"),
    ],
    "not what was asked, as a report": [
        ("I want to make a complaint", "complain", "What went wrong?", "note"),
        ("you sent a grey sofa and that is not what I asked for at all", "complain",
         "Your complaint is ticket", "resolved"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TALKS)
async def test_talk(talk: Talk, name: str) -> None:
    for words, intent, wanted, then in TALKS[name]:
        ranking = [("cancel_order", 0.3), ("send_invoice", 0.28)] if words == "blah" else ()
        said = await talk.say(words, intent, ranking)
        assert wanted in said, words
        assert (talk.asked or talk.slots["outcome"]) == then, words


async def test_more_times_when_there_are_no_more(talk: Talk) -> None:
    await talk.say("another slot for 10538, EH3 9QQ", "change_slot")  # vans are planned four weeks
    for _ in range(20):
        said = await talk.say("more", "never_mind")
        assert talk.asked == "slot"
        if "no later times" in said:
            break
    else:
        pytest.fail("there is always more")
    assert "Later days" not in talk.buttons
    assert "2. " in " ".join(talk.buttons)
