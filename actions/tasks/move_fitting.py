"""Move a fitter's visit to another time, up to a day before."""

from dataclasses import dataclass
from datetime import datetime

from actions.fields import DAY, FITTING_NUMBER, HOURS, IDENTITY, ORDER
from actions.task import CONFIRM, Again, Ask, Collected, Desk, Outcome, Result
from actions.tasks.fittings import (
    TAKEN,
    TIME,
    ask_fitting_time,
    confirm_time,
    fitting_of,
    free_times,
    is_too_late,
    no_fitting,
    say_visit,
    too_late,
)
from core.shop import Refused

SENTENCE = "I will move the fitter's visit to {time}."


@dataclass(frozen=True, slots=True)
class MoveFitting:
    """Offers the times that are free, and moves the visit there."""

    name: str = "move_fitting"
    fields: tuple[str, ...] = (*IDENTITY, FITTING_NUMBER, DAY, HOURS, TIME)
    is_personal: bool = True

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """Which time, and a yes; nothing when no visit is booked, or it is too late."""
        visit = await fitting_of(desk, known)
        if visit is None or (CONFIRM not in known and is_too_late(visit, desk)):
            return None
        if TIME in known:
            return None if CONFIRM in known else confirm_time(known[TIME], SENTENCE)
        return ask_fitting_time(known, await free_times(desk, known), SENTENCE)

    async def finish(self, desk: Desk, known: Collected) -> Outcome | Again:
        """Move it; when the time is gone meanwhile, ask for another."""
        visit = await fitting_of(desk, known)
        if visit is None:
            return no_fitting(known[ORDER])
        if CONFIRM not in known:
            return too_late(visit, desk)
        try:
            moved = await desk.backend.move_fitting(
                visit.number, datetime.fromisoformat(known[TIME]), key=desk.turn
            )
        except Refused as refusal:
            if refusal.reason == "slot_taken":
                return TAKEN
            if refusal.reason == "too_late":
                return too_late(visit, desk)
            raise
        return Outcome(Result.RESOLVED, f"The fitter now comes on {say_visit(moved, desk)}.")


TASK = MoveFitting()
