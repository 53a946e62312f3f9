"""What is said to who would take back what was just done."""

from typing import Any

import pytest

from actions.person import answer_no
from tests.actions.build import customer, dispatcher, tracker


async def said_to(text: str, **slots: Any) -> tuple[str, list[str]]:
    spoken = dispatcher()
    await answer_no(spoken, tracker(customer(text, "go_back"), **slots), {})
    (message,) = spoken.messages
    return message["text"] or message["response"], [one["title"] for one in message["buttons"]]


@pytest.mark.parametrize(
    ("text", "task", "wanted", "button"),
    [
        ("oh no, I didn't mean that. can you undo it?", "cancel_order",
         "cannot be taken up again", "Talk to a person"),
        ("un-cancel it please", "cancel_order", "cannot be taken up again", "Talk to a person"),
        ("sorry, that was by mistake", "cancel_fitting", "book another", "Book a fitting"),
        ("put it back to how it was", "change_slot", "once more", "Change the delivery time"),
        ("I changed my mind, I still want it", "start_return", "simply do not send",
         "Talk to a person"),
        ("wait, sorry, it should be number 15 not 5", "change_address", "Tell me which it should",
         "Change the address"),
        ("can you reverse that", "change_address", "once more", "Change the address"),
    ],
)  # fmt: skip
async def test_what_can_be_done_is_said(text: str, task: str, wanted: str, button: str) -> None:
    words, buttons = await said_to(text, last_task=task, outcome="resolved")
    assert wanted in words
    assert button in buttons


@pytest.mark.parametrize(
    ("text", "slots"),
    [
        ("undo that", {"last_task": "cancel_order", "outcome": "declined"}),  # nothing was done
        ("undo that", {"last_task": "order_status", "outcome": "resolved"}),
        ("undo that", {}),
        ("that should be fine", {"last_task": "change_slot", "outcome": "resolved"}),
        ("no thanks", {"last_task": "cancel_order", "outcome": "resolved"}),
    ],
)
async def test_where_nothing_was_changed_it_asks_what_else(
    text: str, slots: dict[str, Any]
) -> None:
    assert (await said_to(text, **slots))[0] == "utter_what_else"
