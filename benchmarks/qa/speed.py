"""How many conversations a core scores, the encoder's share of it, and the memory it takes.

Conversations of 60 turns are made of the turns of a JSONL file of dialogues, one after the other;
when they run out, the next round begins one turn later, so no two conversations are the same.
Beside it, in the same run, the plain way: every question of a scorecard that compares meanings
encodes each turn in a call of its own, with no memory, by sentence-transformers (`plain.py`).
"""

import itertools
import json
import resource
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from threadpoolctl import threadpool_limits

from core.conversation import Conversation, Turn
from core.errors import BadInput
from core.exchange import from_exchange
from core.scorecard import Scorecard
from language.encoder import LAYERS, Encoder, Reading, find_folder_by_environment
from language.instructions import widen_instructions
from language.pipeline import Pipeline
from language.token_head import load_token_head
from language.trained_mood import HEAD, LAYERS_READ, TrainedMood
from qa.ahead import GROUP, read_ahead
from qa.cards import load_scorecard
from qa.scoring import evaluate
from qa.vectors import Floats, Vectors

TURNS = 60
PARTS = 10  # the run is told in so many, so that growth would show
PLAIN = 10  # conversations that the plain way is timed on
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

    def read(self, texts: Sequence[str]) -> Reading:
        """As the encoder does, for moods."""
        started = time.process_time()
        reading = self.encoder.read(texts)
        self.seconds += time.process_time() - started
        return reading


def speed(path: Path, count: int, plain: Path | None = None, ahead: int = GROUP) -> str:
    """The report, a line for each part of the run.

    Args:
        path: dialogues.
        count: conversations made of them.
        plain: a Python with sentence-transformers.
        ahead: conversations whose words are read together, as `parley score` does with a file of
            them; 1: each by itself, as the worker scores those that end in the day.

    On one thread and with the instructions that `parley` runs with: more threads wait for small
    products of numbers in a loop.

    Raises:
        BadInput: that Python cannot do it.
    """
    widen_instructions()
    with threadpool_limits(1, user_api="blas"):
        return _speed(path, count, plain, ahead)


def _speed(path: Path, count: int, plain: Path | None, ahead: int) -> str:
    turns = _turns(path)
    folder = find_folder_by_environment()
    whole, lower = Clock(Encoder(folder)), Clock(Encoder(folder, layers=LAYERS_READ))
    vectors, pipeline = Vectors(whole), Pipeline()
    moods = TrainedMood(lower, load_token_head(HEAD))
    card, made = load_scorecard("service"), conversations(turns, count)
    _score(itertools.islice(conversations(turns, 3), 3), card, pipeline, vectors, moods)
    how = f"{ahead} read together" if ahead > 1 else "each by itself"
    lines, rates = [f"{count} conversations of {TURNS} turns, scorecard {card.name}, {how}"], []
    whole.seconds = lower.seconds = 0.0
    before = vectors.encoded + moods.encoded
    began = time.process_time()
    for part in range(PARTS):
        size = (part + 1) * count // PARTS - part * count // PARTS
        started = time.process_time()
        _score(itertools.islice(made, size), card, pipeline, vectors, moods, ahead=ahead)
        rates.append(size / (time.process_time() - started))
        lines.append(f"  part {part + 1}: {rates[-1]:.1f} a second, {_memory():.0f} MB")
    spent = time.process_time() - began
    texts = vectors.encoded + moods.encoded - before
    asked = len([q for q in card.questions if q.rule in NEEDS_MEANING]) or 1
    lines += [
        f"{count / spent:.1f} conversations a second of one core; slowest part {min(rates):.1f}",
        f"encoder: {(whole.seconds + lower.seconds) / spent:.0%} of the time, "
        f"{lower.seconds / spent:.0%} for moods by {LAYERS_READ} of {LAYERS} layers; "
        f"{texts} texts of {count * TURNS}; peak {_memory():.0f} MB",
        _plain_told(plain, tuple(conversations(turns, PLAIN)), asked, count / spent),
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
    talks: Iterator[Conversation],
    card: Scorecard,
    pipeline: Pipeline,
    vectors: Vectors,
    moods: TrainedMood,
    *,
    ahead: int = 1,
) -> None:
    now = datetime.now(UTC)
    while group := tuple(itertools.islice(talks, ahead)):
        if ahead > 1:
            read_ahead(group, card, sentiment=moods, vectors=vectors)
        for talk in group:
            evaluate(
                talk,
                card,
                pipeline=pipeline,
                now=now,
                variables=COMPANY,
                sentiment=moods,
                vectors=vectors,
            )


def _plain_told(
    python: Path | None, talks: Sequence[Conversation], questions: int, ours: float
) -> str:
    """How many conversations a second the plain way does, and how far behind `ours` that is."""
    if python is None:
        return "plain way: not run; --plain names a Python with sentence-transformers"
    texts = [[turn.text for turn in talk.turns] for talk in talks]
    asked = json.dumps({"talks": texts, "questions": questions})
    command = [python, Path(__file__).with_name("plain.py")]
    done = subprocess.run(  # noqa: S603 -- the Python that the caller named, and our own script
        command, input=asked, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BadInput(f"{python} cannot run plain.py: {done.stderr.strip()[-400:]}")
    told = json.loads(done.stdout)
    plain = len(talks) / told["seconds"]
    return (
        f"plain way, a call of {told['name']} for each turn and each of {questions} questions: "
        f"{plain:.2f} a second, {ours / plain:.1f} times slower"
    )


def _memory() -> float:
    """The most this process has held so far, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
