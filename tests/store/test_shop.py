"""The embedded shop's own rules: numbers, clocks, distances, and databases of earlier versions."""

import asyncio
import sqlite3
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, select

from core.closed_days import ClosedDays
from core.errors import Conflict
from core.settings import Settings
from core.shop import DeliverySlot, OrderStatus, Refused, TicketKind
from store import identity, shop
from store.database import Database, open_database
from store.shop import customers, fittings, orders, stores, tickets
from store.shop.areas import AREAS
from store.shop.demo import demo_customers, demo_orders
from store.shop.keys import Change, next_number, once
from store.tables import OrderRow, ShopKeyRow

LONDON = ZoneInfo("Europe/London")
TODAY = date(2025, 6, 5)
NOW = datetime(2025, 6, 5, 10, 0, tzinfo=UTC)


def london(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=LONDON)  # type: ignore[arg-type,misc] # year to minute


@pytest.mark.parametrize(
    ("opened", "hours", "due"),
    [
        (london(2025, 6, 5, 11), 4, london(2025, 6, 5, 15)),
        (london(2025, 6, 5, 15), 4, london(2025, 6, 6, 11)),
        (london(2025, 6, 5, 13), 4, london(2025, 6, 5, 17)),
        (london(2025, 6, 6, 16), 8, london(2025, 6, 9, 16)),  # over a weekend
        (london(2025, 6, 7, 16), 8, london(2025, 6, 9, 17)),  # on a Saturday
        (london(2025, 6, 8, 23), 4, london(2025, 6, 9, 13)),
        (london(2025, 6, 5, 7), 8, london(2025, 6, 5, 17)),  # before the house opens
        (london(2025, 6, 5, 17), 8, london(2025, 6, 6, 17)),
        (london(2025, 6, 5, 11), 16, london(2025, 6, 9, 11)),
        (london(2025, 3, 28, 16), 8, london(2025, 3, 31, 16)),  # clocks go forward that Sunday
        (london(2025, 10, 24, 16), 8, london(2025, 10, 27, 16)),  # and back
    ],
)
def test_clocks_run_in_working_hours(opened: datetime, hours: int, due: datetime) -> None:
    found = tickets.add_working_hours(opened.astimezone(UTC), hours, LONDON)
    assert found.astimezone(UTC) == due.astimezone(UTC)


def test_every_kind_of_ticket_has_a_clock() -> None:
    assert set(tickets.CLOCKS) == set(TicketKind)


@pytest.mark.parametrize("sunday", [date(2025, 3, 30), date(2025, 10, 26)])
def test_visits_begin_at_the_same_hours_when_the_clocks_change(sunday: date) -> None:
    week = timedelta(days=3)
    visits = list(fittings.visits(sunday - week, sunday + week, LONDON))
    starts = [visit.starts_at.astimezone(LONDON) for visit in visits]
    assert {moment.hour for moment in starts} == {8, 10, 12, 14, 16}
    assert {moment.weekday() for moment in starts} == {0, 1, 2, 3, 4}
    assert all(visit.ends_at - visit.starts_at == timedelta(hours=2) for visit in visits)
    assert len(visits) == 5 * len({moment.date() for moment in starts})


HOLIDAYS = ClosedDays(frozenset({date(2026, 12, 24)}), bank_holidays=True)
ADVENT = date(2026, 12, 10)


def test_no_fitter_comes_while_the_shop_is_closed() -> None:
    visits = fittings.visits(date(2026, 12, 22), date(2027, 1, 4), LONDON, HOLIDAYS)
    days = [visit.starts_at.date() for visit in visits]
    assert sorted({day.day for day in days}) == [4, 22, 23, 29, 30, 31]  # the 28th stands in


async def test_nothing_is_delivered_while_the_shop_is_closed(database: Database) -> None:
    async with database.writing() as session:
        await shop.seed_demo(session, today=ADVENT)
        slots = await orders.delivery_slots(
            session, "HP-10538", since=date(2026, 12, 23), today=ADVENT, closed=HOLIDAYS
        )
        assert {slot.day.day for slot in slots} == {23, 29, 30, 31, 2, 4, 5, 6, 7}
        for day in (25, 24, 28):
            slot = DeliverySlot(date(2026, 12, day), "8 to 12")
            with pytest.raises(Refused, match="window or the time"):
                await orders.change_slot(session, "HP-10538", slot, today=ADVENT, closed=HOLIDAYS)


