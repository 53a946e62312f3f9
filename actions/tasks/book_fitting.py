"""Book a fitter's visit, at a time that is free."""

from dataclasses import dataclass
from datetime import datetime

from actions.fields import DAY, HOURS, IDENTITY, ORDER
from actions.task import CONFIRM, Again, Ask, Collected, Desk, Outcome, Result
from actions.tasks.fittings import (
    MOVE,
    TAKEN,
    TIME,
    ask_fitting_time,
    confirm_time,
    fitting_of,
    free_times,
    say_visit,
)
from core.shop import Refused

SENTENCE = "I will book a fitter for {time}."


@dataclass(frozen=True, slots=True)
class BookFitting:
    """Offers the times that are really free, and takes the one that is chosen."""

    name: str = "book_fitting"
    fields: tuple[str, ...] = (*IDENTITY, DAY, HOURS, TIME)
    is_personal: bool = True

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """Which time, and a yes; nothing when a visit is booked already."""
        if TIME in known:
            return None if CONFIRM in known else confirm_time(known[TIME], SENTENCE)
        if await fitting_of(desk, known) is not None:
            return None
        return ask_fitting_time(known, await free_times(desk, known), SENTENCE)

    async def finish(self, desk: Desk, known: Collected) -> Outcome | Again:
        """Book it; when it is gone meanwhile, ask for another."""
        booked = await fitting_of(desk, known)
        if TIME not in known and booked is not None:
            text = f"A fitter comes for order {known[ORDER]} already: {say_visit(booked, desk)}."
            return Outcome(Result.REFUSED, text, (MOVE,))
        try:
            visit = await desk.backend.book_fitting(
                known[ORDER], datetime.fromisoformat(known[TIME]), key=desk.turn
            )
        except Refused as refusal:
            if refusal.reason == "slot_taken":
                return TAKEN
            raise
        said = say_visit(visit, desk)
        text = f"The fitter is booked: {said}. Your booking number is {visit.number}."
        return Outcome(Result.RESOLVED, text)


TASK = BookFitting()
