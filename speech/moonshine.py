"""Moonshine tiny-en: the recogniser that needs no model hub; English, lines without word times.

Source: Jeffries et al., Moonshine (2024), arXiv:2410.15608; the library and its weights are MIT.
"""

from collections.abc import Sequence
from pathlib import Path

from moonshine_voice.errors import MoonshineError  # type: ignore[import-untyped]  # no stubs
from moonshine_voice.moonshine_api import ModelArch  # type: ignore[import-untyped]  # no stubs
from moonshine_voice.transcriber import Transcriber  # type: ignore[import-untyped]  # no stubs

from core.conversation import Timing
from core.errors import ModelUnavailable
from core.recording import Segment
from core.spans import TimeSpan
from speech.audio import SAMPLE_RATE_HZ
from speech.engines import EngineCard, Piece
from speech.timing import interpolated

ENGINE = "moonshine"
MODEL = "tiny-en"
LANGUAGES = ("en",)
# Its own voice detector is switched off (0 lets everything pass): ours has cut the sound already.
_OPTIONS = {"vad_threshold": "0.0", "identify_speakers": "false"}


class Moonshine:
    """One loaded Moonshine."""

    batch = 1  # the library decodes one piece at a time

    def __init__(self, folder: Path, *, revision: str) -> None:
        try:
            self._transcriber = Transcriber(folder, ModelArch.TINY, options=_OPTIONS)
        except (MoonshineError, OSError) as error:
            raise ModelUnavailable(
                f"Moonshine's weights in {folder} do not load ({error}); fetch them again with "
                "`parley models pull asr`"
            ) from error
        self._card = EngineCard(ENGINE, MODEL, revision, LANGUAGES, Timing.INTERPOLATED)

    def describe(self) -> EngineCard:
        """Say what it is."""
        return self._card

    def transcribe(self, pieces: Sequence[Piece], *, language: str) -> tuple[Segment | None, ...]:
        """Decode each piece; words get their times by length inside the voiced stretches."""
        if language not in LANGUAGES:
            raise ModelUnavailable(f"Moonshine {MODEL} speaks en only, not {language}")
        return tuple(self._segment(piece) for piece in pieces)

    def _segment(self, piece: Piece) -> Segment | None:
        words = interpolated(self._text(piece).split(), piece.voiced)
        if not words:
            return None
        text = " ".join(word.text for word in words)
        return Segment(
            piece.channel, TimeSpan(words[0].span.start, words[-1].span.end), text, words
        )

    def _text(self, piece: Piece) -> str:
        samples = piece.samples.tolist()
        transcript = self._transcriber.transcribe_without_streaming(samples, SAMPLE_RATE_HZ)
        return " ".join(line.text.strip() for line in transcript.lines)
