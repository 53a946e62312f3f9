"""Each task to both of its ends, in the words it uses, at the desk of the demo shop."""

import pytest

from actions.embedded import EmbeddedShop
from actions.small_talk import SmallTalk
from actions.state import State, read_state
from actions.task import Ask, Choice, Collected
from core.shop import DeliverySlot, Order, Refused
from tests.actions.build import customer, dispatcher, said, slots_of, tracker
from tests.actions.talk import Talk

# task -> talks of (words, part of the answer, outcome)
TALKS: list[tuple[str, list[tuple[str, str, str | None]]]] = [
    ("cancel_order", [
        ("10538 EH3 9QQ", "I will cancel order HP-10538, the wool rug. All of the £249.00", None),
        ("yes", "Order HP-10538 is cancelled: wool rug.", "resolved"),
    ]),
    ("cancel_order", [("10442 BN1 4GH", "refuse it at the door, or return it", "refused")]),
    ("cancel_order", [("10391 M4 1HQ", "You can return it instead", "refused")]),
    ("cancel_order", [("10405 CF10 1EP", "was cancelled before", "refused")]),
    ("change_address", [
        ("10538 EH3 9QQ", "What is the new address?", None),
        ("to 5 Example Road, Leeds", "the postcode there?", None),
        ("LS6 2AB", "HP-10538 delivered to 5 Example Road, Leeds, LS6 2AB. Shall I?", None),
        ("no, it is LS6 2AC", "5 Example Road, Leeds, LS6 2AC. Shall I?", None),
        ("no, 7 Example Road", "to 7 Example Road, Leeds, LS6 2AC. Shall I?", None),
        ("LS6 2AD", "delivered to 7 Example Road, Leeds, LS6 2AD. Shall I?", None),
        ("yes", "Order HP-10538 now goes to 7 Example Road, Leeds, LS6 2AD.", "resolved"),
    ]),
    ("change_address", [("10442 BN1 4GH", "its address can no longer be changed", "refused")]),
    ("change_slot", [
        ("10538 EH3 9QQ, next Tuesday afternoon", "Tuesday 10 June, 12 to 4. Shall I?", None),
        ("no, the morning", "Tuesday 10 June, 8 to 12. Shall I?", None),
        ("no, the 12th", "Thursday 12 June, 8 to 12. Shall I?", None),
        ("yes", "Order HP-10538 now comes on Thursday 12 June, 8 to 12.", "resolved"),
    ]),
    ("change_slot", [
        ("10538 EH3 9QQ", "These times are free.", None),
        ("Sunday", "Nothing is free on Sunday 8 June. These are the next free times.", None),
        ("none of these", "These times are free.", None),
        ("go back", "These times are free.", None),
        ("the first", "Saturday 7 June, 8 to 12. Shall I?", None),
        ("go back", "These times are free.", None),
        ("Wednesday", "Wednesday 11 June, 12 to 4. Shall I?", None),
        ("no", "left everything as it is", "declined"),
    ]),
    ("change_slot", [("10442 BN1 4GH", "its delivery can no longer be changed", "refused")]),
    ("change_slot", [("10405 CF10 1EP", "Order HP-10405 was cancelled", "refused")]),
    ("start_return", [
        ("the shelf of 10386 NE1 7RU", "What is the reason?", None),
        ("it is too wide", "the return of the wall shelf from order HP-10386. Shall I?", None),
        ("no, the vase", "the return of the glass vase from order HP-10386. Shall I?", None),
        ("yes", "R-30002 is started: glass vase. We pay £39.00 back", "resolved"),
    ]),
    ("start_return", [
        ("10386 NE1 7RU", "What would you like to return?", None),
        ("all of it", "What is the reason?", None),
        ("4", "the return of the glass vase and wall shelf", None),
        ("yes", "We pay £118.00 back", "resolved"),
    ]),
    ("start_return", [("10442 BN1 4GH", "nothing to send back yet", "refused")]),
    ("start_return", [("10538 EH3 9QQ", "only what has arrived can come back", "refused")]),
    ("start_return", [("10214 M4 1HQ", "could come back is over", "refused")]),  # asks nothing
    ("start_return", [("10405 CF10 1EP", "HP-10405 was cancelled", "refused")]),
    ("return_status", [("R-30001 BS1 5TR", "dining chair. It is collected", "resolved")]),
    ("return_status", [("10377 BS1 5TR", "Return R-30001 of order HP-10377", "resolved")]),
    ("return_status", [("10391 M4 1HQ", "There is no return of order HP-10391", "refused")]),
    ("return_status", [
        ("R-30001 M4 1HQ", "I cannot find R-30001 with that postcode", None),  # whose, it hides
        ("R-39999", "I cannot find R-39999 with that postcode", None),
    ]),
    ("send_invoice", [("10442 BN1 4GH", "HP-10442 to r…@example.com", "resolved")]),
    ("send_invoice", [("10386 NE1 7RU", "We do not have an e-mail address", "refused")]),
    ("report_damaged", [
        ("the vase of 10386 NE1 7RU", "What is wrong with it?", None),
        ("it has a crack", "ticket T-20002 about the glass vase; our people answer by", "resolved"),
    ]),
    ("report_damaged", [("10538 EH3 9QQ", "has not arrived yet", "refused")]),
    ("report_missing", [
        ("10391 M4 1HQ", "What is missing", None),
        ("sorry, I meant 10386", "the postcode of the delivery address", None),
        ("NE1 7RU", "Which of these is missing?", None),
        ("the shelf", "What is missing", None),
        ("two screws, and a bracket", "ticket T-20002 about the wall shelf", "resolved"),
    ]),
    ("report_missing", [("10442 BN1 4GH", "has not arrived yet", "refused")]),
]  # fmt: skip


