"""The customer's mood: how it was, where it went, and whether it came back after its low point."""

from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import fmean

from core.evaluation import Evidence, Finding, SentimentTrace
from core.scorecard import Question
from core.spans import TextSpan
from language.mood_scale import Scale, scale_of
from qa.rules.base import Case, no, not_applicable, yes

CLEAR = 0.85  # well on one side of the limit
CLOSE = 0.6  # by a turn's words more or less
LEAST_TURNS = 2  # one turn has no trend


class Aspect(StrEnum):
    """What of the mood is asked about."""

    LEVEL = "level"  # its mean
    TREND = "trend"  # its last quarter minus its first
    RECOVERY = "recovery"  # the mean after the lowest turn minus that turn


@dataclass(frozen=True, slots=True)
class Moved:
    """A figure of the mood, how it is told, and the turns it rests on."""

    value: float
    told: str
    turns: tuple[str, ...]


def answer_mood(case: Case, question: Question) -> Finding:
    """Yes when the aspect reaches `least`; a recovery is asked for only after a low point."""
    if not case.sentiment.turns:
        return not_applicable(question, "the customer said nothing")
    aspect = Aspect(str(question.options["aspect"]))
    moved = {Aspect.LEVEL: _level, Aspect.TREND: _trend, Aspect.RECOVERY: _recovery}[aspect](
        case.sentiment
    )
    if isinstance(moved, str):
        return not_applicable(question, moved)
    scale = scale_of(case.sentiment.model)
    least = float(str(question.options.get("least", _usual(aspect, scale))))
    chance = CLOSE if abs(moved.value - least) < scale.margin else CLEAR
    reason = f"{moved.told}; wanted {least:+.2f} or more ({case.sentiment.model})"
    evidence = _whole(case, moved.turns)
    if moved.value >= least:
        return replace(yes(question, chance, reason, evidence), value=round(moved.value, 4))
    return replace(no(question, 1 - chance, reason, evidence), value=round(moved.value, 4))


def _usual(aspect: Aspect, scale: Scale) -> float:
    """What is wanted where the question does not say it."""
    usual = {Aspect.LEVEL: scale.level, Aspect.TREND: -scale.turned, Aspect.RECOVERY: scale.turned}
    return usual[aspect]


def _level(mood: SentimentTrace) -> Moved | str:
    overall = mood.overall or 0.0
    worst, _ = min(mood.turns, key=lambda turn: turn[1])
    return Moved(overall, f"the mood was {overall:+.2f}", (worst,))


def _trend(mood: SentimentTrace) -> Moved | str:
    if mood.shift is None or len(mood.turns) < LEAST_TURNS:
        return "one turn has no trend"
    told = f"from start to end the mood moved by {mood.shift:+.2f}"
    return Moved(mood.shift, told, (mood.turns[0][0], mood.turns[-1][0]))


def _recovery(mood: SentimentTrace) -> Moved | str:
    values = [value for _, value in mood.turns]
    low = values.index(min(values))
    border = scale_of(mood.model).low
    if values[low] > border:
        return f"the mood never fell below {border:+.1f}"
    after, turn = values[low + 1 :], mood.turns[low][0]
    if not after:
        return Moved(
            0.0, f"the customer's last words were their lowest, {values[low]:+.2f}", (turn,)
        )
    rise = fmean(after) - values[low]
    told = f"after its low point of {values[low]:+.2f} the mood rose by {rise:.2f}"
    return Moved(rise, told, (turn, mood.turns[-1][0]))


def _whole(case: Case, turns: tuple[str, ...]) -> tuple[Evidence, ...]:
    wanted = dict.fromkeys(turns)
    return tuple(
        Evidence(turn.id, TextSpan(0, len(turn.text)))
        for turn in case.conversation.turns
        if turn.id in wanted
    )
