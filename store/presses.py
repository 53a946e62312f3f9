"""Which button a turn of a customer pressed; titles repeat, buttons do not."""

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from store.tables import TurnRow


async def record(session: AsyncSession, conversation_id: str, turn_id: str, button_id: str) -> None:
    """The turn came by pressing this button; in the transaction that stores the turn."""
    await session.execute(
        update(TurnRow)
        .where(TurnRow.conversation_id == conversation_id, TurnRow.id == turn_id)
        .values(button_id=button_id)
    )
