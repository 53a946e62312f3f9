"""How well a few examples and counterexamples find what means the same, on data of intents.

Each intent of a CSV (`text,intent`) is a question in turn: some of its sentences are the examples,
some of the intents most like it are the counterexamples, and all other sentences are asked about.
"""

import csv
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from language.encoder import Encoder, find_folder_by_environment
from qa.rules.paraphrase import CLEARER, LIKE, MAYBE

EXAMPLES = 8  # as many as a person writes
OTHERS = 40  # sentences asked about that mean something else, for each that means the same
SEED = 1
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Figures:
    """Yes and unsure among sentences that mean the same, and among all others."""

    same: int
    found: int
    unsure: int
    others: int
    wrong: int
    wrong_unsure: int

    def line(self, name: str) -> str:
        """One line of the report."""
        share = self.found / max(1, self.same)
        alarm = self.wrong / max(1, self.others)
        return (
            f"{name:<28} found {share:.3f} of {self.same}, unsure {self.unsure / self.same:.3f}; "
            f"wrongly yes {alarm:.4f} of {self.others}, "
            f"wrongly unsure {self.wrong_unsure / max(1, self.others):.4f}"
        )


def paraphrase(path: Path) -> str:
    """The report: with the nearest counterexamples, and without any."""
    by_intent = _read(path)
    encoder = Encoder(find_folder_by_environment(), threads=2)
    vectors = {intent: encoder(texts) for intent, texts in by_intent.items()}
    lines = [f"{len(vectors)} questions of {EXAMPLES} examples, thresholds {LIKE}, {MAYBE}"]
    lines.append(_figures(vectors, with_against=True).line("with counterexamples"))
    lines.append(_figures(vectors, with_against=False).line("without"))
    return "\n".join(lines)


def _read(path: Path) -> Mapping[str, list[str]]:
    by_intent: dict[str, list[str]] = defaultdict(list)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["intent"] != "oos":
                by_intent[row["intent"]].append(row["text"])
    dice = random.Random(SEED)  # noqa: S311 -- a seeded draw for a benchmark
    for texts in by_intent.values():
        dice.shuffle(texts)
    return by_intent


def _figures(vectors: Mapping[str, Floats], *, with_against: bool) -> Figures:
    total = np.zeros(6, dtype=int)
    dice = np.random.default_rng(SEED)
    means = {intent: rows.mean(axis=0) for intent, rows in vectors.items()}
    for intent, rows in vectors.items():
        examples, same = rows[:EXAMPLES], rows[EXAMPLES:]
        others = np.concatenate([v[EXAMPLES:] for name, v in vectors.items() if name != intent])
        drawn = dice.choice(len(others), min(len(others), OTHERS * EXAMPLES), replace=False)
        others = others[drawn]
        against = _against(vectors, means, intent) if with_against else None
        for offset, asked in ((0, same), (3, others)):
            said_yes, unsure = _judge(asked, examples, against)
            total[offset : offset + 3] += [len(asked), said_yes, unsure]
    return Figures(*(int(each) for each in total))


def _against(vectors: Mapping[str, Floats], means: Mapping[str, Floats], intent: str) -> Floats:
    """One sentence of each of the intents most like this one, as a person would write them."""
    alike = {name: float(mean @ means[intent]) for name, mean in means.items() if name != intent}
    names: Sequence[str] = sorted(alike, key=lambda name: -alike[name])
    return np.stack([vectors[name][0] for name in names[:EXAMPLES]])


def _judge(asked: Floats, examples: Floats, against: Floats | None) -> tuple[int, int]:
    """How many are yes, and how many unsure, as `qa.rules.paraphrase` says it."""
    likeness = (asked @ examples.T).max(axis=1)
    margin = likeness - (-1 if against is None else (asked @ against.T).max(axis=1))
    is_clear = margin >= CLEARER
    said_yes = is_clear & (likeness >= LIKE)
    unsure = is_clear & (likeness >= MAYBE) & ~said_yes
    return int(said_yes.sum()), int(unsure.sum())
