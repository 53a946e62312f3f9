"""Stretches of time ahead, in Britain's zone, with the changes of its clocks."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from language.values.windows import FURTHEST, Window, find_window

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2025, 6, 5, 10, 0, 30, tzinfo=LONDON)  # a Thursday


def shown(window: Window | None) -> str | None:
    """'06-06 16:00 to 06-06 17:00', with nothing behind 'to' when the end is open."""
    if window is None:
        return None
    ends = (window.start, window.end)
    return " to ".join(f"{at:%m-%d %H:%M}" if at else "" for at in ends)


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("tomorrow after four", "06-06 16:00 to "),
        ("tomorrow at 3 pm", "06-06 15:00 to 06-06 16:00"),
        ("on Monday", "06-09 09:00 to 06-09 18:00"),
        ("Monday to Wednesday", "06-09 09:00 to 06-11 18:00"),  # a range of days
        ("next week", "06-09 09:00 to 06-15 18:00"),
        ("between 2 and 4", "06-05 14:00 to 06-05 16:00"),
        ("before noon", "06-05 10:00 to 06-05 12:00"),  # what is left of it
        ("any time today", "06-05 10:00 to 06-05 18:00"),
        ("tonight", "06-05 17:00 to 06-05 21:00"),
        ("this evening after six", "06-05 18:00 to 06-05 21:00"),
        ("tonight between 6 and 8", "06-05 18:00 to 06-05 20:00"),
        ("tomorrow evening at seven", "06-06 19:00 to 06-06 20:00"),
        ("friday afternoon after 3", "06-06 15:00 to 06-06 18:00"),
        ("tuesday 12 to 4", "06-10 12:00 to 06-10 16:00"),
        ("tonight at nine", "06-05 21:00 to 06-05 22:00"),
        ("tomorrow morning at ten", "06-06 10:00 to 06-06 11:00"),
        ("in the afternoon, at 3", "06-05 15:00 to 06-05 16:00"),
        ("as soon as possible", "06-05 10:00 to "),
        ("in two hours", "06-05 12:00 to "),
        ("in 20 minutes", "06-05 10:20 to "),
        ("at 9", "06-06 09:00 to 06-06 10:00"),  # over today
        ("at 10", "06-05 10:00 to 06-05 11:00"),
        ("until 10", "06-06 09:00 to 06-06 10:00"),
        ("at midnight", "06-06 00:00 to 06-06 01:00"),
        ("the 3rd of August", "08-03 09:00 to 08-03 18:00"),
        ("today at 9", None),
        ("yesterday", None),
        ("last Monday", None),
        ("1 May", None),
        ("in 90 days", None),  # more than 60
        ("next year", None),
        ("at 25:00", None),
        ("four", None),  # of what?
        ("4 chairs", None),
        ("HP-10442", None),
        ("any time", None),
        ("", None),
    ],
)
def test_a_window_is_found(text: str, window: str | None) -> None:
    assert shown(find_window(text, now=NOW)) == window


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("four", "06-05 16:00 to 06-05 17:00"),
        ("no, five", "06-05 17:00 to 06-05 18:00"),
        ("at five", "06-05 17:00 to 06-05 18:00"),
        ("no, at five tomorrow", "06-06 17:00 to 06-06 18:00"),
        ("at 5 on Monday", "06-09 17:00 to 06-09 18:00"),
        ("five tomorrow", "06-06 17:00 to 06-06 18:00"),
        ("half four tomorrow", "06-06 16:30 to 06-06 17:30"),
        ("10 June", "06-10 09:00 to 06-10 18:00"),  # no ten o'clock
        ("3 of you tomorrow", "06-06 09:00 to 06-06 18:00"),
        ("sorry, make it 5", "06-05 17:00 to 06-05 18:00"),
        ("any time", "06-05 10:00 to "),
        ("I don't mind", "06-05 10:00 to "),
        ("whenever suits you", "06-05 10:00 to "),
        ("any time tomorrow", "06-06 09:00 to 06-06 18:00"),
        ("no", None),
        ("99", None),
        ("later", None),
    ],
)
def test_an_answer_may_be_short(text: str, window: str | None) -> None:
    assert shown(find_window(text, now=NOW, is_asked=True)) == window


@pytest.mark.parametrize(
    ("now", "text", "start", "end"),
    [
        # the clocks go forward at one: half past one is half past two
        ("2025-03-29T20:00+00:00", "tomorrow at 1.30 am", "01:30", "02:30"),
        ("2025-03-29T20:00+00:00", "tomorrow from 1 am to 2 am", "01:00", "02:00"),
        ("2025-03-30T00:30+00:00", "after 3 pm", "14:00", None),
        # and back at two: the hour from one is there twice
        ("2025-10-25T20:00+00:00", "tomorrow at 9", "09:00", "10:00"),
        ("2025-10-26T00:30+00:00", "tomorrow morning", "08:00", "12:00"),
        ("2025-10-26T01:30+00:00", "now", "01:30", None),  # the second time
    ],
)
def test_a_window_stands_when_the_clocks_change(
    now: str, text: str, start: str, end: str | None
) -> None:
    window = find_window(text, now=datetime.fromisoformat(now).astimezone(LONDON))
    assert window is not None
    ends = [f"{at.astimezone(UTC):%H:%M}" if at else None for at in (window.start, window.end)]
    assert ends == [start, end]


def test_the_sixtieth_day_is_the_last() -> None:
    last: date = NOW.date() + FURTHEST
    assert find_window(f"{last:%-d %B}", now=NOW) is not None
    assert find_window(f"{last + timedelta(days=1):%-d %B}", now=NOW) is None


VOCABULARY = (
    "tomorrow today monday sunday next week at after before from to until between and four 4 9 "
    "23:30 1 am pm noon midnight tonight morning evening the 26th of october 30 march 2025 in two "
    "hours days now asap last year month any time no 9999 0001"
)
WORDS = st.lists(st.sampled_from(VOCABULARY.split(" ")), max_size=8).map(" ".join)
MOMENTS = st.integers(0, 3 * 365 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(st.one_of(WORDS, st.text(max_size=60)), MOMENTS, st.booleans())
def test_a_window_is_ahead_and_ends_after_it_starts(
    text: str, now: datetime, is_asked: bool
) -> None:
    window = find_window(text, now=now.astimezone(LONDON), is_asked=is_asked)
    if window is None:
        return
    assert window.start.astimezone(UTC) >= now.replace(second=0, microsecond=0)
    assert window.start.astimezone(UTC) <= now + FURTHEST + timedelta(days=1)
    assert window.end is None or window.end.astimezone(UTC) > window.start.astimezone(UTC)
