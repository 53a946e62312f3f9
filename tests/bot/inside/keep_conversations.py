"""Drives bot.tracker over 400 turns and prints what it saw, as JSON on the last line."""

import asyncio
import json
import sys
from itertools import pairwise
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from sqlalchemy.exc import IntegrityError

from bot.tracker import ConversationStore
from bot.turns import AskedTurn, parse_turn
from bot.window import TRIM_ABOVE

TURNS = 400


def asked(number: int) -> AskedTurn:
    return parse_turn({"conversation": "c1", "turn": f"t{number}", "text": f"words {number}"})


def play(tracker: DialogueStateTracker, number: int) -> None:
    """One turn's events, in Rasa's order; the first opens the session and the form."""
    if number == 0:
        tracker.update(ActionExecuted("action_session_start"))
        tracker.update(SessionStarted())
        tracker.update(ActionExecuted("action_listen"))
    tracker.update(UserUttered(f"words {number}", {"name": "greet", "confidence": 1.0}))
    if number == 0:
        tracker.update(ActionExecuted("task_form"))
        tracker.update(ActiveLoop("task_form"))
        tracker.update(SlotSet("last_order", "HP-10442"))
        tracker.update(SlotSet("requested_slot", "postcode"))
    tracker.update(BotUttered(f"answer {number}"))
    tracker.update(ActionExecuted("action_listen"))


def state(tracker: DialogueStateTracker) -> dict[str, Any]:
    return {
        "slots": {name: slot.value for name, slot in tracker.slots.items()},
        "loop": tracker.active_loop_name,
        "listening": tracker.latest_action_name,
        "last": tracker.latest_message.text,
        "events": len(tracker.current_state(EventVerbosity.ALL)["events"]),
        "applied": len(tracker.applied_events()),
    }


def work(store: ConversationStore) -> int:
    """Rows that the store has written so far."""
    changes: int = store._engine.raw_connection().connection.total_changes
    return changes


async def move_between_processes(url: str) -> dict[str, Any]:
    """A conversation answered by one store, then by another, then by the first again."""
    here, there = (ConversationStore(Domain.load("domain.yml"), host=url) for _ in range(2))
    tracker = await here.get_or_create_tracker("c2", append_action_listen=False)
    play(tracker, 0)
    await here.save_turn(tracker, move(0), [])
    stale = await here.retrieve("c2")  # a turn that takes long here

    tracker = await there.retrieve("c2")
    play(tracker, 1)
    await there.save_turn(tracker, move(1), [])
    play(stale, 2)
    try:
        await here.save_turn(stale, move(2), [])
        refused = False
    except IntegrityError:
        refused = True
    seen = (await here.retrieve("c2")).latest_message.text
    there_again = await there.retrieve("c2")
    play(there_again, 3)
    await there.save_turn(there_again, move(3), [])
    kept = await here.retrieve("c2")
    play(kept, 4)
    await here.save_turn(kept, move(4), [])
    latest = (await there.retrieve("c2")).latest_message.text
    await here.delete("c2")
    return {"refused": refused, "seen": seen, "latest": latest, "gone": await there.retrieve("c2")}


async def outlive_a_form(url: str) -> dict[str, Any]:
    """A conversation that stands in a form which the domain of the next version lacks."""
    old, new = (Domain.load("domain.yml") for _ in range(2))
    before, after = ConversationStore(old, host=url), ConversationStore(new, host=url)
    tracker = await before.get_or_create_tracker("c3", append_action_listen=False)
    play(tracker, 0)
    tracker.update(ActiveLoop("form_of_long_ago"))
    question = parse_turn({"conversation": "c3", "turn": "t0", "text": "words"})
    await before.save_turn(tracker, question, [])
    return state(await after.retrieve("c3"))


def move(number: int) -> AskedTurn:
    return parse_turn({"conversation": "c2", "turn": f"t{number}", "text": f"words {number}"})


async def main(url: str) -> None:
    store = ConversationStore(Domain.load("domain.yml"), host=url)
    tracker = await store.get_or_create_tracker("c1", append_action_listen=False)
    largest = 0
    written = []
    for number in range(TURNS):
        written += [work(store)] if number % 100 == 0 else []
        play(tracker, number)
        await store.save_turn(tracker, asked(number), [{"text": f"answer {number}"}])
        tracker = await store.retrieve("c1")
        largest = max(largest, len(tracker.events))
    seen = {"limit": TRIM_ABOVE, "largest": largest, "kept": state(tracker)}
    written.append(work(store))
    seen["written"] = [later - sooner for sooner, later in pairwise(written)]

    tracker.update(SlotSet("last_order", "never saved"))  # a turn that fails half way
    seen["after_failure"] = state(await store.retrieve("c1"))

    store.close()
    store = ConversationStore(Domain.load("domain.yml"), host=url)
    seen["after_restart"] = state(await store.retrieve("c1"))
    seen["answer"] = store.find_answer(asked(3)).messages
    seen["unasked"] = store.find_answer(asked(TURNS + 1))
    seen["keys"] = list(await store.keys())

    await store.delete("c1")
    await store.delete("c1")
    seen["deleted"] = [await store.retrieve("c1"), store.find_answer(asked(3))]
    seen["outlived"] = await outlive_a_form(url)
    seen["moved"] = await move_between_processes(url)
    sys.stdout.write("\n" + json.dumps(seen) + "\n")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
