"""What every back end does: the embedded shop, and a server asked over HTTP."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from actions.backend import Backend
from core.errors import BadInput, Conflict, NotFound, Unavailable
from core.settings import Settings
from core.shop import (
    DeliverySlot,
    OrderStatus,
    Refused,
    ReturnState,
    TicketKind,
    TicketState,
)
from store import shop
from store.database import Database, make_engine, open_database
from tests.actions.reference_shop import NOW, SETTINGS, Clock, Postbox, asking, embedded, serving

TODAY = NOW.date()  # Thursday 5 June 2025
MONDAY = date(2025, 6, 9)  # demo orders fill its first window
FITTING = datetime(2025, 6, 18, 9, 0, tzinfo=UTC)  # Wednesday 10:00 in London


@pytest.fixture
def postbox() -> Postbox:
    return Postbox()


@pytest.fixture
def clock() -> Clock:
    return Clock()


KEY = b"key"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo shop that each test copies: migrating anew takes most of a second."""
    folder = tmp_path_factory.mktemp("filled")

    async def fill() -> None:
        opened = await open_database(Settings(var=folder))
        async with Database(opened.engine, KEY).writing() as session:
            await shop.seed_demo(session, today=TODAY, zone=SETTINGS.zone)
        await opened.close()

    asyncio.run(fill())
    return folder / "parley.db"


@pytest.fixture
async def database(tmp_path: Path, filled: Path) -> AsyncIterator[Database]:
    shutil.copy(filled, tmp_path / "parley.db")
    opened = Database(make_engine(f"sqlite+aiosqlite:///{tmp_path / 'parley.db'}"), KEY)
    yield opened
    await opened.close()


@pytest.fixture(params=["embedded", "http"])
async def backend(
    request: pytest.FixtureRequest, database: Database, postbox: Postbox, clock: Clock
) -> AsyncIterator[Backend]:
    own = embedded(database, postbox, clock)
    if request.param == "embedded":
        yield own
        return
    async with serving(own) as (_, url), asking(url) as over_http:
        yield over_http


async def test_an_order_is_found_by_its_number_in_any_case(backend: Backend) -> None:
    order = await backend.find_order("hp-10442")
    assert order is not None
    assert (order.number, order.postcode) == ("HP-10442", "BN1 4GH")
    assert order.items == ("oak bedside table", "reading lamp")
    assert order.status is OrderStatus.ON_ITS_WAY
    assert (order.total_pence, order.customer) == (20800, "C-1001")
    assert order.address == "12 Sample Terrace, Brighton"


NO_NUMBERS = [
    "HP-99999",
    "10442",
    "",
    ".",
    "..",
    "../orders",
    "HP-10442/returns",
    "a?b=c",
    "%2e%2e",
    "é",
    "x" * 300,
]


@pytest.mark.parametrize("number", NO_NUMBERS)
async def test_what_is_no_number_finds_nothing(backend: Backend, number: str) -> None:
    assert await backend.find_order(number) is None
    assert await backend.find_return(number) is None
    assert await backend.find_fitting(number) is None
    assert await backend.find_ticket(number) is None
    assert await backend.find_customer(number) is None
    assert await backend.orders_of(number) == ()


async def test_a_customer_has_their_orders_newest_first(backend: Backend) -> None:
    orders = await backend.orders_of("C-1001")
    assert [order.number for order in orders] == ["HP-10530", "HP-10442"]
    customer = await backend.find_customer("C-1001")
    assert customer is not None
    assert (customer.name, customer.email) == ("R. Sample", "r.sample@example.com")


