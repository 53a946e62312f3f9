"""`resolution`, `annoyed`, `calm`: a shipped judgement beside the labels of people who took part.

Area under the ROC curve of the chance of yes, and how often what is said without a person is right.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.qa.conduct.figures import read_labelled
from benchmarks.qa.curves import area, bootstrap
from core.conversation import Conversation
from core.errors import BadInput
from core.evaluation import Finding, SentimentTrace, Verdict
from core.intervals import share_interval
from core.scorecard import Question
from language.encoder import find_folder_by_environment
from language.pipeline import Pipeline
from qa.cards import load_scorecard
from qa.rules.base import Case, passages_of
from qa.rules.classifier import answer_classifier
from qa.rules.resolution import answer_resolution
from qa.vectors import Vectors, load_vectors

Rule = Callable[[Case, Question], Finding]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What is asked, which label tells the truth, and which rule answers."""

    label: str
    answer: Rule
    question: Question


@dataclass(frozen=True, slots=True)
class Row:
    """One conversation: the chance of yes, what was said, and what is true."""

    group: str
    chance: float
    said: Verdict
    truth: bool
    model: str


def judgements() -> Mapping[str, Judgement]:
    """By the name on the command line."""
    service = {question.rule: question for question in load_scorecard("service").questions}
    annoyed, calm = (
        Question(judge, text, 100, "classifier", {"judge": judge})
        for judge, text in (
            ("annoyed", "Was the customer annoyed?"),
            ("calm", "Was the agent calm and helpful?"),
        )
    )
    return {
        "resolution": Judgement("resolved", answer_resolution, service["resolution"]),
        "annoyed": Judgement("customer_annoyed", answer_classifier, annoyed),
        "calm": Judgement("calm_and_helpful", answer_classifier, calm),
    }


def judged(name: str, path: Path, *, as_json: bool) -> str:
    """The figures of one judgement on a file or folder of conversations.

    Raises:
        BadInput: a file cannot be read, or no conversation has the label.
    """
    asked = judgements()[name]
    vectors = load_vectors(find_folder_by_environment())
    rows = read_rows(asked, (talk for _, talk in read_labelled(path)), vectors)
    if not rows:
        raise BadInput(f"no conversation in {path} has a label {asked.label} that is true or false")
    values = figures(rows)
    return json.dumps(values, indent=2) if as_json else _text(name, values)


def read_rows(
    asked: Judgement, talks: Iterable[Conversation], vectors: Vectors | None
) -> list[Row]:
    """Each conversation with the label, judged; one that says nothing of its chance is left out."""
    pipeline = Pipeline()
    rows = []
    for talk in talks:
        truth = talk.labels.get(asked.label)
        if not isinstance(truth, bool):
            continue
        passages = passages_of(talk, pipeline)
        case = Case(talk, passages, pipeline, {}, SentimentTrace(), vectors)
        found = asked.answer(case, asked.question)
        if found.probability is not None:
            group = str(talk.labels.get("goal") or talk.id)
            rows.append(Row(group, found.probability, found.verdict, truth, found.rule))
    return rows


def figures(rows: Sequence[Row]) -> dict[str, Any]:
    """Everything that is told, ready for JSON."""
    chances = np.array([row.chance for row in rows])
    truth = np.array([float(row.truth) for row in rows])
    groups = np.array([row.group for row in rows])
    said = {verdict: [row.truth for row in rows if row.said is verdict] for verdict in Verdict}
    yes, no = said[Verdict.YES], [not truth for truth in said[Verdict.NO]]
    return {
        "n": len(rows),
        "labelled_yes": float(truth.mean()),
        "auc": area(chances, truth),
        "auc_interval": bootstrap(lambda at: area(chances[at], truth[at]), groups),
        "yes": _share(yes, len(rows)),
        "no": _share(no, len(rows)),
        "yes_or_no": _share(yes + no, len(rows)),
        "unsure": 1 - len(yes + no) / len(rows),
        "answered_by": dict(Counter(row.model for row in rows)),
    }


def _share(right: Sequence[bool], of: int) -> dict[str, Any]:
    """How much is said, and how much of that is right, by Wilson's interval."""
    hits, said = sum(right), len(right)
    return {
        "said": said,
        "share": said / of,
        "precision": hits / said if said else None,
        "precision_interval": share_interval(hits, said) if said else None,
    }


def _text(name: str, values: Mapping[str, Any]) -> str:
    low, high = values["auc_interval"]
    lines = [
        f"{name}: {values['n']} conversations, labelled yes {values['labelled_yes']:.3f}",
        f"AUC {values['auc']:.3f} ({low:.3f} to {high:.3f})",
        *(_said(kind, values[kind]) for kind in ("yes", "no", "yes_or_no")),
        f"unsure {values['unsure']:.3f}",
        f"answered by {', '.join(f'{who} {n}' for who, n in values['answered_by'].items())}",
    ]
    return "\n".join(lines)


def _said(kind: str, values: Mapping[str, Any]) -> str:
    head = f"{kind.replace('_', ' ')} said of {values['said']} ({values['share']:.3f})"
    if values["precision"] is None:
        return head
    low, high = values["precision_interval"]
    return f"{head}, right {values['precision']:.3f} ({low:.3f} to {high:.3f})"
