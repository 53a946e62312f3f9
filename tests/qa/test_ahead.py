"""What is read ahead is what evaluating asks for, and no more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from core.conversation import Channel
from language.encoder import DIMENSIONS, Reading
from language.pipeline import Pipeline
from language.token_head import load_token_head
from language.trained_mood import HEAD, TrainedMood
from qa.ahead import MOST_TURNS, read_ahead
from qa.cards import load_scorecard
from qa.scoring import evaluate
from qa.vectors import Floats, Vectors
from tests.build import chat

CARD = load_scorecard("service")
TALKS = tuple(
    replace(
        chat(
            ("agent", f"thank you for calling Harbour, my name is Ann {each}"),
            ("customer", f"my order {each} is late and i am cross"),
            ("agent", f"i am sorry, order {each} comes tomorrow"),
            ("customer", f"thank you, that is all of {each}"),
        ),
        id=f"c{each}",
    )
    for each in range(3)
)


class Standin:
    """An encoder whose vectors come from the texts alone; it keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Unit vectors, (n, 384)."""
        self.asked.append(tuple(texts))
        rows = np.stack([self._row(text) for text in texts])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)

    def read(self, texts: Sequence[str]) -> Reading:
        """Two tokens a text."""
        self.asked.append(tuple(texts))
        rows = [self._row(text) for text in texts for _ in range(2)]
        return Reading(np.stack(rows), np.full(len(texts), 2, dtype=np.int64))

    @staticmethod
    def _row(text: str) -> Floats:
        seed = list(text.encode())
        return np.random.default_rng(seed).normal(size=DIMENSIONS).astype(np.float32)


def _evaluated(*, ahead: bool) -> tuple[list[object], Standin, Standin]:
    moods, words = Standin(), Standin()
    sentiment, vectors = TrainedMood(moods, load_token_head(HEAD)), Vectors(words)
    if ahead:
        read_ahead(TALKS, CARD, sentiment=sentiment, vectors=vectors)
        assert [len(moods.asked), len(words.asked)] == [1, 1]
    made: list[object] = []
    for talk in TALKS:
        one = evaluate(
            talk,
            CARD,
            pipeline=Pipeline(),
            now=datetime(2026, 1, 1, tzinfo=UTC),
            variables={"company": "Harbour"},
            sentiment=sentiment,
            vectors=vectors,
        )
        made.append(replace(one, id="e"))
    return made, moods, words


def test_what_is_read_ahead_is_all_that_evaluating_asks_for() -> None:
    alone, moods, words = _evaluated(ahead=False)
    ahead, moods_ahead, words_ahead = _evaluated(ahead=True)
    assert ahead == alone
    assert [len(moods.asked), len(words.asked)] == [3, 3]
    assert [len(moods_ahead.asked), len(words_ahead.asked)] == [1, 1]
    assert {text for each in moods.asked for text in each} == set(moods_ahead.asked[0])
    assert {text for each in words.asked for text in each} == set(words_ahead.asked[0])


def test_what_will_not_be_scored_or_is_very_long_is_not_read_ahead() -> None:
    words = Standin()
    card = replace(CARD, applies_to=replace(CARD.applies_to, channels=frozenset({Channel.VOICE})))
    read_ahead(TALKS, card, vectors=Vectors(words))
    long = chat(*(("customer", f"my order {at} is late") for at in range(MOST_TURNS + 1)))
    read_ahead([long], CARD, vectors=Vectors(words))
    assert words.asked == []


def test_without_models_nothing_is_read_ahead() -> None:
    read_ahead(TALKS, CARD)
    read_ahead([], CARD, vectors=Vectors(Standin()))