async def test_windows_are_offered_from_two_days_ahead_and_full_ones_are_not(
    backend: Backend,
) -> None:
    slots = await backend.delivery_slots("HP-10538", since=TODAY)
    assert len(slots) == 20
    assert slots == tuple(sorted(slots, key=lambda slot: (slot.day, slot.window != "8 to 12")))
    assert slots[0] == DeliverySlot(date(2025, 6, 7), "8 to 12")  # a Saturday
    assert all(slot.day.weekday() != 6 for slot in slots)
    assert DeliverySlot(MONDAY, "8 to 12") not in slots
    assert DeliverySlot(MONDAY, "12 to 4") not in slots
    assert DeliverySlot(date(2025, 6, 10), "12 to 4") in slots
    own = DeliverySlot(date(2025, 6, 11), "8 to 12")
    assert own not in slots


async def test_a_window_is_changed_while_the_order_is_in_the_house(backend: Backend) -> None:
    slot = DeliverySlot(date(2025, 6, 12), "12 to 4")
    changed = await backend.change_slot("HP-10538", slot, key="turn-1")
    assert (changed.delivery_on, changed.slot) == (slot.day, slot.window)
    assert await backend.find_order("HP-10538") == changed


@pytest.mark.parametrize(
    "slot",
    [
        DeliverySlot(MONDAY, "8 to 12"),  # full
        DeliverySlot(date(2025, 6, 8), "8 to 12"),  # Sunday
        DeliverySlot(date(2025, 6, 6), "8 to 12"),  # tomorrow
        DeliverySlot(date(2025, 6, 12), "4 to 8"),  # no such window
        DeliverySlot(date(2026, 6, 12), "8 to 12"),  # far away
    ],
)
async def test_windows_that_are_not_offered_are_taken(backend: Backend, slot: DeliverySlot) -> None:
    with pytest.raises(Refused) as refused:
        await backend.change_slot("HP-10538", slot, key="turn-1")
    assert refused.value.reason == "slot_taken"


async def test_the_last_place_in_a_window_goes_to_one(backend: Backend) -> None:
    slot = DeliverySlot(date(2025, 6, 12), "8 to 12")
    await backend.change_slot("HP-10541", slot, key="turn-1")
    both = [
        backend.change_slot(order, slot, key=f"turn-{order}") for order in ("HP-10538", "HP-10517")
    ]
    ends = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["Order", "Refused"]


async def test_an_address_is_changed(backend: Backend) -> None:
    changed = await backend.change_address("HP-10517", "1  New\nStreet, York", "yo17hb", key="t")
    assert (changed.address, changed.postcode) == ("1 New Street, York", "YO1 7HB")


@pytest.mark.parametrize(("address", "postcode"), [("", "YO1 7HB"), ("1 New Street", "nowhere")])
async def test_what_is_no_address_is_bad_input(
    backend: Backend, address: str, postcode: str
) -> None:
    with pytest.raises(BadInput):
        await backend.change_address("HP-10517", address, postcode, key="t")


async def test_an_order_is_cancelled_with_its_fitter(backend: Backend) -> None:
    cancelled = await backend.cancel_order("HP-10530", key="turn-1")
    assert cancelled.status is OrderStatus.CANCELLED
    fitting = await backend.find_fitting("F-40001")
    assert fitting is not None
    assert fitting.is_cancelled


