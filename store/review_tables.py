"""The tables of reviews; docs/reviews.md says what each column means."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base
from store.types import Personal


def _of_conversation() -> Mapped[str]:
    return mapped_column(ForeignKey("conversations.id", ondelete="CASCADE"), index=True)


def _of_review() -> Mapped[str]:
    return mapped_column(ForeignKey("reviews.id", ondelete="CASCADE"), index=True)


class ReviewRow(Base):
    """An evaluation's life among people; one for each conversation, scorecard and version.

    `answers` are those that count, for reports, as in `evaluations`; None while they are still the
    machine's own.
    """

    __tablename__ = "reviews"
    __table_args__ = (UniqueConstraint("conversation_id", "scorecard", "version"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = _of_conversation()
    evaluation_id: Mapped[str | None] = mapped_column(
        ForeignKey("evaluations.id", ondelete="SET NULL"), index=True
    )
    scorecard: Mapped[str]
    version: Mapped[int]
    agent_key: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(index=True)
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    machine_score: Mapped[float | None]
    machine_failed: Mapped[bool]
    score: Mapped[float | None]
    failed: Mapped[bool]
    comment: Mapped[str] = mapped_column(Personal)
    answers: Mapped[str | None] = mapped_column(Text)
    submitted_by: Mapped[str | None]
    submitted_at: Mapped[datetime | None] = mapped_column(index=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    acknowledged_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class CorrectionRow(Base):
    """A person's answer in place of the machine's; the newest that is not withdrawn counts."""

    __tablename__ = "corrections"
    id: Mapped[str] = mapped_column(primary_key=True)
    review_id: Mapped[str] = _of_review()
    question: Mapped[str]
    verdict: Mapped[str]
    value: Mapped[str | None] = mapped_column(Personal)
    evidence: Mapped[list[Any]]
    comment: Mapped[str] = mapped_column(Personal)
    user_id: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    machine_verdict: Mapped[str | None]
    machine_value: Mapped[str | None] = mapped_column(Personal)
    dispute_id: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]


class DisputeRow(Base):
    """One question of an evaluation that its agent disputes; at most one for each question."""

    __tablename__ = "disputes"
    __table_args__ = (UniqueConstraint("review_id", "question"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    review_id: Mapped[str] = _of_review()
    question: Mapped[str]
    reason: Mapped[str] = mapped_column(Personal)
    user_id: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    outcome: Mapped[str | None] = mapped_column(index=True)
    decided_at: Mapped[datetime | None]


class DecisionRow(Base):
    """What one person says to a dispute; append-only."""

    __tablename__ = "decisions"
    id: Mapped[str] = mapped_column(primary_key=True)
    dispute_id: Mapped[str] = mapped_column(
        ForeignKey("disputes.id", ondelete="CASCADE"), index=True
    )
    outcome: Mapped[str]
    verdict: Mapped[str | None]
    value: Mapped[str | None] = mapped_column(Personal)
    evidence: Mapped[list[Any]]
    reason: Mapped[str] = mapped_column(Personal)
    user_id: Mapped[str]
    at: Mapped[datetime]


class DrawRow(Base):
    """A conversation in the review queue, by one way; at most once by each way."""

    __tablename__ = "draws"
    __table_args__ = (UniqueConstraint("conversation_id", "way"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = _of_conversation()
    agent_key: Mapped[str] = mapped_column(index=True)
    way: Mapped[str]
    scorecard: Mapped[str | None]
    probability: Mapped[float]
    risks: Mapped[list[Any]]
    ended_at: Mapped[datetime] = mapped_column(index=True)
    drawn_at: Mapped[datetime] = mapped_column(index=True)
    skipped_at: Mapped[datetime | None]
    skipped_by: Mapped[str | None]
    skip_reason: Mapped[str | None] = mapped_column(Personal)


class DrawPeriodRow(Base):
    """A uniform draw that was made: for whom, from how many, with which seed."""

    __tablename__ = "draw_periods"
    agent_key: Mapped[str] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    ends_at: Mapped[datetime]
    conversations: Mapped[int]
    drawn: Mapped[int]
    seed: Mapped[str]
    made_at: Mapped[datetime]
