"""When does the fitter come?"""

from dataclasses import dataclass

from actions.fields import FITTING_NUMBER, IDENTITY, ORDER
from actions.task import Ask, Collected, Desk, Outcome, Result
from actions.tasks.fittings import MOVE, fitting_of, no_fitting, say_visit


@dataclass(frozen=True, slots=True)
class FittingStatus:
    """Tells the visit that is ahead."""

    name: str = "fitting_status"
    fields: tuple[str, ...] = (*IDENTITY, FITTING_NUMBER)
    is_personal: bool = True

    async def next(self, _desk: Desk, _known: Collected) -> Ask | None:
        """Nothing but whose order it is."""
        return None

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Tell it."""
        visit = await fitting_of(desk, known)
        if visit is None:
            return no_fitting(known[ORDER])
        text = f"The fitter comes on {say_visit(visit, desk)} ({visit.number})."
        return Outcome(Result.RESOLVED, text, (MOVE,))


TASK = FittingStatus()
