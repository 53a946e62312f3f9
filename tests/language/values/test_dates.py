"""Days, ranges of days and days refused, said on a Saturday; and what is no date."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.values.dates import FoundDate, find_dates, find_excluded_dates
from language.values.days import HORIZON_DAYS, Prefer

TODAY = date(2026, 11, 21)  # a Saturday


def shown(one: FoundDate) -> str:
    first, last = f"{one.first:%y-%m-%d}", f"{one.last:%y-%m-%d}"
    return f"{first}..{last}" if one.first < one.last else first


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("today", ["26-11-21"]),
        ("tomorrow", ["26-11-22"]),
        ("tomorow pls", ["26-11-22"]),
        ("the day after tomorrow", ["26-11-23"]),
        ("Saturday", ["26-11-28"]),  # not today
        ("this saturday", ["26-11-21"]),
        ("next Tuesday", ["26-11-24"]),
        ("next saturday", ["26-11-28"]),
        ("this Friday", ["26-11-27"]),
        ("wensday", ["26-11-25"]),
        ("on sat", ["26-11-28"]),
        ("Friday week", ["26-12-04"]),
        ("a week on Monday", ["26-11-30"]),
        ("a fortnight today", ["26-12-05"]),
        ("tomorrow week", ["26-11-29"]),
        ("Friday next week", ["26-11-27"]),
        ("next week Friday", ["26-11-27"]),
        ("Monday or Tuesday", ["26-11-23", "26-11-24"]),
        ("the 14th", ["26-12-14"]),
        ("on the 14", ["26-12-14"]),
        ("the second", ["26-12-02"]),
        ("Tuesday the 24th", ["26-11-24"]),
        ("tuesday 12 to 4", ["26-11-24"]),  # hours
        ("tuesday 9 - 11 please", ["26-11-24"]),
        ("Tuesday 4 in the afternoon", ["26-11-24"]),
        ("Tuesday 24", ["26-11-24"]),
        ("Tuesday 1 December", ["26-12-01"]),
        ("or monday 10", ["26-11-23"]),  # an hour, since the 10th is a Thursday
        ("next Monday 9 then", ["26-11-23"]),
        ("Wednesday 2", ["26-12-02"]),  # the 2nd is one
        ("Monday 14", ["26-12-14"]),
        ("Monday 15", []),  # no Monday, and no hour
        ("Monday the 15th", []),
        ("Monday 15 December at 4", []),
        ("Monday 15/12", []),
        ("Monday 15 December or Tuesday", ["26-11-24"]),
        ("the 31st", ["26-12-31"]),
        ("the 3rd of next month", ["26-12-03"]),
        ("22nd, 23rd or 24th", ["26-11-22", "26-11-23", "26-11-24"]),
        ("14/3", ["27-03-14"]),
        ("3/14", ["27-03-14"]),  # no fourteenth month
        ("14/03/2027", ["27-03-14"]),
        ("14.3.2027", ["27-03-14"]),
        ("2027-03-14", ["27-03-14"]),
        ("14 March", ["27-03-14"]),
        ("21 November", ["26-11-21"]),  # today counts
        ("March 14th", ["27-03-14"]),
        ("march 14 at 9", ["27-03-14"]),
        ("the fourteenth of March", ["27-03-14"]),
        ("twenty-first of december", ["26-12-21"]),
        ("29 February", ["28-02-29"]),
        ("boxing day", ["26-12-26"]),
        ("in two weeks", ["26-12-05"]),
        ("in a couple of weeks", ["26-12-05"]),
        ("two weeks' time", ["26-12-05"]),
        ("in 3 days", ["26-11-24"]),
        ("next week", ["26-11-23..26-11-29"]),
        ("the week after next", ["26-11-30..26-12-06"]),
        ("the weekend", ["26-11-21..26-11-22"]),
        ("next weekend", ["26-11-28..26-11-29"]),
        ("end of the month", ["26-11-21..26-11-30"]),
        ("next month", ["26-12-01..26-12-31"]),
        ("in March", ["27-03-01..27-03-31"]),
        ("end of March", ["27-03-22..27-03-31"]),
        ("beginning of next week", ["26-11-23..26-11-24"]),
        ("week commencing the 14th", ["26-12-14..26-12-20"]),
        ("Monday to Wednesday", ["26-11-23..26-11-25"]),
        ("between the 14th and the 16th", ["26-12-14..26-12-16"]),
        ("14-16 March", ["27-03-14..27-03-16"]),
        ("before the 14th", ["26-11-21..26-12-13"]),
        ("by Friday", ["26-11-21..26-11-27"]),
        ("after the 14th", ["26-12-15..27-01-11"]),
        ("not before the 14th", ["26-12-14..27-01-10"]),
        ("no earlier than the 14th", ["26-12-14..27-01-10"]),
        ("not Monday, Tuesday", ["26-11-24"]),
        ("why not Monday", ["26-11-23"]),
    ],
)
def test_dates(text: str, dates: list[str]) -> None:
    assert [shown(one) for one in find_dates(text, today=TODAY)] == dates


@pytest.mark.parametrize(
    "text",
    [
        "", "HP-10442", "4 chairs", "the second one", "the first available", "2nd floor", "24/7",
        "the 4 may be late", "21 March Street", "I sat down", "the sun shines", "may I",
        "5/5 stars", "31/2", "31 April", "1 january 1990", "14:30", "10.30", "£14.50",
        "in 999 months", "14", "BN1 4GH", "07700 900123", "not Monday", "one of them", "march on",
        "1/2/3/4", "99/99",
    ],
)  # fmt: skip
def test_no_dates(text: str) -> None:
    assert find_dates(text, today=TODAY) == ()


@pytest.mark.parametrize(
    ("text", "excluded", "offered"),
    [
        ("not Monday", ["26-11-23"], []),
        ("not Monday or Tuesday", ["26-11-23", "26-11-24"], []),
        ("any day but Monday", ["26-11-23"], []),
        ("anything but Friday", ["26-11-27"], []),
        ("I'm away on Thursday", ["26-11-26"], []),
        ("I won't be in on Thursday", ["26-11-26"], []),
        ("I can't do the 24th", ["26-11-24"], []),
        ("Friday instead of Monday", ["26-11-23"], ["26-11-27"]),
        ("Thursday is no good, Friday", ["26-11-26"], ["26-11-27"]),
        ("Tuesday doesn't work", ["26-11-24"], []),
        ("the 24th is no good", ["26-11-24"], []),
        ("Tuesday is bad but Monday works", ["26-11-24"], ["26-11-23"]),
        ("not next week", ["26-11-23..26-11-29"], []),
        ("Monday is fine", [], ["26-11-23"]),
        ("the order is out on Monday", [], ["26-11-23"]),
    ],
)
def test_refused_dates_are_not_offered(text: str, excluded: list[str], offered: list[str]) -> None:
    assert [shown(one) for one in find_excluded_dates(text, today=TODAY)] == excluded
    assert [shown(one) for one in find_dates(text, today=TODAY)] == offered


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("on Friday", ["26-11-20"]),
        ("the 14th", ["26-11-14"]),
        ("the 21st", ["26-11-21"]),
        ("14 March", ["26-03-14"]),
        ("25/12", ["25-12-25"]),
        ("three days ago", ["26-11-18"]),
        ("a week ago", ["26-11-14"]),
        ("yesterday", ["26-11-20"]),
        ("last week", ["26-11-09..26-11-15"]),
        ("this week", ["26-11-16..26-11-21"]),
        ("last month", ["26-10-01..26-10-31"]),
        ("last friday", ["26-11-20"]),
    ],
)
def test_dates_behind(text: str, dates: list[str]) -> None:
    assert [shown(one) for one in find_dates(text, today=TODAY, prefer="past")] == dates


def test_next_friday_is_that_of_next_week_and_this_friday_the_coming_one() -> None:
    monday = date(2026, 11, 16)
    assert [shown(one) for one in find_dates("next friday", today=monday)] == ["26-11-27"]
    assert [shown(one) for one in find_dates("this friday", today=monday)] == ["26-11-20"]
    assert [shown(one) for one in find_dates("friday", today=monday)] == ["26-11-20"]


def test_a_date_is_cited() -> None:
    text = "could you come on Tuesday the 24th instead?"
    (found,) = find_dates(text, today=TODAY)
    assert found.span.of(text) == "Tuesday the 24th"


WORDS = ("the", "14th", "31st", "29", "february", "march", "may", "monday", "next", "last", "week",
         "month", "weekend", "in", "two", "a", "999", "of", "after", "before", "not", "between",
         "and", "to", "end", "/", "-", ".", "2027", "0", "99", "couple of", "fortnight", "ago",
         "by", "until", "day", "tomorrow", "’", "Ⅳ", "１４", "th", "christmas")  # fmt: skip


@given(
    st.lists(st.sampled_from(WORDS), max_size=12),
    st.sampled_from([" ", "", ", ", "  "]),
    st.dates(date(1999, 1, 1), date(2100, 12, 31)),
    st.sampled_from(["future", "past"]),
)
def test_dates_stay_near_and_never_fail(
    words: list[str], gap: str, today: date, prefer: Prefer
) -> None:
    text = gap.join(words)
    horizon = timedelta(days=HORIZON_DAYS)
    for one in find_dates(text, today=today, prefer=prefer):
        assert today - horizon <= one.first <= one.last <= today + horizon
        assert one.span.of(text)


@given(st.text(max_size=60))
def test_any_text_is_read_without_failing(text: str) -> None:
    for one in find_dates(text, today=TODAY):
        assert one.span.of(text)
