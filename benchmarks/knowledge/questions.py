"""The questions, and which part each belongs to."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

HERE = Path(__file__).parent
SEED = "1"


class Part(StrEnum):
    """Dev is for fitting and for the threshold, test for the figures."""

    DEV = "dev"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Question:
    """What a customer asks. `slugs` answer it; none do when it is of a `kind` nobody answers.

    One of `facts` must stand in the answer, where they are given.
    """

    text: str
    slugs: frozenset[str]
    kind: str = ""
    facts: tuple[str, ...] = ()

    @property
    def part(self) -> Part:
        """By a hash of the seed and the words, so that a new question moves no other."""
        first = hashlib.sha256(f"{SEED}:{self.text}".encode()).digest()[0]
        return Part.TEST if first % 2 else Part.DEV


def load_questions(part: Part) -> tuple[Question, ...]:
    """The questions of one part, answered ones first."""
    facts = {text: tuple(fact.split("|")) for fact, text in _rows("facts.tsv")}
    answered = [
        Question(text, frozenset(slugs.split(",")), facts=facts.get(text, ()))
        for slugs, text in _rows("answered.tsv")
    ]
    unanswered = [Question(text, frozenset(), kind) for kind, text in _rows("unanswered.tsv")]
    return tuple(question for question in answered + unanswered if question.part is part)


def _rows(name: str) -> list[tuple[str, str]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line]
    return [(first, second) for first, second in rows]
