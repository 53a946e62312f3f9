"""What a task is made of: what it asks, what it knows, what it may use and how it ends.

docs/tasks.md says how one is written.
"""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from actions.backend import Backend
from actions.calls import Calls
from actions.identity import Identity
from actions.payments import CardKeypad, NoKeypad
from actions.pictures import NoPictures, Pictures
from core.hours import ALWAYS, Hours
from core.shop import Ticket

CONFIRM = "confirm"
YES, NO = "yes", "no"
WISH = "wish"  # among what is collected: the words that began the task
ABOUT = "about"  # among what is collected: what an earlier task could not settle
ATTEMPT = "attempt"  # among what is collected: the key of a change that may have been made
OWN_TICKET = "own_ticket"  # among what is collected: the ticket that this conversation opened
OTHER_THAN = "other_than"  # among what is collected: the order that is not meant
NO_ONCE = "no_once"  # among what is collected: the turn in which a question got a plain no
TOLD_BEFORE = "told_before"  # among what is collected: the order whose state was just told
MEANT = "meant"  # among what is collected: the items that were read out, one a line


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose from; `at` is the moment it stands for, `until` when that is over.

    `field` is what it fills when that is not the field that was asked for.
    """

    title: str
    value: str
    at: datetime | None = None
    until: datetime | None = None
    field: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question for one field; its choices are shown as numbered buttons.

    `settles` are values that the question states and that count unless they are corrected: a yes
    is a yes to them, even when the shop would offer something else by then. `buttons` lead
    elsewhere.
    """

    field: str
    text: str
    choices: tuple[Choice, ...] = ()
    settles: Mapping[str, str] = dataclasses.field(default_factory=dict)
    buttons: "tuple[Button, ...]" = ()


@dataclass(frozen=True, slots=True)
class Button:
    """Something to do next; `payload` is an intent of domain.yml with its slash."""

    title: str
    payload: str


class Result(StrEnum):
    """How a task ended: done, against the shop's rules, not wanted after all, or broken."""

    RESOLVED = "resolved"
    REFUSED = "refused"
    DECLINED = "declined"
    FAILED = "failed"
    PENDING = "pending"  # it goes on outside of the bot, which hears what came of it


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of a task, in words; `offers` is the reason for which a person is offered.

    `messages` are further ones for channels, such as a call-back to be noted; `ticket` is the one
    that was opened.
    """

    result: Result
    text: str
    buttons: tuple[Button, ...] = ()
    offers: str | None = None
    messages: tuple[Mapping[str, object], ...] = ()
    ticket: Ticket | None = None


@dataclass(frozen=True, slots=True)
class Again:
    """A value no longer holds: say why, forget it, and ask for the field again."""

    field: str
    text: str


@dataclass(frozen=True, slots=True)
class Collected:
    """What the customer gave, field by field, in the order in which they gave it."""

    values: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def __contains__(self, name: object) -> bool:
        return name in self.values

    def __iter__(self) -> Iterator[str]:
        return iter(self.values)

    def get(self, name: str) -> str | None:
        """The value of a field, None when it was not given."""
        return self.values.get(name)

    def with_values(self, changes: Mapping[str, str]) -> "Collected":
        """With these as the latest; a field given again moves to the end."""
        kept = {name: value for name, value in self.values.items() if name not in changes}
        return Collected({**kept, **changes})

    def settling(self, settled: Mapping[str, str]) -> "Collected":
        """With what a question states; a value that was given stays where it is."""
        news = {name: value for name, value in settled.items() if self.get(name) != value}
        return self.with_values(news)

    def without(self, *names: str) -> "Collected":
        """Without these fields."""
        return Collected({n: value for n, value in self.values.items() if n not in names})


@dataclass(frozen=True, slots=True)
class Desk:
    """What a task may use; `now` is in the house's zone, `turn` the id that keys changes.

    `hours` are those in which people are at work, `calls` what was promised to this customer.
    """

    backend: Backend
    identity: Identity
    calls: Calls
    conversation: str
    turn: str
    now: datetime
    hours: Hours = ALWAYS
    keypad: CardKeypad = dataclasses.field(default_factory=NoKeypad)
    pictures: Pictures = dataclasses.field(default_factory=NoPictures)

    @property
    def today(self) -> date:
        """The day it is in the house's zone."""
        return self.now.date()


class Task(Protocol):
    """One thing the bot gets done.

    `next` is pure: it looks at what is known, reads the back end, and changes nothing; it is asked
    again after every message, so a correction is just another value. `finish` runs once nothing is
    left to ask, and is idempotent by `desk.turn`, which is the same when the same is tried again.
    """

    @property
    def name(self) -> str:
        """The intent that begins it."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of actions/fields.py that it reads out of any message while it runs."""

    @property
    def is_personal(self) -> bool:
        """Whether its order must first be shown to be the customer's; then `order` is known."""

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """What to ask now; None when nothing is left to ask."""

    async def finish(self, desk: Desk, known: Collected) -> Outcome | Again:
        """Do it, and say how it ended."""


def confirm(text: str, settles: Mapping[str, str] | None = None) -> Ask:
    """Ask before anything is changed."""
    return Ask(CONFIRM, text, (Choice("Yes", YES), Choice("No", NO)), settles or {})
