"""A shop that fails after doing, is slow, or answers what nobody understands: told as it is."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from actions.desk import DeskMaker
from actions.form import TaskForm
from actions.tasks import ALL
from core.errors import BadInput, Conflict, NotFound, ParleyError, Unavailable
from core.settings import Settings
from core.shop import Refused
from store.database import Database
from tests.actions.conftest import NOW
from tests.actions.reference_shop import Clock, Postbox, Server, asking, embedded, serving
from tests.actions.talk import Talk

UNSURE = "I do not know whether that was done"
SHOP = "actions.embedded.EmbeddedShop"


@pytest.fixture
async def served(database: Database) -> AsyncIterator[tuple[Server, str]]:
    clock = Clock()
    clock.now = NOW
    async with serving(embedded(database, Postbox(), clock)) as server:
        server[0].hit = "POST"
        yield server


@pytest.fixture
async def remote(
    served: tuple[Server, str], settings: Settings, database: Database, chat: str
) -> AsyncIterator[Talk]:
    """A talk with a bot whose shop is over HTTP."""
    async with asking(served[1], timeout_seconds=1.0) as backend:
        desk = DeskMaker(database, backend, settings.zone, lambda: NOW)
        yield Talk(TaskForm(ALL, desk.open), chat)


@pytest.mark.parametrize("fault", ["500 after", "hang up", "nonsense"])
async def test_yes_once_more_repeats_the_same_change(
    served: tuple[Server, str], remote: Talk, fault: str
) -> None:
    assert "Shall I?" in await remote.say("return 10391 M4 1HQ, I changed my mind", "start_return")
    served[0].faults[:] = [fault] * 3
    said = await remote.say("yes", "affirm")
    assert UNSURE in said
    assert "changed nothing" not in said
    assert remote.asked == "confirm"
    served[0].faults.clear()
    assert "R-30002" in await remote.say("yes", "affirm")


async def test_what_needs_no_yes_is_repeated_alike(
    served: tuple[Server, str], remote: Talk
) -> None:
    await remote.say("I want to complain", "complain")
    served[0].faults[:] = ["500 after"] * 3
    assert UNSURE in await remote.say("the driver left it all in the rain")
    served[0].faults.clear()
    assert "ticket T-20002" in await remote.press("Yes")
    keys = {key for method, _, key in served[0].seen if method == "POST"}
    assert len(keys) == 1


async def test_an_answer_that_was_lost_with_its_turn_changes_nothing_twice(talk: Talk) -> None:
    await talk.say("return 10391 M4 1HQ, I changed my mind", "start_return")
    before = dict(talk.slots)
    first = await talk.say("yes", "affirm")
    talk.slots = before  # Rasa gave up waiting; the customer says it again, in a new turn
    assert await talk.say("yes please", "affirm") == first
    assert "R-30002" in first


async def test_no_to_once_more_claims_nothing(served: tuple[Server, str], remote: Talk) -> None:
    await remote.say("cancel HP-10538, EH3 9QQ", "cancel_order")
    served[0].faults[:] = ["500 after"] * 3
    await remote.say("yes", "affirm")
    served[0].faults.clear()
    said = await remote.say("no", "deny")
    assert "I do not know whether the first try went through" in said
    assert remote.slots["outcome"] == "failed"


async def test_down_after_an_unsure_try_is_still_unsure(
    served: tuple[Server, str], remote: Talk
) -> None:
    await remote.say("cancel HP-10538, EH3 9QQ", "cancel_order")
    served[0].faults[:] = ["500 after"] * 6
    await remote.say("yes", "affirm")
    assert UNSURE in await remote.say("yes", "affirm")
    served[0].faults.clear()
    assert "HP-10538 is cancelled" in await remote.say("yes", "affirm")


async def test_other_values_are_another_change(served: tuple[Server, str], remote: Talk) -> None:
    await remote.say("cancel HP-10538, EH3 9QQ", "cancel_order")
    served[0].faults[:] = ["500 before"] * 3
    await remote.say("yes", "affirm")
    served[0].faults.clear()
    await remote.say("sorry, I meant 10517")
    assert "I will cancel order HP-10517" in await remote.say("LS6 2AB")
    assert "HP-10517 is cancelled" in await remote.say("yes", "affirm")


async def test_a_turn_has_one_deadline(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(*_args: object, **_kwargs: object) -> None:
        await asyncio.sleep(30)

    monkeypatch.setattr("actions.course.TURN_SECONDS", 0.3)
    with monkeypatch.context() as broken:
        broken.setattr(f"{SHOP}.find_order", slow)
        assert "changed nothing" in await talk.say("cancel HP-10538, EH3 9QQ", "cancel_order")
    monkeypatch.setattr("actions.course.TURN_SECONDS", 8.0)
    await talk.say("cancel HP-10538, EH3 9QQ", "cancel_order")
    monkeypatch.setattr("actions.course.TURN_SECONDS", 0.3)
    monkeypatch.setattr(f"{SHOP}.cancel_order", slow)
    assert UNSURE in await talk.say("yes", "affirm")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (BadInput("this value cannot be used"), "this value cannot be used"),
        (NotFound("gone"), "I cannot make sense of"),
        (Conflict("this key was used with other values"), "I cannot make sense of"),
        (Refused("because_it_is_monday"), "I cannot make sense of"),
        (Unavailable("the mail server refuses"), "I have changed nothing"),
    ],
)
@pytest.mark.parametrize("method", ["cancel_order", "find_order"])
async def test_what_nobody_understands_ends_with_a_person(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, error: ParleyError, told: str, method: str
) -> None:
    async def fail(*_args: object, **_kwargs: object) -> Any:
        raise error

    await talk.say("cancel HP-10538, EH3 9QQ", "cancel_order")
    monkeypatch.setattr(f"{SHOP}.{method}", fail)
    assert told in await talk.say("yes", "affirm")
    assert "Talk to a person" in talk.buttons
    assert (talk.asked, talk.slots["outcome"]) == (None, "failed")