Asked = Callable[[Backend], Awaitable[object]]
SLOT = DeliverySlot(date(2025, 6, 12), "8 to 12")
REFUSALS: list[tuple[str, Asked]] = [
    ("too_late", lambda back: back.cancel_order("HP-10442", key="k")),
    ("too_late", lambda back: back.cancel_order("HP-10391", key="k")),
    ("already_cancelled", lambda back: back.cancel_order("HP-10405", key="k")),
    ("too_late", lambda back: back.change_slot("HP-10442", SLOT, key="k")),
    ("cancelled", lambda back: back.change_slot("HP-10405", SLOT, key="k")),
    ("too_late", lambda back: back.delivery_slots("HP-10442", since=TODAY)),
    ("cancelled", lambda back: back.delivery_slots("HP-10405", since=TODAY)),
    ("too_late", lambda back: back.change_address("HP-10442", "1 A Road", "YO1 7HB", key="k")),
    ("cancelled", lambda back: back.change_address("HP-10405", "1 A Road", "YO1 7HB", key="k")),
    ("not_delivered", lambda back: back.returnable_items("HP-10517")),
    ("cancelled", lambda back: back.returnable_items("HP-10405")),
    ("return_window_over", lambda back: back.returnable_items("HP-10214")),
    ("not_delivered", lambda back: back.start_return("HP-10517", ("linen sofa",), "", key="k")),
    ("cancelled", lambda back: back.start_return("HP-10405", ("brass floor lamp",), "", key="k")),
    (
        "return_window_over",
        lambda back: back.start_return("HP-10214", ("walnut desk",), "", key="k"),
    ),
    ("not_returnable", lambda back: back.start_return("HP-10391", ("linen sofa",), "", key="k")),
    (
        "already_returning",
        lambda back: back.start_return("HP-10377", ("dining chair", "dining chair"), "", key="k"),
    ),
    ("no_email", lambda back: back.send_invoice("HP-10386", key="k")),
    ("no_email", lambda back: back.send_code("HP-10386", "123456", key="k")),
    ("already_booked", lambda back: back.book_fitting("HP-10530", FITTING, key="k")),
    ("cancelled", lambda back: back.book_fitting("HP-10405", FITTING, key="k")),
    ("cancelled", lambda back: back.free_fittings("HP-10405", since=NOW, until=FITTING)),
]


@pytest.mark.parametrize(("reason", "ask"), REFUSALS)
async def test_rules_say_no(backend: Backend, reason: str, ask: Asked) -> None:
    with pytest.raises(Refused) as refused:
        await ask(backend)
    assert refused.value.reason == reason


UNKNOWN: list[Asked] = [
    lambda back: back.delivery_slots("HP-99999", since=TODAY),
    lambda back: back.change_slot("HP-99999", SLOT, key="k"),
    lambda back: back.change_address("HP-99999", "1 A Road", "YO1 7HB", key="k"),
    lambda back: back.cancel_order("HP-99999", key="k"),
    lambda back: back.start_return("HP-99999", ("rug",), "", key="k"),
    lambda back: back.returns_of("HP-99999"),
    lambda back: back.returnable_items("HP-99999"),
    lambda back: back.send_invoice("HP-99999", key="k"),
    lambda back: back.free_fittings("HP-99999", since=NOW, until=FITTING),
    lambda back: back.book_fitting("HP-99999", FITTING, key="k"),
    lambda back: back.fittings_of("HP-99999"),
    lambda back: back.move_fitting("F-99999", FITTING, key="k"),
    lambda back: back.cancel_fitting("F-99999", key="k"),
    lambda back: back.open_ticket(TicketKind.OTHER, "", order="HP-99999", key="k"),
    lambda back: back.add_to_ticket("T-99999", "and this", key="k"),
    lambda back: back.tickets_of("HP-99999"),
    lambda back: back.change_contact("C-9999", phone="+441632960999", key="k"),
    lambda back: back.send_code("HP-99999", "123456", key="k"),
]


@pytest.mark.parametrize("ask", UNKNOWN)
async def test_what_is_unknown_is_not_found(backend: Backend, ask: Asked) -> None:
    with pytest.raises(NotFound):
        await ask(backend)


async def test_a_return_is_started_and_found(backend: Backend) -> None:
    started = await backend.start_return("HP-10391", ("pine bookcase",), "too big", key="turn-1")
    assert (started.number, started.state) == ("R-30002", ReturnState.STARTED)
    assert (started.amount_pence, started.started_on) == (32900, TODAY)
    assert await backend.returns_of("hp-10391") == (started,)
    assert await backend.find_return("r-30002") == started


