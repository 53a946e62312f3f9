"""Where one voice gives way to another, so that no piece of sound that is decoded holds two.

A recogniser that gives no word times spreads its words over the piece; held to one voice, they
cannot land on the other's side.
"""

from collections.abc import Sequence
from itertools import pairwise

from speech.voices.diarization import VoiceSpan

SHORTEST = 0.25  # seconds; a shorter turn is decoded with what is around it


def changes_of_voice(spans: Sequence[VoiceSpan]) -> tuple[float, ...]:
    """The seconds between turns of different voices: half-way in a pause or where both speak.

    What is said while the other talks on, before and after, is no turn.

    Args:
        spans: in time order; those of different voices may overlap.
    """
    turns = _turns(spans)
    return tuple(
        (before.span.end + after.span.start) / 2
        for before, after in pairwise(turns)
        if before.voice != after.voice
    )


def _turns(spans: Sequence[VoiceSpan]) -> list[VoiceSpan]:
    """The spans that are not inside another voice's and not too short."""
    turns: list[VoiceSpan] = []
    for each in sorted(spans):
        if turns and each.span.end <= turns[-1].span.end:
            continue
        if each.span.duration >= SHORTEST:
            turns.append(each)
    return turns
