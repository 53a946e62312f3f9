"""Voices of agents: kept with consent, found by nobody's query, gone when they are forgotten."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from core.errors import NotFound
from store import agent_voices, audit
from store.database import Database
from store.tables import AgentVoiceRow, AuditTable

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def _enrol(database: Database, name: str, model: str, *vector: float) -> str:
    async with database.writing() as session:
        made = await agent_voices.enrol(
            session, name=name, model=model, vector=vector, actor="cli", now=NOW
        )
    return made.id


async def test_a_voice_is_kept_with_the_time_of_consent(database: Database) -> None:
    await _enrol(database, " Sam Lee ", "made", 0.6, 0.8)
    async with database.reading() as session:
        (voice,) = await agent_voices.everyone(session)
    assert (voice.name, voice.model, voice.vector) == ("Sam Lee", "made", (0.6, 0.8))
    assert voice.consented_at == NOW


async def test_a_new_voice_takes_the_place_of_the_old(database: Database) -> None:
    await _enrol(database, "Sam", "made", 0.6, 0.8)
    await _enrol(database, "sam", "made", 0.8, 0.6)
    await _enrol(database, "Sam", "other", 1.0, 0.0)
    async with database.reading() as session:
        kept = await agent_voices.everyone(session)
    assert [(voice.model, voice.vector) for voice in kept] == [
        ("made", (0.8, 0.6)),
        ("other", (1.0, 0.0)),
    ]


async def test_forgetting_deletes_every_vector_and_is_audited(database: Database) -> None:
    first = await _enrol(database, "Sam", "made", 1.0)
    second = await _enrol(database, "Sam", "other", 1.0)
    other = await _enrol(database, "Alex", "made", 1.0)
    async with database.writing() as session:
        assert await agent_voices.forget(session, "SAM", actor="cli", now=NOW) == 2
        assert [voice.id for voice in await agent_voices.everyone(session)] == [other]
        for each in (first, second):
            actions = [row.action for row in await audit.rows_of(session, each)]
            assert actions == ["voice.enrolled", "voice.forgotten"]
        told = list(await session.scalars(select(AuditTable.detail)))
    assert set(told) == {None}  # no name and no number stands in the audit


async def test_nobody_is_forgotten_by_mistake(database: Database) -> None:
    await _enrol(database, "Sam", "made", 1.0)
    async with database.writing() as session:
        with pytest.raises(NotFound, match="no voice of Sa is kept"):
            await agent_voices.forget(session, "Sa", actor="cli", now=NOW)


def test_no_query_looks_into_a_voice() -> None:
    with pytest.raises(TypeError, match="Personal"):
        select(AgentVoiceRow).where(AgentVoiceRow.vector == "[]")
    with pytest.raises(TypeError, match="Personal"):
        select(AgentVoiceRow).where(AgentVoiceRow.name == "Sam")