@pytest.mark.parametrize(("task", "lines"), TALKS, ids=lambda value: str(value)[:40])
async def test_task(talk: Talk, task: str, lines: list[tuple[str, str, str | None]]) -> None:
    intent = task
    for words, wanted, outcome in lines:
        intent = "go_back" if words == "go back" else intent
        assert wanted in await talk.say(words, intent), words
        assert talk.slots["outcome"] == outcome, words
        intent = "give_details"


async def test_a_window_that_is_gone_is_asked_for_again(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def taken(*_args: object, **_kwargs: object) -> None:
        raise Refused("slot_taken")

    await talk.say("10538 EH3 9QQ next Tuesday morning", "change_slot")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("actions.embedded.EmbeddedShop.change_slot", taken)
        said_then = await talk.say("yes", "affirm")
    assert said_then.startswith("That time has just been taken, I am sorry. | These times are free")
    assert talk.asked == "slot"
    assert "Shall I?" in await talk.say("the second one")
    assert "now comes on" in await talk.say("yes", "affirm")


async def test_a_yes_is_to_the_window_that_was_read_out(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even when the shop would offer another one for those words by then."""

    async def other(*_args: object, **_kwargs: object) -> tuple[DeliverySlot, ...]:
        return ()

    await talk.say("10538 EH3 9QQ next Tuesday morning", "change_slot")
    monkeypatch.setattr("actions.embedded.EmbeddedShop.delivery_slots", other)
    assert "Tuesday 10 June, 8 to 12" in await talk.say("yes", "affirm")


@pytest.mark.parametrize(
    ("shown", "response"),
    [
        ("", "utter_greet"),
        ("10442 BN1 4GH", "utter_greet_order"),
        ("10386 NE1 7RU", "utter_greet_ticket"),
        ("10391 M4 1HQ", "utter_greet_name"),  # delivered, nothing is open
    ],
)
async def test_who_showed_an_order_is_greeted_by_name(
    talk: Talk, shown: str, response: str
) -> None:
    if shown:
        await talk.say(shown, "order_status")
    spoken = dispatcher()
    small_talk = SmallTalk("Harbour & Pine", 90, talk.form.open_desk)
    await small_talk.greet(spoken, tracker(customer("hi"), sender_id=talk.conversation), {})
    assert said(spoken) == [response]
    (message,) = spoken.messages
    assert (message["company"], message["retention_days"]) == ("Harbour & Pine", "90")
    assert ("name" in message) is bool(shown)


def test_state_survives_the_slots() -> None:
    ask = Ask("item", "Which?", (Choice("lamp", "lamp"), Choice("Later", "x", field="day")))
    state = State("start_return", Collected({"order": "HP-10391"})).asking(ask, "turn-3").pausing()
    assert read_state(slots_of(state.events())) == state


async def test_nothing_is_cancelled_without_a_yes(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A back end of one's own may let pass what the demo shop refuses."""
    asked: list[str] = []

    async def cancels_all(shop: EmbeddedShop, order: str, *, key: str) -> Order:
        asked.append(order)
        found = await shop.find_order(order)
        assert found is not None
        return found

    monkeypatch.setattr(EmbeddedShop, "cancel_order", cancels_all)
    said = await talk.say("cancel 10391 M4 1HQ", "cancel_order")  # delivered
    assert "You can return it instead" in said
    assert talk.slots["outcome"] == "refused"
    assert asked == []


async def test_a_ticket_of_no_order_is_told_without_its_number(talk: Talk) -> None:
    await talk.say("I want to complain", "complain")
    opened = await talk.say("the person at the desk was rude to me")
    number = opened.partition("ticket ")[2].partition(";")[0]
    said = await talk.say("how far is my ticket", "ticket_status")
    assert f"Ticket {number}, about your complaint, was opened" in said
    said = await talk.say("how far is ticket T-20001", "ticket_status")
    assert "postcode" in said  # another's, which an order leads to
    assert number not in said
