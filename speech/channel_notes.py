"""Who is on which channel of a stereo call: told beforehand, or found and said so."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.conversation import Turn
from core.recording import ChannelLayout
from speech.channel_roles import FoundAgent, find_agent, with_roles

FIRST = "channel 1"
CONTRADICTED = 0.99  # surer than for naming: it speaks against what somebody has set


@dataclass(frozen=True, slots=True)
class Told:
    """Turns with the roles that are known, the layout they make, and what people should know."""

    turns: tuple[Turn, ...]
    layout: ChannelLayout
    notes: tuple[str, ...] = ()


def tell_channels(turns: Sequence[Turn], layout: ChannelLayout, company: str) -> Told:
    """Find the agent's channel where that is wanted; else say when the words speak against it."""
    if layout is ChannelLayout.MONO:
        return Told(tuple(turns), layout)
    found = find_agent(turns, company=company)
    if layout is ChannelLayout.FIND:
        return _found(turns, found)
    is_first = layout is ChannelLayout.AGENT_CUSTOMER
    if found and found.confidence >= CONTRADICTED and (found.speaker == FIRST) is not is_first:
        said = f"By what is said, the agent is rather on {found.speaker} than as it was told"
        return Told(tuple(turns), layout, (f"{said} ({why(found)}).",))
    return Told(tuple(turns), layout)


def _found(turns: Sequence[Turn], found: FoundAgent | None) -> Told:
    if found is None or not found.is_sure:
        note = "What is said does not tell which channel is the agent's, so both stay unknown."
        return Told(tuple(turns), ChannelLayout.FIND, (note,))
    first = found.speaker == FIRST
    layout = ChannelLayout.AGENT_CUSTOMER if first else ChannelLayout.CUSTOMER_AGENT
    note = f"The agent was found on {found.speaker} by what is said ({why(found)})."
    return Told(with_roles(turns, found.speaker), layout, (note,))


def why(found: FoundAgent) -> str:
    """On what it rests: '97 % sure; channel 1 offers help; channel 2 says why they ring'."""
    hints = sorted(found.hints, key=lambda hint: -abs(hint.weight))[:4]
    sure = min(99, int(100 * found.confidence))
    return "; ".join([f"{sure} % sure", *(f"{hint.speaker} {hint.cue}" for hint in hints)])
