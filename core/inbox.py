"""Who is at the inbox, what they can do, what waits for whom, and what stands ready to be said."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import BadInput

LONGEST_NAME = 40  # characters of a queue's or a skill's name
MOST_SKILLS = 20  # of one person or one queue
MOST_AT_ONCE = 20  # conversations that one person may hold; above it nobody answers in time
VALUES: Mapping[str, str] = {
    "customer": "the customer's name, once they have shown who they are",
    "order": "the number of the order that was shown to be theirs",
    "agent": "your own name",
    "company": "the company's name",
}
PLACEHOLDER = re.compile(rf"\{{({'|'.join(VALUES)})\}}", re.IGNORECASE)
BRACES = re.compile(r"\{([^{}]*)\}")


class Presence(StrEnum):
    """Whether somebody takes new conversations."""

    AVAILABLE = "available"
    AWAY = "away"


class RoutingWay(StrEnum):
    """Who of those who could is offered the next conversation."""

    LEAST_BUSY = "least-busy"
    ROUND_ROBIN = "round-robin"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class AgentState:
    """A person at the inbox.

    `capacity` is how many conversations they hold at once, None for the house's own number.
    `was_left`: they are away because their last page was closed, and not by their own choice.
    `offered_at` is when a conversation was last offered to them.
    """

    user: str
    presence: Presence = Presence.AWAY
    since: datetime | None = None
    seen_at: datetime | None = None
    capacity: int | None = None
    skills: tuple[str, ...] = ()
    plays_sound: bool = False
    marks_title: bool = True
    was_left: bool = False
    offered_at: datetime | None = None

    @property
    def is_available(self) -> bool:
        """Whether they take new conversations."""
        return self.presence is Presence.AVAILABLE


@dataclass(frozen=True, slots=True)
class WorkQueue:
    """A line that customers wait in: the skills it needs, and the handoff reasons that lead to it.

    Nobody's skills are needed for what waits in no queue.
    """

    name: str
    skills: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """A waiting conversation that one person is asked to take, until a moment.

    It locks nothing: everybody else may take it too. `version` is of the handoff it belongs to,
    `tried` are those who were asked and did not take it.
    """

    conversation: str
    user: str
    version: int
    offered_at: datetime
    until: datetime
    tried: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """What people at work tell each other about a conversation; no customer ever sees it."""

    id: str
    conversation: str
    user: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CannedAnswer:
    """An answer that stands ready, with values in braces that are filled in."""

    id: str
    title: str
    text: str
    made_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class Filled:
    """A canned answer with its values in place; a missing one keeps its braces."""

    text: str
    missing: tuple[str, ...]


def fill(text: str, values: Mapping[str, str | None]) -> Filled:
    """Put values in place of their names in braces.

    >>> fill("Hello {customer}, I am {agent}.", {"agent": "Ann"})
    Filled(text='Hello {customer}, I am Ann.', missing=('customer',))
    """
    filled = PLACEHOLDER.sub(lambda found: values.get(found[1].lower()) or found[0], text)
    return Filled(filled, unfilled(filled))


def unfilled(text: str) -> tuple[str, ...]:
    """The names of values that still stand in braces, each once."""
    return tuple(dict.fromkeys(name.lower() for name in PLACEHOLDER.findall(text)))


def check_placeholders(text: str) -> None:
    """Refuse a canned answer that names a value which nobody could fill in.

    Raises:
        BadInput: it does; the message says which values there are.
    """
    unknown = [name for name in BRACES.findall(text) if name.lower() not in VALUES]
    if unknown:
        there = ", ".join(f"{{{name}}}" for name in VALUES)
        raise BadInput(f"There is no value {{{unknown[0]}}}. There are: {there}.")


def read_skills(words: str) -> tuple[str, ...]:
    """Names of skills, divided by commas: each once, in small letters, in order.

    Raises:
        BadInput: a name is too long, or there are too many.
    """
    names = _names(words.lower().split(","))
    if len(names) > MOST_SKILLS:
        raise BadInput(f"{len(names)} skills are more than the {MOST_SKILLS} that are kept.")
    return tuple(sorted(names))


def read_queue_name(words: str) -> str:
    """The name of a queue.

    Raises:
        BadInput: it is empty or too long.
    """
    names = _names([words])
    if not names:
        raise BadInput("Give the queue a name.")
    return names[0]


def read_capacity(words: str) -> int | None:
    """How many conversations at once; None, for the house's own number, where nothing is written.

    Raises:
        BadInput: it is no whole number, or none that a person can see to.
    """
    if not words.strip():
        return None
    if not words.strip().isdecimal() or not 0 <= int(words) <= MOST_AT_ONCE:
        raise BadInput(f"{words[:20]!r} is no number from 0 to {MOST_AT_ONCE}.")
    return int(words)


def _names(parts: Iterable[str]) -> list[str]:
    names = list(dict.fromkeys(name for part in parts if (name := " ".join(part.split()))))
    for name in names:
        if len(name) > LONGEST_NAME:
            raise BadInput(f"{name[:40]!r}… is too long for a name; {LONGEST_NAME} characters do.")
    return names
