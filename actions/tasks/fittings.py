"""What the tasks about fittings share: free times, the visit that is booked, how it is said."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from actions.endings import PERSON
from actions.fields import DAY, ORDER
from actions.task import Again, Ask, Button, Choice, Collected, Desk, Outcome, Result, confirm
from actions.tasks.times import AHEAD, ask_time, first_day, matching
from core.shop import Appointment, FreeFitting
from language.saying import say_day, say_moment, say_time

TIME = "time"
BOOK = Button("Book a fitting", "/book_fitting")
MOVE = Button("Move the fitting", "/move_fitting")
TAKEN = Again(TIME, "That time has just been taken, I am sorry.")
NOTICE = timedelta(days=1)  # core.shop.REASONS, "too_late"
NO_FITTING = "There is no fitting booked for order {order}."


async def fitting_of(desk: Desk, known: Collected) -> Appointment | None:
    """The visit that is ahead for the order; an order has one at most."""
    booked = await desk.backend.fittings_of(known[ORDER])
    return booked[0] if booked else None


async def free_times(desk: Desk, known: Collected) -> tuple[Choice, ...]:
    """The times at which a fitter could come, from the day that was asked for on."""
    first = datetime.combine(first_day(desk, known), time(0), desk.now.tzinfo)
    free = await desk.backend.free_fittings(
        known[ORDER], since=max(first, desk.now), until=max(first, desk.now) + AHEAD
    )
    return tuple(_choice(one, desk) for one in free)


def ask_fitting_time(known: Collected, free: Sequence[Choice], sentence: str) -> Ask:
    """Offer the free times, or ask for a yes when only one fits the day that was named."""
    fitting = matching(known, free)
    if len(fitting) == 1 and DAY in known:
        return confirm_time(fitting[0].value, sentence)
    return ask_time(TIME, "A fitter can come at these times. Which one suits you?", known, free)


def confirm_time(value: str, sentence: str) -> Ask:
    """Ask for a yes to a time; `sentence` has a place for it. "No, at two" is on the same day."""
    at = datetime.fromisoformat(value)
    text = f"{sentence.format(time=say_moment(at))} Shall I?"
    return confirm(text, {DAY: f"{at.date()}/{at.date()}", TIME: value})


def say_visit(visit: Appointment, desk: Desk) -> str:
    """A visit as people read it: 'Friday 6 June, 10 am to 12 pm'."""
    starts, ends = (at.astimezone(desk.now.tzinfo) for at in (visit.starts_at, visit.ends_at))
    return f"{say_day(starts.date())}, {say_time(starts)} to {say_time(ends)}"


def no_fitting(order: str) -> Outcome:
    """There is none, and how to get one."""
    return Outcome(Result.REFUSED, NO_FITTING.format(order=order), (BOOK, PERSON))


def is_too_late(visit: Appointment, desk: Desk) -> bool:
    """Whether it is not even asked any more; the back end has the last word."""
    return visit.starts_at - desk.now < NOTICE


def too_late(visit: Appointment, desk: Desk) -> Outcome:
    """The shop's rules want a day's notice; a person may still find a way."""
    text = (
        f"The fitter comes on {say_visit(visit, desk)}, too soon "
        "for me to change it now, I am sorry."
    )
    return Outcome(Result.REFUSED, text, offers="order_change")


def _choice(free: FreeFitting, desk: Desk) -> Choice:
    starts, ends = (at.astimezone(desk.now.tzinfo) for at in (free.starts_at, free.ends_at))
    return Choice(say_moment(starts), starts.isoformat(), starts, ends)