async def test_the_second_of_two_alike_may_still_come_back(backend: Backend) -> None:
    started = await backend.start_return("HP-10377", ("dining chair",), "", key="turn-1")
    assert [one.number for one in await backend.returns_of("HP-10377")] == [
        started.number,
        "R-30001",
    ]


async def test_what_is_left_to_come_back_is_told(backend: Backend) -> None:
    assert await backend.returnable_items("hp-10377") == ("ash dining table", "dining chair")
    await backend.start_return("HP-10377", ("ash dining table", "dining chair"), "", key="k")
    with pytest.raises(Refused) as refused:
        await backend.returnable_items("HP-10377")
    assert refused.value.reason == "already_returning"


@pytest.mark.parametrize(("days", "is_in_time"), [(28, True), (29, False)])
async def test_things_come_back_for_28_days(
    backend: Backend, clock: Clock, days: int, is_in_time: bool
) -> None:
    clock.now = NOW - timedelta(days=2) + timedelta(days=days)  # HP-10391 came two days ago
    try:
        await backend.start_return("HP-10391", ("pine bookcase",), "", key="turn-1")
        done = True
    except Refused:
        done = False
    assert done is is_in_time


async def test_an_invoice_is_mailed_once(backend: Backend, postbox: Postbox) -> None:
    for _ in range(2):
        invoice = await backend.send_invoice("HP-10442", key="turn-1")
        assert invoice.sent_to == "r…@example.com"
    (letter,) = postbox.letters
    assert letter.to == "r.sample@example.com"
    for text in ("HP-10442", "oak bedside table", "£149.00", "£59.00", "£208.00", "R. Sample"):
        assert text in letter.text
        assert text in letter.html


async def test_an_invoice_asked_for_twice_at_once_is_mailed_once(
    backend: Backend, postbox: Postbox
) -> None:
    both = [backend.send_invoice("HP-10442", key="turn-1") for _ in range(2)]
    one, other = await asyncio.gather(*both)
    assert one == other
    assert len(postbox.letters) == 1


async def test_fitters_work_monday_to_friday_in_pairs_of_hours(backend: Backend) -> None:
    until = NOW + timedelta(days=14)
    free = await backend.free_fittings("HP-10391", since=NOW, until=until)
    assert free[0].starts_at == datetime(2025, 6, 6, 11, 0, tzinfo=UTC)  # a day ahead, 12:00
    assert all(one.ends_at - one.starts_at == timedelta(hours=2) for one in free)
    local = [one.starts_at.astimezone(SETTINGS.zone) for one in free]
    assert {moment.hour for moment in local} == {8, 10, 12, 14, 16}
    assert all(moment.weekday() < 5 for moment in local)
    assert len(free) == 20


async def test_a_fitter_comes_after_the_delivery(backend: Backend) -> None:
    free = await backend.free_fittings("HP-10538", since=NOW, until=NOW + timedelta(days=14))
    assert free[0].starts_at == datetime(2025, 6, 12, 7, 0, tzinfo=UTC)  # delivered on the 11th


async def test_a_fitting_is_booked_moved_and_cancelled(backend: Backend) -> None:
    booked = await backend.book_fitting("HP-10538", FITTING, key="turn-1")
    assert (booked.number, booked.starts_at) == ("F-40002", FITTING)
    assert booked.ends_at == FITTING + timedelta(hours=2)
    assert await backend.fittings_of("HP-10538") == (booked,)
    later = FITTING + timedelta(hours=2)
    moved = await backend.move_fitting("f-40002", later, key="turn-2")
    assert moved == replace(booked, starts_at=later, ends_at=later + timedelta(hours=2))
    cancelled = await backend.cancel_fitting("F-40002", key="turn-3")
    assert cancelled.is_cancelled
    assert await backend.fittings_of("HP-10538") == ()
    assert await backend.find_fitting("F-40002") == cancelled
    with pytest.raises(Refused, match="cancelled before"):
        await backend.cancel_fitting("F-40002", key="turn-4")
    assert (await backend.book_fitting("HP-10538", later, key="turn-5")).number == "F-40003"


