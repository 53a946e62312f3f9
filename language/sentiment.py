"""How the customer felt, turn by turn, behind one function that a trained model replaces later."""

from functools import cache
from typing import Protocol

from vaderSentiment.vaderSentiment import (  # type: ignore[import-untyped]  # ships no types
    SentimentIntensityAnalyzer,
)

from core.conversation import Conversation, Role
from core.evaluation import SentimentTrace

PARTS = 4  # the mood is followed by quarters of the conversation, DOMAIN "Metrics"


class SentimentModel(Protocol):
    """Anything that gives a text a mood; `name` is stored beside every value."""

    name: str

    def mood(self, text: str) -> float:
        """From -1, very unhappy, to 1, very happy."""
        ...


class Vader:
    """A lexicon with rules for negation and emphasis; needs neither weights nor network.

    Source: Hutto & Gilbert, "VADER" (2014); its compound value. It reads polite words as joy and
    plain complaints as nothing: macro F1 0.39 to 0.53 on three sets, issue 5.
    """

    name = "vader-3.3.2"

    def __init__(self) -> None:
        self._analyzer = SentimentIntensityAnalyzer()

    def mood(self, text: str) -> float:
        """The compound value of a text; 0 for one without words."""
        return float(self._analyzer.polarity_scores(text)["compound"]) if text.strip() else 0.0


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
