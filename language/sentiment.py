"""How the customer felt, turn by turn: the trained model, or the lexicon where it cannot be had."""

import os
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from core.conversation import Conversation, Role, Turn
from core.errors import ModelUnavailable
from core.evaluation import SentimentTrace
from language.encoder import find_folder_by_environment
from language.lexicon import Vader
from language.mood_scale import Scale
from language.trained_mood import TrainedMood

PARTS = 4  # the mood is followed by quarters of the conversation, DOMAIN "Metrics"


class SentimentModel(Protocol):
    """Anything that gives texts a mood; `name` is stored beside every value, `scale` reads it."""

    @property
    def name(self) -> str:
        """Which model, and which version of it."""
        ...

    @property
    def scale(self) -> Scale:
        """What its values mean."""
        ...

    def mood(self, text: str) -> float:
        """From -1, very unhappy, to 1, very happy."""
        ...

    def moods(self, texts: Sequence[str]) -> list[float]:
        """Each text's mood; all of a conversation at once is cheaper than one by one."""
        ...

    def known(self, texts: Sequence[str]) -> list[float | None]:
        """Each text's mood where it is kept, without reading; None where it is not."""
        ...


def default_model() -> SentimentModel:
    """The model used where none is given: with the encoder that the environment names."""
    return load_model(find_folder_by_environment())


def load_model(folder: Path) -> SentimentModel:
    """The trained model with the encoder in `folder`; the lexicon where there is none.

    It is loaded once in each process, and anew after a fork: threads do not survive one.
    """
    return _loaded(folder, os.getpid())


@cache
def _loaded(folder: Path, process: int) -> SentimentModel:  # noqa: ARG001  # a key of the cache
    try:
        return TrainedMood.shipped(folder)
    except ModelUnavailable:
        return Vader()


def turn_sentiment(text: str, *, model: SentimentModel | None = None) -> float:
    """The mood of one turn, -1..1."""
    return (model or default_model()).mood(text)


def customer_turns(conversation: Conversation) -> list[Turn]:
    """The turns whose mood is told."""
    return [turn for turn in conversation.turns if turn.role is Role.CUSTOMER and turn.text.strip()]


def trace(conversation: Conversation, *, model: SentimentModel | None = None) -> SentimentTrace:
    """The customer's mood: each turn's, their mean weighted by words, and end minus start.

    Start and end are the first and the last quarter of the customer's turns, at least one turn
    each (of one turn the shift is 0); a long turn tells more than 'ok', so it weighs more.
    """
    used = model or default_model()
    turns = customer_turns(conversation)
    moods = [round(mood, 4) for mood in used.moods([turn.text for turn in turns])]
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
