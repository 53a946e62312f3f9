"""A call-back is asked for, read back, and promised."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from channels.call_back import LEAVE, NO, YES, CallBackStep, Clock, promised_by_bot, step_call_back
from channels.call_back_words import asks_call_back, gives_up, read_phone, read_window
from channels.requests import CALL_BACK
from core.call_back import CallBack, CallBackState
from core.hours import Hours, parse_hours

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2026, 11, 23, 10, 30, tzinfo=LONDON)  # a Monday
CLOCK = Clock(NOW.astimezone(UTC), LONDON, Hours())


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("call me back tomorrow after four", True),
        ("Can somebody phone me?", True),
        ("I'd like a call-back please", True),
        ("give me a ring", True),
        ("callback", True),
        ("They were going to call me back and never did", False),
        ("nobody called. You promised to call me", False),
        ("please don't call me", False),
        ("what do you call me for", True),
        ("I want to return my call bell", False),
        ("what time can I call you", False),
    ],
)
def test_a_wish_for_a_call_back(text: str, is_one: bool) -> None:
    assert asks_call_back(text) is is_one


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("07700 900123", "+447700900123"),
        ("oh double seven oh oh nine double oh one two three", "+447700900123"),
        ("it's +44 20 7946 0018, thanks", "+442079460018"),
        ("not 020 7946 0018, use 07700 900123", "+447700900123"),
        ("HP-10442", None),
        ("tomorrow at 4", None),
        ("4111 1111", None),
    ],
)
def test_a_telephone_number(text: str, phone: str | None) -> None:
    assert read_phone(text) == phone


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("tomorrow after four", "2026-11-24T16:00", None),
        ("tomorrow", "2026-11-24T09:00", "2026-11-24T18:00"),
        ("today between 2 and 4", "2026-11-23T14:00", "2026-11-23T16:00"),
        ("at 3pm", "2026-11-23T15:00", "2026-11-23T16:00"),
        ("at 9", "2026-11-24T09:00", "2026-11-24T10:00"),
        ("Tuesday morning", "2026-11-24T08:00", "2026-11-24T12:00"),
        ("next Monday at 11:15", "2026-11-30T11:15", "2026-11-30T12:15"),
        ("on the 3rd before noon", "2026-12-03T09:00", "2026-12-03T12:00"),
        ("2 January after 5 pm", "2027-01-02T17:00", None),
        ("in 20 minutes", "2026-11-23T10:50", None),
        ("as soon as possible", "2026-11-23T10:30", None),
        ("this morning", "2026-11-23T10:30", "2026-11-23T12:00"),
        ("this evening", "2026-11-23T17:00", "2026-11-23T21:00"),
        ("07700 900123, tomorrow at noon", "2026-11-24T12:00", "2026-11-24T13:00"),
    ],
)
def test_a_time_to_ring(text: str, start: str, end: str | None) -> None:
    window = read_window(text, NOW, Hours())
    assert window is not None
    assert f"{window.start:%Y-%m-%dT%H:%M}" == start
    assert (f"{window.end:%Y-%m-%dT%H:%M}" if window.end else None) == end


@pytest.mark.parametrize(
    "text",
    ["HP-10442", "I have 4 chairs", "07700 900123", "yes", "today at 9am", "on 31/2",
     "in 9999 hours", "four"],
)  # fmt: skip
def test_no_time_to_ring(text: str) -> None:
    assert read_window(text, NOW, Hours()) is None


def test_a_time_that_was_asked_for_may_be_short() -> None:
    window = read_window("four", NOW, Hours(), is_asked=True)
    assert window is not None
    assert window.start == NOW.replace(hour=16, minute=0)
    assert read_window("07700 900123", NOW, Hours(), is_asked=True) is None


@pytest.mark.parametrize("text", ["asap", "any time"])
def test_as_soon_as_possible_waits_for_people_to_be_at_work(text: str) -> None:
    shop = parse_hours("tue 09:00-17:00")
    window = read_window(text, NOW, shop, is_asked=True)
    assert window is not None
    assert window.start == datetime(2026, 11, 24, 9, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("text", "is_it"),
    [("never mind", True), ("I'll wait here", True), ("cancel that please", True),
     ("cancel my order", False), ("no", False)],
)  # fmt: skip
def test_giving_up(text: str, is_it: bool) -> None:
    assert gives_up(text) is is_it


def step(
    draft: CallBack | None, text: str, payload: str | None = None, phone: str | None = None
) -> CallBackStep:
    made = step_call_back("c1", draft, text, payload, CLOCK, phone=phone)
    assert made is not None
    return made


def test_all_at_once_is_read_back_and_promised() -> None:
    asked = step(None, "call me back on 07700 900123 tomorrow after four")
    assert asked.line.text == (
        "We will ring 07700 900123, on Tuesday 24 November from 4 pm. Is that right?"
    )
    assert not asked.is_promised
    done = step(asked.call_back, "yes please")
    assert done.is_promised
    assert done.call_back.wanted_from == datetime(2026, 11, 24, 16, tzinfo=UTC)
    assert done.call_back.wanted_to is None


def test_what_is_missing_is_asked_for_and_a_wrong_answer_said_to_be_one() -> None:
    one = step(None, "Call me back", CALL_BACK)
    assert one.line.text.startswith("Which number")
    two = step(one.call_back, "the usual one")
    assert two.line.text.startswith("I could not read a telephone number")
    three = step(two.call_back, "07700 900123")
    assert three.line.text.startswith("When suits you?")
    four = step(three.call_back, "dunno")
    assert four.line.text.startswith("I could not read a time")
    short = step(four.call_back, "four")
    assert short.line.text.endswith("from 4 pm to 5 pm. Is that right?")
    five = step(four.call_back, "tomorrow between 2 and 4")
    assert five.line.text.endswith("from 2 pm to 4 pm. Is that right?")


def test_a_number_that_is_known_is_not_asked_for() -> None:
    asked = step(None, "call me back", phone="+447700900999")
    assert asked.line.text.startswith("When suits you?")


def test_a_correction_is_read_back_again() -> None:
    asked = step(None, "call me on 07700 900123 tomorrow after four")
    no = step(asked.call_back, "No, change it", NO)
    assert no.line.text.startswith("What shall I change")
    again = step(no.call_back, "at 2pm today")
    assert "Monday 23 November from 2 pm to 3 pm" in again.line.text
    assert step(again.call_back, "Yes, please", YES).is_promised


def test_a_doubt_is_no_yes() -> None:
    asked = step(None, "call me on 07700 900123 tomorrow after four")
    again = step(asked.call_back, "who will it be?")
    assert again.line.text.endswith("Is that right?")
    assert again.call_back.state is CallBackState.DRAFT


@pytest.mark.parametrize(("text", "payload"), [("I will wait here", LEAVE), ("never mind", None)])
def test_leaving_it_keeps_the_place(text: str, payload: str | None) -> None:
    asked = step(None, "call me back")
    left = step(asked.call_back, text, payload)
    assert left.call_back.state is CallBackState.CANCELLED
    assert "keep your place" in left.line.text


def test_other_words_are_no_matter_of_a_call_back() -> None:
    assert step_call_back("c1", None, "where is my order", None, CLOCK) is None


@pytest.mark.parametrize(
    ("when", "until", "start", "end"),
    [
        ("2026-11-24T14:00:00+00:00", "2026-11-24T16:00:00+00:00", "24 14:00", "24 16:00"),
        ("2026-11-24T14:00:00+00:00", None, "24 14:00", None),
        ("2026-11-24T14:00:00", "2026-11-24T15:00:00", "24 14:00", "24 15:00"),  # the house's zone
        ("2026-11-24T14:00:00+00:00", "2026-11-24T14:00:00+00:00", "24 14:00", None),  # no end
        ("2026-11-24T14:00:00+00:00", "soon", "24 14:00", None),
        ("tomorrow between 2 and 4", None, "24 14:00", "24 16:00"),
    ],
)
def test_what_the_bot_agreed_is_kept_with_its_end(
    when: str, until: str | None, start: str, end: str | None
) -> None:
    facts = {"phone": "+447700900123", "when": when} | ({"until": until} if until else {})
    kept = promised_by_bot("c1", facts, CLOCK)
    assert kept is not None
    ends = [f"{at:%d %H:%M}" if at else None for at in (kept.wanted_from, kept.wanted_to)]
    assert (kept.state, kept.phone, ends) == (CallBackState.OPEN, "+447700900123", [start, end])
    assert kept.words == (when if when.startswith("tomorrow") else None)


@pytest.mark.parametrize(
    "facts",
    [{"phone": "HP-10442", "when": "2026-11-24T14:00:00+00:00"}, {"phone": "+447700900123"},
     {"phone": "+447700900123", "when": "some day"}],
)  # fmt: skip
def test_without_a_number_or_a_time_nothing_is_promised(facts: dict[str, str]) -> None:
    assert promised_by_bot("c1", facts, CLOCK) is None


@pytest.mark.parametrize(
    ("until", "minutes", "is_late"),
    [(None, 119, False), (None, 121, True), (30, 29, False), (30, 31, True)],
)
def test_a_call_back_is_late_after_its_end_or_two_hours(
    until: int | None, minutes: int, is_late: bool
) -> None:
    end = NOW + timedelta(minutes=until) if until else None
    kept = CallBack("b1", "c1", NOW, CallBackState.OPEN, "+447700900123", None, NOW, end)
    assert kept.is_overdue(NOW + timedelta(minutes=minutes)) is is_late
