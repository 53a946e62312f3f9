"""Mood by a head on the encoder's tokens, trained by `python -m benchmarks.train sentiment`."""

from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np

from language.encoder import Reading, load_encoder
from language.mood_scale import TRAINED, TRAINED_NAME
from language.plain_words import plain_words
from language.token_head import TokenHead, load_token_head

HEAD = Path(__file__).parent / "heads/sentiment.safetensors"
LAYERS_READ = 3  # of six: mood is told as well from them, docs/benchmarks.md, "Sentiment"
KEPT = 32_768  # texts, 6 MB; customers say 'no that is all' in one conversation after another
PIECE_WORDS = 48  # of a long text; what it was trained on is shorter
AT_ONCE = 256  # pieces; their tokens' states are 8 MB


class Reader(Protocol):
    """What reads texts: the encoder."""

    def read(self, texts: Sequence[str]) -> Reading:
        """States of all tokens."""
        ...


class TrainedMood:
    """The chance of positive minus that of negative; a text is encoded once while it is kept.

    The head knows the states of one number of layers, `LAYERS_READ` of the shipped one.
    It may be asked from several threads.
    """

    scale = TRAINED

    def __init__(self, encoder: Reader, head: TokenHead, *, kept: int = KEPT) -> None:
        self.name = f"{TRAINED_NAME}{head.version}"
        self.encoded = 0  # pieces of texts that the encoder has read so far
        self._encoder = encoder
        self._head = head
        self._bad, self._good = head.labels.index("negative"), head.labels.index("positive")
        self._kept = kept
        self._known: OrderedDict[str, float] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def shipped(cls, folder: Path) -> "TrainedMood":
        """The head that Parley comes with, on this process's encoder from `folder`.

        Raises:
            ModelUnavailable: one of them is missing or damaged; the message says what to run.
        """
        return cls(load_encoder(folder, layers=LAYERS_READ), load_token_head(HEAD))

    def mood(self, text: str) -> float:
        """From -1, very unhappy, to 1, very happy."""
        return self.moods([text])[0]

    def moods(self, texts: Sequence[str]) -> list[float]:
        """Each text's mood, those that are not known yet read together; 0 without any word."""
        found = self._recalled(texts)
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        if missing:
            fresh = dict(zip(missing, self._read(missing), strict=True))
            self._keep(fresh)
            found.update(fresh)
        return [found[text] for text in texts]

    def known(self, texts: Sequence[str]) -> list[float | None]:
        """Each text's mood where it is kept; None where it would have to be read."""
        found = self._recalled(texts)
        return [found.get(text) for text in texts]

    def _recalled(self, texts: Sequence[str]) -> dict[str, float]:
        with self._lock:
            found = {text: self._known[text] for text in texts if text in self._known}
            for text in found:
                self._known.move_to_end(text)
        return found

    def _keep(self, fresh: dict[str, float]) -> None:
        with self._lock:
            self._known.update(fresh)
            while len(self._known) > self._kept:
                self._known.popitem(last=False)

    def _read(self, texts: Sequence[str]) -> list[float]:
        """Moods of texts; a long one's is the mean of its pieces', by words."""
        pieces = [_pieces(text) for text in texts]
        moods = iter(self._moods_of([piece for own in pieces for piece in own]))
        found = []
        for own in pieces:
            words = [len(piece.split()) for piece in own]
            total = sum(size * next(moods) for size in words)
            found.append(total / sum(words) if own else 0.0)
        return found

    def _moods_of(self, pieces: Sequence[str]) -> list[float]:
        found: list[float] = []
        for start in range(0, len(pieces), AT_ONCE):
            reading = self._encoder.read(pieces[start : start + AT_ONCE])
            chances = self._head.probabilities(reading.states, reading.lengths)  # (pieces, labels)
            found += np.asarray(chances[:, self._good] - chances[:, self._bad]).tolist()
        self.encoded += len(pieces)
        return found


def _pieces(text: str) -> list[str]:
    """A text with signs as words, cut at every so many words; none where nothing is said."""
    words = plain_words(text).split()
    if not any(sign.isalnum() for word in words for sign in word):
        return []
    return [" ".join(words[at : at + PIECE_WORDS]) for at in range(0, len(words), PIECE_WORDS)]
