"""How many conversations a core scores, the encoder's share of it, and the memory it takes.

Conversations of 60 turns are made of the turns of a JSONL file of dialogues, one after the other;
when they run out, the next round begins one turn later, so no two conversations are the same.
Beside it, in the same run, the plain way: every question of a scorecard that compares meanings
encodes each turn by itself, with no memory.
"""

import gc
import itertools
import json
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from core.conversation import Conversation, Turn
from core.exchange import from_exchange
from core.scorecard import Scorecard
from language.encoder import Encoder, find_folder_by_environment
from language.pipeline import Pipeline
from qa.cards import load_scorecard
from qa.scoring import evaluate
from qa.vectors import Floats, Vectors

TURNS = 60
PARTS = 10  # the run is told in so many, so that growth would show
PLAIN = 20  # conversations that the plain way is timed on
COMPANY = {"company": "Company"}


@dataclass(slots=True)
class Clock:
    """An encoder that adds up the seconds of CPU it takes."""

    encoder: Encoder
    seconds: float = 0.0

    def __call__(self, texts: Sequence[str]) -> Floats:
        """As the encoder does."""
        started = time.process_time()
        vectors = self.encoder(texts)
        self.seconds += time.process_time() - started
        return vectors


def speed(path: Path, count: int) -> str:
    """The report, a line for each part of the run."""
    turns = _turns(path)
    clock = Clock(Encoder(find_folder_by_environment(), threads=1))
    vectors, pipeline = Vectors(clock), Pipeline()
    card, made = load_scorecard("service"), conversations(turns, count)
    _score(itertools.islice(conversations(turns, 3), 3), card, pipeline, vectors)
    lines, rates = [f"{count} conversations of {TURNS} turns, scorecard {card.name}"], []
    clock.seconds, before = 0.0, vectors.encoded
    began = time.process_time()
    for part in range(PARTS):
        size = (part + 1) * count // PARTS - part * count // PARTS
        started = time.process_time()
        _score(itertools.islice(made, size), card, pipeline, vectors)
        rates.append(size / (time.process_time() - started))
        lines.append(f"  part {part + 1}: {rates[-1]:.1f} a second, {_memory():.0f} MB")
    spent = time.process_time() - began
    asked = len([q for q in card.questions if q.rule in NEEDS_MEANING]) or 1
    plain = _plain(itertools.islice(conversations(turns, PLAIN), PLAIN), clock.encoder, asked)
    lines += [
        f"{count / spent:.1f} conversations a second of one core; slowest part {min(rates):.1f}",
        f"encoder: {clock.seconds / spent:.0%} of the time, {vectors.encoded - before} texts of "
        f"{count * TURNS}; peak {_memory():.0f} MB",
        f"plain way, each turn encoded for each of {asked} questions: {plain:.2f} a second, "
        f"{count / spent / plain:.1f} times slower",
    ]
    return "\n".join(lines)


NEEDS_MEANING = frozenset({"paraphrase", "resolution", "trend", "mood", "annoyed", "calm"})


def conversations(turns: Sequence[Turn], count: int) -> Iterator[Conversation]:
    """`count` conversations of `TURNS` turns, each different from all others."""
    per_round = len(turns) // TURNS - 1
    for number in range(count):
        start = number % per_round * TURNS + number // per_round
        own = turns[start : start + TURNS]
        named = tuple(replace(turn, id=f"t{place}") for place, turn in enumerate(own))
        yield replace(_EMPTY, id=f"c{number}", turns=named)


_EMPTY = from_exchange({"id": "c", "channel": "web", "turns": []})


def _turns(path: Path) -> tuple[Turn, ...]:
    found: list[Turn] = []
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            found += (turn for turn in from_exchange(json.loads(line)).turns if turn.text.strip())
    return tuple(found)


def _score(
    talks: Iterator[Conversation], card: Scorecard, pipeline: Pipeline, vectors: Vectors
) -> None:
    now = datetime.now(UTC)
    for talk in talks:
        evaluate(talk, card, pipeline=pipeline, now=now, variables=COMPANY, vectors=vectors)


def _plain(talks: Iterator[Conversation], encoder: Encoder, questions: int) -> float:
    """Conversations a second when each question encodes each turn in a call of its own."""
    gc.collect()
    started, count = time.process_time(), 0
    for talk in talks:
        count += 1
        for _ in range(questions):
            for turn in talk.turns:
                encoder([turn.text])
    return count / (time.process_time() - started)


def _memory() -> float:
    """The most this process has held so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
