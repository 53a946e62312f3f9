"""Hours of the day in their usual spelling, and what only looks like one."""

import pytest

from core.conversation import Timing, Word
from core.recording import Segment
from core.spans import TimeSpan
from speech.clock import with_hours_spelled
from tests.speech.build import segment


@pytest.mark.parametrize(
    ("heard", "spelled"),
    [
        ("we open at eight a. M.", "we open at eight a.m."),
        ("8 a. M", "8 a.m."),
        ("at 8:30 P. m. today", "at 8:30 p.m. today"),
        ("from nine a. M., to five p. M?", "from nine a.m., to five p.m.?"),
        ("seven thirty-five p. M. then", "seven thirty-five p.m. then"),
        ("twelve o'clock p. M.", "twelve o'clock p.m."),
    ],
)
def test_hours_are_spelled(heard: str, spelled: str) -> None:
    made = with_hours_spelled(segment(heard, 0, 1.0), language="en")
    assert made.text == spelled
    assert [word.text for word in made.words] == spelled.split()


@pytest.mark.parametrize(
    "heard",
    [
        "vitamin a. M is a letter",
        "plan a. Maybe",
        "eight a. Maybe later",
        "a. M.",
        "flat 30 a. M. Smith",
        "eight a.m. sharp",
        "eight b. M.",
        "eight a M.",
        "eight, a. M.",
        "eight a.",
    ],
)
def test_what_is_no_hour_stays(heard: str) -> None:
    made = segment(heard, 0, 1.0)
    assert with_hours_spelled(made, language="en") is made


def test_other_languages_stay() -> None:
    made = segment("acht 8 a. M.", 0, 1.0)
    assert with_hours_spelled(made, language="de") is made


def test_the_joined_word_keeps_both_times_and_the_doubt() -> None:
    words = (
        Word("8", TimeSpan(1, 2), 0.9, Timing.HEARD),
        Word("a.", TimeSpan(2, 3), 0.8, Timing.HEARD),
        Word("M.", TimeSpan(3.5, 4), 0.3, Timing.HEARD),
    )
    made = with_hours_spelled(Segment(1, TimeSpan(1, 4), "8 a. M.", words), language="en")
    joined = Word("a.m.", TimeSpan(2, 4), 0.3, Timing.HEARD)
    assert made == Segment(1, TimeSpan(1, 4), "8 a.m.", (words[0], joined))
