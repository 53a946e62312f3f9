"""A promise to ring a customer: which number, when, and whether it has been kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from core.conversation import check_aware
from core.errors import BadInput

OPEN_ENDED = timedelta(hours=2)  # 'after four' names no end; the shop's shortest window of a day


class CallBackState(StrEnum):
    """How far it has come: a draft until the customer has said yes to number and time."""

    DRAFT = "draft"
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class CallBack:
    """Ring `phone` (E.164) between the two moments; `words` is when, as the customer said it.

    `wanted_to` None is open-ended: 'after four'.
    """

    id: str
    conversation: str
    asked_at: datetime
    state: CallBackState = CallBackState.DRAFT
    phone: str | None = None
    words: str | None = None
    wanted_from: datetime | None = None
    wanted_to: datetime | None = None
    done_at: datetime | None = None
    done_by: str | None = None

    def __post_init__(self) -> None:
        for moment in (self.asked_at, self.wanted_from, self.wanted_to, self.done_at):
            check_aware(moment, "a call-back's time")
        if self.wanted_from and self.wanted_to and self.wanted_to <= self.wanted_from:
            raise BadInput("a call-back's window ends after it begins")
        if self.state is CallBackState.OPEN and not self.is_complete:
            raise BadInput("a call-back is open once it has a number and a time")

    @property
    def is_complete(self) -> bool:
        """Whether number and time are known."""
        return self.phone is not None and self.wanted_from is not None

    def is_overdue(self, now: datetime) -> bool:
        """Whether its time is over, or two hours without an end, and nobody has rung."""
        end = self.wanted_to or (self.wanted_from and self.wanted_from + OPEN_ENDED)
        return self.state is CallBackState.OPEN and end is not None and end < now
