"""What the classifier is trained on: the bot's sentences, its intents' names, the background."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bot.components.calibration import Columns, Floats, Indices

# Chosen on training parts of Banking77, with 10 and with 65 examples an intent, and of CLINC150;
# flat around it (0.07 to 0.3: within 0.2 points).
RIDGE = 0.15


@dataclass(frozen=True)
class Lesson:
    """Rows: first the bot's sentences, then the names of its intents, then the background."""

    vectors: Floats  # (rows, 768), unit length
    labels: Indices  # (rows,), the column that each row speaks for
    ridges: Floats  # (rows,)
    sentences: int  # so many rows are the bot's own
    names: int  # so many rows after them
    columns: Columns

    @property
    def known(self) -> int:
        """The rows before the background."""
        return self.sentences + self.names

    @property
    def targets(self) -> Floats:
        """1 where a row speaks for a column: (rows, columns)."""
        background = int(self.known < len(self.labels))
        every = np.eye(self.columns.intents + background, dtype=np.float32)
        return np.asarray(every[self.labels])


def gather(
    vectors: Floats, labels: Indices, names: Floats, rejecting: int, background: Floats
) -> Lesson:
    """Put the rows under each other; the background gets a column of its own, the last."""
    intents = len(names)
    named = np.array([i for i in range(intents) if i != rejecting], dtype=np.int64)
    known = np.concatenate([labels, named])
    strangers = np.full(len(background), intents, dtype=np.int64)
    return Lesson(
        vectors=np.concatenate([vectors, names[named], background]),
        labels=np.concatenate([known, strangers]),
        ridges=np.concatenate([even_ridges(known), np.full(len(background), RIDGE, np.float32)]),
        sentences=len(vectors),
        names=len(named),
        columns=Columns(intents, rejecting),
    )


def even_ridges(labels: Indices) -> Floats:
    """Each sentence's ridge: less for intents with few, so that those with many do not drown them.

    On the shop's own uneven sentences worth 0.9 points over one ridge for all (three splits), on
    Banking77 nothing either way; with even intents it is RIDGE for all.
    """
    counts = np.bincount(labels)
    middle = len(labels) / np.count_nonzero(counts)
    return np.asarray(RIDGE * np.sqrt(counts[labels] / middle), dtype=np.float32)


def words_of(intent: str) -> str:
    """An intent's name as a person would say it: "order_status" is "order status"."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", intent)
    return " ".join(re.split(r"[\W_]+", apart)).strip().lower()


def even_draw(labels: Sequence[object], most: int, *, seed: int) -> list[int]:
    """At most so many sentences, as many of each intent as can be, in their own order."""
    if len(labels) <= most:
        return list(range(len(labels)))
    order = np.random.default_rng(seed).permutation(len(labels))
    seen: dict[object, int] = {}
    rounds = []
    for index in order:
        rounds.append(seen.get(labels[index], 0))
        seen[labels[index]] = rounds[-1] + 1
    first = np.argsort(np.array(rounds), kind="stable")[:most]
    return sorted(int(index) for index in order[first])
