"""Cancel a fitter's visit, up to a day before."""

from dataclasses import dataclass

from actions.fields import FITTING_NUMBER, IDENTITY, ORDER
from actions.task import CONFIRM, Ask, Collected, Desk, Outcome, Result, confirm
from actions.tasks.fittings import BOOK, fitting_of, no_fitting, say_visit, too_late
from core.shop import Refused


@dataclass(frozen=True, slots=True)
class CancelFitting:
    """Asks once more, and cancels."""

    name: str = "cancel_fitting"
    fields: tuple[str, ...] = (*IDENTITY, FITTING_NUMBER)
    is_personal: bool = True

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """A yes, when there is a visit."""
        visit = await fitting_of(desk, known)
        if visit is None or CONFIRM in known:
            return None
        return confirm(f"I will cancel the fitter's visit on {say_visit(visit, desk)}. Shall I?")

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Cancel it."""
        visit = await fitting_of(desk, known)
        if visit is None:
            return no_fitting(known[ORDER])
        try:
            await desk.backend.cancel_fitting(visit.number, key=desk.turn)
        except Refused as refusal:
            if refusal.reason == "too_late":
                return too_late(visit, desk)
            raise
        text = f"The fitter's visit on {say_visit(visit, desk)} is cancelled."
        return Outcome(Result.RESOLVED, text, (BOOK,))


TASK = CancelFitting()
