"""The tables of calibration; docs/calibration.md says what each column means."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base
from store.types import Personal


def _of_session() -> Mapped[str]:
    return mapped_column(
        ForeignKey("calibration_sessions.id", ondelete="CASCADE"), primary_key=True
    )


def _of_conversation() -> Mapped[str]:
    return mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class CalibrationSessionRow(Base):
    """A blind session; `questions` is JSON of what it asks, as its scorecard had it."""

    __tablename__ = "calibration_sessions"
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Personal)
    scorecard: Mapped[str]
    version: Mapped[int]
    questions: Mapped[list[Any]]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    due_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(index=True)
    closed_by: Mapped[str | None]


class CalibrationPersonRow(Base):
    """Somebody who scores in a session."""

    __tablename__ = "calibration_people"
    session_id: Mapped[str] = _of_session()
    user_id: Mapped[str] = mapped_column(primary_key=True, index=True)


class CalibrationItemRow(Base):
    """A conversation of a session; `findings` is JSON of the machine's, as they were then."""

    __tablename__ = "calibration_items"
    session_id: Mapped[str] = _of_session()
    conversation_id: Mapped[str] = _of_conversation()
    position: Mapped[int]
    picked: Mapped[str]
    findings: Mapped[str] = mapped_column(Personal)


class CalibrationSheetRow(Base):
    """One person's answers about one conversation, as JSON; locked once submitted."""

    __tablename__ = "calibration_sheets"
    session_id: Mapped[str] = _of_session()
    conversation_id: Mapped[str] = _of_conversation()
    user_id: Mapped[str] = mapped_column(primary_key=True)
    answers: Mapped[str] = mapped_column(Personal)
    saved_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    had_seen: Mapped[bool]


class CalibrationConsensusRow(Base):
    """What people agreed on about one question of one conversation."""

    __tablename__ = "calibration_consensus"
    session_id: Mapped[str] = _of_session()
    conversation_id: Mapped[str] = _of_conversation()
    question: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]
    reason: Mapped[str] = mapped_column(Personal)
    user_id: Mapped[str]
    at: Mapped[datetime]


class DoubleScoreRow(Base):
    """The machine's answer and a person's blind one, without a word of either.

    `unit` is the conversation's id, and after its erasure an id that leads nowhere: the answers
    go on counting in the gate.
    """

    __tablename__ = "double_scores"
    __table_args__ = (UniqueConstraint("unit", "digest", "user_id"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    digest: Mapped[str] = mapped_column(index=True)
    question: Mapped[str]
    scorecard: Mapped[str]
    version: Mapped[int]
    unit: Mapped[str]
    picked: Mapped[str]
    machine: Mapped[str]
    person: Mapped[str]
    user_id: Mapped[str]
    at: Mapped[datetime]
