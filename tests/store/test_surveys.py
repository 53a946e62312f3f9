"""Invitations under a cap, readings that wait for a yes, and the numbers nobody is counted in."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.conversation import Channel
from core.people import Address, AddressKind
from core.survey import PendingReading, SurveyInvitation, SurveyKind, SurveyResponse
from core.survey_rules import AskRule, SurveyRules, Trigger
from store import conversations, surveys
from store.database import Database
from store.tables import AddressRow

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
CSAT, CES = SurveyKind.CSAT, SurveyKind.CES
WEB, PHONE = Address(AddressKind.WEB, "v1"), Address(AddressKind.PHONE, "+441234567890")


async def open_chat(
    database: Database, address: Address = WEB, channel: Channel = Channel.WEB
) -> str:
    async with database.writing() as session:
        return (await conversations.open_chat(session, channel, address, now=NOW)).id


async def ask(database: Database, chat: str, *, at: datetime = NOW, cap_days: int = 30) -> bool:
    invitation = SurveyInvitation(f"i-{chat}", chat, (CSAT, CES), "order_status", at)
    async with database.writing() as session:
        return await surveys.invite(session, invitation, cap_days=cap_days)


@pytest.mark.parametrize(
    ("days", "cap_days", "is_asked"),
    [(29, 30, False), (30, 30, True), (31, 30, True), (1, 0, True), (6, 7, False)],
)
async def test_a_customer_is_asked_at_most_once_in_so_many_days(
    database: Database, days: int, cap_days: int, *, is_asked: bool
) -> None:
    first, second = [await open_chat(database) for _ in range(2)]
    assert await ask(database, first, cap_days=cap_days)
    later = NOW + timedelta(days=days)
    assert await ask(database, second, at=later, cap_days=cap_days) is is_asked


async def test_the_cap_is_the_customers_on_all_their_addresses(database: Database) -> None:
    first = await open_chat(database)
    async with database.writing() as session:
        known = await session.get(AddressRow, conversations.address_hash(session, WEB))
        assert known is not None
        session.add(
            AddressRow(
                hash=conversations.address_hash(session, PHONE),
                customer_id=known.customer_id,
                kind=PHONE.kind,
                value=PHONE.value,
            )
        )
    on_the_phone = await open_chat(database, PHONE, Channel.SMS)
    somebody_else = await open_chat(database, Address(AddressKind.WEB, "v2"))
    assert await ask(database, first)
    assert not await ask(database, on_the_phone)
    assert await ask(database, somebody_else)


async def test_of_two_invitations_at_once_one_is_made(database: Database) -> None:
    chats = [await open_chat(database) for _ in range(6)]
    made = await asyncio.gather(*(ask(database, chat) for chat in chats))
    assert sorted(made) == [False] * 5 + [True]


async def test_a_conversation_is_asked_once_whatever_the_cap(database: Database) -> None:
    chat = await open_chat(database)
    made = await asyncio.gather(*(ask(database, chat, cap_days=0) for _ in range(4)))
    assert sorted(made) == [False] * 3 + [True]


async def test_a_call_whose_customer_is_known_is_asked_by_its_rule(database: Database) -> None:
    rules = SurveyRules(ask=(AskRule(Trigger.CALL, (CSAT,), {Channel.VOICE: 1.0}),))
    call = await open_chat(database, PHONE, Channel.VOICE)
    made = rules.invitation(Trigger.CALL, Trigger.CALL, Channel.VOICE, call, now=NOW)
    assert made is not None
    async with database.writing() as session:
        assert await surveys.invite(session, made, cap_days=rules.cap_days)
        assert await surveys.find_invitation(session, call) == made


async def test_a_reading_waits_for_its_yes_and_is_forgotten(database: Database) -> None:
    chat = await open_chat(database)
    await ask(database, chat)
    pending = PendingReading(CSAT, 2, "t1")
    for kept in (pending, replace(pending, score=3), None):
        async with database.writing() as session:
            await surveys.await_yes(session, f"i-{chat}", kept)
        async with database.reading() as session:
            found = await surveys.find_invitation(session, chat)
        assert found is not None
        assert found.pending == kept


async def test_what_was_asked_once_more_is_remembered_once(database: Database) -> None:
    chat = await open_chat(database)
    await ask(database, chat)
    for kind in (CSAT, CSAT, CES):
        async with database.writing() as session:
            await surveys.mark_repeated(session, f"i-{chat}", kind)
    async with database.reading() as session:
        found = await surveys.find_invitation(session, chat)
    assert found is not None
    assert found.repeated == (CSAT, CES)


async def test_two_answers_to_one_question_keep_the_first(database: Database) -> None:
    chat = await open_chat(database)
    await ask(database, chat)
    first = SurveyResponse("r1", f"i-{chat}", CSAT, NOW, score=4)
    async with database.writing() as session:
        assert await surveys.respond(session, first)
    async with database.writing() as session:
        assert not await surveys.respond(session, replace(first, id="r2", score=1))
    async with database.reading() as session:
        assert await surveys.responses(session, f"i-{chat}") == (first,)
        assert await surveys.responses_of(session, ["r1", "r2"]) == {"r1": first}
