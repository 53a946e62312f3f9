"""Whether the matter was settled, judged by the words of both sides."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from core.conversation import Role
from core.evaluation import Finding
from core.scorecard import Question
from qa.rules.base import Case, Passage, Said, no, say, unsure, window_evidence, yes

SURE = 0.7  # probability of yes from which it is said; see benchmarks/qa/README.md
LAST = 3  # passages of a speaker that count as the last ones


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign found in the conversation, and the log-odds it adds to 'settled'."""

    points: float
    said: Said
    group: str


def answer_resolution(case: Case, question: Question) -> Finding:
    """Yes, no or unsure by the sum of the signs, each a phrase of one side with its points."""
    if not case.passages:
        return unsure(question, None, "nothing was said")
    signs = find_signs(case, question)
    bias = float(str(question.options.get("bias", 0)))
    probability = round(1 / (1 + math.exp(-bias - sum(sign.points for sign in signs))), 4)
    weighty = sorted(signs, key=lambda sign: -abs(sign.points))
    if probability >= SURE:
        good = [sign for sign in weighty if sign.points > 0][:3]
        if good:
            evidence = [piece for sign in good for piece in sign.said.evidence]
            return yes(question, probability, "both sides' words say it was settled", evidence)
    if probability <= 1 - SURE:
        bad = [sign for sign in weighty if sign.points < 0][:3]
        evidence = [piece for sign in bad for piece in sign.said.evidence]
        shown = evidence or list(window_evidence(case.passages[-2:]))
        return no(question, probability, "the words say it was left open", shown)
    evidence = [piece for sign in weighty[:3] for piece in sign.said.evidence]
    return unsure(question, probability, "the words do not say whether it was settled", evidence)


def find_signs(case: Case, question: Question) -> tuple[Sign, ...]:
    """The last saying of each sign that is present; of one group, the sign said last alone."""
    found = []
    for sign in _signs(question):
        passages = _part(case.by(Role(str(sign["by"]))), str(sign.get("part", "any")))
        phrases, unless = _list(sign, "phrases"), _list(sign, "unless")
        said = say(case, passages, phrases, unless)
        if said:
            group = str(sign.get("group", ""))
            found.append(Sign(float(str(sign["points"])), said[-1], group))
    return tuple(sign for sign in found if not _is_outdone(sign, found))


def _is_outdone(sign: Sign, signs: list[Sign]) -> bool:
    """Whether another sign of its group was said later: a booking made after one that failed."""
    return any(
        other.said.place > sign.said.place for other in signs if sign.group == other.group != ""
    )


def _signs(question: Question) -> tuple[Mapping[str, object], ...]:
    signs = question.options.get("signs", ())
    return (
        tuple(sign for sign in signs if isinstance(sign, Mapping))
        if isinstance(signs, tuple | list)
        else ()
    )


def _list(sign: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = sign.get(key, ())
    return tuple(str(item) for item in value) if isinstance(value, tuple | list) else ()


def _part(passages: tuple[Passage, ...], part: str) -> tuple[Passage, ...]:
    if part == "last":
        return passages[-LAST:]
    if part == "final":
        return passages[-1:]
    return passages
