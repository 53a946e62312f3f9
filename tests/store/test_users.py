"""Accounts, one-time links, sessions, failed sign-ins; and the demo shop."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.conversation import Channel
from core.errors import BadInput
from core.people import Address, AddressKind, UserRole
from store import buttons, conversations, identity, outbox, shop, users
from store.database import Database
from store.outbox import Delivery
from store.tables import SessionRow, SignInLinkRow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AGENT = frozenset({UserRole.AGENT})


async def test_a_link_works_once_and_for_a_day(database: Database) -> None:
    async with database.writing() as session:
        user = await users.create(session, email="Ann@Example.com", name="Ann", roles=AGENT)
        old = await users.make_link(session, user.id, now=NOW)
        token = await users.make_link(session, user.id, now=NOW)
        assert await users.link_owner(session, old, now=NOW) is None
        assert await users.link_owner(session, token, now=NOW + timedelta(hours=25)) is None
        assert await users.use_link(session, token, "hash", now=NOW) is not None
        assert await users.use_link(session, token, "other", now=NOW) is None
        assert await users.password_hash(session, user.id) == "hash"
        hashes = list(await session.scalars(select(SignInLinkRow.token_hash)))
        assert token not in hashes
        found = await users.find_by_email(session, " ann@example.COM ")
        assert found is not None
        assert found.has_password


@pytest.mark.parametrize(
    ("email", "roles"),
    [("nobody", AGENT), ("@x", AGENT), ("a@b@c", AGENT), ("a@b.c", frozenset())],
)
async def test_users_need_an_address_and_a_role(
    database: Database, email: str, roles: frozenset[UserRole]
) -> None:
    with pytest.raises(BadInput):
        async with database.writing() as session:
            await users.create(session, email=email, name="", roles=roles)


async def test_sessions_end_when_they_should(database: Database) -> None:
    async with database.writing() as session:
        user = await users.create(session, email="a@example.com", name="", roles=AGENT)
        token, csrf = await users.start_session(session, user.id, now=NOW, hours=1)
        live = await users.find_session(session, token, now=NOW)
        assert live is not None
        assert (live.user.email, live.csrf) == ("a@example.com", csrf)
        assert token not in list(await session.scalars(select(SessionRow.token_hash)))
        late = NOW + timedelta(hours=2)
        assert await users.find_session(session, token, now=late) is None
        await users.set_active(session, user.id, is_active=False)
        assert await users.find_session(session, token, now=NOW) is None


async def test_failures_are_counted_and_forgotten(database: Database) -> None:
    async with database.writing() as session:
        for minute in range(3):
            await users.record_failure(session, "a@x", now=NOW + timedelta(minutes=minute))
        assert await users.failures_since(session, "a@x", NOW + timedelta(minutes=1)) == 2
        assert await users.failures_since(session, "b@x", NOW) == 0
        await users.forget_failures(session, "a@x")
        assert await users.failures_since(session, "a@x", NOW) == 0


async def test_outbox_and_buttons(database: Database) -> None:
    async with database.writing() as session:
        opened = await conversations.open_chat(
            session, Channel.WEB, Address(AddressKind.WEB, "t"), now=NOW
        )
        await outbox.enqueue(session, opened.id, "b1", now=NOW)
        await outbox.mark_sent(session, opened.id, "b1", now=NOW)
        assert [item.state for item in await outbox.undelivered(session, opened.id)] == ["sent"]
        await outbox.mark_delivered(session, opened.id, ["b1"], now=NOW)
        await outbox.mark_sent(session, opened.id, "b1", now=NOW)
        assert await outbox.states(session, opened.id) == {"b1": Delivery.DELIVERED}
        made = await buttons.issue(session, opened.id, "b1", [("Yes", "/affirm"), ("No", "/deny")])
        assert await buttons.find(session, opened.id, made[1].id) == made[1]
        assert await buttons.find(session, "other", made[1].id) is None
        assert await buttons.under(session, opened.id) == {"b1": made}
        assert "/" not in made[0].id


async def test_demo_shop_is_filled_once_and_verifies(database: Database) -> None:
    async with database.writing() as session:
        assert await shop.seed_demo(session, today=date(2026, 3, 1))
        assert not await shop.seed_demo(session, today=date(2026, 3, 2))
        order = await shop.find_order(session, "hp-10442")
        assert order is not None
        assert order.delivery_on == date(2026, 3, 2)
        assert await shop.find_order(session, "HP-1") is None
        opened = await conversations.open_chat(
            session, Channel.WEB, Address(AddressKind.WEB, "t"), now=NOW
        )
        for _ in range(2):
            await shop.record_verification(session, opened.id, "HP-10442", "t1", now=NOW)
        assert await shop.is_verified(session, opened.id, "hp-10442")
        assert not await shop.is_verified(session, opened.id, "HP-10517")
        assert await identity.shown_in(session, opened.id) == ("HP-10442",)
