"""The framework of tasks: each a conversation of (words, intent, part of the answer, asked)."""

from typing import Any

import pytest

from actions.desk import DeskMaker
from actions.person import hand_off
from core.errors import Unavailable
from core.settings import Settings
from tests.actions.build import customer, dispatcher, tracker
from tests.actions.talk import Talk

NUMBER, POSTCODE = "What is your order number", "the postcode of the delivery address"
NOT_FOUND, LOCKED = "I cannot find an order", "utter_offer_person_lookup"
TOLD = "It is on its way"
RULES = "left to the rules"
CANCEL = "I will cancel order HP-10538, the wool rug. All of the £249.00 you paid goes back"

Line = tuple[str, str, str, str | None]

TALKS: dict[str, list[Line]] = {
    "one by one": [
        ("where is my order", "order_status", NUMBER, "order"),
        ("10442", "give_details", POSTCODE, "postcode"),
        ("bn14gh", "give_details", TOLD, None),
    ],
    "all at once": [("HP-10442, BN1 4GH, where is it?", "order_status", TOLD, None)],
    "the other way round": [
        ("EH3 9QQ", "give_details", NUMBER, "order"),
        ("hp10538", "give_details", "wool rug", None),
    ],
    "spoken": [
        ("where is it", "order_status", NUMBER, "order"),
        ("one oh double four two", "give_details", POSTCODE, "postcode"),
        ("b n one four g h", "give_details", TOLD, None),
    ],
    "the postcode corrects a slip": [
        ("10442 SW1A 1AA", "give_details", NOT_FOUND, "order"),
        ("BN1 4GH", "give_details", TOLD, None),
    ],
    "the number corrects a slip": [
        ("10443 BN1 4GH", "give_details", NOT_FOUND, "order"),
        ("sorry, I meant 10442", "give_details", TOLD, None),
    ],
    "three wrong tries lock": [
        ("10442 LS6 2AB", "give_details", NOT_FOUND, "order"),
        ("10442 LS6 2AC", "give_details", NOT_FOUND, "order"),
        ("10442 LS6 2AD", "give_details", LOCKED, None),
        ("10442 BN1 4GH", "give_details", LOCKED, None),
    ],
    "the same wrong pair is one try": [
        ("10442 LS6 2AB", "give_details", NOT_FOUND, "order"),
        ("10442 LS6 2AB", "give_details", NOT_FOUND, "order"),
        ("10442 LS6 2AB", "give_details", NOT_FOUND, "order"),
        ("10442 BN1 4GH", "give_details", TOLD, None),
    ],
    "a number of nobody sounds like any other": [
        ("where is 10999", "order_status", POSTCODE, "postcode"),
        ("BN1 4GH", "give_details", NOT_FOUND, "order"),
    ],
    "an answer that tells nothing": [
        ("where is my order", "order_status", NUMBER, "order"),
        ("blah", "nlu_fallback", "I did not see an order number in that. | " + NUMBER, "order"),
        ("1044", "give_details", "I can get you a person. | " + NUMBER, "order"),
        ("10442", "give_details", POSTCODE, "postcode"),
        ("no idea", "nlu_fallback", "I did not see a postcode in that.", "postcode"),
    ],
    "the same wish again is no reproach": [
        ("where is my order", "order_status", NUMBER, "order"),
        ("where is it?", "order_status", NUMBER, "order"),
    ],
    "aside, then on": [
        ("where is 10442", "order_status", POSTCODE, "postcode"),
        ("when are you open", "opening_hours", RULES, "postcode"),
        ("~", "", POSTCODE, "postcode"),
        ("hi, BN1 4GH", "greet", TOLD, None),
    ],
    "leaving": [
        ("where is 10442", "order_status", POSTCODE, "postcode"),
        ("never mind", "never_mind", RULES, "postcode"),
        ("a person about 10442", "ask_person", RULES, "postcode"),
        ("bye", "goodbye", RULES, "postcode"),
    ],
    "going back": [
        ("where is 10517", "order_status", POSTCODE, "postcode"),
        ("go back", "go_back", NUMBER, "order"),
        ("go back", "go_back", "nothing before this", "order"),
        ("10442", "give_details", POSTCODE, "postcode"),
        ("go back, it is 10538", "go_back", POSTCODE, "postcode"),
        ("EH3 9QQ", "give_details", "wool rug", None),
    ],
    "a confirmation is changed": [
        ("cancel HP-10538, EH3 9QQ", "cancel_order", CANCEL, "confirm"),
        ("sorry, I meant 10517", "give_details", POSTCODE, "postcode"),
        ("LS6 2AB", "give_details", "I will cancel order HP-10517", "confirm"),
        ("maybe", "nlu_fallback", "Is that a yes or a no?", "confirm"),
        ("no thanks", "deny", "left everything as it is", None),
    ],
    "a correction in many words is no other task": [
        ("cancel HP-10538, EH3 9QQ", "cancel_order", CANCEL, "confirm"),
        ("no, sorry, I meant my sofa order, which is 10517", "order_status", POSTCODE, "postcode"),
        ("LS6 2AB", "give_details", "I will cancel order HP-10517", "confirm"),
    ],
    "yes with the same number is a yes": [
        ("cancel HP-10538, EH3 9QQ", "cancel_order", CANCEL, "confirm"),
        ("yes, HP-10538", "affirm", "HP-10538 is cancelled", None),
    ],
    "another task in between": [
        ("cancel HP-10538, EH3 9QQ", "cancel_order", CANCEL, "confirm"),
        ("where is it", "order_status", "go on with cancelling the order?", "resume"),
        ("hm", "nlu_fallback", "a yes or a no? | Shall we go on", "resume"),
        ("yes", "affirm", CANCEL, "confirm"),
        ("yes", "affirm", "HP-10538 is cancelled", None),
    ],
    "another task in between, and that was it": [
        ("cancel HP-10538, EH3 9QQ", "cancel_order", CANCEL, "confirm"),
        ("where is it", "order_status", "Shall we go on", "resume"),
        ("no", "deny", "left everything as it is", None),
    ],
    "another task before the first is identified": [
        ("cancel 10538", "cancel_order", POSTCODE, "postcode"),
        ("where is it", "order_status", POSTCODE, "postcode"),
        ("EH3 9QQ", "give_details", "Shall we go on with cancelling", "resume"),
        ("yes", "affirm", CANCEL, "confirm"),
    ],
    "a wish with a number is another task": [
        ("where is my order", "order_status", NUMBER, "order"),
        ("cancel order 10538", "cancel_order", POSTCODE, "postcode"),
        ("EH3 9QQ", "give_details", CANCEL, "confirm"),
    ],
    "a wish for another order answers no question of this one": [
        ("change my e-mail to x@example.com for HP-10442", "change_contact", POSTCODE, "postcode"),
        ("where is HP-10538 EH3 9QQ", "order_status", "wool rug", "resume"),
        ("yes", "affirm", POSTCODE, "postcode"),
        ("BN1 4GH", "give_details", "for the customer of order HP-10442. Shall I?", "confirm"),
    ],
    "a bare number is none": [
        ("cancel my order", "cancel_order", NUMBER, "order"),
        ("my order is 10538", "order_status", POSTCODE, "postcode"),
        ("EH3 9QQ", "give_details", CANCEL, "confirm"),
    ],
    "a known order is not asked for again": [
        ("10442 BN1 4GH", "give_details", TOLD, None),
        ("where is it", "order_status", TOLD, None),
        ("and my other order?", "order_status", "the number of the other order?", "order"),
        ("10530", "give_details", "linen curtains", None),  # the same customer and postcode
        ("and the other one?", "order_status", "reading lamp", None),
        ("and 10517?", "give_details", POSTCODE, "postcode"),
    ],
    "hostile words are only words": [
        ("where is my order", "order_status", NUMBER, "order"),
        ("🛋️" * 500, "nlu_fallback", "I did not see an order number", "order"),
        ("'; DROP TABLE orders; -- {{7*7}} <b>", "nlu_fallback", NUMBER, "order"),
        ("x" * 20_000, "nlu_fallback", NUMBER, "order"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TALKS)
async def test_talk(talk: Talk, name: str) -> None:
    for words, intent, wanted, asked in TALKS[name]:
        said = await (talk.repeat() if words == "~" else talk.say(words, intent))
        assert wanted in said, words[:80]
        assert talk.asked == asked, words[:80]


async def test_a_code_by_mail_stands_for_the_postcode(
    talk: Talk, settings: Settings, desks: DeskMaker
) -> None:
    await talk.say("where is 10442", "order_status")
    assert "I have sent a code" in await talk.press("Send me a code")
    assert "not the code" in await talk.say("000000")
    await desks.tasks.finish()
    (letter,) = (settings.var / "mail").glob("*.eml")
    code = letter.read_text().split(" is ")[1][:6]
    assert TOLD in await talk.say(f"it is {code[:3]} {code[3:]}")


@pytest.mark.parametrize("number", ["10442", "10386", "10999"])  # one is of nobody, one has no mail
async def test_a_code_is_promised_alike_for_every_number(talk: Talk, number: str) -> None:
    await talk.say(f"where is {number}", "order_status")
    said = await talk.say("I don't have the postcode", "nlu_fallback")
    assert said.startswith("If we have an e-mail address for that order, I have sent a code")
    assert "@" not in said


async def test_the_postcode_still_counts_after_a_code(talk: Talk) -> None:
    await talk.say("where is 10442", "order_status")
    await talk.press("Send me a code")
    assert TOLD in await talk.say("found it, BN1 4GH")


async def test_only_the_open_question_takes_a_button(talk: Talk) -> None:
    await talk.say("cancel HP-10538, EH3 9QQ", "cancel_order")
    old = dict(talk.buttons)
    await talk.say("no, 10517 LS6 2AB")
    assert "I will cancel order HP-10517" in await talk.say(old["Yes"], "affirm")
    assert talk.asked == "confirm"
    assert "I will cancel order HP-10517" in await talk.say("/affirm", "affirm")
    for payload in ('/affirm{"choice": 0}', '/give_details{"confirm": "yes"}', "/give_details"):
        assert "I will cancel order HP-10517" in await talk.say(payload, payload[1:].split("{")[0])
    assert "HP-10517 is cancelled" in await talk.press("Yes")


async def test_who_is_not_understood_twice_is_offered_the_nearest_tasks(talk: Talk) -> None:
    ranking = ["nlu_fallback", "order_status", "cancel_order", "affirm", "start_return"]
    await talk.say("where is my order", "order_status")
    await talk.say("blah", "nlu_fallback", ranking)
    assert list(talk.buttons) == ["I do not have it"]
    await talk.say("blah blah", "nlu_fallback", ranking)
    offered = [payload for payload in talk.buttons.values() if "{" not in payload]
    assert offered == ["/cancel_order", "/start_return", "/ask_person"]
    await talk.press("Cancel an order")
    assert talk.slots["task"] == "cancel_order"


async def test_a_button_verifies_nobody(talk: Talk) -> None:
    said = await talk.say(
        '/order_status{"order": "HP-10442", "postcode": "BN1 4GH", "choice": 0}', "order_status"
    )
    assert NUMBER in said
    assert "utter_rephrase" in await Talk(talk.form, talk.conversation).say(
        '/give_details{"ask": "turn-1", "choice": 0}'
    )


async def test_leaving_forgets(talk: Talk) -> None:
    await talk.say("where is 10442", "order_status")
    talk.leave()
    assert talk.slots["collected"] is None
    assert NUMBER in await talk.say("where is my order", "order_status")


async def test_every_end_is_told(talk: Talk) -> None:
    await talk.say("cancel HP-10442, BN1 4GH", "cancel_order")  # too late
    told = _customs(talk)
    await talk.say("cancel HP-10538, EH3 9QQ", "cancel_order")
    await talk.say("no", "deny")
    told += _customs(talk)
    await talk.say("where is HP-10538", "order_status")
    assert told + _customs(talk) == [
        {"parley": "survey", "about": "cancel_order", "outcome": "refused"},
        {"parley": "survey", "about": "cancel_order", "outcome": "declined"},
        {"parley": "survey", "about": "order_status", "outcome": "resolved"},
    ]


async def test_an_end_in_between_is_told_as_such(talk: Talk) -> None:
    await talk.say("cancel HP-10538, EH3 9QQ", "cancel_order")
    await talk.say("where is it", "order_status")
    (told,) = _customs(talk)
    assert (told["about"], told["outcome"], told["in_between"]) == (
        "order_status",
        "resolved",
        True,
    )


async def test_channels_is_told_while_an_answer_is_waited_for(talk: Talk) -> None:
    await talk.say("where is 10442", "order_status")
    assert talk.messages[-1]["custom"] == {"parley": "asks", "field": "postcode"}
    await talk.say("BN1 4GH")
    assert all(message["custom"].get("parley") != "asks" for message in talk.messages)


def _customs(talk: Talk) -> list[dict[str, Any]]:
    customs = [message["custom"] for message in talk.messages if message["custom"]]
    return [custom for custom in customs if custom["parley"] != "asks"]


async def test_while_the_shop_is_down_nothing_is_half_done(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_args: object, **_kwargs: object) -> None:
        raise Unavailable("the shop does not answer", retryable=True)

    await talk.say("cancel HP-10538, EH3 9QQ", "cancel_order")
    with monkeypatch.context() as broken:
        broken.setattr("actions.embedded.EmbeddedShop.cancel_order", away)
        said = await talk.say("yes", "affirm")
    assert said.startswith("I cannot reach our system")
    assert list(talk.buttons) == ["Call me back", "Talk to a person"]
    assert (talk.asked, talk.slots["outcome"]) == (None, "failed")
    assert "We have your order" in await talk.say("where is HP-10538", "order_status")


async def test_what_was_told_is_kept_while_the_shop_is_down(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def away(*_args: object, **_kwargs: object) -> None:
        raise Unavailable("the shop does not answer", retryable=True)

    await talk.say("10442 BN1 4GH", "order_status")
    for method in ("open_ticket", "find_customer", "find_order"):
        monkeypatch.setattr(f"actions.embedded.EmbeddedShop.{method}", away)
    await talk.say("I want to complain", "complain")
    said = await talk.say("the driver left it in the rain, all of it wet", "complain")
    assert "What you told me is not lost" in said
    assert _customs(talk)[-1]["outcome"] == "failed"
    spoken = dispatcher()
    wish = customer("a person please", "ask_person")
    await hand_off(spoken, tracker(wish, sender_id=talk.conversation, **talk.slots), {})
    assert spoken.messages[0]["custom"]["facts"] == {
        "order_number": "HP-10442",
        "note": "the driver left it in the rain, all of it wet",
    }
    assert "Which number may we ring?" in await talk.say("/call_back", "call_back")
    await talk.say("07700 900123, tomorrow at 3")
    await talk.say("yes", "affirm")
    assert "left it in the rain" in _customs(talk)[0]["facts"]["about"]
    assert talk.slots["unsettled"] is None


@pytest.mark.parametrize("number", ["10442", "10999"])
async def test_a_code_is_promised_alike_while_mail_is_down(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, number: str
) -> None:
    async def away(*_args: object, **_kwargs: object) -> None:
        raise Unavailable("no mail server", retryable=True)

    monkeypatch.setattr("mail.folder.FileMail.send", away)
    await talk.say(f"where is {number}", "order_status")
    said = await talk.press("Send me a code")
    assert said.startswith("If we have an e-mail address for that order")
    assert talk.asked == "code"


async def test_a_repeated_turn_does_it_once(talk: Talk) -> None:
    await talk.say("return 10391 M4 1HQ, I changed my mind", "start_return")
    before, turns = dict(talk.slots), talk.turns
    first = await talk.say("yes", "affirm")
    talk.slots, talk.turns = before, turns  # the turn failed on its way back, and is tried again
    assert await talk.say("yes", "affirm") == first
    assert "R-30002" in first
