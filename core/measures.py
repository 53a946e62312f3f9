"""What was measured in the sound of a call: seconds and hertz, each figure with what is behind it.

Definitions: docs/calls.md. Voices are named as the turns name them; who is whom stands in the
turns alone, so a call whose agent and customer are swapped keeps its measures.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.conversation import Role, Turn
from core.errors import BadInput
from core.spans import TimeSpan

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
        """Words a minute of speech."""
        return Share(self.words, self.talk_seconds / 60)

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

    def talk_share(self, roles: Mapping[str, Role]) -> Share | None:
        """Agent's talk / (agent's + customer's talk); None while either is not known.

        Args:
            roles: of the voices, as `roles_of` gives them.
        """
        talk = {
            role: sum(v.talk_seconds for v in self.voices if roles.get(v.speaker) is role)
            for role in (Role.AGENT, Role.CUSTOMER)
        }
        known = {roles.get(voice.speaker) for voice in self.voices}
        if not {Role.AGENT, Role.CUSTOMER} <= known:
            return None
        return Share(talk[Role.AGENT], talk[Role.AGENT] + talk[Role.CUSTOMER])


def roles_of(turns: Iterable[Turn]) -> dict[str, Role]:
    """Whom each voice of these turns belongs to, by most of its turns."""
    seen: dict[str, Counter[Role]] = {}
    for turn in turns:
        if turn.speech and turn.speech.speaker:
            seen.setdefault(turn.speech.speaker, Counter())[turn.role] += 1
    return {speaker: counts.most_common(1)[0][0] for speaker, counts in seen.items()}


def words_of(turns: Sequence[Turn], speaker: str) -> int:
    """How many words this voice said."""
    return sum(
        len(turn.speech.words or turn.text.split())
        for turn in turns
        if turn.speech and turn.speech.speaker == speaker
    )
