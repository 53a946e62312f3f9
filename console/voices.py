"""Who speaks on which channel of a call, in a sentence, so that a wrong guess is seen."""

from collections.abc import Sequence

from core.conversation import Role, Turn
from core.recording import ChannelLayout

PARTIES = {Role.AGENT: "the agent", Role.CUSTOMER: "the customer"}
SIDES = {"channel 1": "channel 1 (left)", "channel 2": "channel 2 (right)"}
NOT_TOLD = "so nobody is told apart yet: questions about who said what stay unsure."


def untold(turns: Sequence[Turn], layout: ChannelLayout | None) -> str:
    """Why it is not known who speaks; empty when somebody is known or nobody speaks."""
    if not turns or any(turn.role is not Role.UNKNOWN for turn in turns):
        return ""
    if layout is ChannelLayout.MONO:
        return f"This recording has one channel, or one sound on both, {NOT_TOLD}"
    return f"It was not recorded which party is which, {NOT_TOLD}"


def channels_told(turns: Sequence[Turn]) -> str:
    """Whom each channel was taken for, by the turns as they stand; empty for other voices."""
    found = {
        turn.speech.speaker: PARTIES[turn.role]
        for turn in turns
        if turn.speech and turn.speech.speaker in SIDES and turn.role in PARTIES
    }
    told = [f"{side} is {found[label]}" for label, side in SIDES.items() if label in found]
    return "; ".join(told).capitalize()


def unnamed(turns: Sequence[Turn]) -> tuple[str, ...]:
    """The voices of a call of which nobody knows whose they are; empty when some is known."""
    if any(turn.role is not Role.UNKNOWN for turn in turns):
        return ()
    found = {turn.speech.speaker for turn in turns if turn.speech and turn.speech.speaker}
    return tuple(sorted(found)) if len(found) > 1 else ()
