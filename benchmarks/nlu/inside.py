"""Run in the Rasa environment: train on one file, understand another, tell it as JSON.

    python -m benchmarks.nlu.inside FOLDER

FOLDER holds config.yml, training.json and messages.json (a list of texts); answers.json is put
there. Python 3.10.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.model_training import train_nlu

WARM_UP = 20  # messages, not timed: the first ones load code


def main() -> None:
    """Train, load what was trained as `rasa run` does, understand each message on its own."""
    folder = Path(sys.argv[1])
    began = time.perf_counter()
    model = train_nlu(
        str(folder / "config.yml"), str(folder / "training.json"), str(folder), "model"
    )
    training_seconds = time.perf_counter() - began
    if model is None:
        raise SystemExit("Rasa did not train a model")
    agent = Agent.load(model)
    messages = json.loads((folder / "messages.json").read_text(encoding="utf-8"))
    for message in messages[:WARM_UP]:
        asyncio.run(agent.parse_message(message))
    began = time.perf_counter()
    found = asyncio.run(_understand(agent, messages))
    seconds = time.perf_counter() - began
    answers = {
        "found": [_intents(parsed) for parsed in found],
        "parts": [parsed.get("parts", []) for parsed in found],
        "rankings": [parsed.get("intent_ranking", []) for parsed in found],
        "training_seconds": training_seconds,
        "ms_per_message": 1000 * seconds / max(1, len(messages)),
    }
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


async def _understand(agent: Agent, messages: list[str]) -> list[dict[str, Any]]:
    return [await agent.parse_message(message) for message in messages]


def _intents(parsed: dict[str, Any]) -> list[str]:
    """The intent, and the nearest intent had nothing been rejected."""
    foreign = {"nlu_fallback", "out_of_scope"}
    names = [each["name"] for each in parsed.get("intent_ranking", [])]
    nearest = next((name for name in names if name not in foreign), "")
    return [parsed["intent"]["name"] or "", nearest]


if __name__ == "__main__":
    main()
