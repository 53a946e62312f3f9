"""The arithmetic: what was said against what was understood."""

import csv
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from core.errors import BadInput

OUT_OF_SCOPE = "out_of_scope"
FOREIGN = "oos"  # what the public sets call it
REJECTED = frozenset({OUT_OF_SCOPE, "nlu_fallback", ""})


@dataclass(frozen=True, slots=True)
class Sample:
    """A sentence and its intent."""

    text: str
    intent: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1; None where nothing was there to be counted."""

    accuracy: float  # a foreign sentence is right when it is rejected
    in_scope_accuracy: float | None  # a rejected sentence of ours is wrong
    unrejected_accuracy: float | None  # the nearest intent, whether rejected or not
    out_of_scope_recall: float | None
    out_of_scope_precision: float | None
    macro_f1: float | None  # over the intents of ours


def read_samples(path: Path) -> list[Sample]:
    """The rows of a CSV with columns text and intent; `oos` becomes `out_of_scope`.

    Raises:
        BadInput: there is no such file, a column is missing, or no row.
    """
    if not path.is_file():
        raise BadInput(f"there is no file {path}")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if not {"text", "intent"} <= set(rows.fieldnames or ()):
            raise BadInput(f"{path} needs the columns text and intent; it has {rows.fieldnames}")
        samples = [Sample(row["text"], _intent(row["intent"])) for row in rows if row["text"]]
    if not samples:
        raise BadInput(f"{path} holds no row")
    return samples


def read_own(folder: Path) -> list[Sample]:
    """The sentences of Rasa's training files in a folder, without annotations in them."""
    samples = []
    for file in sorted(folder.glob("*.yml")):
        for block in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            lines = block["examples"].splitlines() if "intent" in block else []
            samples += [
                Sample(line.strip().removeprefix("- "), block["intent"]) for line in lines if line
            ]
    return samples


def _intent(named: str) -> str:
    # A slash would make it a response selector's intent in Rasa.
    return OUT_OF_SCOPE if named == FOREIGN else named.replace("/", "_")


def draw_shots(samples: Sequence[Sample], shots: int, *, seed: int) -> list[Sample]:
    """So many of each intent, or all where there are fewer; the same for the same seed."""
    by_intent: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples:
        by_intent[sample.intent].append(sample)
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated
    return [
        sample
        for intent in sorted(by_intent)
        for sample in chance.sample(by_intent[intent], min(shots, len(by_intent[intent])))
    ]


def compare(told: Sequence[str], found: Sequence[str], nearest: Sequence[str]) -> Figures:
    """Figures of what was understood.

    Args:
        told: each sentence's intent.
        found: the intent that was answered.
        nearest: the intent of ours that came first, had nothing been rejected.
    """
    heard = [OUT_OF_SCOPE if each in REJECTED else each for each in found]
    pairs = list(zip(told, heard, strict=True))
    ours = [(a, b) for a, b in pairs if a != OUT_OF_SCOPE]
    foreign = [(a, b) for a, b in pairs if a == OUT_OF_SCOPE]
    rejected = [(a, b) for a, b in pairs if b == OUT_OF_SCOPE]
    unrejected = [(a, b) for a, b in zip(told, nearest, strict=True) if a != OUT_OF_SCOPE]
    intents = sorted({each for each, _ in ours})
    scores = [_f1(pairs, intent) for intent in intents]
    return Figures(
        accuracy=_right(pairs) or 0.0,
        in_scope_accuracy=_right(ours),
        unrejected_accuracy=_right(unrejected),
        out_of_scope_recall=_right(foreign),
        out_of_scope_precision=_right(rejected) if foreign else None,
        macro_f1=sum(scores) / len(scores) if scores else None,
    )


def _right(pairs: Sequence[tuple[str, str]]) -> float | None:
    return sum(a == b for a, b in pairs) / len(pairs) if pairs else None


def _f1(pairs: Sequence[tuple[str, str]], intent: str) -> float:
    both = sum(a == b == intent for a, b in pairs)
    either = sum(a == intent for a, _ in pairs) + sum(b == intent for _, b in pairs)
    return 2 * both / either
