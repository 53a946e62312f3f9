"""`python -m benchmarks.handoff.mood --data FILE.jsonl [--split dev|test]`.

When a falling mood offers a person: share of dialogues in which the offer comes, how many of
those customers were annoyed by their own account (label `customer_annoyed`), and how many of the
annoyed it reaches; likewise for a fall from the first to the last quarter, as the scorecard has it,
and for plain phrases. And how well the mean mood parts the annoyed from the others.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.handoff.__main__ import conversations, split
from benchmarks.qa.curves import area
from channels.escalation import ANNOYED, is_falling
from channels.topics import shipped_topics
from core.conversation import Conversation, Role
from language.mood_scale import scale_of
from language.sentiment import default_model, trace


def falls(talk: Conversation) -> bool:
    """Whether the mood falls far enough at any turn."""
    model = default_model()
    moods = model.moods([turn.text for turn in talk.turns if turn.role is Role.CUSTOMER])
    return any(is_falling(moods[: end + 1], model.scale) for end in range(len(moods)))


def shifts(talk: Conversation) -> bool:
    """Whether the mood falls from the first to the last quarter, as the question `trend` has it."""
    found = trace(talk)
    return found.shift is not None and found.shift <= -scale_of(found.model).turned


def says_so(talk: Conversation) -> bool:
    """Whether the customer says in plain phrases that they are annoyed."""
    found = (shipped_topics().find(t.text) for t in talk.turns if t.role is Role.CUSTOMER)
    return any(topic is not None and topic.name == ANNOYED for topic in found)


def line(name: str, talks: list[Conversation], test: Callable[[Conversation], bool]) -> str:
    """One line of figures."""
    hits = [bool(talk.labels["customer_annoyed"]) for talk in talks if test(talk)]
    annoyed = sum(bool(talk.labels["customer_annoyed"]) for talk in talks)
    precision = sum(hits) / len(hits) if hits else 0.0
    return (
        f"{name:8} offered in {len(hits)} of {len(talks)}, annoyed {precision:.2f} of them "
        f"(of all {annoyed / len(talks):.2f}), reached {sum(hits) / annoyed:.2f}\n"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.handoff.mood")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=("dev", "test"), help="one half; both without it")
    given = parser.parse_args()
    talks = [
        talk
        for talk in split(conversations(given.data), given.split)
        if isinstance(talk.labels.get("customer_annoyed"), bool)
    ]
    sys.stdout.write(f"mood by {default_model().name}\n")
    sys.stdout.write(line("mood", talks, falls))
    sys.stdout.write(line("shift", talks, shifts))
    sys.stdout.write(line("phrases", talks, says_so))
    sys.stdout.write(line("either", talks, lambda talk: falls(talk) or says_so(talk)))
    moods = np.array([trace(talk).overall or 0.0 for talk in talks])
    annoyed = np.array([float(bool(talk.labels["customer_annoyed"])) for talk in talks])
    sys.stdout.write(f"mean mood: area under the ROC curve {area(-moods, annoyed):.3f}\n")


if __name__ == "__main__":
    main()