@pytest.mark.parametrize(
    ("postcode", "nearest", "least", "most"),
    [
        ("BN1 4GH", "Brighton", 0, 10),
        ("ls6", "Leeds", 0, 10),
        ("EH3 9QQ", "Edinburgh", 0, 15),
        ("M4 1HQ", "Leeds", 30, 45),  # Manchester to Leeds is about 36 miles
        ("SW1A 1AA", "Brighton", 40, 60),  # London to Brighton about 47
        ("CF10 1EP", "Bristol", 20, 40),
        ("G1 1AA", "Edinburgh", 35, 55),
    ],
)
def test_the_nearest_showroom(postcode: str, nearest: str, least: int, most: int) -> None:
    first = stores.stores_near(postcode)[0]
    assert first.name.endswith(nearest)
    assert first.miles is not None
    assert least <= first.miles <= most


@pytest.mark.parametrize("postcode", ["", "ZZ1 1AA", "BN", "12345", "nowhere"])
def test_an_unknown_place_has_no_distances(postcode: str) -> None:
    assert {store.miles for store in stores.stores_near(postcode)} == {None}


def test_areas_lie_in_britain() -> None:
    assert len(AREAS) >= 120
    for area, (north, east) in AREAS.items():
        assert 49 <= north <= 61, area
        assert -8 <= east <= 2, area


def test_demo_people_cannot_be_reached() -> None:
    for customer in demo_customers():
        assert customer.email is None or customer.email.endswith("@example.com")
        assert customer.phone is not None
        assert customer.phone.startswith(("+441632960", "+447700900"))  # Ofcom's, for drama


def test_the_first_five_orders_are_as_ever() -> None:
    first = {order.number: (order.postcode, order.items) for order in demo_orders(TODAY)[:5]}
    assert first == {
        "HP-10442": ("BN1 4GH", ("oak bedside table", "reading lamp")),
        "HP-10517": ("LS6 2AB", ("linen sofa",)),
        "HP-10538": ("EH3 9QQ", ("wool rug",)),
        "HP-10391": ("M4 1HQ", ("pine bookcase",)),
        "HP-10405": ("CF10 1EP", ("brass floor lamp",)),
    }


@pytest.mark.parametrize("ahead", range(7))
def test_demo_deliveries_and_visits_are_on_days_of_work(ahead: int) -> None:
    for order in demo_orders(TODAY + timedelta(days=ahead))[5:]:
        if order.delivery_on is not None and order.status is not OrderStatus.DELIVERED:
            assert order.delivery_on.weekday() < 5


async def test_the_demo_is_laid_out_once(database: Database) -> None:
    async with database.writing() as session:
        assert await shop.seed_demo(session, today=TODAY, zone=LONDON)
    async with database.writing() as session:
        assert not await shop.seed_demo(session, today=TODAY, zone=LONDON)
        (fitting,) = await fittings.fittings_of(session, "HP-10530", now=NOW)
    assert fitting.starts_at.astimezone(LONDON).hour == 10


async def test_a_shop_with_orders_of_its_own_is_left_alone(database: Database) -> None:
    own = demo_orders(TODAY)[0]
    async with database.writing() as session:
        await orders.add_order(session, own)
        session.add(await _order("AB-1"))
    async with database.writing() as session:
        assert not await shop.seed_demo(session, today=TODAY)
        assert len((await session.scalars(select(OrderRow))).all()) == 2


async def _order(number: str) -> OrderRow:
    return OrderRow(
        number=number, postcode="BN1 4GH", customer_name="", items=[], status="placed",
        ordered_on=TODAY,
    )  # fmt: skip


def _migrate(folder: Path, revision: str) -> None:
    config = Config()
    migrations = Path(shop.__file__).parents[1] / "migrations"
    config.set_main_option("script_location", str(migrations))
    engine = create_engine(f"sqlite:///{folder / 'parley.db'}")

    def go(connection: Connection) -> None:
        config.attributes["connection"] = connection
        current = command.upgrade if revision != "down" else command.downgrade
        current(config, revision if revision != "down" else "0002")

    with engine.begin() as connection:
        go(connection)
    engine.dispose()


