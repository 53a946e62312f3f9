"""Who has shown to be whom: for a day, after how many tries, by which code."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, text

from core.conversation import Channel
from core.errors import NotAllowed
from core.people import Address, AddressKind
from core.shop import Order, OrderStatus
from store import audit, codes, conversations, identity
from store import tries as wrong_tries
from store.database import Database
from store.identity import Known
from store.tables import OneTimeCodeRow

LONDON = ZoneInfo("Europe/London")
NOW = datetime(2025, 6, 5, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def utc(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type,misc] # year to minute


async def chat(database: Database, visitor: str = "visitor-1") -> str:
    async with database.writing() as session:
        address = Address(AddressKind.WEB, visitor)
        return (await conversations.open_chat(session, Channel.WEB, address, now=NOW)).id


async def verify(database: Database, conversation: str, at: datetime = NOW) -> None:
    async with database.writing() as session:
        await identity.record_verification(
            session, conversation, "hp-10442", "turn-1", now=at, shop_customer="C-1", name="R. S."
        )


async def fail(
    database: Database, conversation: str, number: str = "HP-10442", at: datetime = NOW
) -> datetime | None:
    async with database.writing() as session:
        return await wrong_tries.record_failure(session, conversation, number, now=at)


async def known(database: Database, conversation: str, now: datetime = NOW) -> Known:
    async with database.reading() as session:
        return await identity.known(session, conversation, now=now, zone=LONDON)


async def locked(
    database: Database, conversation: str, number: str | None = None, now: datetime = NOW
) -> datetime | None:
    async with database.reading() as session:
        return await wrong_tries.locked_until(session, conversation, number, now=now)


async def test_a_stranger_is_nobody(database: Database) -> None:
    assert await known(database, await chat(database)) == Known()


async def test_who_was_verified_is_known_in_every_conversation_of_theirs(
    database: Database,
) -> None:
    first, second, other = (
        await chat(database), await chat(database), await chat(database, "visitor-2")
    )  # fmt: skip
    await verify(database, first)
    expected = Known("R. S.", "C-1", ("HP-10442",))
    assert await known(database, first) == expected
    assert await known(database, second) == expected
    assert await known(database, other) == Known()
    async with database.reading() as session:
        for number, is_theirs in (("hp-10442", True), ("HP-10517", False)):
            shown = await identity.is_verified(session, second, number, now=NOW, zone=LONDON)
            assert shown is is_theirs


@pytest.mark.parametrize(
    ("verified", "asked", "is_known"),
    [
        # summer: the house's day begins at 23:00 UTC
        (utc(2025, 6, 4, 23, 0), utc(2025, 6, 5, 22, 59), True),
        (utc(2025, 6, 4, 22, 59), utc(2025, 6, 5, 0, 30), False),
        # but nobody is asked again for the stroke of twelve
        (utc(2025, 6, 4, 22, 59), utc(2025, 6, 4, 23, 30), True),
        (utc(2025, 6, 4, 10, 0), utc(2025, 6, 5, 10, 0), False),
        # the day on which the clocks go forward has 23 hours, the one on which they go back 25
        (utc(2025, 3, 30, 0, 0), utc(2025, 3, 30, 22, 59), True),
        (utc(2025, 3, 30, 0, 0), utc(2025, 3, 31, 0, 1), False),
        (utc(2025, 10, 25, 23, 0), utc(2025, 10, 26, 23, 59), True),
        (utc(2025, 10, 25, 23, 0), utc(2025, 10, 27, 0, 1), False),
    ],
)  # fmt: skip
async def test_a_verification_counts_for_the_day_of_the_house(
    database: Database, verified: datetime, asked: datetime, is_known: bool
) -> None:
    conversation = await chat(database)
    await verify(database, conversation, verified)
    assert bool((await known(database, conversation, asked)).verified_orders) is is_known


async def test_verified_again_the_next_day_counts_that_day(database: Database) -> None:
    conversation = await chat(database)
    await verify(database, conversation)
    async with database.writing() as session:
        await identity.record_verification(
            session, conversation, "HP-10442", "turn-9", now=NOW + 24 * HOUR
        )
    assert await known(database, conversation, NOW + 24 * HOUR) == Known(None, None, ("HP-10442",))


async def test_a_repeated_turn_prolongs_nothing(database: Database) -> None:
    conversation = await chat(database)
    await verify(database, conversation)
    await verify(database, conversation, NOW + 24 * HOUR)
    assert await known(database, conversation, NOW + 24 * HOUR) == Known()


async def test_three_wrong_tries_lock_a_person_for_an_hour(database: Database) -> None:
    first, second, other = (
        await chat(database), await chat(database), await chat(database, "visitor-2")
    )  # fmt: skip
    assert await fail(database, first, "HP-10442") is None
    assert await fail(database, second, "HP-1", NOW + MINUTE) is None  # whatever was asked for
    assert await locked(database, first, now=NOW + MINUTE) is None
    end = NOW + 2 * MINUTE + HOUR
    assert await fail(database, first, "HP-10517", NOW + 2 * MINUTE) == end
    assert await locked(database, second, "HP-10538", now=NOW + 3 * MINUTE) == end
    assert await locked(database, first, now=end - timedelta(seconds=1)) == end
    assert await locked(database, first, now=end) is None
    assert await locked(database, other, "HP-10442", now=NOW + 3 * MINUTE) is None


async def test_tries_more_than_an_hour_apart_lock_nobody(database: Database) -> None:
    conversation = await chat(database)
    for minutes in (0, 30, 60, 90, 120):
        assert await fail(database, conversation, at=NOW + minutes * MINUTE) is None
    assert await locked(database, conversation, now=NOW + 120 * MINUTE) is None


async def test_the_right_answer_forgives_the_slips_at_that_order_alone(database: Database) -> None:
    conversation = await chat(database)
    await fail(database, conversation, "HP-10442")
    await fail(database, conversation, "HP-10442")
    await verify(database, conversation, NOW + MINUTE)
    assert await fail(database, conversation, "HP-10517", NOW + MINUTE) is None
    assert await fail(database, conversation, "HP-10517", NOW + MINUTE) is None
    await verify(database, conversation, NOW + 2 * MINUTE)  # one's own order buys no more tries
    assert await fail(database, conversation, "HP-10517", NOW + 3 * MINUTE) is not None


async def test_ten_wrong_tries_of_anybody_lock_an_order(database: Database) -> None:
    for number in range(9):
        visitor = await chat(database, f"visitor-{number}")
        assert await fail(database, visitor) is None
    last = await chat(database, "visitor-last")
    assert await fail(database, last) == NOW + HOUR
    innocent = await chat(database, "innocent")
    assert await locked(database, innocent, "hp-10442") == NOW + HOUR
    assert await locked(database, innocent, "HP-10517") is None
    assert await locked(database, innocent) is None


ORDER = Order("HP-10442", "BN1 4GH", "R. S.", ("lamp",), OrderStatus.PLACED, date(2025, 6, 1), None)


async def try_postcode(database: Database, conversation: str, postcode: str) -> bool:
    async with database.writing() as session:
        return await identity.try_postcode(
            session, conversation, "hp-10442", postcode, "turn-1", order=ORDER, now=NOW
        )


async def tries(database: Database) -> int:
    async with database.reading() as session:
        rows = await audit.rows_of(session, "HP-10442")
    return sum(row.action == "order.lookup_failed" for row in rows)


async def test_a_right_postcode_is_recorded_with_its_order(database: Database) -> None:
    conversation = await chat(database)
    assert not await try_postcode(database, conversation, "LS6 2AB")
    assert await try_postcode(database, conversation, "bn1 4gh")
    assert await known(database, conversation) == Known("R. S.", None, ("HP-10442",))


async def test_tries_that_come_together_are_looked_at_one_by_one(database: Database) -> None:
    chats = [await chat(database, f"visitor-{number}") for number in range(60)]
    wrong = (try_postcode(database, one, f"LS6 {number:02d}") for number, one in enumerate(chats))
    assert not any(await asyncio.gather(*wrong))
    assert await tries(database) == wrong_tries.MAX_WRONG_TRIES_OF_ORDER
    assert not await try_postcode(database, await chat(database, "owner"), "BN1 4GH")


async def test_one_person_in_many_windows_at_once_has_three_tries(database: Database) -> None:
    conversation = await chat(database)
    wrong = (try_postcode(database, conversation, f"LS6 {number:02d}") for number in range(60))
    assert not any(await asyncio.gather(*wrong))
    assert await tries(database) == wrong_tries.MAX_WRONG_TRIES


async def test_wrong_codes_that_come_together_are_looked_at_one_by_one(database: Database) -> None:
    conversation = await chat(database)
    code = await issue(database, conversation)
    guesses = (is_right(database, conversation, wrong(code)) for _ in range(60))
    assert not any(await asyncio.gather(*guesses))
    assert await tries(database) == wrong_tries.MAX_WRONG_TRIES


async def test_a_lock_outlives_its_conversation(database: Database) -> None:
    conversation = await chat(database)
    again = await chat(database)
    for _ in range(3):
        await fail(database, conversation)
    async with database.writing() as session:
        await session.execute(
            text("DELETE FROM conversations WHERE id = :id"), {"id": conversation}
        )
    assert await locked(database, again) == NOW + HOUR


async def issue(database: Database, conversation: str, at: datetime = NOW) -> str:
    async with database.writing() as session:
        return await codes.issue_code(session, conversation, "HP-10442", now=at)


async def is_right(
    database: Database, conversation: str, code: str, at: datetime = NOW, number: str = "HP-10442"
) -> bool:
    async with database.writing() as session:
        return await codes.check_code(session, conversation, number, code, now=at)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_a_code_is_right_once(database: Database) -> None:
    conversation = await chat(database)
    code = await issue(database, conversation)
    assert len(code) == 6
    assert code.isdecimal()
    spaced = f" {code[:3]} {code[3:]}."
    assert await is_right(database, conversation, spaced, NOW + 9 * MINUTE)
    assert not await is_right(database, conversation, code, NOW + 9 * MINUTE)


@pytest.mark.parametrize(("minutes", "works"), [(9, True), (10, False)])
async def test_a_code_lasts_ten_minutes(database: Database, minutes: int, works: bool) -> None:
    conversation = await chat(database)
    code = await issue(database, conversation)
    assert await is_right(database, conversation, code, NOW + minutes * MINUTE) is works


async def test_a_code_is_for_its_conversation_and_order(database: Database) -> None:
    conversation, other = await chat(database), await chat(database, "visitor-2")
    code = await issue(database, conversation)
    assert not await is_right(database, other, code)
    assert not await is_right(database, conversation, code, number="HP-10517")
    assert await is_right(database, conversation, code)


@pytest.mark.parametrize("said", ["", "no", "12345", "１２３"])
async def test_what_is_no_code_is_wrong(database: Database, said: str) -> None:
    conversation = await chat(database)
    await issue(database, conversation)
    assert not await is_right(database, conversation, said)


async def test_an_earlier_code_still_works_and_uses_up_the_later(database: Database) -> None:
    conversation = await chat(database)
    first = await issue(database, conversation)
    second = await issue(database, conversation)
    assert await is_right(database, conversation, first)
    assert not await is_right(database, conversation, second)


async def test_three_codes_an_hour_are_made_for_an_order(database: Database) -> None:
    for visitor in range(3):
        await issue(database, await chat(database, f"visitor-{visitor}"))
    last = await chat(database, "visitor-last")
    with pytest.raises(NotAllowed, match="3 codes"):
        await issue(database, last, NOW + 59 * MINUTE)
    await issue(database, last, NOW + 60 * MINUTE)


async def test_wrong_codes_are_wrong_tries_and_lock(database: Database) -> None:
    conversation = await chat(database)
    code = await issue(database, conversation)
    for _ in range(3):
        assert not await is_right(database, conversation, wrong(code))
    assert not await is_right(database, conversation, code)  # even the right one, now
    assert await locked(database, conversation) == NOW + HOUR
    with pytest.raises(NotAllowed, match="wrong tries"):
        await issue(database, conversation)


async def test_codes_are_kept_as_hashes_of_their_own(database: Database) -> None:
    conversation = await chat(database)
    codes = {await issue(database, conversation) for _ in range(3)}
    async with database.reading() as session:
        rows = (await session.scalars(select(OneTimeCodeRow))).all()
    assert len({row.code_hash for row in rows}) == 3
    assert all(len(row.code_hash) == 64 and row.code_hash not in codes for row in rows)


async def test_everything_is_audited(database: Database) -> None:
    conversation = await chat(database)
    code = await issue(database, conversation)
    await is_right(database, conversation, wrong(code))
    await is_right(database, conversation, code)
    await verify(database, conversation)
    for _ in range(3):
        await fail(database, conversation)
    async with database.reading() as session:
        rows = await audit.rows_of(session, "HP-10442")
    assert [row.action for row in rows] == [
        "identity.code_issued",
        "order.lookup_failed",
        "identity.code_accepted",
        "identity.verified",
        *["order.lookup_failed"] * 3,
        "identity.locked",
    ]
    assert {row.detail for row in rows} == {conversation}
    assert code not in repr(rows)
