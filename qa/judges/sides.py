"""One side of a conversation, turn by turn: vectors, what each turn does, how it sounds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from core.conversation import Role, Turn
from language.heads import Head, load_head
from qa.judges.tone import TONES, tone_of
from qa.vectors import Floats, Vectors

HEADS = Path(__file__).parents[1] / "heads"
HOUSE = frozenset({Role.AGENT, Role.BOT})
PERSON = frozenset({Role.AGENT})
CUSTOMER = frozenset({Role.CUSTOMER})


@dataclass(frozen=True, slots=True)
class Readers:
    """The heads that tell what a turn does (`house`, `customer`) and how it feels (`feelings`)."""

    house: Head
    customer: Head
    feelings: Head


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """The turns of one side in order, a row each.

    `vectors` float32 (n, 384); `acts` (n, acts) and `feelings` (n, feelings or 0) are chances;
    `tones` (n, len(TONES)) are counts.
    """

    turns: tuple[Turn, ...]
    vectors: Floats
    acts: Floats
    feelings: Floats
    tones: Floats

    def without(self, place: int) -> "Side":
        """The side as if the turn at `place` had not been said."""
        kept = np.arange(len(self.turns)) != place
        turns = self.turns[:place] + self.turns[place + 1 :]
        return Side(
            turns, self.vectors[kept], self.acts[kept], self.feelings[kept], self.tones[kept]
        )


@cache
def readers() -> Readers:
    """The shipped heads, read at first use.

    Raises:
        ModelUnavailable: a file of `qa/heads` is missing or damaged.
    """
    return Readers(
        load_head(HEADS / "agent_acts.safetensors"),
        load_head(HEADS / "customer_acts.safetensors"),
        load_head(HEADS / "feelings.safetensors"),
    )


def read_house(turns: Sequence[Turn], vectors: Vectors, roles: Collection[Role]) -> Side:
    """The side that serves: a person, a bot, or both."""
    return _read(turns, vectors, roles, readers().house, None)


def read_customer(turns: Sequence[Turn], vectors: Vectors) -> Side:
    """The customer's side, with feelings."""
    return _read(turns, vectors, CUSTOMER, readers().customer, readers().feelings)


def _read(
    turns: Sequence[Turn],
    vectors: Vectors,
    roles: Collection[Role],
    acts: Head,
    feelings: Head | None,
) -> Side:
    own = tuple(turn for turn in turns if turn.role in roles and turn.text.strip())
    rows = vectors.of([turn.text for turn in own])  # (n, 384)
    tones = [tone_of(turn.text) for turn in own]
    none = np.zeros((len(own), 0), dtype=np.float32)
    return Side(
        own,
        rows,
        acts.probabilities(rows) if own else np.zeros((0, len(acts.labels)), dtype=np.float32),
        none if feelings is None else _feelings(feelings, rows),
        np.array(tones, dtype=np.float32).reshape(len(own), len(TONES)),
    )


def _feelings(head: Head, rows: Floats) -> Floats:
    if not len(rows):
        return np.zeros((0, len(head.labels)), dtype=np.float32)
    return head.probabilities(rows)
