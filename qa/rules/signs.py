"""Signs of how a matter ended: phrases of one side, each with its log-odds of 'settled'."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.conversation import Role
from core.scorecard import Question
from qa.rules.base import Case, Passage, Said, say

LAST = 3  # passages of a speaker that count as the last ones


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign found in the conversation, and the log-odds it adds to 'settled'."""

    points: float
    said: Said
    group: str


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


def signs_log_odds(case: Case, question: Question) -> float:
    """What all signs together tell, as log-odds of yes."""
    return bias_of(question) + sum(sign.points for sign in find_signs(case, question))


def bias_of(question: Question) -> float:
    """The log-odds of yes before any sign."""
    return float(str(question.options.get("bias", 0)))


def _is_outdone(sign: Sign, signs: Sequence[Sign]) -> bool:
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
