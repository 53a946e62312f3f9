"""The interface of speech recognisers: two methods, values in, values out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from core.conversation import Timing
from core.recording import Segment
from core.spans import TimeSpan
from speech.audio import Samples

# How an engine reaches its server: form fields and a WAV go out, the body of the answer comes back.
# Made in jobs/, as speech touches no network.
Post: TypeAlias = Callable[[Mapping[str, str], bytes], bytes]


@dataclass(frozen=True, slots=True)
class EngineCard:
    """What stands on a transcript and is shown: which engine, which model, which files."""

    engine: str  # as PARLEY_ASR_ENGINE writes it
    model: str
    revision: str  # of the weights, from the hub or the head of their SHA-256
    languages: tuple[str, ...]
    timing: Timing

    @property
    def label(self) -> str:
        """One line for people: 'moonshine tiny-en (6884b35fd637)'."""
        return f"{self.engine} {self.model} ({self.revision})"


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Sound of one channel that is decoded at once.

    `samples` has shape (time,), 16 kHz, and covers `span`, padding included; `voiced` are the
    stretches inside it in which the voice sounds, in seconds of the recording.
    """

    channel: int
    span: TimeSpan
    voiced: tuple[TimeSpan, ...]
    samples: Samples

    @property
    def voiced_seconds(self) -> float:
        """How long the voice sounds."""
        return sum(span.duration for span in self.voiced)


class Engine(Protocol):
    """A loaded recogniser."""

    @property
    def batch(self) -> int:
        """How many pieces it likes to be given at once."""

    def describe(self) -> EngineCard:
        """Say what it is."""

    def transcribe(self, pieces: Sequence[Piece], *, language: str) -> tuple[Segment | None, ...]:
        """Decode each piece on its own.

        Returns:
            One per piece, in order; None where no words were heard. Times are seconds of the
            recording.
        """
