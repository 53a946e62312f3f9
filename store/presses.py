"""Which button a turn of a customer pressed; titles repeat, buttons do not."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import TurnRow


async def record(session: AsyncSession, conversation_id: str, turn_id: str, button_id: str) -> None:
    """The turn came by pressing this button; in the transaction that stores the turn."""
    await session.execute(
        update(TurnRow)
        .where(TurnRow.conversation_id == conversation_id, TurnRow.id == turn_id)
        .values(button_id=button_id)
    )


async def of(session: AsyncSession, conversation_id: str) -> dict[str, str]:
    """All presses in a conversation: turn id → button id."""
    rows = await session.execute(
        select(TurnRow.id, TurnRow.button_id)
        .where(TurnRow.conversation_id == conversation_id)
        .where(TurnRow.button_id.is_not(None))
    )
    return {turn: button for turn, button in rows.all() if button is not None}
