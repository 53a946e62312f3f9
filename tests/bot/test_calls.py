"""What goes to the action server and what is kept of its answer, seen from the Rasa environment."""

import json
import os
import subprocess
from typing import Any

import pytest

from tests.servers import QUIET, RASA_PYTHON, ROOT

pytestmark = pytest.mark.rasa

Json = dict[str, Any]

TASK, ASKED = "task", "requested_slot"
SLOTS = {TASK: "order_status", "misread": 0, "collected": {"order": "HP-10442"}, "mood": "calm"}
QUIET_SLOTS = [TASK, "misread", "collected"]


def sets(name: str, value: object) -> Json:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


def user(number: int) -> Json:
    parsed = {"intent": {"name": "affirm"}, "intent_ranking": [{"name": "affirm"}]}
    return {
        "event": "user", "text": f"m{number}", "parse_data": parsed, "input_channel": "parley",
        "metadata": {"turn": f"t{number}"},
    }  # fmt: skip


def run(cases: Json) -> Json:
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", "tests.bot.inside.shorten_calls"],
        cwd=ROOT,
        env=os.environ | QUIET,
        input=json.dumps({"conversations": [], "answers": []} | cases).encode(),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    result: Json = json.loads(done.stdout.decode().splitlines()[-1])
    return result


def test_an_action_is_told_the_last_three_turns_without_rankings_and_slots() -> None:
    buttons = {"buttons": [{"title": "Yes", "payload": "/affirm"}]}
    events = [
        event
        for n in range(6)
        for event in (
            user(n),
            {"event": "user_featurization", "use_text_for_featurization": False},
            sets("misread", n),
            {"event": "bot", "text": f"b{n}", "data": buttons, "metadata": {"utter_action": "u"}},
            {"event": "action", "name": "action_listen"},
        )
    ]
    events = [*events[:-3], {"event": "action_execution_rejected", "name": "task_form"}]
    (told,) = run({"conversations": [(events, SLOTS)]})["told"]
    kinds = [event.get("text") or event["name"] for event in told["events"]]
    assert kinds == ["m3", "b3", "action_listen", "m4", "b4", "action_listen", "m5", "task_form"]
    assert told["events"][0]["parse_data"] == {"intent": {"name": "affirm"}}
    assert told["events"][1]["metadata"] == {"utter_action": "u"}
    assert told["events"][1]["data"] == buttons
    assert told["latest_message"]["intent_ranking"] == [{"name": "affirm"}]
    assert told["latest_message"]["metadata"] == {"turn": "t5"}
    assert told["latest_message"]["text"] == "m5"
    assert told["slots"] == SLOTS | {"misread": 4}


def test_only_slots_that_change_are_kept_and_one_besides() -> None:
    cases = [
        # the first stays, so that a form sees that something was set
        ([sets(TASK, "order_status"), sets("misread", 0), sets(ASKED, None)], [0, 2]),
        ([sets(TASK, "order_status"), sets("misread", 1), sets("collected", {})], [0, 1, 2]),
        ([sets(TASK, None), sets("collected", {"order": "HP-10442"}), sets("misread", 0)], [0]),
        ([sets(TASK, None), sets("mood", "calm")], [0, 1]),  # this one decides something
        ([sets(TASK, None), sets("unheard_of", None)], [0, 1]),
        ([sets(ASKED, "answer")], [0]),
        ([], []),
        ([sets("misread", 0), {"event": "action_execution_rejected", "name": "f"}], [0, 1]),
    ]
    answers = [({"events": events, "responses": []}, SLOTS, QUIET_SLOTS) for events, _ in cases]
    found = run({"answers": answers})["answers"]
    for (events, kept), answer in zip(cases, found, strict=True):
        assert answer["events"] == [events[place] for place in kept]
