"""Moonshine tiny-en: the recogniser that needs no model hub; English, words without times.

Source: Jeffries et al., Moonshine (2024), arXiv:2410.15608; its weights are MIT.

A small recogniser's words hang on where exactly the sound is cut, so each piece is heard three
times with edges a tenth of a second apart, and the hearing is kept on which likelihood and the
others agree best: an eighth fewer wrong words than one hearing (benchmarks/speech/README.md).
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from onnxruntime.capi.onnxruntime_pybind11_state import (  # type: ignore[import-untyped]
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
)

from core.conversation import Timing, Word
from core.errors import ModelUnavailable
from core.recording import Segment
from core.spans import TimeSpan
from speech.alignment import Aligner
from speech.consensus import best_agreed
from speech.engines import EngineCard, Piece
from speech.greedy import GreedyDecoder
from speech.loops import bare_word, repeats
from speech.pieces import trimmed
from speech.timing import timed
from speech.tokens import HeardWord, load_vocabulary, words_of
from speech.vocabulary import Vocabulary

ENGINE = "moonshine"
MODEL = "tiny-en"
LANGUAGES = ("en",)
MARGINS = (0.2, 0.3, 0.4)  # seconds around the voice, of the three hearings
BATCH = 16  # pieces handed over at once, shared out to the threads; progress is told after each


class Moonshine:
    """One loaded Moonshine."""

    batch = BATCH

    def __init__(
        self,
        folder: Path,
        *,
        revision: str,
        threads: int = 0,
        aligner: Aligner | None = None,
        names: Vocabulary | None = None,
    ) -> None:
        try:
            self._decoder = GreedyDecoder(
                folder / "encoder_model.ort", folder / "decoder_model_merged.ort"
            )
        except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf, NoSuchFile) as error:
            raise ModelUnavailable(
                f"Moonshine's weights in {folder} do not load; delete the folder and run "
                "`parley models pull asr`"
            ) from error
        self._vocabulary = load_vocabulary(folder / "tokenizer.bin")
        self._threads = threads or os.cpu_count() or 1
        self._aligner = aligner
        self._names = names
        timing = Timing.ALIGNED if aligner else Timing.INTERPOLATED
        self._card = EngineCard(ENGINE, MODEL, revision, LANGUAGES, timing)

    def describe(self) -> EngineCard:
        """Say what it is."""
        return self._card

    def transcribe(self, pieces: Sequence[Piece], *, language: str) -> tuple[Segment | None, ...]:
        """Decode each piece; words get their times by alignment, else by their length."""
        if language not in LANGUAGES:
            raise ModelUnavailable(f"Moonshine {MODEL} speaks en only, not {language}")
        # The longest first, so that no thread is left alone with one, and every batch needs as much
        # memory as the longest pieces side by side do: no call finds a worse moment in hour four.
        order = sorted(range(len(pieces)), key=lambda number: -len(pieces[number].samples))
        with ThreadPoolExecutor(self._threads) as pool:
            heard = dict(
                zip(order, pool.map(self._segment, [pieces[n] for n in order]), strict=True)
            )
        self._decoder.rest()
        return tuple(heard[number] for number in range(len(pieces)))

    def _segment(self, piece: Piece) -> Segment | None:
        heard = self._best_heard(piece)
        if not heard or not piece.voiced:
            return None
        times, timing = timed([word.text for word in heard], piece, self._aligner)
        words = tuple(
            Word(word.text, time, min(word.probability, 1.0), timing)
            for word, time in zip(heard, times, strict=True)
        )
        text = " ".join(word.text for word in words)
        span = TimeSpan(times[0].start, max(time.end for time in times))
        segment = Segment(piece.channel, span, text, words)
        return self._names.corrected(segment) if self._names else segment

    def _best_heard(self, piece: Piece) -> tuple[HeardWord, ...]:
        """The hearing on which the others agree; one that loops only where all of them do."""
        hearings = self._decoder.decode([trimmed(piece, margin).samples for margin in MARGINS])
        texts = [words_of(hearing.tokens, self._vocabulary) for hearing in hearings]
        bare = [[bare_word(word.text) for word in text] for text in texts]
        sane = [n for n, words in enumerate(bare) if not repeats(words)] or range(len(bare))
        best = best_agreed(
            [bare[n] for n in sane], [hearings[n].mean_log_probability for n in sane]
        )
        return texts[sane[best]]
