"""Forced alignment: the seconds of words that are known, by pocketsphinx and its hidden Markov
models, which come with the package (BSD); English only.

Against interpolation by length it is three times as near: benchmarks/speech/README.md, "Word
times". Source: Rabiner, A tutorial on hidden Markov models (1989), section III.B.
"""

import os
from collections.abc import Sequence
from threading import Lock

import numpy as np
from pocketsphinx import Decoder  # type: ignore[import-untyped]  # no stubs

from core.spans import TimeSpan
from speech.audio import Samples
from speech.lexicon import MODEL, Lexicon, load_lexicon

LANGUAGE = "en"
MOST_WORDS = 20_000  # kept of all that were met; a worker lives long
_MARKS = ".,;:?!()[]\"'…"
_FRAMES_PER_SECOND = 100
# Seconds. A frame is 25.6 ms of sound and the next begins 10 ms later, so what lies between the two
# is half the difference behind the second one's beginning. Every edge of four synthetic voices,
# whose times are exact, was 8 ms early without it.
_BETWEEN = (0.0256 - 1 / _FRAMES_PER_SECOND) / 2
_FULL_SCALE = 32_767
_OPTIONS = {
    "lm": None,
    # The search through its lattice of second thoughts loses the end of one utterance in two.
    "bestpath": False,
    # Words that were misheard fit badly, so little is given up early. The package's own beams of
    # 1e-48 lost 10 of 36 pieces of the benchmark call and sample, these none; 30 % more work.
    **{"beam": 1e-120, "pbeam": 1e-120, "wbeam": 1e-120},
    # How likely a silence between two words is. The package's 0.005 drew words out over short
    # pauses: the nearest nine tenths of 118 edges of pauses in the benchmark call were 49 ms off in
    # the mean, and 48, 46, 45, 45 and 46 ms with 0.05, 0.1, 0.2, 0.3 and 0.5.
    "silprob": 0.3,
    "loglevel": "FATAL",
}
# Added to the sound, of full scale: digital silence (mutes, echoes taken out) has no logarithm and
# throws the models off. -60 dB, under the noise of any telephone line.
_DITHER = 1e-3


class Aligner:
    """One loaded aligner; threads take turns, as it keeps the state of one utterance."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self._lexicon = lexicon or load_lexicon()
        self._turn = Lock()
        self._forget()

    def align(
        self, words: Sequence[str], samples: Samples, start: float
    ) -> tuple[TimeSpan, ...] | None:
        """Times of the words in the order they are said; None where they do not fit the sound.

        Args:
            words: as they are written.
            samples: shape (time,), 16 kHz; they hold these words and nothing else.
            start: second of the recording at which the samples begin.
        """
        if not words:
            return None
        with self._turn:
            if len(self._names) > MOST_WORDS:
                self._forget()
            names = [self._name(word) for word in words]
            known = [name for name in names if name is not None]
            found = self._aligned(known, samples) if len(known) == len(words) else []
        if len(found) != len(words):
            return None
        return tuple(TimeSpan(start + begin, start + end) for begin, end in found)

    def _forget(self) -> None:
        """Begin with an empty dictionary; words are added as they are met. It takes 6 ms."""
        self._decoder = Decoder(hmm=str(MODEL / "en-us"), dict=os.devnull, **_OPTIONS)
        self._names: dict[str, str | None] = {}

    def _name(self, word: str) -> str | None:
        """What the decoder calls the word ('w17'); None for one without sounds."""
        plain = word.lower().strip(_MARKS)
        if plain not in self._names:
            ways = self._lexicon.ways(plain)
            name = f"w{len(self._names)}"
            for number, way in enumerate(ways, start=1):
                label = name if number == 1 else f"{name}({number})"
                self._decoder.add_word(label, " ".join(way), number == len(ways))
            self._names[plain] = name if ways else None
        return self._names[plain]

    def _aligned(self, names: Sequence[str], samples: Samples) -> list[tuple[float, float]]:
        """Seconds of each word from the beginning of the samples; empty when they do not fit."""
        hiss = np.random.default_rng(0).normal(0, _DITHER, len(samples))  # the same every time
        sound = (np.clip(samples + hiss, -1, 1) * _FULL_SCALE).astype(np.int16)  # (time,)
        self._decoder.reinit_feat()  # what it has heard of noise before moved one word in forty
        self._decoder.set_align_text(" ".join(names))
        self._decoder.start_utt()
        self._decoder.process_raw(sound.tobytes(), full_utt=True)
        self._decoder.end_utt()
        return [
            (_second(part.start_frame), _second(part.end_frame + 1))
            for part in self._decoder.seg() or ()
            if not part.word.startswith(("<", "["))  # silence, breath, noise
        ]


def _second(frame: int) -> float:
    """Where a frame gives way to the one before it."""
    return frame / _FRAMES_PER_SECOND + _BETWEEN
