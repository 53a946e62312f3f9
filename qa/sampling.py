"""Which conversations people review.

(a) A uniform draw per agent and period: systematic sampling over the order of time with a random
start, so that each conversation has the same chance and the drawn ones are spread evenly.
(b) A risk-directed draw by a rule: whatever shows a risk, up to a number per agent, period and
risk; chance has no part in it, so what it takes had the probability 1.
Each knows nothing of the other: were the risky ones left out of (a), (a) would flatter everybody.

Source: DOMAIN "Scorecard", sampling; Särndal, Swensson, Wretman, Model Assisted Survey Sampling
(1992), 3.4, systematic sampling.
"""

import random
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from core.correction import is_fatal
from core.draw import Risk
from core.evaluation import Evaluation, SentimentTrace, Verdict
from core.scorecard import Scorecard
from language.mood_scale import scale_of

FAINT = (
    1 / 3
)  # share of words below one half; as speech/quality.py tells that a call was hard to hear


@dataclass(frozen=True, slots=True)
class Case:
    """What is known of a conversation when its risks are looked for.

    `judged` are its evaluations by each scorecard, the main one last, with the form as it was used
    (None when that is not known any more). `unsure_words` is a share, None where the recogniser
    does not say; `agent_since` is when the agent's first conversation ended, None for nobody's.
    """

    conversation: str
    agent: str
    ended_at: datetime
    judged: tuple[tuple[Evaluation, Scorecard | None], ...]
    unsure_words: float | None = None
    is_detractor: bool = False
    agent_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A conversation with its risks; `period` is when the one that it ended in began.

    `scorecard` names the form that it is to be reviewed by.
    """

    conversation: str
    agent: str
    ended_at: datetime
    period: datetime
    risks: frozenset[Risk]
    scorecard: str


def draw_uniform(frame: Sequence[str], wanted: int, *, seed: str) -> tuple[tuple[str, ...], float]:
    """Draw `wanted` of the conversations in `frame`, which stand in the order of time.

    Returns:
        The drawn ones in that order, and the probability that each of the frame had; all of them
        and 1 when there are no more than `wanted`. The same frame and seed give the same draw.
    """
    if wanted <= 0 or not frame:
        return (), 0.0
    if len(frame) <= wanted:
        return tuple(frame), 1.0
    step = Fraction(len(frame), wanted)  # exact: every conversation has the same chance
    start = Fraction(random.Random(seed).random()) * step  # noqa: S311 -- a sample, no secret
    return tuple(frame[int(start + step * i)] for i in range(wanted)), wanted / len(frame)


def risks_of(case: Case, *, new_agent_days: int) -> frozenset[Risk]:
    """What speaks for looking at a conversation before others."""
    mood = case.judged[-1][0].sentiment if case.judged else SentimentTrace()
    signs = {
        Risk.FATAL: any(fatal_noes(*each) for each in case.judged),
        Risk.FALLING: mood.shift is not None and mood.shift <= -scale_of(mood.model).turned,
        Risk.FAINT: case.unsure_words is not None and case.unsure_words > FAINT,
        Risk.DETRACTOR: case.is_detractor,
        Risk.NEW_AGENT: case.agent_since is not None
        and case.ended_at - case.agent_since < timedelta(days=new_agent_days),
    }
    return frozenset(risk for risk, holds in signs.items() if holds)


def to_review_by(case: Case) -> str:
    """The scorecard with a fatal answer, of several the main one; without any the main one."""
    names = [
        evaluation.scorecard for evaluation, card in case.judged if fatal_noes(evaluation, card)
    ]
    return names[-1] if names else case.judged[-1][0].scorecard


def draw_risks(
    candidates: Iterable[Candidate],
    taken: Mapping[tuple[str, datetime, Risk], int],
    *,
    most: int,
) -> tuple[Candidate, ...]:
    """The candidates to be drawn, as they ended: while one of their risks is not used up.

    Args:
        taken: how many were drawn already, by agent, beginning of the period and risk.
        most: of each risk per agent and period; a fatal answer is always drawn.
    """
    counts = Counter(dict(taken))
    drawn = []
    for one in sorted(candidates, key=lambda each: (each.ended_at, each.conversation)):
        keys = {risk: (one.agent, one.period, risk) for risk in one.risks}
        if Risk.FATAL in one.risks or any(counts[key] < most for key in keys.values()):
            counts.update(keys.values())
            drawn.append(one)
    return tuple(drawn)


def fatal_noes(evaluation: Evaluation, card: Scorecard | None) -> Collection[str]:
    """The fatal questions that were answered no; none when the scorecard is not known any more."""
    fatal = {question.id for question in (card.questions if card else ()) if is_fatal(question)}
    return tuple(
        found.question
        for found in evaluation.findings
        if found.question in fatal and found.verdict is Verdict.NO
    )
