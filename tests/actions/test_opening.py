"""Whether the shop is open now, on a day, and in a week."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from actions.opening import SHOP_HOURS, Opening
from actions.small_talk import SmallTalk
from core.closed_days import parse_closed_days
from core.hours import parse_hours
from core.settings import Settings
from tests.actions.build import customer, dispatcher, tracker

ZONE = ZoneInfo("Europe/London")
WEEK = "Monday to Saturday from 9 am to 6 pm, and Sunday from 10 am to 4 pm"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


THURSDAY, SATURDAY_NIGHT = "2025-06-05T14:00", "2025-06-07T18:00"


@pytest.mark.parametrize(
    ("text", "now", "state"),
    [
        ("is it open now?", THURSDAY, "We are open now, until 6 pm today. "),
        ("is it open now?", "2025-06-05T09:00", "We are open now, until 6 pm today. "),
        ("is it open now?", "2025-06-05T08:59",
         "We are closed now, and open again today at 9 am. "),
        ("are you still open", SATURDAY_NIGHT,
         "We are closed now, and open again tomorrow at 10 am. "),
        ("are you open today", "2025-06-08T15:00", "We are open now, until 4 pm today. "),
        ("when are you open?", THURSDAY, "We are open now, until 6 pm today. "),
        # Christmas Day is a Thursday, Boxing Day a Friday, and Saturday is a working day
        ("open?", "2025-12-24T18:30",
         "We are closed now, and open again on Saturday 27 December at 9 am. "),
        ("open?", "2025-12-25T12:00",
         "We are closed now, and open again on Saturday 27 December at 9 am. "),
        # another day is asked about
        ("are you open on sunday", THURSDAY, "On Sunday 8 June we are open from 10 am to 4 pm. "),
        ("is the shop open tomorrow", "2025-12-24T10:00",
         "On Thursday 25 December we are closed. "),
        # a day that is told of in the week's hours
        ("are you open on bank holidays", THURSDAY, ""),
        ("are you open at the weekend", THURSDAY, ""),
    ],
)  # fmt: skip
def test_state(text: str, now: str, state: str) -> None:
    said = Opening().say(text, at(now))
    assert said == {
        "response": "utter_opening_hours",
        "state": state,
        "hours": f"{WEEK}. We are closed on bank holidays",
    }


@pytest.mark.parametrize(
    ("hours", "closed", "week", "state"),
    [
        ("mon-fri 09:00-12:30, mon-fri 13:30-17:00", "",
         "Monday to Friday from 9 am to 12.30 pm and from 1.30 pm to 5 pm",
         "We are open now, until 5 pm today. "),
        ("tue 10:00-16:00", "2025-06-10", "Tuesday from 10 am to 4 pm",
         "We are closed now, and open again on Tuesday 17 June at 10 am. "),
        ("", "", "at all hours", "We are open now. "),
        ("", "2025-06-05", "at all hours",
         "We are closed now, and open again tomorrow at 12 am. "),
    ],
)  # fmt: skip
def test_another_house(hours: str, closed: str, week: str, state: str) -> None:
    opening = Opening(parse_hours(hours), parse_closed_days(closed))
    said = opening.say("are you open", at(THURSDAY))
    assert (said["hours"], said["state"]) == (week, state)


async def test_the_action_answers_by_the_clock_of_the_house(talk: object, form: object) -> None:
    house = SmallTalk("Harbour & Pine", 90, form.open_desk)  # type: ignore[attr-defined]
    spoken = dispatcher()
    await house.tell_hours(spoken, tracker(customer("is it open now?", "opening_hours")), {})
    (message,) = spoken.messages
    assert message["response"] == "utter_opening_hours"
    assert message["state"] == "We are open now, until 6 pm today. "  # 10 am in London


def test_the_default_is_that_of_the_settings() -> None:
    settings = Settings()
    assert settings.shop_hours == SHOP_HOURS
    assert Opening(settings.shop_hours_of_week, settings.shop_closed_on) == Opening()
