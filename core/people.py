"""Customers, and the people at work who use Parley."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AddressKind(StrEnum):
    """How a customer can be reached."""

    PHONE = "phone"
    EMAIL = "email"
    WEB = "web"


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

    @property
    def may_see_all(self) -> bool:
        """Whether every conversation is theirs to read: owners and supervisors."""
        return bool(self.roles & {UserRole.OWNER, UserRole.SUPERVISOR})


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
