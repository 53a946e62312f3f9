"""Which documents share words with a question, and rare words count more: Okapi BM25."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import snowballstemmer  # type: ignore[import-untyped] # it ships no types
from rapidfuzz import fuzz, process

from language.near import fold
from language.word_lists import load_words

# Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), 3.2:
# how soon a repeated word counts no more, and how far long documents are held to account.
SATURATION = 1.2
LENGTH = 0.75
_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile(r"['’ʼ](s\b)?")
# A word that no document has is taken for a misspelt one when it is long enough and so near to one
# that has. By eye on 52 words, misspelt ones and such as no article has: one of them is mistaken.
_SHORTEST_MISSPELT = 5
_NEAR = 82.0

Scores = npt.NDArray[np.float64]


def stems(text: str) -> list[str]:
    """The words of `text` that carry its matter, without their endings."""
    words = _WORD.findall(_APOSTROPHE.sub("", fold(text.lower())))
    return [_stem(word) for word in words if word not in load_words("stop_words")]


class WordIndex:
    """Scores documents against a question."""

    def __init__(self, documents: Sequence[str]) -> None:
        texts = [stems(document) for document in documents]
        self.size = len(texts)
        mean_length = max(1.0, sum(map(len, texts)) / max(1, self.size))
        spread = Counter(word for text in texts for word in set(text))
        self._rarity = {word: self._rarity_of(count) for word, count in spread.items()}
        self._unknown = self._rarity_of(0)
        self._vocabulary = list(self._rarity)
        self._found: dict[str, list[tuple[int, float]]] = {}
        for place, text in enumerate(texts):
            held = SATURATION * (1 - LENGTH + LENGTH * len(text) / mean_length)
            for word, count in Counter(text).items():
                score = self._rarity[word] * count * (SATURATION + 1) / (count + held)
                self._found.setdefault(word, []).append((place, score))

    def scores(self, question: str) -> Scores:
        """One score a document, 0 where no word is shared: shape (documents,)."""
        scores = np.zeros(self.size)
        for word in self._read(question):
            for place, score in self._found.get(word, ()):
                scores[place] += score
        return scores

    def rarity(self, question: str) -> float:
        """How much the question's words say, those that occur in no document included."""
        return sum(self._rarity.get(word, self._unknown) for word in self._read(question))

    def _read(self, question: str) -> set[str]:
        """The question's words, each once, misspelt ones as the documents spell them."""
        return {self._spell(word) for word in stems(question)}

    def _spell(self, word: str) -> str:
        if word in self._rarity or len(word) < _SHORTEST_MISSPELT:
            return word
        near = process.extractOne(word, self._vocabulary, scorer=fuzz.ratio, score_cutoff=_NEAR)
        return near[0] if near is not None and near[0][0] == word[0] else word

    def _rarity_of(self, count: int) -> float:
        return math.log(1 + (self.size - count + 0.5) / (count + 0.5))


@lru_cache(maxsize=20_000)  # words of customers come without end
def _stem(word: str) -> str:
    """The word without its endings, by Porter's second English stemmer."""
    return str(snowballstemmer.stemmer("english").stemWord(word))
