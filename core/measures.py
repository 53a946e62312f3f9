"""What was measured in the sound of a call: seconds and hertz, each figure with what is behind it.

Definitions: docs/calls.md. Voices are named as the turns name them; who is whom stands in the
turns alone, so a call whose agent and customer are swapped keeps its measures.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from core.errors import BadInput
from core.spans import TimeSpan

LEAST_PACE_SECONDS = 5.0  # a dozen words; a single "hello" makes a thousand words a minute
VERSION = 1  # of the definitions in docs/calls.md


class Tone(StrEnum):
    """How a voice sounds beside its own usual: a signal, never an emotion."""

    CALM = "calm"  # near its own usual
    RAISED = "raised"  # louder, or louder and higher
    FLAT = "flat"  # its pitch hardly moves


@dataclass(frozen=True, slots=True)
class Share:
    """A numerator and its denominator; without a denominator there is no value, not 0."""

    part: float
    whole: float

    @property
    def value(self) -> float | None:
        """The quotient."""
        return self.part / self.whole if self.whole > 0 else None


@dataclass(frozen=True, slots=True)
class Pitch:
    """A voice's fundamental frequency: median, and the range that holds four fifths of it."""

    median_hz: float
    low_hz: float
    high_hz: float

    def __post_init__(self) -> None:
        if not 0 < self.low_hz <= self.median_hz <= self.high_hz:
            raise BadInput(f"a pitch needs 0 < low <= median <= high, not {self}")


@dataclass(frozen=True, slots=True)
class TonePoint:
    """One stretch of a call in which a voice spoke enough to be measured.

    `loudness_db` and `pitch_semitones` are differences from the voice's own median over the call;
    `range_semitones` holds four fifths of the pitch in the stretch. None: too little of it is
    periodic.
    """

    span: TimeSpan
    tone: Tone
    loudness_db: float
    pitch_semitones: float | None
    range_semitones: float | None

    def __post_init__(self) -> None:
        numbers = (self.loudness_db, self.pitch_semitones, self.range_semitones)
        if not all(isfinite(number) for number in numbers if number is not None):
            raise BadInput(f"a tone needs finite numbers, not {numbers}")


@dataclass(frozen=True, slots=True)
class VoiceMeasures:
    """One voice. `interruptions` are the seconds in which it took the word from another."""

    speaker: str
    talk_seconds: float
    words: int
    loudness_dbfs: float | None
    pitch: Pitch | None
    interruptions: tuple[TimeSpan, ...] = ()
    tone: tuple[TonePoint, ...] = ()

    @property
    def pace(self) -> Share:
        """Words a minute of speech; no value where there is too little of it."""
        is_enough = self.talk_seconds >= LEAST_PACE_SECONDS
        return Share(self.words, self.talk_seconds / 60 if is_enough else 0.0)

    def share_of(self, tone: Tone) -> Share:
        """Stretches of that tone / stretches measured."""
        return Share(sum(point.tone is tone for point in self.tone), len(self.tone))


@dataclass(frozen=True, slots=True)
class CallMeasures:
    """A whole call. `excluded` are its holds and mutes, in which silence is nobody's."""

    duration: float
    talk_over_seconds: float
    dead_air: tuple[TimeSpan, ...]
    excluded: tuple[TimeSpan, ...]
    voices: tuple[VoiceMeasures, ...]
    version: int = VERSION

    @property
    def talk_over(self) -> Share:
        """Seconds in which two speak at once / duration."""
        return Share(self.talk_over_seconds, self.duration)

    @property
    def dead_air_share(self) -> Share:
        """Seconds of dead air / duration without holds and mutes."""
        silent = sum(span.duration for span in self.dead_air)
        return Share(silent, self.duration - sum(span.duration for span in self.excluded))
