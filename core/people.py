"""Customers, and the people at work who use Parley."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from core.errors import BadInput


class AddressKind(StrEnum):
    """How a customer can be reached."""

    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"
    CALL = "call"  # one call of somebody who withholds their number


@dataclass(frozen=True, slots=True)
class Address:
    """A way to reach a customer, normalised; rows find it by its keyed hash alone."""

    kind: AddressKind
    value: str


@dataclass(frozen=True, slots=True)
class Customer:
    """One person, many addresses."""

    id: str
    name: str | None
    addresses: tuple[Address, ...] = ()


class UserRole(StrEnum):
    """What a user may do; each includes nothing of the others by itself."""

    OWNER = "owner"
    SUPERVISOR = "supervisor"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class User:
    """A person at work: signs in, holds conversations, reviews."""

    id: str
    email: str
    name: str
    roles: frozenset[UserRole]
    is_active: bool = True
    has_password: bool = False
    teams: tuple[str, ...] = ()

    @property
    def may_see_all(self) -> bool:
        """Whether every conversation is theirs to read: owners and supervisors."""
        return bool(self.roles & {UserRole.OWNER, UserRole.SUPERVISOR})


LONGEST_TEAM = 40  # characters of a team's name
MOST_TEAMS = 10  # of one person


def read_teams(names: Iterable[str]) -> tuple[str, ...]:
    """Names of teams as they are kept: each once, trimmed, in order; a comma divides two.

    Raises:
        BadInput: a name is too long, or there are too many.
    """
    parts = (" ".join(part.split()) for name in names for part in name.split(","))
    teams = dict.fromkeys(part for part in parts if part)
    for name in teams:
        if len(name) > LONGEST_TEAM:
            raise BadInput(f"{name[:40]!r}… is no name of a team; {LONGEST_TEAM} characters are.")
    if len(teams) > MOST_TEAMS:
        raise BadInput(f"{len(teams)} teams are more than the {MOST_TEAMS} that one person has.")
    return tuple(sorted(teams, key=str.casefold))


@dataclass(frozen=True, slots=True)
class AgentVoice:
    """An agent's voice as a unit vector, made by the networks that `model` names.

    Biometric data: kept since the agent consented, deleted when they no longer do.
    """

    id: str
    name: str
    model: str
    vector: tuple[float, ...]
    consented_at: datetime


@dataclass(frozen=True, slots=True)
class AuditRow:
    """Who read, listened, exported or changed what, and when; append-only."""

    at: datetime
    actor: str
    action: str
    subject: str
    detail: str | None = None