@pytest.mark.parametrize(
    "start",
    [
        FITTING + timedelta(hours=1),  # between two visits
        FITTING - timedelta(hours=4),  # before eight
        datetime(2025, 6, 21, 9, 0, tzinfo=UTC),  # Saturday
        NOW + timedelta(hours=3),  # today
        datetime(2025, 6, 10, 9, 0, tzinfo=UTC),  # before the delivery
        datetime(2027, 6, 16, 9, 0, tzinfo=UTC),  # far away
        datetime(2025, 6, 13, 9, 0, tzinfo=UTC),  # somebody else's, F-40001
    ],
)
async def test_times_that_are_not_offered_are_taken(backend: Backend, start: datetime) -> None:
    with pytest.raises(Refused) as refused:
        await backend.book_fitting("HP-10538", start, key="turn-1")
    assert refused.value.reason == "slot_taken"


async def test_one_time_goes_to_one(backend: Backend) -> None:
    both = [
        backend.book_fitting(order, FITTING, key=f"turn-{order}")
        for order in ("HP-10538", "HP-10391")
    ]
    ends = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["Appointment", "Refused"]


@pytest.mark.parametrize(("hours", "reason"), [(25, None), (23, "too_late"), (-1, "too_late")])
async def test_a_fitting_is_moved_and_cancelled_until_a_day_before(
    backend: Backend, clock: Clock, hours: int, reason: str | None
) -> None:
    booked = await backend.book_fitting("HP-10538", FITTING, key="turn-1")
    clock.now = FITTING - timedelta(hours=hours)
    later = FITTING + timedelta(days=5)
    asked: list[Asked] = [
        lambda back: back.move_fitting(booked.number, later, key="turn-2"),
        lambda back: back.cancel_fitting(booked.number, key="turn-3"),
    ]
    for ask in asked:
        said = None
        try:
            await ask(backend)
        except Refused as refused:
            said = refused.reason
        assert said == reason


async def test_a_naive_time_is_bad_input(backend: Backend) -> None:
    naive = FITTING.replace(tzinfo=None)
    with pytest.raises(BadInput):
        await backend.book_fitting("HP-10538", naive, key="turn-1")
    with pytest.raises(BadInput):
        await backend.free_fittings("HP-10538", since=naive, until=FITTING)


async def test_a_ticket_is_opened_with_its_clock(backend: Backend) -> None:
    ticket = await backend.open_ticket(
        TicketKind.DAMAGED, "a leg is broken", order="hp-10391", key="turn-1"
    )
    assert (ticket.number, ticket.state, ticket.order) == ("T-20002", TicketState.OPEN, "HP-10391")
    assert (ticket.opened_at, ticket.due_at) == (NOW, NOW + timedelta(days=1))  # Friday 11:00
    assert await backend.find_ticket("t-20002") == ticket
    assert await backend.tickets_of("HP-10391") == (ticket,)
    without = await backend.open_ticket(TicketKind.CALL_BACK, "", order=None, key="turn-2")
    assert (without.order, without.due_at - NOW) == (None, timedelta(hours=4))


async def test_the_shop_has_a_ticket_in_progress(backend: Backend) -> None:
    (ticket,) = await backend.tickets_of("HP-10386")
    assert (ticket.number, ticket.state) == ("T-20001", TicketState.IN_PROGRESS)


@pytest.mark.parametrize("email", ["r.sample@example.com", " R.Sample@Example.COM "])
async def test_a_customer_is_found_by_their_address(backend: Backend, email: str) -> None:
    found = await backend.find_customer_by_email(email)
    assert found is not None
    assert found.id == "C-1001"


