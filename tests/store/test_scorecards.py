"""Versions of scorecards: drafts change, used ones never do, one of a name is in use."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Conflict, NotFound
from core.evaluation import Evaluation
from core.scorecard import CardState
from store import conversations, evaluations, scorecards
from store.database import Database
from store.scorecards import CardText
from tests.build import chat

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def text(version: int, words: str = "a", name: str = "service") -> CardText:
    return CardText(name, version, f"{name} {version}", words, f"digest of {words}")


@pytest.fixture
async def session(database: Database) -> AsyncIterator[AsyncSession]:
    async with database.writing() as opened:
        yield opened


async def use(session: AsyncSession, version: int) -> None:
    """Score a conversation by a version."""
    talk = chat(("agent", "hello"), id=f"c{version}")
    await conversations.add(session, talk, now=NOW)
    made = Evaluation(f"e{version}", talk.id, "service", version, (), NOW, 100.0, False)
    await evaluations.save(session, made)


async def states(session: AsyncSession) -> dict[int, str]:
    return {card.version: card.state.value for card in await scorecards.every(session)}


async def test_a_version_goes_from_draft_to_active_to_retired(session: AsyncSession) -> None:
    await scorecards.draft(session, text(1), by="sam", now=NOW)
    await scorecards.draft(session, text(1, "b"), by="sam", now=NOW)
    assert (await scorecards.get(session, "service", 1)).yaml == "b"
    await scorecards.activate(session, "service", 1, now=NOW)
    await scorecards.draft(session, text(2), by="sam", now=NOW)
    assert await states(session) == {2: "draft", 1: "active"}
    await scorecards.activate(session, "service", 2, now=NOW)
    assert await states(session) == {2: "active", 1: "retired"}
    found = await scorecards.find_active(session, "service")
    assert found is not None and found.version == 2
    await scorecards.retire(session, "service", 2, now=NOW)
    assert await scorecards.find_active(session, "service") is None
    assert (await scorecards.get(session, "service", 1)).yaml == "b"


async def test_what_left_the_draft_never_changes(session: AsyncSession) -> None:
    await scorecards.draft(session, text(1), by="sam", now=NOW)
    with pytest.raises(Conflict, match="delete it instead"):
        await scorecards.retire(session, "service", 1, now=NOW)
    await scorecards.activate(session, "service", 1, now=NOW)
    with pytest.raises(Conflict, match="make a new version"):
        await scorecards.draft(session, text(1, "b"), by="sam", now=NOW)
    with pytest.raises(Conflict, match="retire it instead"):
        await scorecards.delete_draft(session, "service", 1)
    await scorecards.draft(session, text(2), by="sam", now=NOW)
    await scorecards.delete_draft(session, "service", 2)
    for step in (scorecards.activate, scorecards.retire):
        with pytest.raises(NotFound):
            await step(session, "service", 2, now=NOW)


async def test_a_file_is_kept_at_its_first_use(session: AsyncSession) -> None:
    kept = await scorecards.keep_file(session, text(1), file="service.yml", now=NOW)
    assert (kept.state, kept.file) == (CardState.ACTIVE, "service.yml")
    again = await scorecards.keep_file(session, text(1, "b"), file="service.yml", now=NOW)
    assert again.yaml == "b"  # nothing was scored by it yet
    await use(session, 1)
    assert (await scorecards.every(session))[0].used == 1
    with pytest.raises(Conflict, match=r"service\.yml: version: version 1 of service has scored"):
        await scorecards.keep_file(session, text(1, "c"), file="service.yml", now=NOW)
    newer = await scorecards.keep_file(session, text(2, "c"), file="service.yml", now=NOW)
    assert newer.state is CardState.ACTIVE
    assert await states(session) == {2: "active", 1: "retired"}
    before = await scorecards.latest_used(session, "service", before=2)
    assert before is not None and (before.version, before.used) == (1, 1)


async def test_names_do_not_meet(session: AsyncSession) -> None:
    await scorecards.keep_file(session, text(1), file="service.yml", now=NOW)
    await scorecards.draft(session, text(1, name="debt"), by="sam", now=NOW)
    await scorecards.activate(session, "debt", 1, now=NOW)
    assert [card.name for card in await scorecards.active(session)] == ["debt", "service"]
