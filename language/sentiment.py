"""How the customer felt, turn by turn, behind one function that a trained model replaces later."""

import re
from functools import cache
from typing import Protocol

from vaderSentiment.vaderSentiment import (  # type: ignore[import-untyped]  # ships no types
    SentimentIntensityAnalyzer,
)

from core.conversation import Conversation, Role
from core.evaluation import SentimentTrace

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
PARTS = 4  # the mood is followed by quarters of the conversation, DOMAIN "Metrics"


class SentimentModel(Protocol):
    """Anything that gives a text a mood; `name` is stored beside every value."""

    name: str

    def mood(self, text: str) -> float:
        """From -1, very unhappy, to 1, very happy."""
        ...


class Vader:
    """A lexicon with rules for negation and emphasis; needs neither weights nor network.

    Source: Hutto & Gilbert, "VADER" (2014); its compound value, averaged by words over chunks of a
    long text. Plain complaints it reads as nothing: macro F1 0.39 to 0.53 on three sets, issue 5.
    Polite words, and a 'no' that only answers, are given no mood; hence a name of its own.
    """

    name = "vader-3.3.2-polite"

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

    def _compound(self, text: str) -> float:
        return float(self._analyzer.polarity_scores(text)["compound"])


def _plain(text: str) -> str:
    """The text without greetings, and without a 'no' that answers what was asked."""
    said = " ".join(text.replace("’", "'").split())
    return _SET_PHRASES.sub("", _NO.sub("", said))


@cache
def default_model() -> SentimentModel:
    """The model used where none is given, loaded at its first use."""
    return Vader()


def turn_sentiment(text: str, *, model: SentimentModel | None = None) -> float:
    """The mood of one turn, -1..1."""
    return (model or default_model()).mood(text)


def trace(conversation: Conversation, *, model: SentimentModel | None = None) -> SentimentTrace:
    """The customer's mood: each turn's, their mean weighted by words, and end minus start.

    Start and end are the first and the last quarter of the customer's turns, at least one turn
    each (of one turn the shift is 0); a long turn tells more than 'ok', so it weighs more.
    """
    used = model or default_model()
    turns = [
        turn for turn in conversation.turns if turn.role is Role.CUSTOMER and turn.text.strip()
    ]
    moods = [round(used.mood(turn.text), 4) for turn in turns]
    if not turns:
        return SentimentTrace(model=used.name)
    weights = [len(turn.text.split()) for turn in turns]
    size = max(1, len(turns) // PARTS)
    shift = _mean(moods[-size:], weights[-size:]) - _mean(moods[:size], weights[:size])
    return SentimentTrace(
        turns=tuple((turn.id, mood) for turn, mood in zip(turns, moods, strict=True)),
        overall=round(_mean(moods, weights), 4),
        shift=round(shift, 4),
        model=used.name,
    )


def _mean(moods: list[float], weights: list[int]) -> float:
    total = sum(weights)
    return sum(mood * weight for mood, weight in zip(moods, weights, strict=True)) / total
