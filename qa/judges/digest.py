"""A conversation in numbers: what its turns mean, do and sound like, on the whole and at the end.

Every number is a mean, a maximum or a count over turns, so that it can be made again without a
turn to see what that turn weighs (`cite`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from core.conversation import Conversation, Role, Turn
from core.survey import is_question
from qa.judges.sides import HOUSE, Side, read_customer, read_house, readers
from qa.judges.tone import TONES
from qa.vectors import Floats, Vectors

FADE = 0.5  # each turn back counts half in what is recent; set beforehand, not chosen on data
SHORT = 2  # words; 'Name?' and 'ok'
PORTRAITS = 16  # sides kept: both of a conversation, and each without one of `cite`'s candidates
COMPARED = 400  # last turns of a side; their likenesses to each other grow with the square
_COUNTS = ("turns", "mean_words", "most_words", "repeats_most", "repeats_mean")
_EXCHANGE = ("same_answers", "same_in_a_row", "short_answers", "customer_last", "more_customer")


@dataclass(frozen=True, slots=True, eq=False)
class Talk:
    """Both sides of a conversation, read turn by turn; `order` has the ids of all its turns."""

    house: Side
    customer: Side
    customer_last: bool
    order: tuple[str, ...] = ()

    def without(self, side: str, place: int) -> "Talk":
        """As if one turn of one side (`house`, `customer`) had not been said."""
        if side == "house":
            return replace(self, house=self.house.without(place))
        return replace(self, customer=self.customer.without(place))


@dataclass(frozen=True, slots=True, eq=False)
class Digest:
    """`meaning` float32 (4 · 384,): both sides' vectors, mean and recent; `measures` by names."""

    meaning: Floats
    measures: Floats  # (len(measure_names()),)


def read_talk(
    conversation: Conversation,
    vectors: Vectors,
    roles: Collection[Role] = HOUSE,
    last: int | None = None,
) -> Talk:
    """Encode and read the turns.

    Args:
        roles: those of the side that serves.
        last: how many turns of both sides are read, from the end; all when None.
    """
    said = turns_read(conversation, roles, last)
    vectors.of([turn.text for turn in said])  # at once: the encoder reads in batches
    return Talk(
        read_house(said, vectors, roles),
        read_customer(said, vectors),
        bool(said) and said[-1].role is Role.CUSTOMER,
        tuple(turn.id for turn in said),
    )


def turns_read(
    conversation: Conversation, roles: Collection[Role] = HOUSE, last: int | None = None
) -> list[Turn]:
    """The turns that `read_talk` encodes: no survey's questions, which settle nothing."""
    turns = [
        turn
        for turn in conversation.turns
        if turn.text.strip()
        and (turn.role in roles or turn.role is Role.CUSTOMER)
        and not (turn.role is Role.BOT and is_question(turn.text))
    ]
    return turns[-last:] if last else turns


def digest(talk: Talk) -> Digest:
    """The numbers of a conversation, in the order of `measure_names`."""
    house, customer = _portrait(talk.house), _portrait(talk.customer)
    measures = [
        *house.acts,
        *customer.acts,
        *customer.feelings,
        *house.tones,
        *customer.tones,
        house.counts,
        customer.counts,
        _exchange(talk),
    ]
    return Digest(
        np.concatenate([*house.meaning, *customer.meaning]).astype(np.float32),
        np.concatenate(measures).astype(np.float32),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Portrait:
    """What a digest says of one side alone."""

    meaning: tuple[Floats, ...]
    acts: tuple[Floats, ...]
    feelings: tuple[Floats, ...]
    tones: tuple[Floats, ...]
    counts: Floats


@lru_cache(maxsize=PORTRAITS)
def _portrait(side: Side) -> _Portrait:
    """Of a side as it stands; when a turn of the other one is left out, it is the same again."""
    return _Portrait(
        _mean_and_recent(side.vectors),
        _four(side.acts),
        _four(side.feelings),
        _three(side.tones),
        _counts(side),
    )


@cache
def measure_names() -> tuple[str, ...]:
    """What each measure is: side, thing, and how it is taken over the turns."""
    made = readers()
    four, three = ("mean", "most", "recent", "last"), ("mean", "most", "recent")
    groups: list[tuple[str, Sequence[str], Sequence[str]]] = [
        ("agent does", made.house.labels, four),
        ("customer does", made.customer.labels, four),
        ("customer feels", made.feelings.labels, four),
        ("agent sounds", TONES, three),
        ("customer sounds", TONES, three),
        ("agent", _COUNTS, ("",)),
        ("customer", _COUNTS, ("",)),
        ("both", _EXCHANGE, ("",)),
    ]
    return tuple(
        f"{who} {what} {how}".strip()
        for who, things, ways in groups
        for how in ways
        for what in things
    )


def _mean_and_recent(rows: Floats) -> tuple[Floats, Floats]:
    """The mean of the rows, and the mean in which each row back counts `FADE` as much."""
    if not len(rows):
        empty = np.zeros(rows.shape[1], dtype=np.float32)
        return empty, empty
    mean = np.add.reduce(rows, axis=0) / len(rows)  # as `rows.mean`, with less around it
    return mean, _recency(len(rows)) @ rows


@lru_cache(maxsize=COMPARED)
def _recency(count: int) -> npt.NDArray[Any]:
    """What each of so many turns in order weighs in what is recent: (count,), sums to 1."""
    weights = FADE ** np.arange(count)[::-1]
    return np.asarray(weights / weights.sum())


def _three(rows: Floats) -> tuple[Floats, ...]:
    mean, recent = _mean_and_recent(rows)
    most = rows.max(axis=0) if len(rows) else mean
    return mean, most, recent


def _four(rows: Floats) -> tuple[Floats, ...]:
    mean, most, recent = _three(rows)
    return mean, most, recent, rows[-1] if len(rows) else mean


def _counts(side: Side) -> Floats:
    """Turns and words (logarithms), and how alike turns are to earlier ones of the side."""
    words = [len(turn.text.split()) for turn in side.turns] or [0]
    rows = side.vectors[-COMPARED:]
    likeness = np.where(_earlier(len(rows)), rows @ rows.T, 0)[1:].max(axis=1, initial=0.0)
    return np.array(
        [
            np.log1p(len(side.turns)),
            np.log1p(sum(words) / len(words)),
            np.log1p(max(words)),
            likeness.max(initial=0.0),
            np.add.reduce(likeness) / len(likeness) if len(likeness) else 0.0,
        ],
        dtype=np.float32,
    )


@lru_cache(maxsize=PORTRAITS)
def _earlier(count: int) -> npt.NDArray[np.bool_]:
    """Which of so many turns (columns) come before which (rows): (count, count)."""
    return np.tri(count, count, -1, dtype=np.bool_)


def _exchange(talk: Talk) -> Floats:
    said = [turn.text for turn in talk.house.turns]
    return np.array(
        [
            len(said) - len(set(said)),
            sum(one == other for one, other in pairwise(said)),
            sum(len(text.split()) <= SHORT for text in said) / max(1, len(said)),
            talk.customer_last,
            len(talk.customer.turns) - len(said),
        ],
        dtype=np.float32,
    )
