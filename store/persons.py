"""Whose a conversation is, inside statements: one person may have many, and many addresses."""

from sqlalchemy import ColumnElement, ScalarSelect, Select, or_, select

from store.tables import ConversationRow


def person_of(conversation: ColumnElement[str]) -> ScalarSelect[str | None]:
    """The customer of a conversation; NULL when nobody is known."""
    of = select(ConversationRow.customer_id).where(ConversationRow.id == conversation)
    return of.scalar_subquery()


def conversations_with(conversation: ColumnElement[str]) -> Select[str]:
    """The ids of all conversations of the same person, this one among them."""
    same = ConversationRow.customer_id == person_of(conversation)
    return select(ConversationRow.id).where(or_(ConversationRow.id == conversation, same))
