"""The gate: whether a question's answers by the machine are submitted without a person.

It is computed from the stored double scores each time it is asked for; nothing else opens or
closes it. docs/calibration.md says which double scores count, and why.

Source: DOMAIN "Scorecard", calibration: n of 50 or more, and the lower bound passes (kappa 0.6;
of a fatal question also recall 0.95).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from core.calibration import UNSURE, AskedQuestion, DoubleScore, Picked
from core.intervals import NORMAL_95
from qa.agreement import Agreement, Detection, Table, Weighting, agreement, detection, table_of

LEAST = 50  # double-scored conversations
LEAST_KAPPA = 0.6
LEAST_RECALL = 0.95
FAILED, OTHER = "failed", "other"  # answers of a fatal question, told apart for recall alone


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing the gate asks for; `found` None: it cannot be told from what there is."""

    name: str
    found: float | None
    needed: float

    @property
    def is_met(self) -> bool:
        """Whether it is there."""
        return self.found is not None and self.found >= self.needed

    def __str__(self) -> str:
        if self.needed >= 1:
            return f"{self.found or 0:.0f} of {self.needed:.0f} {self.name}"
        if self.found is None:
            return f"{self.name} cannot be told yet, {self.needed:.2f} is needed"
        shown = f"{floor(round(100 * self.found, 6)) / 100:.2f}".replace("-", "−")
        return f"{self.name} {shown} of {self.needed:.2f}"


@dataclass(frozen=True, slots=True)
class Gate:
    """How one question stands.

    `unsure` conversations are those of which the machine was not sure: it submits nothing there,
    so they count neither way. `by_risk` were drawn by the machine's own answers and are left out.
    """

    question: str
    n: int
    unsure: int
    by_risk: int
    picked: Mapping[Picked, int]
    agreement: Agreement
    detection: Detection | None
    requirements: tuple[Requirement, ...]

    @property
    def is_open(self) -> bool:
        """Whether its answers submit by themselves."""
        return all(requirement.is_met for requirement in self.requirements)

    @property
    def told(self) -> str:
        """How it stands in words: '38 of 50 double-scored; lower bound of kappa 0.54 of 0.60'."""
        return "; ".join(map(str, self.requirements))

    @property
    def missing(self) -> tuple[Requirement, ...]:
        """What keeps it shut."""
        return tuple(each for each in self.requirements if not each.is_met)


def gate(asked: AskedQuestion, scores: Iterable[DoubleScore]) -> Gate:
    """How a question stands by the double scores that are of it, whichever version they came from.

    Args:
        scores: any; those of another question, or of this one as it was worded before, are left
            out by their digest.
    """
    own = [score for score in scores if score.digest == asked.digest]
    counted = [score for score in own if score.picked is not Picked.RISK]
    pairs = paired(counted)
    sure = {name: pair for name, pair in pairs.items() if pair[0] != UNSURE}
    table = table_of(sure.values(), used_answers(asked, sure.values()))
    found = agreement_of(asked, table)
    caught = caught_of(asked, sure.values()) if asked.is_fatal else None
    picked = {score.conversation: score.picked for score in counted}
    return Gate(
        question=asked.id,
        n=len(sure),
        unsure=len(pairs) - len(sure),
        by_risk=len({score.conversation for score in own} - set(pairs)),
        picked=Counter(picked[name] for name in sure),
        agreement=found,
        detection=caught,
        requirements=_requirements(len(sure), found, caught),
    )


def paired(scores: Iterable[DoubleScore]) -> dict[str, tuple[str, str]]:
    """By conversation, the machine's latest answer and the one that most people gave.

    Where people are split evenly, it is the answer that the machine did not give: a tie never
    opens the gate.
    """
    by_conversation: dict[str, list[DoubleScore]] = {}
    for score in sorted(scores, key=lambda score: (score.at, score.by)):
        by_conversation.setdefault(score.conversation, []).append(score)
    return {name: _pair(found) for name, found in by_conversation.items()}


def most_said(answers: Sequence[str], *, against: str) -> str:
    """The answer that most gave; of several as frequent ones the first that is not `against`."""
    counts = Counter(answers)
    most = max(counts.values())
    frequent = [answer for answer, count in counts.items() if count == most]
    return next((answer for answer in frequent if answer != against), frequent[0])


def used_answers(asked: AskedQuestion, pairs: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """The answers that were given, in the form's order; those nobody gave would flatter AC1.

    Two at least, so that there is a choice.
    """
    given = {answer for pair in pairs for answer in pair}
    used = [answer for answer in asked.allowed if answer in given]
    used += sorted(given - set(used))  # not applicable by a machine that may not say so
    spare = (answer for answer in asked.allowed if answer not in used)
    while len(used) < 2:
        used.append(next(spare))
    return tuple(used)


def agreement_of(asked: AskedQuestion, table: Table) -> Agreement:
    """Agreement on a question."""
    scale = places(asked, table.categories)
    return agreement(table, weighting=weighting_of(asked), scale=scale)


def weighting_of(asked: AskedQuestion) -> Weighting:
    """On a scale a near miss is part of a hit: linear weights are the stricter of the usual two."""
    return Weighting.LINEAR if asked.is_scale else Weighting.NONE


def places(asked: AskedQuestion, categories: Sequence[str]) -> tuple[float | None, ...] | None:
    """Each category's place on the question's scale, None outside it; None without a scale."""
    if not asked.is_scale:
        return None
    return tuple(float(name) if name in asked.answers else None for name in categories)


def least_found(share: float) -> int:
    """How many must be found, all of them, before Wilson's lower bound reaches `share`."""
    return ceil(NORMAL_95**2 * share / (1 - share))


def caught_of(asked: AskedQuestion, pairs: Iterable[tuple[str, str]]) -> Detection:
    """How well the machine finds what people call failed: pairs are machine first."""
    told = [tuple(FAILED if a in asked.lowest else OTHER for a in pair) for pair in pairs]
    return detection(table_of([(one, other) for one, other in told], (FAILED, OTHER)), FAILED)


def _pair(found: list[DoubleScore]) -> tuple[str, str]:
    machine = found[-1].machine
    return machine, most_said([score.person for score in found], against=machine)


def _requirements(n: int, found: Agreement, caught: Detection | None) -> tuple[Requirement, ...]:
    weighted = found.weighting is not Weighting.NONE
    name = f"lower bound of {'weighted ' if weighted else ''}kappa"
    needed = [
        Requirement("double-scored", n, LEAST),
        Requirement(name, found.kappa.low, LEAST_KAPPA),
    ]
    if caught is not None:
        low = caught.recall.interval[0] if caught.recall.interval else None
        needed.append(Requirement("lower bound of recall", low, LEAST_RECALL))
    return tuple(needed)
