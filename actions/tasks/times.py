"""Offering free times: those of the day that was asked for, a handful, and later ones."""

from collections.abc import Sequence
from datetime import date, timedelta

from actions.choosing import in_days, in_hours
from actions.fields import DAY, HOURS
from actions.task import Ask, Choice, Collected, Desk
from language.saying import say_day

SHOWN = 6  # a list of ten is the most that WhatsApp shows (DOMAIN "Twilio"), and a lot to read
AHEAD = timedelta(days=28)


def first_day(desk: Desk, known: Collected) -> date:
    """The day from which on times are looked for."""
    days = known.get(DAY)
    return max(desk.today, date.fromisoformat(days.split("/")[0])) if days else desk.today


def matching(known: Collected, free: Sequence[Choice]) -> list[Choice]:
    """The free times that fit what the customer said of day and time."""
    return in_hours(in_days(free, known.get(DAY)), known.get(HOURS))


def ask_time(field: str, text: str, known: Collected, free: Sequence[Choice]) -> Ask:
    """Offer what fits; when nothing does, say so and offer what comes next."""
    fitting = matching(known, free)
    if not fitting and known.get(HOURS):
        such = _on_such_days(known, free)
        fitting = [*in_days(free, known.get(DAY)), *such]
        text = f"{_say_nothing_on(known) if such else 'Nothing is free at that time.'} {text}"
    if not fitting:
        fitting, text = list(free), f"{_say_nothing_on(known)} These are the next free times."
    shown = fitting[:SHOWN]
    if not shown:
        return Ask(field, "There is no free time then. Please tell me another day.")
    left = fitting[SHOWN:] or [choice for choice in free if choice not in fitting]
    return Ask(field, text, (*shown, *_later(shown[-1], left)))


def _on_such_days(known: Collected, free: Sequence[Choice]) -> list[Choice]:
    """At that time on the same day of a later week: 'on a Monday' is any of them."""
    first, last = (known.get(DAY) or "/").split("/")
    if not first or first != last:
        return []
    weekday = date.fromisoformat(first).weekday()
    return in_hours(
        [one for one in free if one.at and one.at.weekday() == weekday
         and one.at.date().isoformat() > first],
        known.get(HOURS),
    )  # fmt: skip


def _later(last: Choice, left: Sequence[Choice]) -> tuple[Choice, ...]:
    """A button to times after those that are shown, when there are any."""
    if last.at is None or not any(choice.at and choice.at > last.at for choice in left):
        return ()
    day = last.at.date() + timedelta(days=1)
    return (Choice("Later days", f"{day}/{day + AHEAD}", field=DAY),)


def _say_nothing_on(known: Collected) -> str:
    first, last = (known.get(DAY) or "/").split("/")
    if first and first == last:
        then = " at that time" if known.get(HOURS) else ""
        return f"Nothing is free{then} on {say_day(date.fromisoformat(first))}."
    return "Nothing is free then."
