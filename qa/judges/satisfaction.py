"""How satisfied the customer seems from the words alone, for those who answer no survey.

Put together, not trained: five parts of equal weight, each a mean of measures whose direction is
plain (thanks are good, having to repeat oneself is not). No satisfaction score was ever fitted.
An estimate is not a survey answer and is never counted as one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from core.evaluation import Evidence
from core.spans import TextSpan
from qa.judges.digest import Digest, Talk, digest, measure_names, read_talk
from qa.judges.judge import Judge
from qa.judges.satisfaction_scale import Spread, shipped_scale
from qa.judges.shipped import shipped_judge, shipped_manner_judge
from qa.judges.sides import PERSON, Side, readers
from qa.rules.base import Case
from qa.vectors import Floats

MODEL = "satisfaction-1"
LEAST, MOST, MIDDLE = 1.0, 5.0, 3.0
STEP = 0.35  # of the scale for one spread of the index; raters' means spread by 0.34 to 0.39
HALF_WIDTH = 0.7  # of the scale; `python -m benchmarks.qa satisfaction` says how often it holds
CITED = 3  # enough to check in five seconds
PLAIN = 0.5  # spreads; a part nearer to the middle says nothing worth a word
# What each part is made of; a minus turns a measure round. By measure names of `digest`.
PARTS: Mapping[str, tuple[str, ...]] = {
    "mood": (
        "customer feels praise recent", "customer feels gratitude mean", "customer feels joy mean",
        "-customer feels sadness mean", "-customer feels disapproval mean",
        "-customer feels anger mean",
    ),
    "thanks": (
        "customer does thanks recent", "customer does thanks mean", "customer sounds thanks mean",
        "customer sounds praise mean", "customer sounds exclaims mean",
    ),
    "outcome": ("agent does done mean", "-agent does refuse recent", "-agent does lost mean"),
    "friction": (
        "-customer does confused recent", "-customer does repeat recent",
        "-customer does correct recent", "-customer does change recent",
        "-customer does pity mean", "-customer does complain mean", "-customer does chase mean",
        "-customer feels confusion recent", "-customer sounds asks recent",
    ),
    "temper": (),
}  # fmt: skip
_GOOD_ACTS, _BAD_ACTS = ("thanks",), ("confused", "repeat", "correct", "complain", "chase", "pity")
_GOOD_FEELINGS = ("gratitude", "praise", "joy")
_BAD_FEELINGS = ("anger", "disapproval", "sadness", "confusion")


@dataclass(frozen=True, slots=True)
class SatisfactionEstimate:
    """1 to 5 with the range in which most raters' means lie; `parts` in spreads of each part.

    A part above 0 speaks for satisfaction. `model` names what made it.
    """

    value: float
    low: float
    high: float
    parts: Mapping[str, float]
    reason: str
    evidence: tuple[Evidence, ...]
    model: str = MODEL


def estimate_satisfaction(case: Case, *, resolved: float | None) -> SatisfactionEstimate | None:
    """The estimate; None without the encoder, or where one of both sides said nothing.

    Args:
        resolved: the chance that the matter was settled, as the resolution rule gave it.
    """
    if case.vectors is None:
        return None
    talk = read_talk(case.conversation, case.vectors)
    if not talk.customer.turns or not talk.house.turns:
        return None
    served = read_talk(case.conversation, case.vectors, PERSON)
    scale, odds = shipped_scale(), judge_odds(talk, served, resolved)
    parts = {
        name: round(scale.parts[name].far(value), 4)
        for name, value in raw_parts(digest(talk), odds, scale.judges).items()
    }
    value = MIDDLE + STEP * scale.index.far(index_of(parts))
    return SatisfactionEstimate(
        _bounded(value), _bounded(value - HALF_WIDTH), _bounded(value + HALF_WIDTH),
        parts, _reason(parts), _evidence(talk),
    )  # fmt: skip


def judge_odds(talk: Talk, served: Talk, resolved: float | None) -> dict[str, float]:
    """Log-odds of what the judges say: annoyed; calm where a person served; resolved if known."""
    odds = {"annoyed": _log_odds(_chance(shipped_judge("annoyed"), talk))}
    if served.house.turns:
        odds["calm"] = _log_odds(float(shipped_manner_judge().chances([served])[0]))
    if resolved is not None:
        odds["resolved"] = _log_odds(resolved)
    return odds


def raw_parts(
    whole: Digest, odds: Mapping[str, float], judges: Mapping[str, Spread]
) -> dict[str, float]:
    """Each part before it is set in relation to other conversations; `odds` of the judges."""
    measures = _far(shipped_judge("annoyed"), whole)
    said = {name: judges[name].far(value) for name, value in odds.items()}
    own = {name: [measures[m.lstrip("-")] * _sign(m) for m in made] for name, made in PARTS.items()}
    if "resolved" in said:
        own["outcome"] += [said["resolved"]] * 2  # as much as two measures: it is a whole judge
    own["temper"] = [-said["annoyed"], *([said["calm"]] if "calm" in said else [])]
    return {name: float(np.mean(values)) for name, values in own.items()}


def index_of(parts: Mapping[str, float]) -> float:
    """All parts alike."""
    return sum(parts.values()) / len(parts)


def _far(judge: Judge, whole: Digest) -> Mapping[str, float]:
    """Every measure, in spreads from the middle of the conversations that the judge learned of."""
    spread = zip(
        measure_names(), whole.measures, judge.linear.centre, judge.linear.spread, strict=True
    )
    return {name: Spread(float(c), float(s)).far(float(value)) for name, value, c, s in spread}


def _sign(measure: str) -> int:
    return -1 if measure.startswith("-") else 1


def _chance(judge: Judge, talk: Talk) -> float:
    return float(judge.chances([digest(talk)], [0.0])[0])


def _log_odds(chance: float) -> float:
    bounded = min(0.9999, max(0.0001, chance))
    return float(np.log(bounded / (1 - bounded)))


def _bounded(value: float) -> float:
    return round(min(MOST, max(LEAST, value)), 2)


def _reason(parts: Mapping[str, float]) -> str:
    """What speaks for satisfaction and what against, heaviest first."""
    ordered = sorted(parts.items(), key=lambda one: -abs(one[1]))
    good = [name for name, value in ordered if value >= PLAIN]
    bad = [name for name, value in ordered if value <= -PLAIN]
    told = [f"for it: {', '.join(good)}"] if good else []
    told += [f"against it: {', '.join(bad)}"] if bad else []
    return "; ".join(told) or "nothing stands out"


def _evidence(talk: Talk) -> tuple[Evidence, ...]:
    """The customer's turns that show it most, either way; the last one where none does."""
    shown = np.abs(_shows(talk.customer))
    best = [int(place) for place in np.argsort(-shown, kind="stable")[:CITED]]
    told = [place for place in best if shown[place] >= PLAIN] or [len(shown) - 1]
    turns = [talk.customer.turns[place] for place in sorted(told)]
    return tuple(Evidence(turn.id, TextSpan(0, len(turn.text))) for turn in turns)


def _shows(side: Side) -> Floats:
    """For each turn, chances of good acts and feelings minus those of bad ones: (n,)."""
    made = readers()
    acts, feelings = made.customer.labels, made.feelings.labels
    return np.asarray(
        _sum(side.acts, acts, _GOOD_ACTS) - _sum(side.acts, acts, _BAD_ACTS)
        + _sum(side.feelings, feelings, _GOOD_FEELINGS)
        - _sum(side.feelings, feelings, _BAD_FEELINGS)
    )  # fmt: skip


def _sum(rows: Floats, labels: Sequence[str], wanted: Sequence[str]) -> Floats:
    return np.asarray(rows[:, [labels.index(name) for name in wanted]].sum(axis=1))
