"""Whose a conversation is, inside statements: one person may have many, and many addresses."""

from sqlalchemy import ColumnElement, ScalarSelect, Select, or_, select

from store.columns import table_of
from store.tables import ConversationRow

_ROWS = table_of(ConversationRow).c


def person_of(conversation: ColumnElement[str]) -> ScalarSelect[str | None]:
    """The customer of a conversation; NULL when nobody is known."""
    of = select(_ROWS.customer_id).where(_ROWS.id == conversation)
    return of.scalar_subquery()


def conversations_with(conversation: ColumnElement[str]) -> Select[str]:
    """The ids of all conversations of the same person, this one among them."""
    same = _ROWS.customer_id == person_of(conversation)
    return select(_ROWS.id).where(or_(_ROWS.id == conversation, same))
