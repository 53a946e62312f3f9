"""Buttons shown to a customer: what travels is an opaque id, the payload stays here."""

from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.ids import new_id
from store.columns import table_of
from store.tables import ButtonRow

_NEW = insert(table_of(ButtonRow))


@dataclass(frozen=True, slots=True)
class Button:
    """A button under a turn; `payload` never leaves the server."""

    id: str
    turn: str
    title: str
    payload: str


async def issue(
    session: AsyncSession, conversation_id: str, turn_id: str, choices: list[tuple[str, str]]
) -> tuple[Button, ...]:
    """Make buttons under a turn from (title, payload) pairs."""
    made = tuple(Button(new_id(), turn_id, title, payload) for title, payload in choices)
    rows = [
        {
            "id": button.id,
            "conversation_id": conversation_id,
            "turn_id": turn_id,
            "position": position,
            "title": button.title,
            "payload": button.payload,
        }
        for position, button in enumerate(made)
    ]
    if rows:
        await session.execute(_NEW, rows)
    return made


async def find(session: AsyncSession, conversation_id: str, button_id: str) -> Button | None:
    """A button that was issued in this conversation, or None."""
    row = await session.get(ButtonRow, button_id)
    if row is None or row.conversation_id != conversation_id:
        return None
    return Button(row.id, row.turn_id, row.title, row.payload)


async def under(session: AsyncSession, conversation_id: str) -> dict[str, tuple[Button, ...]]:
    """All buttons of a conversation: turn id → buttons in order."""
    rows = await session.scalars(
        select(ButtonRow)
        .where(ButtonRow.conversation_id == conversation_id)
        .order_by(ButtonRow.turn_id, ButtonRow.position)
    )
    found: dict[str, tuple[Button, ...]] = {}
    for row in rows:
        button = Button(row.id, row.turn_id, row.title, row.payload)
        found[row.turn_id] = (*found.get(row.turn_id, ()), button)
    return found
