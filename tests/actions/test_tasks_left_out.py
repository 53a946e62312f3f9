"""A house that does not do some of the tasks: no wish for one of them leads nowhere."""

from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from pytest_aiohttp.plugin import AiohttpClient

from actions.desk import DeskMaker
from actions.form import TaskForm
from actions.knowledge import Found
from actions.server import build_app
from actions.tasks import ALL
from core.settings import Settings
from tests.actions.build import customer
from tests.actions.talk import Talk

LEFT_OUT = ("book_fitting", "move_fitting", "cancel_fitting", "fitting_status", "start_return")
FITTERS = Found("visits", "Visits", "Booking", "Ring 105 for a visit.", "/help/visits", 0.9)


async def _find(question: str) -> Found | None:
    return FITTERS if "visit" in question else None


@pytest.fixture
def talk(desks: DeskMaker, chat: str) -> Talk:
    offered = {name: task for name, task in ALL.items() if name not in LEFT_OUT}
    return Talk(TaskForm(offered, desks.open, _find), chat)


@pytest.mark.parametrize(
    ("words", "intent", "said"),
    [
        ("book a visit", "book_fitting", "utter_article_in_between"),
        ("I want to send it back", "start_return", "utter_no_article"),
    ],
)
async def test_a_wish_for_it_is_a_question(talk: Talk, words: str, intent: str, said: str) -> None:
    assert said in (await talk.say(words, intent)).split(" | ")
    assert talk.asked is None
    assert talk.slots["task"] is None


async def test_it_puts_no_other_task_aside(talk: Talk) -> None:
    await talk.say("cancel my order", "cancel_order")
    said = await talk.say("and can I book a visit for my garden please", "book_fitting")
    assert "utter_article_in_between" in said
    assert "What is your order number?" in said
    said = await talk.say("and how would I send something back then please", "start_return")
    assert "utter_no_article_in_between" in said
    assert talk.slots["task"] == "cancel_order"
    assert not talk.slots["paused"]


async def test_words_taken_for_it_may_be_an_answer(talk: Talk) -> None:
    await talk.say("I want to complain", "complain")
    said = await talk.say("the fitter never came on Tuesday", "fitting_status")
    assert "utter_no_article" not in said
    assert "ticket" in said


async def test_of_two_wishes_the_other_is_done(talk: Talk) -> None:
    said = await talk.say(
        "book a visit and cancel 10538",
        "book_fitting",
        wishes=[("book a visit in may", "book_fitting"), ("cancel 10538", "cancel_order")],
    )
    assert "utter_article_in_between" in said
    assert talk.slots["task"] == "cancel_order"


async def test_it_is_offered_nowhere(aiohttp_client: AiohttpClient, settings: Settings) -> None:
    offered = tuple(name for name in sorted(ALL) if name not in LEFT_OUT)
    app = build_app(settings.model_copy(update={"tasks": offered}))
    client: TestClient[Any, Any] = await aiohttp_client(app)
    message = customer("hm", "nlu_fallback")
    names = ("start_return", "book_fitting", "cancel_order", "change_slot")
    message["parse_data"]["intent_ranking"] = [{"name": name, "confidence": 0.2} for name in names]
    state = {
        "sender_id": "c1",
        "slots": {},
        "latest_message": message["parse_data"],
        "events": [message],
        "active_loop": {},
        "latest_action_name": "action_listen",
    }
    body = {"next_action": "action_fallback", "sender_id": "c1", "tracker": state, "domain": {}}
    answer = await (await client.post("/webhook", json=body)).json()
    buttons = [button["payload"] for button in answer["responses"][0]["buttons"]]
    assert buttons == ["/cancel_order", "/change_slot", "/ask_person"]


async def test_a_refusal_that_leads_to_it_is_not_taken_up(talk: Talk) -> None:
    await talk.say("cancel 10391, M4 1HQ", "cancel_order")  # delivered: it can only come back
    said = await talk.say("but I don't want it any more", "start_return")
    assert "utter_no_article" in said
    assert talk.slots["task"] is None
