"""`python -m benchmarks.handoff --data FILE.jsonl [--split dev|test] [--seed 1] [--sample N]
[--json]`.

What an agent's packet carries of a dialogue, next to its last three turns cut to as many words.
Values: names and numbers of the label `goal` that the customer has said by then; where the goal
names none, what language.details reads in the customer's turns. Goal: its content words that the
customer has said. A word counts once, as a whole word. Each dialogue is measured whole and cut
behind a customer's turn chosen by the seed.
"""

import argparse
import hashlib
import json
import random
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from core.conversation import Conversation, Role
from core.exchange import from_exchange
from language.details import find_details
from language.packet import MOST_WORDS, make_packet
from language.pipeline import Pipeline
from language.word_lists import load_words

_WORD = re.compile(r"[\w'’]+")
_INSTRUCTION = "MTurk System bot"  # goals that only say that instructions will follow
_NO_CONTENT = frozenset({
    "your", "would", "like", "name", "with", "their", "have", "must", "been", "know", "remember",
})  # fmt: skip  # words of the task's wording, beside language/common_words.txt


@dataclass(frozen=True, slots=True)
class Carried:
    """Shares of one dialogue that a text holds; None where there was nothing to hold."""

    labelled: float | None
    read: float | None
    goal: float | None


def conversations(path: Path) -> Iterator[Conversation]:
    """The conversations of a JSONL file in the exchange format."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield from_exchange(json.loads(line))


def split(talks: Iterable[Conversation], part: str | None) -> list[Conversation]:
    """The half of the dialogues that `part` names, by the hash of their ids; None takes all."""
    return [talk for talk in talks if part in (None, _half(talk.id))]


def _half(name: str) -> str:
    return "test" if hashlib.sha256(f"handoff 1 {name}".encode()).digest()[0] % 2 else "dev"


def cut(talk: Conversation, draw: random.Random) -> Conversation:
    """The conversation up to and with one of its customer's turns, not the first."""
    places = [n for n, turn in enumerate(talk.turns) if turn.role is Role.CUSTOMER] or [-1]
    end = draw.choice(places[1:] or places)
    return replace(talk, turns=talk.turns[: end + 1])


def last_turns(talk: Conversation) -> str:
    """The last three turns, cut to as many words as a packet may have."""
    words = " ".join(turn.text for turn in talk.turns[-3:]).split()
    return " ".join(words[-MOST_WORDS:])


def carried(talk: Conversation, text: str, pipeline: Pipeline) -> Carried:
    """What of the dialogue `text` holds."""
    said = " ".join(turn.text for turn in talk.turns if turn.role is Role.CUSTOMER)
    goal = str(talk.labels.get("goal") or "")
    goal = "" if _INSTRUCTION in goal else goal
    return Carried(
        _share(_named(goal) & _words(said), text),
        _share(_read(talk, pipeline), text),
        _share(_content(goal) & _words(said), text),
    )


def _words(text: str) -> set[str]:
    return {word.casefold().removesuffix("'s").strip("'’") for word in _WORD.findall(text)}


def _named(goal: str) -> set[str]:
    """Numbers of a goal, and words with a capital inside a sentence."""
    found: set[str] = set()
    for match in _WORD.finditer(goal):
        before = goal[: match.start()].rstrip()
        is_start = not before or before[-1] in ".!?:"
        word = match.group()
        is_name = word[0].isupper() and len(word) > 1 and not is_start
        if is_name or word[0].isdecimal():
            found |= _words(word)
    return found - load_words("common_words")


def _content(goal: str) -> set[str]:
    words = {word for word in _words(goal) if len(word) > 3 and word.isalpha()}
    return words - load_words("common_words") - _NO_CONTENT


def _read(talk: Conversation, pipeline: Pipeline) -> set[str]:
    return {
        word
        for turn in talk.turns
        if turn.role is Role.CUSTOMER
        for detail in find_details(pipeline.read(turn.text))
        for word in _words(detail.span.of(turn.text))
    }


def _share(wanted: set[str], text: str) -> float | None:
    return len(wanted & _words(text)) / len(wanted) if wanted else None


def _mean(values: Iterable[float | None]) -> tuple[float, int]:
    known = [value for value in values if value is not None]
    return (fmean(known) if known else 0.0), len(known)


def measure(talks: list[Conversation], pipeline: Pipeline) -> dict[str, dict[str, float]]:
    """Means over all dialogues, for the packet and for the last three turns."""
    packets = [make_packet(talk, pipeline=pipeline) for talk in talks]
    mine = [carried(t, p.text, pipeline) for t, p in zip(talks, packets, strict=True)]
    theirs = [carried(talk, last_turns(talk), pipeline) for talk in talks]
    rows: dict[str, dict[str, float]] = {}
    for name in Carried.__slots__:
        packet, n = _mean(getattr(one, name) for one in mine)
        turns, _ = _mean(getattr(one, name) for one in theirs)
        rows[name] = {"n": n, "packet": packet, "last_three_turns": turns,
                      "ratio": packet / turns if turns else 0.0}  # fmt: skip
    rows["words"] = {
        "n": len(talks),
        "packet": fmean(packet.words for packet in packets),
        "last_three_turns": fmean(len(last_turns(talk).split()) for talk in talks),
        "longest_packet": max(packet.words for packet in packets),
    }
    return rows


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks.handoff")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--split", choices=("dev", "test"), help="one half; both without it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample", type=int, default=0, help="so many dialogues; 0 for all")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    draw, pipeline = random.Random(given.seed), Pipeline()  # noqa: S311  # a draw, no secret
    talks = split(conversations(given.data), given.split)
    if given.sample:
        talks = draw.sample(talks, given.sample)
    found = {
        "whole": measure(talks, pipeline),
        "cut": measure([cut(talk, draw) for talk in talks], pipeline),
    }
    if given.json:
        json.dump(found, sys.stdout, indent=2)
        return
    for part, rows in found.items():
        sys.stdout.write(f"{part}\n")
        for name, row in rows.items():
            figures = "  ".join(f"{key} {value:.3g}" for key, value in row.items())
            sys.stdout.write(f"  {name:9} {figures}\n")


if __name__ == "__main__":
    main()
