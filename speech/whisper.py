"""Whisper by faster-whisper: many languages, every word with its time and its probability.

Pieces share windows of 30 s, and eight windows of both channels, alike in length, are decoded
side by side; each is encoded once for its words and their times (benchmarks/speech/README.md).
Source: Radford et al., Robust Speech Recognition via Large-Scale Weak Supervision (2022).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Protocol

import ctranslate2
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
from speech.loops import is_loop, repeats
from speech.pieces import trimmed
from speech.windows import Window, alone, pack

ENGINE = "faster-whisper"
BATCH = 8  # windows; 16 are no faster on 2 cores and need 1.4 GB, MODELS.md "Figures"
PIECES = 128  # taken at once, so that windows fill up; benchmarks/speech/README.md
MARGIN = 0.25  # seconds around the voice, so half a second between pieces; as Moonshine hears best
BEAM = 5  # Radford et al., section 4.5
# A window is taken for noise when both hold: Radford et al., section 4.5.
NO_SPEECH = 0.6
UNLIKELY = -1.0  # mean log probability of the tokens
SEEKS_PER_SECOND = 100  # of faster-whisper: frames of its spectrogram


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


@dataclass(frozen=True, slots=True)
class WindowWord:
    """A word, in seconds of its window."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class WindowText:
    """What was heard in one window; `is_noise` when some of it was taken for no speech."""

    words: tuple[WindowWord, ...]
    is_noise: bool