BEFORE = """
INSERT INTO orders VALUES ('HP-10442', 'BN1 4GH', 'R. Sample', '["oak bedside table",
  "reading lamp"]', 'on_its_way', '2025-05-01', '2025-05-06', '8 to 12');
INSERT INTO orders VALUES ('HP-10405', 'CF10 1EP', 'S. Sample', '["brass floor lamp"]',
  'cancelled', '2025-04-27', NULL, NULL);
INSERT INTO conversations (id, channel, listed_at, variables, labels, holder, holder_since,
  version, score_state, score_attempts)
  VALUES ('c-1', 'web', '2025-05-05', '{}', '{}', 'bot', '2025-05-05', 1, 'none', 0);
INSERT INTO verifications VALUES ('c-1', 'HP-10442', 't-1', '2025-05-05 10:00:00');
INSERT INTO audit (at, actor, action, subject, detail)
  VALUES ('2025-05-05', 'bot', 'order.lookup_failed', 'HP-10442', 'c-1');
"""


def _fill_0002(folder: Path) -> None:
    _migrate(folder, "0002")
    connection = sqlite3.connect(folder / "parley.db")
    connection.executescript(BEFORE)
    connection.close()


async def test_a_filled_database_of_the_last_version_is_upgraded(tmp_path: Path) -> None:
    await asyncio.to_thread(_fill_0002, tmp_path)
    database = await open_database(Settings(var=tmp_path))
    async with database.writing() as session:
        order = await shop.find_order(session, "HP-10442")
        assert order is not None
        assert (order.customer, order.total_pence, order.slot) == (None, None, "8 to 12")
        assert await identity.shown_in(session, "c-1") == ("HP-10442",)
        assert await shop.seed_demo(session, today=TODAY)
    async with database.reading() as session:
        order = await shop.find_order(session, "HP-10442")
        assert order is not None
        assert order.delivery_on == date(2025, 5, 6)  # what was there stays
        assert (order.customer, order.total_pence) == ("C-1001", 20800)
        assert await shop.find_order(session, "HP-10530") is not None
        assert await customers.email_of_order(session, "HP-10442") == "r.sample@example.com"
    await database.close()


async def test_the_upgrade_can_be_taken_back(tmp_path: Path) -> None:
    await asyncio.to_thread(_fill_0002, tmp_path)
    await (await open_database(Settings(var=tmp_path))).close()
    await asyncio.to_thread(_migrate, tmp_path, "down")
    connection = sqlite3.connect(tmp_path / "parley.db")
    assert connection.execute("SELECT count(*) FROM orders").fetchone() == (2,)
    assert connection.execute("SELECT order_number FROM verifications").fetchall() == [
        ("HP-10442",)
    ]
    connection.close()
    await (await open_database(Settings(var=tmp_path))).close()


async def test_numbers_go_on_and_are_never_given_twice(database: Database) -> None:
    async with database.writing() as session:
        assert await next_number(session, "T", 20001) == "T-20001"
        assert await next_number(session, "T", 20001) == "T-20002"
        assert await next_number(session, "R", 30001) == "R-30001"
    async with database.writing() as session:
        assert await next_number(session, "T", 20001) == "T-20003"


async def test_a_change_at_once_from_two_sides_is_made_once(database: Database) -> None:
    made = []

    async def ask() -> str:
        async with database.writing() as session:

            async def make() -> str:
                made.append(1)
                return await next_number(session, "T", 20001)

            return await once(session, Change("open", "turn-1", ("a",)), str, make, now=NOW)

    assert await asyncio.gather(*(ask() for _ in range(5))) == ["T-20001"] * 5
    assert made == [1]


async def test_keys_are_kept_for_a_week(database: Database) -> None:
    async def change(key: str, value: str, now: datetime) -> str:
        async def make() -> str:
            return value

        async with database.writing() as session:
            return await once(session, Change("say", key, (value,)), str, make, now=now)

    assert await change("old", "first", NOW) == "first"
    with pytest.raises(Conflict):
        await change("old", "second", NOW)
    later = NOW + timedelta(days=8)
    await change("new", "anything", later)
    async with database.reading() as session:
        keys = (await session.scalars(select(ShopKeyRow.key))).all()
    assert keys == ["new"]
