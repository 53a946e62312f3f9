"""Opening a desk for one turn of one conversation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from actions.backend import Backend
from actions.calls import StoreCalls
from actions.identity import StoreIdentity
from actions.payments import StoreCardKeypad
from actions.pictures import StorePictures
from actions.task import Desk
from core.hours import ALWAYS, Hours
from core.tasks import Tasks
from store.database import Database


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class DeskMaker:
    """What every desk shares."""

    database: Database
    backend: Backend
    zone: tzinfo
    clock: Callable[[], datetime] = _now
    hours: Hours = ALWAYS
    tasks: Tasks = field(default_factory=Tasks)
    takes_cards: bool = False  # there is a payment service for callers
    takes_pictures: bool = True  # in the web chat

    def open(self, conversation: str, turn: str) -> Desk:
        """The desk at which this turn is answered."""
        now = self.clock().astimezone(self.zone)
        identity = StoreIdentity(
            self.database, self.backend, conversation, turn, now, self.zone, self.tasks
        )
        key = f"{conversation}:{turn}"  # turn ids are the customers' own, and may be equal
        calls = StoreCalls(self.database, conversation)
        keypad = StoreCardKeypad(self.database, conversation, self.takes_cards)
        pictures = StorePictures(self.database, conversation, self.takes_pictures)
        return Desk(
            self.backend, identity, calls, conversation, key, now, self.hours, keypad, pictures
        )
