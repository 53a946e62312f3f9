"""The tables of what comes and goes through Twilio; docs/twilio.md says what is kept."""

from datetime import datetime

from sqlalchemy import ForeignKey
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
