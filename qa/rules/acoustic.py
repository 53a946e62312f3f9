"""What was measured in the sound: dead air, talk-over, interruptions, talk share, pace.

Definitions: docs/calls.md.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from core.conversation import Conversation, Role, Turn
from core.evaluation import Evidence, Finding
from core.measures import LEAST_PACE_SECONDS, CallMeasures, VoiceMeasures
from core.scorecard import Question
from core.spans import TextSpan, TimeSpan
from core.speakers import roles_of, talk_share
from qa.rules.base import Case, no, not_applicable, unsure, yes

CLEAR = 0.95  # a figure well within its limits, or well outside them
CLOSE = 0.6  # one that a second of speech more or less would put on the other side
MARGIN = (
    0.1  # of the limit; voices' borders move a minute's figures by some per cent, docs/calls.md
)
MOST_SHOWN = 3  # moments cited: enough to check in five seconds


class Measure(StrEnum):
    """What is compared with the limits."""

    DEAD_AIR = "dead_air"  # share of the call
    LONGEST_GAP = "longest_gap"  # seconds
    TALK_OVER = "talk_over"  # share of the call
    INTERRUPTIONS = "interruptions"  # how often, by the role
    TALK_SHARE = "talk_share"  # the agent's
    PACE = "pace"  # words a minute, the role's


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure, how it is told, and the moments behind it."""

    value: float
    told: str
    moments: Sequence[TimeSpan] = ()


def answer_acoustic(case: Case, question: Question) -> Finding:
    """Yes when the figure lies within `least` and `most`."""
    conversation = case.conversation
    if not conversation.is_voice:
        return not_applicable(question, "a chat has no sound")
    if conversation.measures is None:
        return unsure(question, None, "the sound of this call was not measured")
    measure = Measure(str(question.options["measure"]))
    role = Role(str(question.options.get("by", Role.AGENT.value)))
    measured = _MEASURED[measure](conversation, conversation.measures, role)
    if measured is None:
        return unsure(question, None, f"there is no figure of {measure.replace('_', ' ')}")
    return _judged(question, measured, _evidence(conversation, measured, role))


def check_limits(options: Mapping[str, object]) -> str | None:
    """What is wrong with a question's limits, in words; None when nothing is."""
    ends = [options.get(end) for end in ("least", "most")]
    if ends == [None, None]:
        return "it needs 'least', 'most' or both"
    low, high = (None if end is None else float(str(end)) for end in ends)
    if low is not None and high is not None and low > high:
        return f"'least' {low:g} is above 'most' {high:g}, so nothing could be right"
    return None


def _judged(question: Question, measured: Measured, evidence: tuple[Evidence, ...]) -> Finding:
    low, high = (question.options.get(end) for end in ("least", "most"))
    limits = [float(str(limit)) for limit in (low, high) if limit is not None]
    value = measured.value
    is_within = (low is None or value >= float(str(low))) and (
        high is None or value <= float(str(high))
    )
    is_close = any(abs(value - limit) <= MARGIN * abs(limit) for limit in limits)
    chance = CLOSE if is_close else CLEAR
    wanted = _wanted(low, high)
    if is_within:
        found = yes(question, chance, f"{measured.told}; wanted {wanted}", evidence)
    else:
        found = no(question, 1 - chance, f"{measured.told}; wanted {wanted}", evidence)
    return replace(found, value=round(value, 4))


def _wanted(low: object, high: object) -> str:
    if low is None:
        return f"at most {high:g}"
    return f"at least {low:g}" if high is None else f"{low:g} to {high:g}"


def _dead_air(_: Conversation, measures: CallMeasures, __: Role) -> Measured | None:
    share = measures.dead_air_share.value
    if share is None:
        return None
    longest = sorted(measures.dead_air, key=lambda span: -span.duration)
    return Measured(share, f"{share:.0%} of the call is dead air", longest)


def _longest_gap(_: Conversation, measures: CallMeasures, __: Role) -> Measured | None:
    longest = max(measures.dead_air, key=lambda span: span.duration, default=None)
    if longest is None:
        return Measured(0.0, "no gap of dead air")
    told = f"the longest gap is {longest.duration:.0f} s, from {longest.start:.0f} s on"
    return Measured(longest.duration, told, [longest])


def _talk_over(_: Conversation, measures: CallMeasures, __: Role) -> Measured | None:
    share = measures.talk_over.value
    moments = [span for voice in measures.voices for span in voice.interruptions]
    return None if share is None else Measured(share, f"{share:.0%} is talk-over", moments)


def _interruptions(talk: Conversation, measures: CallMeasures, role: Role) -> Measured | None:
    voices = _voices(talk, measures, role)
    if not voices:
        return None
    moments = sorted(span for voice in voices for span in voice.interruptions)
    return Measured(len(moments), f"the {role} interrupted {len(moments)} times", moments)


def _talk_share(talk: Conversation, measures: CallMeasures, _: Role) -> Measured | None:
    share = talk_share(measures, roles_of(talk.turns))
    value = share.value if share else None
    return None if value is None else Measured(value, f"the agent spoke {value:.0%} of the talk")


def _pace(talk: Conversation, measures: CallMeasures, role: Role) -> Measured | None:
    voices = _voices(talk, measures, role)
    seconds = sum(voice.talk_seconds for voice in voices)
    if seconds < LEAST_PACE_SECONDS:
        return None
    pace = sum(voice.words for voice in voices) / (seconds / 60)
    return Measured(pace, f"the {role} spoke {pace:.0f} words a minute")


def _voices(talk: Conversation, measures: CallMeasures, role: Role) -> tuple[VoiceMeasures, ...]:
    roles = roles_of(talk.turns)
    return tuple(voice for voice in measures.voices if roles.get(voice.speaker) is role)


_MEASURED: Mapping[Measure, Callable[[Conversation, CallMeasures, Role], Measured | None]] = {
    Measure.DEAD_AIR: _dead_air,
    Measure.LONGEST_GAP: _longest_gap,
    Measure.TALK_OVER: _talk_over,
    Measure.INTERRUPTIONS: _interruptions,
    Measure.TALK_SHARE: _talk_share,
    Measure.PACE: _pace,
}


def _evidence(talk: Conversation, measured: Measured, role: Role) -> tuple[Evidence, ...]:
    """The words at each moment or last before it; without moments, the role's longest turns."""
    spoken = [turn for turn in talk.turns if turn.speech and turn.text]
    turns = [_at(spoken, moment) for moment in measured.moments[:MOST_SHOWN]]
    if not measured.moments:
        own = [turn for turn in spoken if turn.role is role]
        turns = list(sorted(own, key=lambda turn: -len(turn.text))[:1])
    chosen = {turn.id: turn for turn in turns if turn is not None}
    return tuple(Evidence(turn.id, TextSpan(0, len(turn.text))) for turn in chosen.values())


def _at(spoken: list[Turn], moment: TimeSpan) -> Turn | None:
    before = [turn for turn in spoken if turn.speech and turn.speech.span.start <= moment.start]
    return before[-1] if before else (spoken[0] if spoken else None)
