"""How often the mood of a text is told right: macro F1 on labelled texts, with its interval."""

import csv
import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.errors import BadInput
from language.encoder import find_folder_by_environment
from language.lexicon import Vader
from language.sentiment import SentimentModel
from language.trained_mood import TrainedMood

LABELS = ("negative", "neutral", "positive")
PARTS = ("choose", "report")
RESAMPLES = 1000
SEED = 1
BATCH = 2048  # texts whose vectors are in memory at once

Labels = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Figures:
    """Of one file. `confusion[i][j]`: texts labelled i and told j, in the order of LABELS."""

    name: str
    model: str
    n: int
    macro_f1: float
    interval: tuple[float, float]  # 95 %, bootstrap over the texts
    f1: tuple[float, ...]
    confusion: tuple[tuple[int, ...], ...]


def sentiment(path: Path, part: str | None, *, is_lexicon: bool, as_json: bool) -> str:
    """The report on the shipped model, or on the lexicon that stands in where it cannot run.

    Raises:
        BadInput: nothing there to measure, or a label that is none of the three.
        ModelUnavailable: the encoder is not there.
    """
    model = Vader() if is_lexicon else TrainedMood.shipped(find_folder_by_environment())
    figures = measure(path, model, part)
    if as_json:
        return json.dumps([asdict(one) for one in figures], indent=2)
    return "\n".join(as_lines(one) for one in figures)


def measure(path: Path, model: SentimentModel, part: str | None = None) -> list[Figures]:
    """Figures of a CSV, or of every CSV in a folder.

    Raises:
        BadInput: nothing there to measure, or a label that is none of the three.
    """
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise BadInput(f"{path} holds no CSV")
    return [_figures(file, model, part) for file in files]


def read(path: Path) -> list[tuple[str, int]]:
    """Texts with their labels' places in LABELS, from the columns text and label.

    Raises:
        BadInput: no such file, a column is missing, or a label is none of the three.
    """
    if not path.is_file():
        raise BadInput(f"there is no file {path}")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if not {"text", "label"} <= set(rows.fieldnames or ()):
            raise BadInput(f"{path} needs the columns text and label; it has {rows.fieldnames}")
        pairs = [(row["text"] or "", row["label"]) for row in rows]
    unknown = {str(label) for _, label in pairs} - set(LABELS)
    if unknown or not pairs:
        told = f"the label {min(unknown)!r}" if unknown else "no row"
        raise BadInput(f"{path} has {told}; labels are {', '.join(LABELS)}")
    return [(text, LABELS.index(label)) for text, label in pairs]


def half(text: str) -> str:
    """The half that a text belongs to: models are chosen on one, figures come from the other."""
    return PARTS[hashlib.sha256(f"sentiment 1 {text}".encode()).digest()[0] % 2]


def _figures(path: Path, model: SentimentModel, part: str | None) -> Figures:
    rows = [row for row in read(path) if part in (None, half(row[0]))]
    if not rows:
        raise BadInput(f"{path} holds no text of the part {part}")
    texts = [text for text, _ in rows]
    true = np.array([label for _, label in rows])
    told = np.concatenate([
        _told(texts[at : at + BATCH], model) for at in range(0, len(texts), BATCH)
    ])  # fmt: skip
    table = confusion(true, told)
    each = f1(table)
    return Figures(
        path.stem, model.name, len(rows), float(each.mean()), interval(true, told),
        tuple(float(one) for one in each), tuple(tuple(int(n) for n in row) for row in table),
    )  # fmt: skip


def _told(texts: Sequence[str], model: SentimentModel) -> Labels:
    """What the moods say: beyond the model's borders negative or positive, between them neutral."""
    moods, scale = np.array(model.moods(texts)), model.scale
    return np.where(moods <= scale.bad, 0, np.where(moods >= scale.good, 2, 1))


def confusion(true: Labels, told: Labels) -> npt.NDArray[np.int64]:
    """Counts, (labelled, told)."""
    size = len(LABELS)
    return np.bincount(true * size + told, minlength=size * size).reshape(size, size)


def f1(table: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Each label's F1; 0 for one that neither is there nor was told."""
    both = table.sum(axis=0) + table.sum(axis=1)
    return np.asarray(2 * table.diagonal() / np.maximum(both, 1), dtype=np.float64)


def interval(true: Labels, told: Labels) -> tuple[float, float]:
    """The bootstrap's 2.5th and 97.5th percentile of macro F1; seeded."""
    draw = np.random.default_rng(SEED)
    found = []
    for _ in range(RESAMPLES):
        picked = draw.integers(len(true), size=len(true))
        found.append(f1(confusion(true[picked], told[picked])).mean())
    low, high = np.percentile(found, (2.5, 97.5))
    return float(low), float(high)


def as_lines(figures: Figures) -> str:
    """For people: a line of figures and the table of what was taken for what."""
    low, high = figures.interval
    each = "  ".join(f"{name} {one:.3f}" for name, one in zip(LABELS, figures.f1, strict=True))
    head = (
        f"{figures.name}: n {figures.n}, macro F1 {figures.macro_f1:.3f} "
        f"({low:.3f} to {high:.3f}), {each}, model {figures.model}"
    )
    rows = [
        f"  labelled {name:8}  told " + "  ".join(f"{LABELS[j]} {n}" for j, n in enumerate(row))
        for name, row in zip(LABELS, figures.confusion, strict=True)
    ]
    return "\n".join([head, *rows])
