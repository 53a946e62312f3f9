"""Times of words that come without any."""

import pytest

from core.spans import TimeSpan
from speech.timing import word_times


def test_word_times_follow_the_letters() -> None:
    times = word_times(["a", "elephant", "ran"], [TimeSpan(10, 25)])  # 2 + 9 + 4 letters
    assert times == (TimeSpan(10, 12), TimeSpan(12, 21), TimeSpan(21, 25))


@pytest.mark.parametrize(
    ("words", "after_pause"),
    [
        ("one two three four", "three"),
        ("one, two three four five six", "four"),  # a comma too far away does not pull
        ("one two three. four five", "four"),
        ("one. two three four five six seven eight", "five"),  # nor does a full stop
    ],
)
def test_word_times_never_lie_across_a_pause(words: str, after_pause: str) -> None:
    voiced = [TimeSpan(0, 2), TimeSpan(5, 7)]
    split = words.split()
    times = word_times(split, voiced)
    first_after = next(word for word, time in zip(split, times, strict=True) if time.start >= 5)
    assert first_after.strip(".,") == after_pause
    assert all(time.end <= 2 or time.start >= 5 for time in times)
    assert list(times) == sorted(times)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_word_times_with_more_stretches_than_words(count: int) -> None:
    voiced = [TimeSpan(n, n + 0.5) for n in range(4)]
    assert len(word_times(["word"] * count, voiced)) == count
