"""Whisper by faster-whisper: many languages, every word with its time and its probability.

Source: Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision (2022).
"""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from faster_whisper import (  # type: ignore[import-untyped]  # no stubs
    BatchedInferencePipeline,
    WhisperModel,
)

from core.conversation import Timing, Word
from core.errors import ModelUnavailable
from core.recording import Segment
from core.spans import TimeSpan
from speech.audio import SAMPLE_RATE_HZ, Samples
from speech.engines import EngineCard, Piece

ENGINE = "faster-whisper"
BATCH = 8  # 16 is no faster on 2 cores and needs 1.4 GB, MODELS.md "Figures"
BEAM = 5  # Radford et al., section 4.5
# A piece is taken for noise when both hold: Radford et al., section 4.5.
NO_SPEECH = 0.6
SEEKS_PER_SECOND = 100  # of faster-whisper: frames of its spectrogram
UNLIKELY = -1.0  # mean log probability of the tokens


class HeardWord(Protocol):
    """faster-whisper's word."""

    word: str
    start: float
    end: float
    probability: float


class HeardSegment(Protocol):
    """faster-whisper's segment."""

    seek: int
    words: list[HeardWord] | None
    no_speech_prob: float
    avg_logprob: float


class Whisper:
    """One loaded Whisper, int8 on the CPU."""

    batch = BATCH

    def __init__(self, folder: Path, *, model: str, revision: str, threads: int = 0) -> None:
        try:
            loaded = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=threads
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelUnavailable(
                f"the Whisper model in {folder} does not load ({error}); fetch it again with "
                "`parley models pull asr`"
            ) from error
        self._pipeline = BatchedInferencePipeline(loaded)
        languages = tuple(loaded.supported_languages)
        self._card = EngineCard(ENGINE, model, revision, languages, Timing.HEARD)

    def describe(self) -> EngineCard:
        """Say what it is."""
        return self._card

    def transcribe(self, pieces: Sequence[Piece], *, language: str) -> tuple[Segment | None, ...]:
        """Decode the pieces side by side, each on its own."""
        if language not in self._card.languages:
            raise ModelUnavailable(
                f"Whisper {self._card.model} does not speak {language!r}; it speaks "
                f"{', '.join(self._card.languages)}"
            )
        sound, starts = _row(pieces)
        found, _ = self._pipeline.transcribe(
            sound,
            language=language,
            beam_size=BEAM,
            word_timestamps=True,
            batch_size=self.batch,
            clip_timestamps=[
                {"start": start, "end": start + len(piece.samples) / SAMPLE_RATE_HZ}
                for piece, start in zip(pieces, starts, strict=True)
            ],
        )
        heard = _by_piece(found, starts)
        return tuple(
            _segment(piece, starts[number], heard.get(number, []))
            for number, piece in enumerate(pieces)
        )


def _row(pieces: Sequence[Piece]) -> tuple[Samples, list[float]]:
    """The pieces in one row, each beginning at a whole second, and those seconds."""
    parts, starts, clock = [], [], 0
    for piece in pieces:
        seconds = -(-len(piece.samples) // SAMPLE_RATE_HZ)
        starts.append(float(clock))
        parts.append(np.pad(piece.samples, (0, seconds * SAMPLE_RATE_HZ - len(piece.samples))))
        clock += seconds
    return np.concatenate(parts), starts  # (time,)


def _by_piece(
    found: Iterable[HeardSegment], starts: Sequence[float]
) -> dict[int, list[HeardSegment]]:
    """The segments of each piece: `seek` is where it lies in the row, in hundredths of a second."""
    numbers = {round(start * SEEKS_PER_SECOND): number for number, start in enumerate(starts)}
    heard: dict[int, list[HeardSegment]] = {}
    for segment in found:
        heard.setdefault(numbers[segment.seek], []).append(segment)
    return heard


def _segment(piece: Piece, start: float, heard: Sequence[HeardSegment]) -> Segment | None:
    """faster-whisper's segments of one piece as ours, in seconds of the recording."""
    words: list[Word] = []
    for each in heard:
        if each.no_speech_prob > NO_SPEECH and each.avg_logprob < UNLIKELY:
            continue
        for word in each.words or []:
            if word.word.strip():
                earliest = words[-1].span.start if words else piece.span.start
                words.append(_word(word, piece.span.start - start, earliest, piece.span.end))
    if not words:
        return None
    text = " ".join(word.text for word in words)
    end = max(word.span.end for word in words)
    return Segment(piece.channel, TimeSpan(words[0].span.start, end), text, tuple(words))


def _word(word: HeardWord, shift: float, earliest: float, latest: float) -> Word:
    """One word in recording time, never before the word before it nor outside the piece."""
    start = min(max(float(word.start) + shift, earliest), latest)
    end = min(max(float(word.end) + shift, start), latest)
    probability = min(max(float(word.probability), 0.0), 1.0)
    return Word(word.word.strip(), TimeSpan(start, end), probability, Timing.HEARD)
