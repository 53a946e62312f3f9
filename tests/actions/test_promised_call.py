"""A call that was promised: told, moved, cancelled, and never made twice."""

from datetime import UTC, datetime

import pytest

from actions.task import WISH, Collected
from actions.tasks.call_back import takes_back
from core.call_back import CallBack, CallBackState
from store import call_backs
from store.database import Database
from tests.actions.talk import Talk

FOUR = datetime(2025, 6, 6, 15, tzinfo=UTC)  # in London, in summer
PROMISED = "07700 900123, on Friday 6 June from 4 pm"
SHALL_I = f"I will cancel the call to {PROMISED}. Shall I?"

Line = tuple[str, str, str, str | None]  # words, intent, part of the answer, asked or how it ended


async def promise(database: Database, chat: str) -> CallBack:
    """As channels keeps it."""
    call = CallBack("call-1", chat, FOUR, CallBackState.OPEN, "+447700900123", "after four", FOUR)
    async with database.writing() as session:
        await call_backs.save(session, call)
    return call


TALKS: dict[str, list[Line]] = {
    "cancelled": [
        ("cancel the call back", "call_back", SHALL_I, "confirm"),
        ("yes", "affirm", "The call is cancelled; nobody will ring you.", "resolved"),
    ],
    "cancelled, with its day": [
        ("cancel my call tomorrow", "call_back", SHALL_I, "confirm"),
        ("yes", "affirm", "is cancelled", "resolved"),
    ],
    "not cancelled after all": [
        ("please don't ring me after all", "call_back", "Shall I?", "confirm"),
        ("no", "deny", "left everything as it is", "declined"),
    ],
    "cancelled, no, moved": [
        ("cancel the call", "call_back", "I will cancel the call", "confirm"),
        ("no, at five tomorrow", "deny", "6 June from 5 pm to 6 pm instead. Is", "confirm"),
        ("yes", "affirm", "from 5 pm to 6 pm instead.", "resolved"),
    ],
    "when": [
        ("when are you calling me", "call_back", f"We ring {PROMISED}.", "resolved"),
    ],
    "moved at once": [
        ("can you ring me on Monday at ten instead", "call_back",
         "900123, on Monday 9 June from 10 am to 11 am instead. Is that right?", "confirm"),
        ("yes", "affirm", "All right: we ring 07700 900123, on Monday 9 June", "resolved"),
    ],
    "moved to another day alone": [
        ("could you ring me on Monday instead", "call_back",
         "on Monday 9 June from 4 pm instead. Is that right?", "confirm"),
    ],
    "moved to another hour alone": [
        ("can you ring me at five instead", "call_back", "6 June from 5 pm to 6 pm", "confirm"),
    ],
    "asked for again": [
        ("call me back", "call_back", f"We ring {PROMISED}. When would suit you", "when"),
        ("Monday at ten", "give_details", "on Monday 9 June from 10 am", "confirm"),
    ],
    "on another number": [
        ("ring me on 07700 900124", "call_back", "When would suit you instead?", "when"),
        ("tomorrow at noon", "give_details", "07700 900124, on Friday 6 June from 12", "confirm"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TALKS)
async def test_talk(talk: Talk, database: Database, chat: str, name: str) -> None:
    await promise(database, chat)
    for words, intent, wanted, then in TALKS[name]:
        said = await talk.say(words, intent)
        assert wanted in said, words
        assert (talk.asked or talk.slots["outcome"]) == then, words


async def test_channels_is_told_which_is_cancelled(
    talk: Talk, database: Database, chat: str
) -> None:
    call = await promise(database, chat)
    await talk.say("cancel the call back", "call_back")
    await talk.say("yes", "affirm")
    assert talk.messages[1]["custom"] == {"parley": "call_back", "cancels": call.id}


async def test_what_was_never_promised_is_not_cancelled(talk: Talk) -> None:
    assert "no call noted for you" in await talk.say("cancel the call back", "call_back")
    assert talk.slots["outcome"] == "refused"
    said = await talk.say("when will you call me", "call_back")
    assert said.startswith("I have no call noted for you yet. Which number may we ring?")


@pytest.mark.parametrize(
    ("wish", "is_one"),
    [
        ("cancel the call back", True),
        ("I don't need the call back any more", True),
        ("please don't ring me after all, cancel the call", True),
        ("I no longer want you to call", True),
        ("scrap my phone call", True),
        ("I don’t want a call", True),
        ("don't forget to ring me", False),
        ("I don't want to wait in the queue, ring me back", False),
        ("I can't wait, can you call me later", False),
        ("call me back about cancelling the order", False),
        ("my call was cut off, ring me", False),
        ("ring me", False),
    ],
)
def test_a_wish_for_no_call(wish: str, is_one: bool) -> None:
    assert takes_back(Collected({WISH: wish})) is is_one
