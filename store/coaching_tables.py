"""The tables of coaching; docs/coaching.md says what each column means."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base
from store.types import Personal


class CoachingTaskRow(Base):
    """What an agent is to get better at; outlives its conversation, without any words of it."""

    __tablename__ = "coaching_tasks"
    id: Mapped[str] = mapped_column(primary_key=True)
    agent_id: Mapped[str] = mapped_column(index=True)
    skill: Mapped[str] = mapped_column(index=True)
    scorecard: Mapped[str]
    version: Mapped[int]
    question: Mapped[str]
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="SET NULL"), index=True
    )
    evaluation_id: Mapped[str | None]
    evidence: Mapped[list[Any]]
    note: Mapped[str] = mapped_column(Personal)
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    before: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    acknowledged_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Personal)
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
    outcome: Mapped[str] = mapped_column(Personal)
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]


class ExampleRow(Base):
    """A few turns of one conversation that show how a thing is done well; goes with it."""

    __tablename__ = "examples"
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    first_turn: Mapped[str]
    last_turn: Mapped[str]
    start: Mapped[float | None]
    end: Mapped[float | None]
    title: Mapped[str] = mapped_column(Personal)
    skill: Mapped[str] = mapped_column(index=True)
    why: Mapped[str] = mapped_column(Personal)
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    published_by: Mapped[str | None]
