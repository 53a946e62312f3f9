"""What the console asks of the store: another name, when sign-ins failed, an honest order."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.conversation import Channel
from core.errors import BadInput, NotFound
from core.evaluation import Evaluation
from core.handoff import Holder
from core.people import Address, AddressKind, UserRole
from store import audit, conversations, evaluations, handoffs, listing, users
from store.database import Database
from store.listing import Filter
from store.tables import SignInFailureRow
from tests.build import chat

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
OWNER = frozenset({UserRole.OWNER})


async def test_a_renamed_user_signs_in_with_the_new_address_alone(database: Database) -> None:
    async with database.writing() as session:
        user = await users.create(session, email="old@example.org", name="Old", roles=OWNER)
        renamed = await users.rename(session, user.id, email=" New@example.org ", name="Olga")
        assert renamed == replace(user, email="New@example.org", name="Olga")
        assert await users.find_by_email(session, "new@EXAMPLE.org") == renamed
        assert await users.find_by_email(session, "old@example.org") is None


async def test_renaming_refuses_what_is_taken_or_no_address(database: Database) -> None:
    async with database.writing() as session:
        user = await users.create(session, email="a@example.org", name="", roles=OWNER)
        await users.create(session, email="b@example.org", name="", roles=OWNER)
        with pytest.raises(BadInput, match="already a user"):
            await users.rename(session, user.id, email="B@example.org", name="x")
        with pytest.raises(BadInput, match="is no e-mail address"):
            await users.rename(session, user.id, email="nobody", name="x")
        with pytest.raises(NotFound):
            await users.rename(session, "nothing", email="c@example.org", name="x")
        assert (await users.rename(session, user.id, email="a@example.org", name="x")).name == "x"


async def test_failures_are_told_with_their_times(database: Database) -> None:
    async with database.writing() as session:
        for minutes in (90, 5, 30):
            at = NOW - timedelta(minutes=minutes)
            await users.record_failure(session, "account:a", now=at)
        await users.record_failure(session, "account:b", now=NOW)
        since = NOW - timedelta(hours=1)
        found = await users.failures(session, "account:a", since)
        assert found == (NOW - timedelta(minutes=30), NOW - timedelta(minutes=5))
        await users.forget_failures(session, "account:a")
        assert await users.failures(session, "account:a", since) == ()


async def test_who_waits_longest_stands_first(database: Database) -> None:
    waited = []
    async with database.writing() as session:
        for minutes in (3, 20, 7):
            address = Address(AddressKind.WEB, str(minutes))
            opened = await conversations.open_chat(session, Channel.WEB, address, now=NOW)
            state = await handoffs.get(session, opened.id)
            since = NOW - timedelta(minutes=minutes)
            await handoffs.move(session, state, Holder.WAITING, now=since)
            waited.append((minutes, opened.id))
        address = Address(AddressKind.WEB, "newest")
        later = NOW + timedelta(hours=1)
        newest = await conversations.open_chat(session, Channel.WEB, address, now=later)
        page = await listing.page(session, Filter())
    expected = [one for _, one in sorted(waited, reverse=True)]
    assert [one.id for one in page.items] == [*expected, newest.id]


@pytest.mark.parametrize("failed, found", [(True, ["bad"]), (False, ["good"]), (None, None)])
async def test_what_has_no_score_has_neither_passed_nor_failed(
    database: Database, failed: bool | None, found: list[str] | None
) -> None:
    judged = {"bad": (40.0, True), "good": (90.0, False), "empty": (None, False)}
    async with database.writing() as session:
        for name in (*judged, "unscored"):
            await conversations.add(session, chat(("customer", "hi"), id=name), now=NOW)
        for name, (score, is_failed) in judged.items():
            evaluation = Evaluation(f"e-{name}", name, "service", 1, (), NOW, score, is_failed)
            await evaluations.save(session, evaluation)
        page = await listing.page(session, Filter(failed=failed))
    shown = sorted(one.id for one in page.items)
    assert shown == (found if found is not None else ["bad", "empty", "good", "unscored"])


@pytest.mark.parametrize("failed, found", [(True, []), (False, ["mended"])])
async def test_what_was_scored_again_is_found_by_its_newest_score(
    database: Database, failed: bool, found: list[str]
) -> None:
    marks = (("first", 40.0, True, 0), ("second", 90.0, False, 5), ("empty", None, False, 0))
    async with database.writing() as session:
        await conversations.add(session, chat(("customer", "hi"), id="mended"), now=NOW)
        await conversations.add(session, chat(("customer", "hi"), id="emptied"), now=NOW)
        for name, score, is_failed, minutes in marks:
            of, at = "emptied" if name == "empty" else "mended", NOW + timedelta(minutes=minutes)
            judged = Evaluation(name, of, "service", 1, (), at, score, is_failed)
            await evaluations.save(session, judged)
        page = await listing.page(session, Filter(failed=failed))
    assert [one.id for one in page.items] == found
    assert page.total == len(found)


@pytest.mark.parametrize(
    "changed, noted",
    [
        ({}, True),
        ({"actor": "sam"}, False),
        ({"action": "conversation.listened"}, False),
        ({"subject": "c2"}, False),
        ({"since": NOW + timedelta(seconds=1)}, False),
    ],
)
async def test_a_note_is_found_by_who_what_and_since_when(
    database: Database, changed: dict[str, Any], noted: bool
) -> None:
    asked: dict[str, Any] = {
        "actor": "ann",
        "action": "conversation.read",
        "subject": "c1",
        "since": NOW,
    }
    async with database.writing() as session:
        await audit.record(session, actor="ann", action="conversation.read", subject="c1", now=NOW)
        assert await audit.is_noted(session, **(asked | changed)) is noted


async def test_old_failures_do_not_pile_up(database: Database) -> None:
    async with database.writing() as session:
        for hours in (25, 24, 1):
            at = NOW - timedelta(hours=hours)
            session.add(SignInFailureRow(key="of somebody else", at=at))
        await users.record_failure(session, "account:a", now=NOW)
        kept = await session.scalars(select(SignInFailureRow.at).order_by(SignInFailureRow.at))
        assert list(kept) == [NOW - timedelta(hours=24), NOW - timedelta(hours=1), NOW]
