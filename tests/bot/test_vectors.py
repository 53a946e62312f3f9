"""Vectors of wishes that came before are not made again, and none of personal words is kept."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest

from bot.components import vectors
from bot.components.vectors import KnownVectors


class Encoder:
    """A vector of a text's length; `asked` is what was encoded, call by call."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        self.asked.append(list(texts))
        return np.array([[len(text), 1.0] for text in texts], dtype=np.float32).reshape(-1, 2)


def test_what_came_before_is_not_encoded_again() -> None:
    encoder = Encoder()
    known = KnownVectors(encoder)
    first = known(["cancel order", "where is order", "cancel order"])
    again = known(["where is order", "send it", "cancel order"])
    assert first[:, 0].tolist() == [12, 14, 12]
    assert again[:, 0].tolist() == [14, 7, 12]
    assert encoder.asked[1] == ["send it"]
    assert known([]).shape == (0, 2)


@pytest.mark.parametrize("text", ["10442", "BN1 4GH", "anna@example.com", "x" * 121, "où", ""])
def test_what_may_be_personal_is_not_kept(text: str) -> None:
    encoder = Encoder()
    known = KnownVectors(encoder)
    for _ in range(2):
        known([text])
    assert encoder.asked == [[text], [text]]


def test_the_oldest_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "MOST_KEPT", 2)
    encoder = Encoder()
    known = KnownVectors(encoder)
    known(["a", "b"])
    known(["a"])
    known(["c"])  # in place of b, which was not asked for since
    assert known(["a", "c"])[:, 0].tolist() == [1, 1]
    assert encoder.asked[-1] == []
    known(["b"])
    assert encoder.asked[-1] == ["b"]
