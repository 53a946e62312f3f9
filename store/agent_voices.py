"""Voices of agents, to be recognised in mono calls.

A voice is biometric data: it is kept only with the agent's consent, as numbers from which no
sound can be made, in columns that no query looks into, and goes when the consent does.
"""

import json
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFound
from core.ids import new_id
from core.people import AgentVoice
from store import audit
from store.database import keyed_hash
from store.tables import AgentVoiceRow


async def enrol(
    session: AsyncSession,
    *,
    name: str,
    model: str,
    vector: tuple[float, ...],
    actor: str,
    now: datetime,
) -> AgentVoice:
    """Keep a voice, in place of the one that this agent had for these networks; audited.

    Whoever calls has the agent's consent; `now` is kept as its time.
    """
    hashed = _name_hash(session, name)
    await session.execute(
        delete(AgentVoiceRow)
        .where(AgentVoiceRow.name_hash == hashed)
        .where(AgentVoiceRow.model == model)
    )
    row = AgentVoiceRow(
        id=new_id(),
        name_hash=hashed,
        name=name.strip(),
        model=model,
        vector=json.dumps([round(number, 6) for number in vector]),
        consented_at=now,
    )
    session.add(row)
    await session.flush()
    await audit.record(session, actor=actor, action="voice.enrolled", subject=row.id, now=now)
    return _voice_of(row)


async def everyone(session: AsyncSession) -> tuple[AgentVoice, ...]:
    """All enrolled voices, in the order they were enrolled."""
    rows = await session.scalars(select(AgentVoiceRow).order_by(AgentVoiceRow.id))
    return tuple(_voice_of(row) for row in rows)


async def forget(session: AsyncSession, name: str, *, actor: str, now: datetime) -> int:
    """Delete an agent's voice for good; how many vectors there were. Audited.

    Raises:
        NotFound: no voice is kept under this name.
    """
    of_agent = AgentVoiceRow.name_hash == _name_hash(session, name)
    ids = list(await session.scalars(select(AgentVoiceRow.id).where(of_agent)))
    if not ids:
        raise NotFound(f"no voice of {name} is kept; `parley agents list` shows whose are")
    await session.execute(delete(AgentVoiceRow).where(of_agent))
    for each in ids:
        await audit.record(session, actor=actor, action="voice.forgotten", subject=each, now=now)
    return len(ids)


def _voice_of(row: AgentVoiceRow) -> AgentVoice:
    return AgentVoice(
        id=row.id,
        name=row.name,
        model=row.model,
        vector=tuple(json.loads(row.vector)),
        consented_at=row.consented_at,
    )


def _name_hash(session: AsyncSession, name: str) -> str:
    return keyed_hash(session, f"agent-voice:{' '.join(name.casefold().split())}")
