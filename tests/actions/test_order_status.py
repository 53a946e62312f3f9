from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rasa_sdk import Tracker

from actions.order_status import MAX_FAILED_LOOKUPS, MAX_FAILED_OF_ORDER, OrderDesk
from core.errors import BadInput
from store import shop
from store.database import Database
from tests.actions.build import customer, dispatcher, said, slots_of, tracker

SURVEY = {"parley": "survey", "about": "order_status", "kinds": ["csat", "ces"]}


def asking(chat: str, number: str, postcode: str, **slots: Any) -> Tracker:
    message = customer(f"{number} {postcode}", "give_details", turn="turn-7")
    return tracker(message, sender_id=chat, order_number=number, postcode=postcode, **slots)


async def test_order_is_told_and_verification_recorded(database: Database, chat: str) -> None:
    spoken = dispatcher()
    events = await OrderDesk(database).answer(spoken, asking(chat, "HP-10442", "bn14gh"), {})
    sentence, survey = said(spoken)
    assert sentence == (
        "Order HP-10442: oak bedside table and reading lamp. "
        "It is on its way and will be delivered on Friday 6 June, 8 to 12."
    )
    assert survey == SURVEY
    assert slots_of(events) == {
        "order_number": None,
        "postcode": None,
        "last_order": "HP-10442",
        "failed_lookups": 0,
    }
    async with database.reading() as session:
        assert await shop.is_verified(session, chat, "HP-10442")
        assert not await shop.is_verified(session, chat, "HP-10517")


async def test_a_repeated_turn_records_once(database: Database, chat: str) -> None:
    for _ in range(2):
        await OrderDesk(database).answer(dispatcher(), asking(chat, "HP-10442", "BN1 4GH"), {})
    async with database.reading() as session:
        assert await shop.verified_orders(session, chat) == ("HP-10442",)


async def test_wrong_postcode_and_unknown_number_sound_the_same(
    database: Database, chat: str
) -> None:
    heard = []
    for number, postcode in [("HP-10442", "LS6 2AB"), ("HP-99999", "BN1 4GH")]:
        spoken = dispatcher()
        events = await OrderDesk(database).answer(spoken, asking(chat, number, postcode), {})
        heard.append(said(spoken))
        assert slots_of(events)["failed_lookups"] == 1
        assert slots_of(events)["order_number"] is None
    assert heard == [["utter_order_not_found"]] * 2
    async with database.reading() as session:
        assert await shop.verified_orders(session, chat) == ()


async def test_the_last_failed_lookup_offers_a_person(database: Database, chat: str) -> None:
    spoken = dispatcher()
    wrong = asking(chat, "HP-10442", "LS6 2AB", failed_lookups=MAX_FAILED_LOOKUPS - 1)
    await OrderDesk(database).answer(spoken, wrong, {})
    assert said(spoken) == ["utter_offer_person_lookup"]


async def test_after_too_many_failures_nothing_is_looked_up(database: Database, chat: str) -> None:
    spoken = dispatcher()
    right = asking(chat, "HP-10442", "BN1 4GH", failed_lookups=MAX_FAILED_LOOKUPS)
    await OrderDesk(database).answer(spoken, right, {})
    assert said(spoken) == ["utter_offer_person_lookup"]
    async with database.reading() as session:
        assert not await shop.is_verified(session, chat, "HP-10442")


@pytest.mark.parametrize("number", ["HP-10442", "HP-99999"])  # an order, and none
async def test_an_order_that_is_guessed_at_tells_nothing(
    database: Database, chat: str, number: str
) -> None:
    for _ in range(MAX_FAILED_OF_ORDER):  # each a conversation of its own: its slots are empty
        spoken = dispatcher()
        await OrderDesk(database).answer(spoken, asking(chat, number, "LS6 2AB"), {})
        assert said(spoken) == ["utter_order_not_found"]
    spoken = dispatcher()
    await OrderDesk(database).answer(spoken, asking(chat, number, "BN1 4GH"), {})
    assert said(spoken) == ["utter_offer_person_lookup"]
    spoken = dispatcher()  # another order is another matter
    await OrderDesk(database).answer(spoken, asking(chat, "HP-10517", "LS6 2AB"), {})
    assert SURVEY in said(spoken)


async def test_failures_of_an_hour_ago_do_not_count(database: Database, chat: str) -> None:
    async with database.writing() as session:
        for minutes in range(61, 61 + MAX_FAILED_OF_ORDER):
            before = datetime.now(UTC) - timedelta(minutes=minutes)
            await shop.record_failed_lookup(session, chat, "HP-10442", now=before)
    spoken = dispatcher()
    await OrderDesk(database).answer(spoken, asking(chat, "HP-10442", "BN1 4GH"), {})
    assert SURVEY in said(spoken)


async def test_a_message_without_a_turn_id_is_refused(database: Database, chat: str) -> None:
    foreign = asking(chat, "HP-10442", "BN1 4GH")
    foreign.latest_message["metadata"] = {}
    with pytest.raises(BadInput, match="turn id"):
        await OrderDesk(database).answer(dispatcher(), foreign, {})
