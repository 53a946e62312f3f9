"""Times of day, windows and moments, and numbers that are no time."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.values.moments import find_moment
from language.values.times import find_times

NOW = datetime(2026, 11, 21, 13, 5, tzinfo=UTC)  # a Saturday


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("4pm", "16:00", "16:00"),
        ("4 p.m.", "16:00", "16:00"),
        ("12am", "00:00", "00:00"),
        ("12pm", "12:00", "12:00"),
        ("16:30", "16:30", "16:30"),
        ("07:30", "07:30", "07:30"),
        ("10.30am", "10:30", "10:30"),
        ("at 4.30", "16:30", "16:30"),
        ("at 1630", "16:30", "16:30"),
        ("four o'clock", "16:00", "16:00"),
        ("at nine", "09:00", "09:00"),
        ("at 6", "18:00", "18:00"),
        ("at three thirty", "15:30", "15:30"),
        ("half past three", "15:30", "15:30"),
        ("half three", "15:30", "15:30"),
        ("quarter to nine", "08:45", "08:45"),
        ("ten past four", "16:10", "16:10"),
        ("twenty to five", "16:40", "16:40"),
        ("midday", "12:00", "12:00"),
        ("nine in the evening", "21:00", "21:00"),
        ("five in the morning", "05:00", "05:00"),
        ("after four", "16:00", None),
        ("after 4pm", "16:00", None),
        ("not before 10", "10:00", None),
        ("from 2 onwards", "14:00", None),
        ("4pm or later", "16:00", None),
        ("any time after lunch", "13:00", None),
        ("before noon", None, "12:00"),
        ("before half past three", None, "15:30"),
        ("no later than 3", None, "15:00"),
        ("not after four", None, "16:00"),
        ("by 6 tomorrow", None, "18:00"),
        ("around three", "14:30", "15:30"),
        ("in the morning", "08:00", "12:00"),
        ("late afternoon", "15:00", "18:00"),
        ("between 2 and 4", "14:00", "16:00"),
        ("8-12", "08:00", "12:00"),
        ("eight to twelve", "08:00", "12:00"),
        ("2 to 4pm", "14:00", "16:00"),
        ("11 to 2", "11:00", "14:00"),
        ("from 9 to 5", "09:00", "17:00"),
        ("3 pm-5 pm", "15:00", "17:00"),
        ("between noon and half past three", "12:00", "15:30"),
        # a part of the day and the clock, said together
        ("this evening after six", "18:00", "21:00"),
        ("after six this evening", "18:00", "21:00"),
        ("tonight between 6 and 8", "18:00", "20:00"),
        ("evening, 6 to 8", "18:00", "20:00"),
        ("tomorrow evening at seven", "19:00", "19:00"),
        ("friday afternoon after 3", "15:00", "18:00"),
        ("at 7 on Friday evening", "19:00", "19:00"),
        ("tomorrow morning before 10", "08:00", "10:00"),
        ("in the evening around seven", "18:30", "19:30"),
        ("tonight after nine", "21:00", None),
        ("not in the morning, after three", "15:00", None),
    ],
)
def test_times(text: str, earliest: str | None, latest: str | None) -> None:
    (found,) = find_times(text)
    assert (found.earliest and f"{found.earliest:%H:%M}") == earliest
    assert (found.latest and f"{found.latest:%H:%M}") == latest


@pytest.mark.parametrize(
    "text",
    [
        "", "HP-10442", "4 chairs", "2 to 4 chairs", "1 to 2 weeks", "after four weeks", "14/3",
        "by two chairs", "at 12 Harbour Street", "good morning", "good afternoon", "£4.30", "24/7",
        "25:00", "not in the morning", "one of four", "the 14th", "two to one", "10442", "four",
        "BN1 4GH", "07700 900123", "10:15:20",
    ],
)  # fmt: skip
def test_no_times(text: str) -> None:
    assert find_times(text) == ()


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("in the morning or after 3", ["08:00", "15:00"]),
        ("I was in this morning, can you ring at 3", ["08:00", "15:00"]),
        ("this afternoon or tomorrow after ten", ["12:00", "10:00"]),
        ("this morning at 3 pm", ["08:00", "15:00"]),  # no such time
    ],
)
def test_a_clock_of_another_phrase_is_another_time(text: str, hours: list[str]) -> None:
    found = find_times(text)
    assert [one.earliest and f"{one.earliest:%H:%M}" for one in found] == hours


@pytest.mark.parametrize(
    ("text", "hour"),
    [("four", 16), ("4", 16), ("9 please", 9), ("10.30", 10), ("um, three", 15)],
)
def test_a_bare_hour_is_a_time_when_asked_for(text: str, hour: int) -> None:
    (found,) = find_times(text, is_asked=True)
    assert found.earliest is not None
    assert found.earliest.hour == hour
    assert find_times(text) == ()


@pytest.mark.parametrize("text", ["10442", "four chairs", "99", "HP-4", "no"])
def test_other_numbers_are_no_time_even_when_asked_for(text: str) -> None:
    assert find_times(text, is_asked=True) == ()


@pytest.mark.parametrize(
    ("text", "day", "earliest", "latest", "quote"),
    [
        ("next Tuesday after four please", "24", "16:00", None, "next Tuesday after four"),
        ("tomorrow morning", "22", "08:00", "12:00", "tomorrow morning"),
        ("this afternoon", "21", "12:00", "18:00", "afternoon"),
        ("tonight", "21", "17:00", "21:00", "tonight"),
        ("in two hours", "21", "15:05", None, "in two hours"),
        ("call me in half an hour", "21", "13:35", None, "in half an hour"),
        ("in an hour and a half", "21", "14:35", None, "in an hour and a half"),
        ("in 12 hours", "22", "01:05", None, "in 12 hours"),
        ("as soon as possible", "21", "13:05", None, "as soon as possible"),
        ("Friday between 2 and 4", "27", "14:00", "16:00", "Friday between 2 and 4"),
        ("24 November 4pm", "24", "16:00", "16:00", "24 November 4pm"),
        ("on monday", "23", None, None, "monday"),
        ("Monday not in the morning", "23", None, None, "Monday"),
        ("not Monday, Tuesday at 9", "24", "09:00", "09:00", "Tuesday at 9"),
        ("after four", None, "16:00", None, "four"),
    ],
)
def test_moments(
    text: str, day: str | None, earliest: str | None, latest: str | None, quote: str
) -> None:
    found = find_moment(text, now=NOW)
    assert found is not None
    assert (found.first and f"{found.first:%d}") == day
    assert (found.earliest and f"{found.earliest:%H:%M}") == earliest
    assert (found.latest and f"{found.latest:%H:%M}") == latest
    assert found.span.of(text) == quote


@pytest.mark.parametrize("text", ["", "hello", "HP-10442", "4 chairs", "not Monday", "in 2 chairs"])
def test_no_moment(text: str) -> None:
    assert find_moment(text, now=NOW) is None


WORDS = ("half", "past", "to", "quarter", "twenty", "four", "12", "25", ":", "30", "pm", "a.m.",
         "at", "after", "between", "and", "8", "-", "noon", "midnight", "in the evening", "99",
         "night", "minutes", "o'clock", "in", "hours", "999", "1630", "0")  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=10), st.sampled_from([" ", ""]))
def test_no_words_make_it_fail(words: list[str], gap: str) -> None:
    text = gap.join(words)
    for one in find_times(text, is_asked=True):
        assert one.span.of(text)
    moment = find_moment(text, now=NOW)
    assert moment is None or moment.span.of(text)
