"""When the shop is open: now, on the day that is asked about, and in a week."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from rasa_sdk import Tracker

from actions.choosing import read_days
from actions.conversation import last_responses, said
from core.closed_days import ClosedDays
from core.hours import DAYS, Hours, parse_hours
from language.saying import say_day, say_time

SHOP_HOURS = "mon-sat 09:00-18:00, sun 10:00-16:00"  # as core/settings.py
RESPONSE = "utter_opening_hours"
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_DAYS = 14  # that may be closed in a row before nothing is said of the next opening
# days that no date is read of; the answer names bank holidays anyway
_HOLIDAY = re.compile(
    r"\b(?:bank holidays?|christmas|xmas|boxing day|new year\w*|good friday|easter\w*)\b",
    re.IGNORECASE,
)

LONGEST_AGAIN = 6  # words: 'and what about boxing day?'

Stretch = tuple[time, time]


@dataclass(frozen=True, slots=True)
class Opening:
    """The shop's week, and the days on which it is closed all the same."""

    hours: Hours = field(default_factory=lambda: parse_hours(SHOP_HOURS))
    closed: ClosedDays = field(default_factory=lambda: ClosedDays(bank_holidays=True))

    def say_again(self, tracker: Tracker, now: datetime) -> Mapping[str, Any] | None:
        """The same for another day, when that is all that is said after it was told once."""
        text = said(tracker)
        is_short = 0 < len(text.split()) <= LONGEST_AGAIN
        if not (is_short and was_told(tracker) and read_days(text, now)):
            return None
        return self.say(text, now)

    def say(self, text: str, now: datetime) -> Mapping[str, Any]:
        """What is uttered in answer to `text`; `now` is in the house's zone."""
        state = self._state(text, now)
        return {
            "response": RESPONSE,
            "state": f"{state} " if state else "",
            "hours": self._week(),
        }

    def _state(self, text: str, now: datetime) -> str:
        """Whether it is open now, or on the one day that is named."""
        days = read_days(text, now)
        first, last = days.split("/") if days else (None, None)
        if first is not None and first == last and first != now.date().isoformat():
            return self._on(date.fromisoformat(first))
        return "" if first != last or _HOLIDAY.search(text) else self.say_now(now)

    def say_now(self, now: datetime) -> str:
        """Open or closed, and until when."""
        if not self.hours.shifts and now.date() not in self.closed:
            return "We are open now."
        today = self._stretches(now.date())
        ends = [end for start, end in today if start <= now.time() < end]
        if ends:
            return f"We are open now, until {_say(max(ends))} today."
        opens = self._next(now)
        return f"We are closed now{f', and open again {opens}' if opens else ''}."

    def _next(self, now: datetime) -> str | None:
        """When it opens next: 'at 9 am', 'tomorrow at 9 am', 'on Monday 1 December at 9 am'."""
        for ahead in range(MOST_DAYS + 1):
            day = date.fromordinal(now.date().toordinal() + ahead)
            starts = [start for start, _ in self._stretches(day) if ahead or start > now.time()]
            if starts:
                when = ("today ", "tomorrow ")[ahead] if ahead < 2 else f"on {say_day(day)} "
                return f"{when}at {_say(min(starts))}"
        return None

    def _on(self, day: date) -> str:
        """A day's hours."""
        stretches = self._stretches(day)
        if not stretches:
            return f"On {say_day(day)} we are closed."
        return f"On {say_day(day)} we are open {_say_stretches(stretches)}."

    def _stretches(self, day: date) -> tuple[Stretch, ...]:
        if day in self.closed:
            return ()
        if not self.hours.shifts:
            return ((time.min, time.max),)
        return self._of_weekday(day.weekday())

    def _of_weekday(self, weekday: int) -> tuple[Stretch, ...]:
        return tuple(sorted((s.start, s.end) for s in self.hours.shifts if s.day == weekday))

    def _week(self) -> str:
        """'Monday to Saturday from 9 am to 6 pm, and Sunday from 10 am to 4 pm'."""
        if not self.hours.shifts:
            return "at all hours"
        runs = groupby(range(len(DAYS)), key=self._of_weekday)
        told = [(stretches, list(days)) for stretches, days in runs if stretches]
        parts = [f"{_say_days(days)} {_say_stretches(stretches)}" for stretches, days in told]
        week = ", and ".join([", ".join(parts[:-1]), parts[-1]] if parts[1:] else parts)
        return f"{week}. We are closed on bank holidays" if self.closed.bank_holidays else week


def was_told(tracker: Tracker) -> bool:
    """Whether the opening hours are what the bot told last."""
    return RESPONSE in last_responses(tracker)


def _say_days(days: list[int]) -> str:
    first, last = NAMES[days[0]], NAMES[days[-1]]
    return first if first == last else f"{first} to {last}"


def _say_stretches(stretches: tuple[Stretch, ...]) -> str:
    return " and ".join(f"from {_say(start)} to {_say(end)}" for start, end in stretches)


def _say(at: time) -> str:
    return say_time(datetime.combine(date.min, at))
