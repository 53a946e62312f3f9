"""Which of two voices is the agent, found from what is said; below a confidence, nobody is named.

Each voice is weighed by the cues it gives (speech/channel_cues.py), every cue once: who says
"how can I help you" twice is no surer an agent. The difference of the two weights, taken as
logarithm of odds, is the confidence.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp

from core.conversation import Role, Turn
from speech.channel_cues import Compiled, compiled

SURE = 0.9  # below it both stay unknown; benchmarks/speech/README.md, "Who is the agent"
OPENING_TURNS = 3  # of each voice: a greeting stands there, and is quoted anywhere
# Before a cue, what makes it another's words: 'and then she said how can I help you'.
REPORTED = re.compile(r"\b(said|says|saying|asked|told me|was like|answers)[,:]? ['\"]?$")
MOST_ODDS = 30.0  # beyond it the exponential says nothing more


@dataclass(frozen=True, slots=True)
class Hint:
    """A cue that a voice gave, and the turn in which it did so first."""

    speaker: str
    cue: str
    weight: float
    turn: str


@dataclass(frozen=True, slots=True)
class FoundAgent:
    """Who is likelier the agent, how likely (0.5 to 1), and on which hints that rests."""

    speaker: str
    confidence: float
    hints: tuple[Hint, ...]

    @property
    def is_sure(self) -> bool:
        """Whether the roles may be given."""
        return self.confidence >= SURE


def find_agent(turns: Sequence[Turn], *, company: str = "") -> FoundAgent | None:
    """The likelier agent of two voices; None when there are not two, or nothing was hinted.

    Args:
        turns: of a call, each with its voice's label.
        company: the name by which the house answers the telephone.
    """
    speakers = sorted(
        {turn.speech.speaker for turn in turns if turn.speech and turn.speech.speaker}
    )
    if len(speakers) != 2:
        return None
    cues = compiled(company)
    hints = [hint for one in speakers for hint in _hints(one, _said(turns, one), cues)]
    if not hints:
        return None
    weights = {one: sum(h.weight for h in hints if h.speaker == one) for one in speakers}
    first, second = sorted(speakers, key=lambda one: -weights[one])
    odds = min(weights[first] - weights[second], MOST_ODDS)
    return FoundAgent(first, 1 / (1 + exp(-odds)), tuple(hints))


def with_roles(turns: Sequence[Turn], agent: str) -> tuple[Turn, ...]:
    """The same turns, that voice's the agent's and every other the customer's."""
    return tuple(
        replace(turn, role=Role.AGENT if turn.speech.speaker == agent else Role.CUSTOMER)
        if turn.speech and turn.speech.speaker
        else turn
        for turn in turns
    )


def _said(turns: Sequence[Turn], speaker: str) -> list[Turn]:
    return [turn for turn in turns if turn.speech and turn.speech.speaker == speaker]


def _hints(speaker: str, said: Sequence[Turn], cues: Compiled) -> list[Hint]:
    hints = []
    for cue, pattern in cues:
        for turn in said[:OPENING_TURNS] if cue.opening else said:
            if _says(pattern, plain(turn.text)):
                hints.append(Hint(speaker, cue.name, cue.weight, turn.id))
                break
    return hints


def _says(pattern: re.Pattern[str], text: str) -> bool:
    """Whether the words hold the pattern, and not as what somebody else had said."""
    return any(not REPORTED.search(text[: found.start()]) for found in pattern.finditer(text))


def plain(text: str) -> str:
    """Lower case, one kind of apostrophe, single spaces."""
    return " ".join(text.lower().replace("’", "'").split())
