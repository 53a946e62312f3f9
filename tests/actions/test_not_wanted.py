"""Who insists after a refused cancellation is led on, not round."""

import pytest

from actions.person import answer_no, leave_task
from tests.actions.build import customer, dispatcher, tracker
from tests.actions.talk import Talk

DELIVERED, MOVING, PLACED = "10391 M4 1HQ", "10442 BN1 4GH", "10538 EH3 9QQ"


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("but I don't want it anymore", "start_return"),
        ("but I don't want it any more", "never_mind"),
        ("well I don't want it", "deny"),
        ("I no longer need the bookcase", "nlu_fallback"),
        ("cancel it anyway", "cancel_order"),
        ("I won't keep it", "out_of_scope"),
        ("no but I don't want it", "deny"),
    ],
)
async def test_what_is_delivered_goes_back(talk: Talk, words: str, intent: str) -> None:
    assert "is delivered" in await talk.say(f"cancel order {DELIVERED}", "cancel_order")
    said = await talk.say(words, intent)
    assert "cannot be cancelled any more" in said
    assert "HP-10391" in said or "What is the reason?" in said
    assert talk.slots["task"] == "start_return"


@pytest.mark.parametrize("intent", ["never_mind", "deny", "cancel_order"])
async def test_what_is_on_its_way_is_for_a_person_the_second_time(talk: Talk, intent: str) -> None:
    assert "too late to cancel" in await talk.say(f"cancel order {MOVING}", "cancel_order")
    said = await talk.say("but I don't want it any more", intent)
    assert "utter_offer_person_change" in said
    assert "refuse it at the door" in str(talk.messages)


async def test_a_return_of_what_is_on_its_way_does_not_lead_back(talk: Talk) -> None:
    await talk.say(f"cancel order {MOVING}", "cancel_order")
    said = await talk.say("then I want to return it", "start_return")
    assert "there is nothing to send back yet" in said
    assert "Cancel the order" not in talk.buttons


@pytest.mark.parametrize(
    ("words", "intent", "task"),
    [
        ("no thanks", "deny", None),
        ("never mind", "never_mind", None),
        ("no, I don't want that", "deny", None),
        ("no I do not want to return it", "deny", None),
        ("cancel 10538 EH3 9QQ then", "cancel_order", "cancel_order"),  # another order
        ("I don't want to wait", "out_of_scope", None),
        ("where is it", "order_status", None),
    ],
)
async def test_near_misses_stay_what_they_were(
    talk: Talk, words: str, intent: str, task: str | None
) -> None:
    await talk.say(f"cancel order {DELIVERED}", "cancel_order")
    said = await talk.say(words, intent)
    assert "What is the reason?" not in said
    assert talk.slots["task"] == task


async def test_without_a_refusal_it_is_no_wish(talk: Talk) -> None:
    await talk.say(f"where is {PLACED}", "order_status")
    assert "cancelled any more" not in await talk.say("I don't want it any more", "cancel_order")
    assert talk.slots["task"] == "cancel_order"


@pytest.mark.parametrize("action", [answer_no, leave_task])
async def test_words_that_rasa_takes_for_a_no_begin_it(action: object) -> None:
    slots = {"outcome": "refused", "last_task": "cancel_order", "last_order": "HP-10391"}
    talk = tracker(customer("but I don't want it any more", "never_mind"), **slots)
    events = await action(dispatcher(), talk, {})  # type: ignore[operator]
    assert [event["name"] for event in events] == ["task_form"]


@pytest.mark.parametrize("words", ["never mind", "no, leave it"])
async def test_a_plain_no_begins_nothing(words: str) -> None:
    slots = {"outcome": "refused", "last_task": "cancel_order", "last_order": "HP-10391"}
    spoken = dispatcher()
    assert await leave_task(spoken, tracker(customer(words, "never_mind"), **slots), {}) == []
    assert [message["response"] for message in spoken.messages] == ["utter_never_mind"]