async def test_a_customer_is_found_by_their_new_address_alone(backend: Backend) -> None:
    await backend.change_contact("C-1001", email="new@example.com", key="turn-1")
    assert await backend.find_customer_by_email("r.sample@example.com") is None
    assert (await backend.find_customer_by_email("new@example.com")) is not None
    assert await backend.find_customer_by_email("nobody@example.com") is None


async def test_a_ticket_takes_what_is_told_since(backend: Backend) -> None:
    opened = await backend.open_ticket(TicketKind.DAMAGED, "a leg", order="HP-10391", key="turn-1")
    added = await backend.add_to_ticket("t-20002", "and a shelf", key="turn-2")
    assert (added.number, added.due_at) == (opened.number, opened.due_at)
    assert added.note == "a leg\nand a shelf"
    assert await backend.find_ticket("T-20002") == added
    with pytest.raises(BadInput):
        await backend.add_to_ticket("T-20002", "x" * 4000, key="turn-3")


async def test_a_contact_is_changed_and_the_old_address_told(
    backend: Backend, postbox: Postbox
) -> None:
    changed = await backend.change_contact("C-1001", email="new@example.com", key="turn-1")
    assert (changed.email, changed.phone) == ("new@example.com", "+441632960101")
    assert await backend.find_customer("C-1001") == changed
    (letter,) = postbox.letters
    assert letter.to == "r.sample@example.com"
    assert "e-mail address" in letter.text
    assert "new@example.com" not in letter.text  # the old box may be the stranger's
    again = await backend.change_contact("C-1001", email="new@example.com", key="turn-1")
    assert again == changed
    assert len(postbox.letters) == 1


async def test_who_cannot_be_told_is_not_changed(backend: Backend, postbox: Postbox) -> None:
    postbox.is_open = False
    with pytest.raises(Unavailable):
        await backend.change_contact("C-1001", email="new@example.com", key="turn-1")
    postbox.is_open = True
    customer = await backend.find_customer("C-1001")
    assert customer is not None
    assert customer.email == "r.sample@example.com"
    await backend.change_contact("C-1001", email="new@example.com", key="turn-1")


async def test_who_has_no_address_yet_is_given_one(backend: Backend, postbox: Postbox) -> None:
    changed = await backend.change_contact("C-1007", email="l@example.com", key="turn-1")
    assert changed.email == "l@example.com"
    assert postbox.letters == []


