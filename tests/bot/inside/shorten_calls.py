"""Tells actions of conversations, and shortens their answers; each case of stdin, as JSON."""

import json
import sys
from typing import Any

from rasa.shared.core.events import deserialise_events
from rasa.shared.core.slots import AnySlot

from bot.calls import drop_unchanged
from bot.talk import Talk
from bot.telling import told_of


def talk_of(events: list[dict[str, Any]], slots: dict[str, Any]) -> Talk:
    made = [AnySlot(name, [], value) for name, value in slots.items()]
    return Talk.from_events("c1", deserialise_events(events), made)


if __name__ == "__main__":
    cases = json.load(sys.stdin)
    result = {
        "told": [told_of(talk_of(*case)) for case in cases["conversations"]],
        "answers": [
            drop_unchanged(answer, slots, frozenset(quiet))
            for answer, slots, quiet in cases["answers"]
        ],
    }
    sys.stdout.write("\n" + json.dumps(result) + "\n")
