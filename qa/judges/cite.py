"""Which turns a judgement rests on: those whose absence would change the chance most.

Candidates are named cheaply: by the linear part, or by what a turn does and feels. Each is then
left out of the conversation, and the whole judge is asked again. So what a turn weighs is what the
judge itself makes of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.conversation import Turn
from qa.judges.digest import FADE, Talk, digest
from qa.judges.judge import SIGNS_UNIT, Judge
from qa.judges.manner_judge import MannerJudge
from qa.judges.sides import Side, readers
from qa.vectors import Floats

CANDIDATES = 10  # turns left out one by one, 0.2 ms each; `resolution` reads fewer in all
CITED = 3  # enough to check in five seconds
LEAST = 0.05  # of log-odds; a lighter turn explains nothing
_TELLING_ACTS = ("lost", "refuse", "greet", "more", "bye", "curt", "done")  # of agents
_TELLING_FEELINGS = ("joy", "gratitude", "praise", "anger", "disapproval", "confusion")


@dataclass(frozen=True, slots=True)
class Weight:
    """A turn, and how much log-odds of yes it brings (less than 0: it speaks for no)."""

    turn: Turn
    side: str
    place: int
    effect: float


@dataclass(frozen=True, slots=True)
class Judged:
    """The chance of yes, and the turns that weigh, heaviest first."""

    chance: float
    weights: tuple[Weight, ...]

    def speaking_for(self, *, yes: bool) -> tuple[Weight, ...]:
        """The heaviest turns on one side of the question."""
        own = [one for one in self.weights if (one.effect > 0) is yes and abs(one.effect) >= LEAST]
        return tuple(own[:CITED])


def judge_talk(judge: Judge, talk: Talk, signs: Mapping[str, float], bias: float = 0.0) -> Judged:
    """Judge a conversation and weigh its turns.

    Args:
        signs: the log-odds of the signs that stand in a turn, by turn id.
        bias: the log-odds of the signs before any was found.
    """
    told = bias + sum(signs.values())
    candidates = _candidates(judge, talk, signs, told)
    cases = [talk, *(talk.without(side, place) for _, side, place in candidates)]
    left = [told, *(told - signs.get(turn.id, 0.0) for turn, _, _ in candidates)]
    return _judged(judge.chances([digest(each) for each in cases], left), candidates)


def judge_manner(judge: MannerJudge, talk: Talk) -> Judged:
    """Judge how a conversation went between both sides, and weigh its turns."""
    candidates = _telling(talk)
    cases = [talk, *(talk.without(side, place) for _, side, place in candidates)]
    return _judged(judge.chances(cases), candidates)


def _judged(chances: Floats, candidates: Sequence[tuple[Turn, str, int]]) -> Judged:
    """From the chance of the whole, and of it without each candidate: (1 + candidates,)."""
    logits = np.log(chances / (1 - chances))
    weights = [
        Weight(turn, side, place, float(logits[0] - logit))
        for (turn, side, place), logit in zip(candidates, logits[1:], strict=True)
    ]
    ordered = tuple(sorted(weights, key=lambda one: -abs(one.effect)))
    return Judged(round(float(chances[0]), 4), ordered)


def _telling(talk: Talk) -> list[tuple[Turn, str, int]]:
    """The turns that do or feel most of what tells how a conversation goes; later ones first."""
    made = readers()
    does = _summed(talk.house.acts, made.house.labels, _TELLING_ACTS)
    feels = _summed(talk.customer.feelings, made.feelings.labels, _TELLING_FEELINGS)
    rated = [
        (float(much), place, name, turn)
        for name, side, all_much in (
            ("house", talk.house, does),
            ("customer", talk.customer, feels),
        )
        for place, (turn, much) in enumerate(zip(side.turns, all_much, strict=True))
    ]
    best = sorted(rated, key=lambda one: (-one[0], -one[1], one[2]))[:CANDIDATES]
    return [(turn, name, place) for _, place, name, turn in best]


def _summed(rows: Floats, labels: Sequence[str], wanted: Sequence[str]) -> Floats:
    return np.asarray(rows[:, [labels.index(name) for name in wanted]].sum(axis=1))


def _candidates(
    judge: Judge, talk: Talk, signs: Mapping[str, float], told: float
) -> list[tuple[Turn, str, int]]:
    """The turns with signs, and those whose vectors the linear part weighs most."""
    part = judge.linear
    weights = (part.meaning + told / SIGNS_UNIT * part.meaning_by_signs).reshape(4, -1)
    rated = [
        (abs(float(share)) + abs(signs.get(turn.id, 0.0)), turn, name, place)
        for name, side, own in (
            ("house", talk.house, weights[:2]),
            ("customer", talk.customer, weights[2:]),
        )
        for place, (turn, share) in enumerate(zip(side.turns, _shares(side, own), strict=True))
    ]
    best = sorted(rated, key=lambda one: -one[0])[:CANDIDATES]
    return [(turn, name, place) for _, turn, name, place in best]


def _shares(side: Side, weights: Floats) -> Sequence[float]:
    """What each turn moves the side's mean and recent meaning, as log-odds: (n,)."""
    if not len(side.vectors):
        return ()
    recency = FADE ** np.arange(len(side.vectors))[::-1]
    recency /= recency.sum()
    mean, recent = side.vectors.mean(axis=0), recency @ side.vectors
    by_mean = (side.vectors - mean) @ weights[0] / len(side.vectors)
    by_recent = (side.vectors - recent) @ weights[1] * recency
    return [float(each) for each in by_mean + by_recent]
