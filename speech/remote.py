"""Any recogniser behind HTTP that speaks OpenAI's `/v1/audio/transcriptions`.

Pure like its neighbours: `post` sends the form and is given from outside (jobs/transcriber.py).
"""

import io
import json
import wave
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from core.conversation import Timing, Word
from core.errors import ModelUnavailable
from core.recording import Segment
from core.spans import TimeSpan
from speech.alignment import LANGUAGE, Aligner
from speech.audio import SAMPLE_RATE_HZ, Samples
from speech.engines import EngineCard, Piece, Post
from speech.timing import timed

ENGINE = "http"
BATCH = 4  # requests under way at once


class Remote:
    """A recogniser on another machine."""

    batch = BATCH

    def __init__(
        self, post: Post, *, model: str, hotwords: str = "", aligner: Aligner | None = None
    ):
        self._post = post
        self._prompt = {"prompt": hotwords} if hotwords else {}
        self._aligner = aligner
        self._card = EngineCard(ENGINE, model, "remote", (), Timing.HEARD)

    def describe(self) -> EngineCard:
        """Say what it is; which languages it speaks only the other side knows."""
        return self._card

    def transcribe(self, pieces: Sequence[Piece], *, language: str) -> tuple[Segment | None, ...]:
        """Send each piece; words get the times of the answer, else aligned or interpolated ones."""
        with ThreadPoolExecutor(BATCH) as pool:
            return tuple(pool.map(lambda piece: self._heard(piece, language), pieces))

    def _heard(self, piece: Piece, language: str) -> Segment | None:
        fields = {"model": self._card.model, "language": language, "temperature": "0"}
        fields |= {"response_format": "verbose_json", "timestamp_granularities[]": "word"}
        answer = self._post(fields | self._prompt, as_wav(piece.samples))
        try:
            words = self._words(json.loads(answer), piece, language)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelUnavailable(
                "PARLEY_ASR_URL answers, but not as /v1/audio/transcriptions does", retryable=False
            ) from error
        if not words:
            return None
        span = TimeSpan(words[0].span.start, max(word.span.end for word in words))
        return Segment(piece.channel, span, " ".join(word.text for word in words), words)

    def _words(self, answer: dict[str, Any], piece: Piece, language: str) -> tuple[Word, ...]:
        given = [each for each in answer.get("words") or [] if each["word"].strip()]
        texts = answer["text"].split()
        if given:
            return tuple(
                _word(each, piece) for each in sorted(given, key=lambda each: each["start"])
            )
        if not texts or not piece.voiced:
            return ()
        times, timing = timed(texts, piece, self._aligner if language == LANGUAGE else None)
        return tuple(Word(t, span, None, timing) for t, span in zip(texts, times, strict=True))


def as_wav(samples: Samples) -> bytes:
    """A WAV file of 16 bits from samples of shape (time,), 16 kHz."""
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes((np.clip(samples, -1, 1) * 32_767).astype("<i2").tobytes())
    return content.getvalue()


def _word(each: dict[str, Any], piece: Piece) -> Word:
    """A word of the answer, whose seconds count from the piece's beginning."""
    start = min(piece.span.start + max(0.0, float(each["start"])), piece.span.end)
    end = min(max(start, piece.span.start + float(each["end"])), piece.span.end)
    sure = each.get("probability")
    probability = None if sure is None else min(max(float(sure), 0.0), 1.0)
    return Word(each["word"].strip(), TimeSpan(start, end), probability, Timing.HEARD)
