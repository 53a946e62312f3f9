"""The tables of what comes and goes through Twilio; docs/twilio.md says what is kept."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base
from store.types import Personal


class WebhookRow(Base):
    """A webhook that was done, by Twilio's own ids, and what it was answered."""

    __tablename__ = "webhooks"
    key: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    answer: Mapped[str] = mapped_column(Personal)
    at: Mapped[datetime] = mapped_column(index=True)


class MessagingRow(Base):
    """Where a WhatsApp or SMS conversation goes on: our number, and when the customer last wrote.

    `wrote_at` is what WhatsApp's 24 hours are counted from.
    """

    __tablename__ = "messaging"
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    ours: Mapped[str]
    wrote_at: Mapped[datetime]


class DispatchRow(Base):
    """One message at Twilio: a turn, or a part of one; `is_numbered` says how it shows choices."""

    __tablename__ = "dispatches"
    __table_args__ = (UniqueConstraint("conversation_id", "turn_id", "part"),)
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    turn_id: Mapped[str]
    part: Mapped[int]
    sid: Mapped[str | None] = mapped_column(index=True)
    state: Mapped[str]
    code: Mapped[int | None]
    is_numbered: Mapped[bool]
    changed_at: Mapped[datetime]


class AttachmentRow(Base):
    """A file that came with a customer's turn; its bytes are kept under its id.

    `address` is where it is fetched, None of one that came by itself; `kind` is what its first
    bytes say, `reason` why it is not kept; `width` and `height` are pixels of a picture that people
    are shown.
    """

    __tablename__ = "attachments"
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    turn_id: Mapped[str]
    address: Mapped[str | None]
    state: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str | None]
    size: Mapped[int | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    reason: Mapped[str | None]
    attempts: Mapped[int]
    received_at: Mapped[datetime]


class OptOutRow(Base):
    """An address that wants no messages; its keyed hash alone, which outlives its conversations."""

    __tablename__ = "opt_outs"
    hash: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class ContentRow(Base):
    """A content template that was made at Twilio; its words come with each message."""

    __tablename__ = "contents"
    name: Mapped[str] = mapped_column(primary_key=True)
    sid: Mapped[str]
