"""`satisfaction`: the estimate from the words alone beside what several raters gave.

Spearman's correlation with the raters' mean. Which measures the estimate is made of was looked up
on every second conversation of the sets for developing (0, 2, 4 ... of the file); so both halves
are told apart, and of those files only the half that begins with 1 is fair.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.qa.conduct.figures import read_labelled
from benchmarks.qa.curves import bootstrap, rank_correlation
from core.conversation import Conversation
from core.errors import BadInput
from core.evaluation import SentimentTrace
from core.scorecard import Question
from language.encoder import Encoder, find_folder_by_environment
from language.pipeline import Pipeline
from qa.cards import load_scorecard
from qa.judges.satisfaction import estimate_satisfaction
from qa.rules.base import Case, passages_of
from qa.rules.resolution import answer_resolution
from qa.vectors import Vectors

LEAST = 3  # conversations; a correlation of fewer says nothing


@dataclass(frozen=True, slots=True)
class Row:
    """The raters' scores and their mean beside the estimate and its range."""

    scores: tuple[float, ...]
    truth: float
    value: float
    low: float
    high: float
    index: float


def satisfaction(path: Path, *, as_json: bool) -> str:
    """The figures on a file or folder of conversations with the label `satisfaction`.

    Raises:
        BadInput: a file cannot be read, or too few conversations have the label.
        ModelUnavailable: the encoder's weights are not there.
    """
    vectors = Vectors(Encoder(find_folder_by_environment()))
    rows = read_rows((talk for _, talk in read_labelled(path)), vectors)
    if len(rows) < LEAST:
        raise BadInput(f"fewer than {LEAST} conversations in {path} have the label satisfaction")
    values = figures(rows)
    return json.dumps(values, indent=2) if as_json else _text(values)


def read_rows(talks: Iterable[Conversation], vectors: Vectors) -> list[Row]:
    """Each conversation with raters' scores, estimated; those of one side alone are left out."""
    asked = next(one for one in load_scorecard("service").questions if one.rule == "resolution")
    pipeline, rows = Pipeline(), []
    for talk in talks:
        scores = _scores(talk.labels.get("satisfaction"))
        row = _row(talk, scores, asked, pipeline, vectors) if scores else None
        rows += [row] if row else []
    return rows


def figures(rows: list[Row]) -> dict[str, Any]:
    """Everything that is told, ready for JSON."""
    return {
        "n": len(rows),
        "spearman": _spearman(rows),
        "spearman_interval": _interval(rows),
        "one_rater_with_the_others": _agreement(rows),
        "in_range": float(np.mean([row.low <= row.truth <= row.high for row in rows])),
        "halves": [_half(rows[0::2]), _half(rows[1::2])],
    }


def _row(
    talk: Conversation,
    scores: tuple[float, ...],
    asked: Question,
    pipeline: Pipeline,
    vectors: Vectors,
) -> Row | None:
    passages = passages_of(talk, pipeline)
    case = Case(talk, passages, pipeline, {}, SentimentTrace(), vectors)
    resolved = answer_resolution(case, asked).probability
    made = estimate_satisfaction(case, resolved=resolved)
    if made is None:
        return None
    index = sum(made.parts.values())
    return Row(scores, float(np.mean(scores)), made.value, made.low, made.high, index)


def _scores(label: object) -> tuple[float, ...]:
    """Of one rater or several."""
    scores = label if isinstance(label, list | tuple) else [label]
    return tuple(float(one) for one in scores if isinstance(one, int | float))


def _agreement(rows: list[Row]) -> float | None:
    """How the first rater's scores go with the mean of the others'; None where there is but one."""
    several = [row.scores for row in rows if len(row.scores) > 1]
    if len(several) < LEAST:
        return None
    first = np.array([scores[0] for scores in several])
    return rank_correlation(first, np.array([np.mean(scores[1:]) for scores in several]))


def _spearman(rows: list[Row]) -> float:
    """Of the estimate before it is rounded and bounded, so that ties do not depend on that."""
    truth, index = np.array([row.truth for row in rows]), np.array([row.index for row in rows])
    return rank_correlation(index, truth)


def _interval(rows: list[Row]) -> tuple[float, float]:
    truth, index = np.array([row.truth for row in rows]), np.array([row.index for row in rows])
    groups = np.array([str(place) for place in range(len(rows))])
    return bootstrap(lambda at: rank_correlation(index[at], truth[at]), groups)


def _half(rows: list[Row]) -> dict[str, Any]:
    low, high = _interval(rows)
    return {"n": len(rows), "spearman": _spearman(rows), "spearman_interval": (low, high)}


def _text(values: dict[str, Any]) -> str:
    low, high = values["spearman_interval"]
    lines = [
        f"satisfaction: {values['n']} conversations",
        f"Spearman {values['spearman']:.3f} ({low:.3f} to {high:.3f})",
        f"raters' mean within the range of the estimate: {values['in_range']:.3f}",
    ]
    if values["one_rater_with_the_others"] is not None:
        told = f"{values['one_rater_with_the_others']:.3f}"
        lines.append(f"one rater beside the mean of the others: Spearman {told}")
    for start, half in enumerate(values["halves"]):
        low, high = half["spearman_interval"]
        told = f"Spearman {half['spearman']:.3f} ({low:.3f} to {high:.3f})"
        lines.append(f"every second from {start}: {half['n']} conversations, {told}")
    return "\n".join(lines)
