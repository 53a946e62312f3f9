"""Measures of a call's sound: `measure` is the whole of it; docs/calls.md has the definitions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.conversation import Turn
from core.measures import CallMeasures, VoiceMeasures
from core.spans import TimeSpan, joined, shared
from core.speakers import words_of
from speech.audio import Samples
from speech.floor import dead_air, interruptions, talk_over
from speech.pitch import PitchMeter
from speech.tone import VoiceSound, tone_of


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice, the channel it is on, counted from 0, and where it speaks."""

    speaker: str
    channel: int
    spans: tuple[TimeSpan, ...]


class PitchMeters:
    """The pitch of every channel, measured while the blocks go by."""

    def __init__(self, channels: int) -> None:
        self._meters = [PitchMeter() for _ in range(channels)]

    def through(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """The same blocks, shape (channels, time); at their end the pitches are known."""
        for block in blocks:
            for meter, samples in zip(self._meters, block, strict=True):
                meter.add(samples)
            yield block
        for meter in self._meters:
            meter.finish()

    @property
    def pitches(self) -> tuple[npt.NDArray[np.float32], ...]:
        """Of each channel, shape (hops,), Hz; NaN where nothing is periodic."""
        return tuple(meter.pitches for meter in self._meters)


def measure(
    voices: Sequence[Voice],
    sounds: Sequence[VoiceSound],
    turns: Sequence[Turn],
    *,
    duration: float,
    excluded: Iterable[TimeSpan] = (),
) -> CallMeasures:
    """Measure a call.

    Args:
        sounds: of each channel.
        turns: what was said, for the pace.
        excluded: holds and mutes, in which silence is no dead air.
    """
    out = tuple(span for span in shared(excluded, (TimeSpan(0.0, duration),)))
    spoken = [voice.spans for voice in voices]
    both = talk_over(spoken)
    return CallMeasures(
        duration=round(duration, 2),
        talk_over_seconds=_seconds(both),
        dead_air=_rounded(dead_air(spoken, duration, out)),
        excluded=_rounded(out),
        voices=tuple(_voice(each, voices, sounds, turns, duration) for each in voices),
    )


def voices_of(turns: Sequence[Turn], voiced: Sequence[Sequence[TimeSpan]]) -> tuple[Voice, ...]:
    """The voices of a call: one a channel, or on one channel those that its turns name.

    Args:
        voiced: where each channel holds speech.
    """
    names = sorted({t.speech.speaker for t in turns if t.speech and t.speech.speaker})
    if len(voiced) > 1 or len(names) < 2:
        channels = enumerate(voiced)
        return tuple(Voice(f"channel {c + 1}", c, tuple(spans)) for c, spans in channels)
    return tuple(Voice(name, 0, shared(voiced[0], _spans(turns, name))) for name in names)


def _spans(turns: Sequence[Turn], speaker: str) -> tuple[TimeSpan, ...]:
    return joined(t.speech.span for t in turns if t.speech and t.speech.speaker == speaker)


def _voice(
    voice: Voice,
    voices: Sequence[Voice],
    sounds: Sequence[VoiceSound],
    turns: Sequence[Turn],
    duration: float,
) -> VoiceMeasures:
    sound = sounds[voice.channel]
    own = sound.within(voice.spans)
    taken = [
        span
        for other in voices
        if other.speaker != voice.speaker
        for span in interruptions(voice.spans, other.spans)
    ]
    return VoiceMeasures(
        speaker=voice.speaker,
        talk_seconds=_seconds(voice.spans),
        words=words_of(turns, voice.speaker),
        loudness_dbfs=None if own.loudness is None else round(own.loudness, 1),
        pitch=own.pitch,
        interruptions=_rounded(sorted(taken)),
        tone=tone_of(sound, voice.spans, duration),
    )


def _seconds(spans: Iterable[TimeSpan]) -> float:
    return round(sum(span.duration for span in spans), 2)


def _rounded(spans: Iterable[TimeSpan]) -> tuple[TimeSpan, ...]:
    return tuple(TimeSpan(round(span.start, 2), round(span.end, 2)) for span in spans)