@pytest.mark.parametrize(
    "contact",
    [
        {},
        {"email": "nobody"},
        {"email": "a@b"},
        {"email": "a@example.com\nBcc: b@example.com"},
        {"email": "a@example.com, b@example.com"},
        {"phone": "01632 960101"},
        {"phone": "+44"},
    ],
)
async def test_what_is_no_contact_is_bad_input(backend: Backend, contact: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        await backend.change_contact("C-1001", key="turn-1", **contact)


async def test_a_code_goes_to_the_address_on_file(
    backend: Backend, postbox: Postbox, database: Database
) -> None:
    for _ in range(2):
        assert await backend.send_code("HP-10442", "047113", key="turn-1") == "r…@example.com"
    (letter,) = postbox.letters
    assert letter.to == "r.sample@example.com"
    assert "047113" in letter.text
    assert "047113" not in letter.subject  # subjects stand on locked screens
    stored = await _everything(database)
    assert b"047113" not in stored


async def test_shops_come_nearest_first(backend: Backend) -> None:
    near = await backend.stores_near("LS6 2AB")
    assert near[0].name == "Harbour & Pine Leeds"
    miles = [store.miles for store in near]
    assert all(mile is not None for mile in miles)
    assert miles == sorted(miles, key=float)  # type: ignore[arg-type] # none is None
    unknown = await backend.stores_near("ZZ9 9ZZ")
    assert len(unknown) == len(near) == 4
    assert {store.miles for store in unknown} == {None}


CHANGES: list[Asked] = [
    lambda back: back.change_slot("HP-10538", SLOT, key="k"),
    lambda back: back.change_address("HP-10538", "1 A Road", "YO1 7HB", key="k"),
    lambda back: back.cancel_order("HP-10538", key="k"),
    lambda back: back.start_return("HP-10391", ("pine bookcase",), "", key="k"),
    lambda back: back.send_invoice("HP-10442", key="k"),
    lambda back: back.book_fitting("HP-10538", FITTING, key="k"),
    lambda back: back.move_fitting("F-40001", FITTING, key="k"),
    lambda back: back.cancel_fitting("F-40001", key="k"),
    lambda back: back.open_ticket(TicketKind.OTHER, "n", order=None, key="k"),
    lambda back: back.add_to_ticket("T-20001", "and the shelf", key="k"),
    lambda back: back.change_contact("C-1001", phone="+441632960999", key="k"),
    lambda back: back.send_code("HP-10442", "123456", key="k"),
]


@pytest.mark.parametrize("change", CHANGES)
async def test_a_repeated_change_gives_what_the_first_gave(
    backend: Backend, change: Asked, postbox: Postbox, clock: Clock
) -> None:
    first = await change(backend)
    letters = len(postbox.letters)
    clock.now += timedelta(minutes=5)
    assert await change(backend) == first
    assert len(postbox.letters) == letters
    one, other = await asyncio.gather(change(backend), change(backend))
    assert one == other == first


async def test_the_first_answer_stands_when_things_went_on(backend: Backend) -> None:
    first = await backend.change_slot("HP-10538", SLOT, key="k")
    await backend.cancel_order("HP-10538", key="k")  # the same turn, another change
    assert await backend.change_slot("HP-10538", SLOT, key="k") == first
    order = await backend.find_order("HP-10538")
    assert order is not None
    assert order.status is OrderStatus.CANCELLED


async def test_one_key_is_for_one_change(backend: Backend) -> None:
    await backend.open_ticket(TicketKind.OTHER, "a lamp", order=None, key="k")
    with pytest.raises(Conflict):
        await backend.open_ticket(TicketKind.OTHER, "a rug", order=None, key="k")


async def test_a_refused_change_may_be_asked_for_again(backend: Backend, clock: Clock) -> None:
    full = DeliverySlot(MONDAY, "8 to 12")
    with pytest.raises(Refused):
        await backend.change_slot("HP-10538", full, key="k")
    await backend.cancel_order("HP-10541", key="k2")
    assert (await backend.change_slot("HP-10538", full, key="k")).delivery_on == MONDAY


async def _everything(database: Database) -> bytes:
    path = Path(str(database.engine.url.database))
    return b"".join(file.read_bytes() for file in path.parent.glob("parley.db*"))


async def test_what_is_open_is_paid_once(backend: Backend) -> None:
    due = await backend.amount_due("hp-10517")
    assert (due.order, due.amount_pence, due.link) == ("HP-10517", 129900, None)
    for _ in range(2):
        left = await backend.record_payment("HP-10517", 100000, "PAY-1", key="payment-PAY-1")
        assert left.amount_pence == 29900
    assert (await backend.amount_due("HP-10517")).amount_pence == 29900
    with pytest.raises(Conflict):
        await backend.record_payment("HP-10517", 29900, "PAY-1", key="payment-PAY-1")


@pytest.mark.parametrize(
    ("order", "pence", "error"),
    [
        ("HP-10442", 100, Refused),  # nothing is open
        ("HP-10517", 129901, Refused),
        ("HP-99999", 100, NotFound),
    ],
)
async def test_no_more_is_paid_than_is_open(
    backend: Backend, order: str, pence: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await backend.record_payment(order, pence, "PAY-1", key="k")


async def test_of_most_orders_nothing_is_open(backend: Backend) -> None:
    assert (await backend.amount_due("HP-10442")).amount_pence == 0
    with pytest.raises(NotFound):
        await backend.amount_due("HP-99999")
