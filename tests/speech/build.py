"""Segments, and an engine that says what a test wants it to say."""

from collections.abc import Callable, Sequence

from core.conversation import Timing, Word
from core.recording import Segment
from core.spans import TimeSpan
from speech.engines import EngineCard, Piece
from speech.timing import word_times


def segment(text: str, channel: int, start: float, *, seconds: float | None = None) -> Segment:
    """A segment whose words are spread evenly, at 0.4 s a word unless told."""
    words = text.split()
    span = TimeSpan(start, start + (0.4 * len(words) if seconds is None else seconds))
    times = word_times(words, [span])
    spoken = tuple(Word(word, time) for word, time in zip(words, times, strict=True))
    return Segment(channel, span, text, spoken)


class Parrot:
    """An engine that answers each piece with the text of a function."""

    batch = 2

    def __init__(self, answer: Callable[[Piece], str]) -> None:
        self.heard: list[Piece] = []
        self._answer = answer

    def describe(self) -> EngineCard:
        """Its card."""
        return EngineCard("parrot", "grey", "1", ("en",), Timing.INTERPOLATED)

    def transcribe(self, pieces: Sequence[Piece], *, language: str) -> tuple[Segment | None, ...]:
        """One segment per piece, None where the answer is empty."""
        self.heard.extend(pieces)
        return tuple(self._said(piece) for piece in pieces)

    def _said(self, piece: Piece) -> Segment | None:
        words = self._answer(piece).split()
        if not words:
            return None
        times = word_times(words, piece.voiced)
        spoken = tuple(Word(word, time) for word, time in zip(words, times, strict=True))
        span = TimeSpan(times[0].start, times[-1].end)
        return Segment(piece.channel, span, " ".join(words), spoken)
