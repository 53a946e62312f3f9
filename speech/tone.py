"""Tone of voice: how loud, how high and how lively a voice is beside its own usual.

It is a signal about the sound, never an emotion: a voice is raised over a bad line as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log2

import numpy as np
import numpy.typing as npt

from core.measures import Pitch, Tone, TonePoint
from core.spans import TimeSpan, shared
from speech.activity import hop_of

SLICE = 10.0  # seconds; Hincks (2005), System 33(4), measures liveliness over 10 s of a talk
MOST_SLICES = 240  # longer calls are cut into longer stretches, for a line of 240 points
LEAST_VOICE = 2.0  # seconds of a voice in a stretch: 60 hops, of which a tenth is still a few
# ANSI S3.5-1997, table 1: speech at a metre has 62.4 dB at normal and 68.3 dB at raised effort.
RAISED_DB = 6.0
# Telephones even levels out, so half of it counts where pitch rises as well: 0.5 semitones a dB,
# Gramming, Sundberg et al. (1988), Journal of Voice 2(2).
LOUDER_DB, HIGHER_SEMITONES = 3.0, 1.5
FLAT_SEMITONES = 3.0  # benchmarks/speech/README.md, "Tone of voice"
LEAST_PERIODIC = 30  # hops, a second of vowels: fewer make no range
# Hirst (2007), ICPhS XVI: octave errors lie outside 0.75 × the lower and 1.5 × the upper quartile.
FLOOR, CEILING = 0.75, 1.5
FOUR_FIFTHS = (10, 90)  # percentiles


@dataclass(frozen=True, slots=True, eq=False)
class VoiceSound:
    """What was measured of one channel in hops of 32 ms: dBFS, and Hz (NaN: not periodic)."""

    levels: npt.NDArray[np.float32]
    pitches: npt.NDArray[np.float32]

    def within(self, spans: Sequence[TimeSpan]) -> "VoiceSound":
        """The hops that lie in the spans, which do not overlap."""
        hops = [slice(hop_of(span.start), hop_of(span.end)) for span in spans]
        return VoiceSound(
            np.concatenate([self.levels[:0], *(self.levels[each] for each in hops)]),
            np.concatenate([self.pitches[:0], *(self.pitches[each] for each in hops)]),
        )

    @property
    def loudness(self) -> float | None:
        """Median level in dBFS; None without a hop."""
        return float(np.median(self.levels)) if len(self.levels) else None

    @property
    def pitch(self) -> Pitch | None:
        """Median and range; None when too little is periodic."""
        heard = self.pitches[~np.isnan(self.pitches)]
        if len(heard) < LEAST_PERIODIC:
            return None
        low, high = np.percentile(heard, (25, 75))
        heard = heard[(heard >= FLOOR * low) & (heard <= CEILING * high)]
        low, high = np.percentile(heard, FOUR_FIFTHS)
        return Pitch(round(float(np.median(heard)), 1), round(float(low), 1), round(float(high), 1))


def tone_of(sound: VoiceSound, spans: Sequence[TimeSpan], duration: float) -> tuple[TonePoint, ...]:
    """The tone over time of one voice, in stretches of equal length where it spoke enough.

    Args:
        sound: of the voice's channel, the whole call.
        spans: where the voice speaks.
    """
    usual = sound.within(spans)
    if usual.loudness is None:
        return ()
    points = []
    for stretch, spoken in _stretches(spans, duration):
        here = sound.within(spoken)
        if here.loudness is not None:
            points.append(_point(stretch, here.loudness - usual.loudness, here.pitch, usual.pitch))
    return tuple(points)


def named(loudness_db: float, pitch_semitones: float | None, range_semitones: float | None) -> Tone:
    """The tone that these numbers make."""
    is_higher = pitch_semitones is not None and pitch_semitones >= HIGHER_SEMITONES
    if loudness_db >= RAISED_DB or (loudness_db >= LOUDER_DB and is_higher):
        return Tone.RAISED
    if range_semitones is not None and range_semitones < FLAT_SEMITONES:
        return Tone.FLAT
    return Tone.CALM


def _point(span: TimeSpan, loudness: float, here: Pitch | None, usual: Pitch | None) -> TonePoint:
    height = spread = None
    if here is not None:
        spread = round(_semitones(here.low_hz, here.high_hz), 1)
    if here is not None and usual is not None:
        height = round(_semitones(usual.median_hz, here.median_hz), 1)
    loudness = round(loudness, 1)
    return TonePoint(span, named(loudness, height, spread), loudness, height, spread)


def _stretches(
    spans: Sequence[TimeSpan], duration: float
) -> Iterator[tuple[TimeSpan, list[TimeSpan]]]:
    """The stretches in which the voice speaks enough, each with where it does."""
    length = SLICE * max(1, -(-duration // (SLICE * MOST_SLICES)))
    starts = [number * length for number in range(int(-(-duration // length)))]
    grid = [TimeSpan(start, min(start + length, duration)) for start in starts]
    spoken: list[list[TimeSpan]] = [[] for _ in grid]
    for span in shared(spans, (TimeSpan(0.0, duration),)):
        for number in range(int(span.start // length), int(-(-span.end // length))):
            part = shared((span,), (grid[number],))
            spoken[number].extend(part)
    for stretch, parts in zip(grid, spoken, strict=True):
        if sum(part.duration for part in parts) >= LEAST_VOICE:
            yield stretch, parts


def _semitones(low_hz: float, high_hz: float) -> float:
    return 12 * log2(high_hz / low_hz)
