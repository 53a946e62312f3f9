"""What was measured in a call's sound."""

import json

from sqlalchemy.ext.asyncio import AsyncSession

from core.exchange_measures import measures_in, measures_out
from core.exchange_reader import Reader
from core.measures import CallMeasures
from store.tables import CallMeasuresRow


async def save(session: AsyncSession, conversation_id: str, measures: CallMeasures) -> None:
    """Keep the measures of a call, in place of earlier ones."""
    await session.merge(
        CallMeasuresRow(
            conversation_id=conversation_id,
            version=measures.version,
            measures=json.dumps(measures_out(measures), separators=(",", ":")),
        )
    )
    await session.flush()


async def find(session: AsyncSession, conversation_id: str) -> CallMeasures | None:
    """The measures of a call, or None: it is a chat, or was heard before there were any."""
    row = await session.get(CallMeasuresRow, conversation_id)
    return None if row is None else measures_in(Reader(json.loads(row.measures), "measures"))
