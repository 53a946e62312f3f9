"""The conversations that judges are trained on: labels, groups that must stay together, numbers."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from core.conversation import Conversation, Role
from core.errors import BadInput
from core.evaluation import SentimentTrace
from core.exchange import from_exchange
from language.pipeline import Pipeline
from qa.cards import load_scorecard
from qa.judges.digest import digest, read_talk
from qa.rules.base import Case, passages_of
from qa.rules.signs import signs_log_odds
from qa.vectors import Vectors

SET = "dialogues/star_dev.jsonl"
Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Conversations in numbers, a row each; `labels` is 1, 0 or nan.

    `groups` are of one scenario, whose conversations are alike and never divided.
    """

    meaning: npt.NDArray[np.float32]  # (n, 1536)
    measures: npt.NDArray[np.float32]  # (n, m)
    signs: npt.NDArray[np.float32]  # (n,)
    labels: npt.NDArray[np.float64]
    groups: npt.NDArray[np.str_]
    domains: npt.NDArray[np.str_]

    def where(self, kept: npt.NDArray[np.bool_]) -> "Told":
        """Some of the rows."""
        return Told(
            self.meaning[kept], self.measures[kept], self.signs[kept],
            self.labels[kept], self.groups[kept], self.domains[kept],
        )  # fmt: skip

    @property
    def known(self) -> "Told":
        """Those with a label."""
        return self.where(~np.isnan(self.labels))


def read_told(
    data: Path,
    encode: Encode,
    label: str,
    roles: Collection[Role],
    last: int | None,
    *,
    with_signs: bool,
) -> Told:
    """Every conversation of the set with its label.

    Raises:
        BadInput: there is no such file.
    """
    talks, vectors = read_set(data, encode)
    made = [digest(read_talk(talk, vectors, roles, last)) for talk in talks]
    return Told(
        np.stack([each.meaning for each in made]),
        np.stack([each.measures for each in made]),
        _signs(talks) if with_signs else np.zeros(len(talks), dtype=np.float32),
        *labels_and_groups(talks, label),
    )


def labels_and_groups(
    talks: Sequence[Conversation], label: str
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.str_], npt.NDArray[np.str_]]:
    """Of each conversation the label (1, 0 or nan), the scenario and the domain."""
    return (
        np.array([_label(talk.labels.get(label)) for talk in talks]),
        np.array([_scenario(talk) for talk in talks]),
        np.array([str(talk.labels.get("domain")) for talk in talks]),
    )


def read_set(data: Path, encode: Encode) -> tuple[tuple[Conversation, ...], Vectors]:
    """Every conversation of the set, and the vectors of all its texts.

    Raises:
        BadInput: there is no such file.
    """
    path = data / SET
    if not path.is_file():
        raise BadInput(f"there is no file {path}; give the folder of the data with --data")
    talks = tuple(read_conversations(path))
    vectors = Vectors(encode, kept=1_000_000)
    read_all(talks, vectors)
    return talks, vectors


def read_conversations(path: Path) -> Iterator[Conversation]:
    """The conversations of a JSONL file in the exchange format."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield from_exchange(json.loads(line))


def read_all(talks: Sequence[Conversation], vectors: Vectors) -> None:
    """Encode every text of a set, in one call and one order.

    A vector's last digits depend on which texts share its batch, so every trainer has the same.
    """
    vectors.of(sorted({turn.text for talk in talks for turn in talk.turns if turn.text.strip()}))


def _signs(talks: Sequence[Conversation]) -> npt.NDArray[np.float32]:
    """What the phrases of the service scorecard tell of each, in log-odds."""
    pipeline = Pipeline()
    asked = next(q for q in load_scorecard("service").questions if q.rule == "resolution")
    cases = (
        Case(talk, passages_of(talk, pipeline), pipeline, {}, SentimentTrace()) for talk in talks
    )
    return np.array([signs_log_odds(case, asked) for case in cases], dtype=np.float32)


def _label(value: object) -> float:
    return float(value) if isinstance(value, bool) else float("nan")


def _scenario(talk: Conversation) -> str:
    """The people's task with its numbers left out; those without one stand alone."""
    goal = talk.labels.get("goal")
    return (
        f"{talk.labels.get('domain')} {_DIGITS.sub('#', goal)}"
        if isinstance(goal, str)
        else talk.id
    )
