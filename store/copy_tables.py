"""The table of copies by e-mail; docs/chat-protocol.md tells how they go out."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from store.tables import Base
from store.types import Personal


class CopyRow(Base):
    """A copy of a conversation that its customer wants by e-mail, and how far it has come.

    `address` is emptied once the letter is sent or refused; `address_hash` is what is counted, so
    that nobody gets many. `last` is the position of the last turn that the copy holds.
    """

    __tablename__ = "copies"
    id: Mapped[str] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    address: Mapped[str | None] = mapped_column(Personal)
    address_hash: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    last: Mapped[int]
    state: Mapped[str] = mapped_column(index=True)
    reason: Mapped[str | None]
    attempts: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    next_at: Mapped[datetime | None]