class Whisper:
    """One loaded Whisper: int8 on the CPU, float16 on a CUDA device."""

    batch = PIECES

    def __init__(
        self,
        folder: Path,
        *,
        model: str,
        revision: str,
        threads: int = 0,
        hotwords: str | None = None,
        most_tokens: int | None = None,
    ) -> None:
        """Load it.

        Args:
            hotwords: names to listen for; the decoder reads them before each window.
            most_tokens: written for one window; None leaves it to the model.

        Raises:
            ModelUnavailable: its files are damaged.
        """
        on_card = ctranslate2.get_cuda_device_count() > 0
        try:
            loaded = WhisperModel(
                str(folder),
                device="cuda" if on_card else "cpu",
                compute_type="float16" if on_card else "int8",
                cpu_threads=threads,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelUnavailable(
                f"the Whisper model in {folder} does not load ({error}); fetch it again with "
                "`parley models pull asr`"
            ) from error
        self._pipeline = BatchedInferencePipeline(loaded)
        self._hotwords = hotwords
        self._most_tokens = most_tokens
        languages = tuple(loaded.supported_languages)
        self._card = EngineCard(ENGINE, model, revision, languages, Timing.HEARD)

    def describe(self) -> EngineCard:
        """Say what it is."""
        return self._card

    def transcribe(self, pieces: Sequence[Piece], *, language: str) -> tuple[Segment | None, ...]:
        """Decode the pieces, several to a window; the pieces of an odd window again, each alone."""
        if language not in self._card.languages:
            raise ModelUnavailable(
                f"Whisper {self._card.model} does not speak {language!r}; it speaks "
                f"{', '.join(self._card.languages)}"
            )
        pieces = [trimmed(piece, MARGIN) if piece.voiced else piece for piece in pieces]
        windows = pack(pieces)
        found: dict[int, Segment] = {}
        again: list[Window] = []
        for window, text in zip(windows, self._decode(windows, language), strict=True):
            segments = _segments(pieces, window, text)
            if len(window.places) > 1 and _is_odd(pieces, segments, text):
                again += [alone(pieces[place.piece], place.piece) for place in window.places]
            else:
                found |= segments
        for window, text in zip(again, self._decode(again, language), strict=True):
            found |= _segments(pieces, window, text)
        return tuple(found.get(number) for number in range(len(pieces)))

    def _decode(self, windows: Sequence[Window], language: str) -> tuple[WindowText, ...]:
        """Decode windows, no more at once than lie side by side: the sound of a row takes 15 MB."""
        rows = (windows[n : n + BATCH] for n in range(0, len(windows), BATCH))
        return tuple(text for row in rows for text in self._decode_row(row, language))

    def _decode_row(self, windows: Sequence[Window], language: str) -> tuple[WindowText, ...]:
        sound, starts = _row(windows)
        found, _ = self._pipeline.transcribe(
            sound,
            language=language,
            beam_size=BEAM,
            word_timestamps=True,
            batch_size=BATCH,
            hotwords=self._hotwords,
            max_new_tokens=self._most_tokens,
            clip_timestamps=[
                {"start": start, "end": start + window.size / SAMPLE_RATE_HZ}
                for window, start in zip(windows, starts, strict=True)
            ],
        )
        heard = _by_window(found, starts)
        return tuple(
            _window_text(heard.get(number, []), start) for number, start in enumerate(starts)
        )


def _row(windows: Sequence[Window]) -> tuple[Samples, list[float]]:
    """The windows in one row, each beginning at a whole second, and those seconds."""
    seconds = [-(-window.size // SAMPLE_RATE_HZ) for window in windows]
    starts = list(accumulate(seconds, initial=0))
    row = np.zeros(starts.pop() * SAMPLE_RATE_HZ, dtype=np.float32)  # (time,)
    for window, start in zip(windows, starts, strict=True):
        begin = start * SAMPLE_RATE_HZ
        row[begin : begin + window.size] = window.samples
    return row, [float(start) for start in starts]


def _by_window(
    found: Iterable[HeardSegment], starts: Sequence[float]
) -> dict[int, list[HeardSegment]]:
    """Segments of each window: `seek` is where it lies in the row, in hundredths of a second."""
    numbers = {round(start * SEEKS_PER_SECOND): number for number, start in enumerate(starts)}
    heard: dict[int, list[HeardSegment]] = {}
    for segment in found:
        heard.setdefault(numbers[segment.seek], []).append(segment)
    return heard


def _window_text(heard: Sequence[HeardSegment], start: float) -> WindowText:
    """faster-whisper's segments of one window as ours; noise is left out."""
    voices = [each for each in heard if not _is_noise(each)]
    words = tuple(
        WindowWord(
            text=word.word.strip(),
            start=float(word.start) - start,
            end=float(word.end) - start,
            probability=min(max(float(word.probability), 0.0), 1.0),
        )
        for each in voices
        for word in each.words or []
        if word.word.strip()
    )
    return WindowText(words, is_noise=len(voices) < len(heard))


def _is_noise(segment: HeardSegment) -> bool:
    return segment.no_speech_prob > NO_SPEECH and segment.avg_logprob < UNLIKELY


def _is_odd(pieces: Sequence[Piece], segments: dict[int, Segment], text: WindowText) -> bool:
    """Whether a window of several pieces holds noise, or a loop inside a piece or across them."""
    return (
        text.is_noise
        or repeats([word.text for word in text.words])
        or any(is_loop(each, pieces[number].voiced_seconds) for number, each in segments.items())
    )


def _segments(pieces: Sequence[Piece], window: Window, text: WindowText) -> dict[int, Segment]:
    """The window's words as segments of the pieces in which their middles lie."""
    words: dict[int, list[Word]] = {}
    for word in text.words:
        place = window.place_at((word.start + word.end) / 2)
        piece, own = pieces[place.piece], words.setdefault(place.piece, [])
        earliest = own[-1].span.start if own else piece.span.start
        own.append(_word(word, piece.span.start - place.span.start, earliest, piece.span.end))
    return {number: _segment(pieces[number].channel, own) for number, own in words.items()}


def _segment(channel: int, words: Sequence[Word]) -> Segment:
    end = max(word.span.end for word in words)
    text = " ".join(word.text for word in words)
    return Segment(channel, TimeSpan(words[0].span.start, end), text, tuple(words))


def _word(word: WindowWord, shift: float, earliest: float, latest: float) -> Word:
    """One word in recording time, never before the word before it nor outside the piece."""
    start = min(max(word.start + shift, earliest), latest)
    end = min(max(word.end + shift, start), latest)
    return Word(word.text, TimeSpan(start, end), word.probability, Timing.HEARD)
