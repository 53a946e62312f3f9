"""The tables of the agents' inbox; docs/inbox.md tells what they are for."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base
from store.types import Personal


class AgentStateRow(Base):
    """A person at the inbox: here or away, what they can do, and which signs they want."""

    __tablename__ = "agent_states"
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    presence: Mapped[str]
    since: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    capacity: Mapped[int | None]
    skills: Mapped[list[Any]]
    plays_sound: Mapped[bool]
    marks_title: Mapped[bool]
    was_left: Mapped[bool]
    offered_at: Mapped[datetime | None]


class WorkQueueRow(Base):
    """A line that customers wait in."""

    __tablename__ = "work_queues"
    name: Mapped[str] = mapped_column(primary_key=True)
    skills: Mapped[list[Any]]
    reasons: Mapped[list[Any]]


class OfferRow(Base):
    """A waiting conversation that somebody is asked to take; gone once it waits no longer."""

    __tablename__ = "offers"
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    offered_at: Mapped[datetime]
    until: Mapped[datetime]
    tried: Mapped[list[Any]]


class NoteRow(Base):
    """What people at work tell each other about a conversation."""

    __tablename__ = "notes"
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[str]
    text: Mapped[str] = mapped_column(Personal)
    at: Mapped[datetime]


class CannedAnswerRow(Base):
    """An answer that stands ready; it is of the house and of no customer."""

    __tablename__ = "canned_answers"
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    text: Mapped[str]
    made_by: Mapped[str]
    changed_at: Mapped[datetime]


class DraftRow(Base):
    """What somebody has begun to write to a customer and not sent."""

    __tablename__ = "drafts"
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Personal)
    saved_at: Mapped[datetime] = mapped_column(index=True)
