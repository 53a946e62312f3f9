"""Consensus of several hearings."""

import pytest

from speech.consensus import best_agreed, distance


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("", "", 0),
        ("a b c", "a b c", 0),
        ("a b c", "a x c", 1),
        ("a b c", "b c", 1),
        ("", "a b", 2),
        ("a b", "b a", 2),
    ],
)
def test_distance_counts_words(one: str, other: str, expected: int) -> None:
    assert distance(one.split(), other.split()) == expected
    assert distance(other.split(), one.split()) == expected


@pytest.mark.parametrize(
    ("texts", "means", "expected"),
    [
        (["a b c", "a b c", "x y z"], [-0.5, -0.5, -0.5], 0),  # the two agree
        (["x y z", "a b c", "a b d"], [-0.5, -0.5, -0.5], 1),
        (["a b", "c d"], [-0.9, -0.1], 1),  # nobody agrees: the likelier
        (["a b c", "a b d", "x y z"], [-0.4, -0.3, -0.3], 1),  # two that nearly agree outvote it
        (["a b c", "a b d", "x y z"], [-2.0, -2.0, -0.01], 2),  # but not when nobody believes them
    ],
)
def test_best_agreed(texts: list[str], means: list[float], expected: int) -> None:
    assert best_agreed([text.split() for text in texts], means) == expected
