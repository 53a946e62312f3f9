"""The tables of the phone: callers' legs, and the recordings that the provider made of them."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base
from store.types import Personal


class CallRow(Base):
    """A caller's leg and where the talk stands; webhooks may repeat, so its sid is the key."""

    __tablename__ = "calls"
    provider: Mapped[str] = mapped_column(primary_key=True)
    sid: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    began_at: Mapped[datetime]
    direction: Mapped[str]
    parent: Mapped[str]
    stage: Mapped[str]
    step: Mapped[int]
    key: Mapped[str]
    answer: Mapped[str] = mapped_column(Personal)
    told_from: Mapped[int]
    told_to: Mapped[int]
    silences: Mapped[int]
    misheard: Mapped[int]
    is_slow: Mapped[bool]
    called: Mapped[str | None]
    pending: Mapped[str | None] = mapped_column(Personal)
    leg: Mapped[str | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class CallRecordingRow(Base):
    """A recording at the provider, to be fetched once its call is over."""

    __tablename__ = "call_recordings"
    sid: Mapped[str] = mapped_column(primary_key=True)
    call_sid: Mapped[str]
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    told_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(index=True)
    started_at: Mapped[datetime | None]
    duration: Mapped[float | None]
    channels: Mapped[int | None]
    attempts: Mapped[int]
    try_after: Mapped[datetime | None]
    recording_id: Mapped[str | None] = mapped_column(index=True)
    error: Mapped[str | None]
