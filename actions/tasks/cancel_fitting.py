"""Cancel a fitter's visit, up to a day before."""

from dataclasses import dataclass

from actions.fields import FITTING_NUMBER, IDENTITY, ORDER
from actions.task import CONFIRM, Ask, Collected, Desk, Outcome, Result, confirm
from actions.tasks.fittings import BOOK, fitting_of, is_too_late, no_fitting, say_visit, too_late
from core.shop import Refused


@dataclass(frozen=True, slots=True)
class CancelFitting:
    """Asks once more, and cancels."""

    name: str = "cancel_fitting"
    fields: tuple[str, ...] = (*IDENTITY, FITTING_NUMBER)
    is_personal: bool = True

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """A yes to the visit that is named, when there is one and it is not too late."""
        visit = await fitting_of(desk, known)
        if visit is None or CONFIRM in known or is_too_late(visit, desk):
            return None
        text = f"I will cancel the fitter's visit on {say_visit(visit, desk)}. Shall I?"
        return confirm(text, {FITTING_NUMBER: visit.number})

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Cancel it."""
        visit = await fitting_of(desk, known)
        if CONFIRM not in known:
            return no_fitting(known[ORDER]) if visit is None else too_late(visit, desk)
        try:
            cancelled = await desk.backend.cancel_fitting(known[FITTING_NUMBER], key=desk.turn)
        except Refused as refusal:
            if refusal.reason == "too_late" and visit is not None:
                return too_late(visit, desk)
            raise
        text = f"The fitter's visit on {say_visit(cancelled, desk)} is cancelled."
        return Outcome(Result.RESOLVED, text, (BOOK,))


TASK = CancelFitting()
