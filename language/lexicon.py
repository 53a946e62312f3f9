"""Mood by a lexicon: what is used where the encoder's weights are not."""

import re
from collections.abc import Sequence

from vaderSentiment.vaderSentiment import (  # type: ignore[import-untyped]  # ships no types
    SentimentIntensityAnalyzer,
)

from language.mood_scale import LEXICON

CHUNK_WORDS = 100  # VADER's time grows with the square of a text's words, and its value saturates
# Words that answer, greet or ask politely; VADER gives each a mood, so a friendly "Hi, can you
# please help me" at the start and a plain "No." at the end would read as a mood that falls.
_COURTESY = (
    "please", "pls", "thanks", "thank", "thankyou", "thx", "ty", "tnx", "cheers", "yes", "yep",
    "yeah", "ok", "okay", "sure", "help", "helps", "helping", "dear", "kindly", "want", "wants",
    "welcome",
)  # fmt: skip
_SET_PHRASES = re.compile(
    r"\bgood(?= (?:morning|afternoon|evening|day)\b)|\bfine(?= thanks\b)"
    r"|\b(?:would|'d|d) like(?= to\b| an?\b| the\b| my\b| some\b)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"(?:^|(?<=[.!?] ))(?:(?:nope|nah|no(?=[,.!;:–—-]|$| (?:no|nope|thanks?|ta|cheers|that|thats"
    r"|that's|this|its?|it's|im|i'm|ill|i'll|i|we|you|you've|all|nothing|not|just|sorry|but|and|ok"
    r"|okay|everything|there|there's)\b))\b[ ,.!;:–—-]*+)++",
    re.IGNORECASE,
)


class Vader:
    """A lexicon with rules for negation and emphasis; needs neither weights nor network.

    Source: Hutto & Gilbert, "VADER" (2014); its compound value, averaged by words over chunks of a
    long text. Plain complaints it reads as nothing, see docs/benchmarks.md, "Sentiment".
    Polite words, and a 'no' that only answers, are given no mood; hence a name of its own.
    """

    name = "vader-3.3.2-polite"
    scale = LEXICON

    def __init__(self) -> None:
        self._analyzer = SentimentIntensityAnalyzer()
        for word in _COURTESY:
            self._analyzer.lexicon.pop(word, None)

    def mood(self, text: str) -> float:
        """The compound value of a text; 0 for one without words."""
        words = _plain(text).split()
        chunks = [words[at : at + CHUNK_WORDS] for at in range(0, len(words), CHUNK_WORDS)]
        total = sum(len(chunk) * self._compound(" ".join(chunk)) for chunk in chunks)
        return total / len(words) if words else 0.0

    def moods(self, texts: Sequence[str]) -> list[float]:
        """Each text's mood."""
        return [self.mood(text) for text in texts]

    def known(self, texts: Sequence[str]) -> list[float | None]:
        """None for each: no mood is kept."""
        return [None] * len(texts)

    def _compound(self, text: str) -> float:
        return float(self._analyzer.polarity_scores(text)["compound"])


def _plain(text: str) -> str:
    """The text without greetings, and without a 'no' that answers what was asked."""
    said = " ".join(text.replace("’", "'").split())
    return _SET_PHRASES.sub("", _NO.sub("", said))
