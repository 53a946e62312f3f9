"""What is told after a ticket was opened goes into it; a new matter gets its own."""

import pytest
from sqlalchemy import select

from core.shop import keys_of
from store import erasure
from store.database import Database
from store.tables import ShopKeyRow, TicketRow
from tests.actions.conftest import NOW
from tests.actions.talk import Talk

VASE = ("the vase of 10386 NE1 7RU arrived broken", "report_damaged")
PIECES = ("it is in three pieces", "give_details")
RUDE = ("I want to complain about the driver, he was very rude to me", "complain")
SWORE = ("he swore at me and left the door open", "complain")
ADDED = "I have added that to ticket T-20002"


async def note(database: Database, number: str) -> str:
    async with database.reading() as session:
        row = await session.get(TicketRow, number)
    return (row.note or "") if row else "no such ticket"


@pytest.mark.parametrize(
    ("words", "intent"),
    [
        ("oh and the shelf has a scratch too", "report_damaged"),
        ("the box was wet as well", "report_missing"),
        ("also the paper was torn", "nlu_fallback"),
    ],
)
async def test_more_of_it_is_added(talk: Talk, database: Database, words: str, intent: str) -> None:
    await talk.say(*VASE)
    assert "T-20002" in await talk.say(*PIECES)
    assert ADDED in await talk.say(words, intent)
    assert (await note(database, "T-20002")).endswith(f"it is in three pieces\n{words}")
    assert await note(database, "T-20003") == "no such ticket"


async def test_a_second_complaint_is_added_to_the_first(talk: Talk, database: Database) -> None:
    await talk.say(*RUDE)
    await talk.say(*SWORE)
    more = "and another complaint: nobody answered the phone for two days"
    assert ADDED in await talk.say(more, "complain")
    assert ADDED in await talk.say("and nobody ever called me back", "complain")
    assert (await note(database, "T-20002")).count("\n") == 3


async def test_what_may_be_more_of_it_is_asked(talk: Talk, database: Database) -> None:
    await talk.say(*VASE)
    await talk.say(*PIECES)
    assert "Shall I add that to your ticket T-20002?" in await talk.say(
        "my neighbour saw it happen", "nlu_fallback"
    )
    assert ADDED in await talk.say("yes", "affirm")
    assert "Shall I add that" in await talk.say("the shelf is scratched", "report_damaged")
    await talk.say("it rained the whole day", "out_of_scope")
    assert "left everything as it is" in await talk.say("no", "deny")
    assert "rained" not in await note(database, "T-20002")


async def test_more_is_asked_for_when_nothing_is_told(talk: Talk) -> None:
    await talk.say(*VASE)
    await talk.say(*PIECES)
    assert "What shall I add to ticket T-20002?" in await talk.say(
        "can I add something to my ticket", "add_to_ticket"
    )
    assert ADDED in await talk.say("the wall shelf has a dent", "report_damaged")


@pytest.mark.parametrize(
    ("words", "intent", "answer"),
    [
        ("my bookcase is broken, order 10391 M4 1HQ", "report_damaged", "What is wrong with it?"),
        ("I want to complain about your fitter", "complain", "What went wrong?"),
        ("please open a new ticket, the shelf is broken", "report_damaged", "What is wrong with"),
        ("where is it?", "order_status", "It was delivered"),
        ("thanks", "nlu_fallback", "utter_rephrase"),
    ],
)
async def test_another_matter_is_none_of_it(
    talk: Talk, words: str, intent: str, answer: str
) -> None:
    await talk.say(*VASE)
    await talk.say(*PIECES)
    assert answer in await talk.say(words, intent)


async def test_a_ticket_of_before_takes_more_from_its_customer_alone(
    talk: Talk, database: Database
) -> None:
    add = ("please add to ticket T-20001 that I need it by Friday", "add_to_ticket")
    assert "the postcode of the delivery address" in await talk.say(*add)
    assert "What shall I add to ticket T-20001?" in await talk.say("NE1 7RU")
    assert "added that to ticket T-20001" in await talk.say("I need it by Friday")
    assert (await note(database, "T-20001")).endswith("I need it by Friday")


async def test_a_ticket_about_no_order_takes_more_only_where_it_was_opened(
    talk: Talk, database: Database
) -> None:
    await talk.say(*RUDE)
    await talk.say(*SWORE)
    talk.slots["last_ticket"] = None  # as in another conversation
    said = await talk.say("add to T-20002 that he is a liar", "add_to_ticket")
    assert "cannot find such a ticket" in said
    assert "liar" not in await note(database, "T-20002")


async def test_a_solved_ticket_takes_no_more(talk: Talk, database: Database) -> None:
    async with database.writing() as session:
        row = await session.get(TicketRow, "T-20001")
        assert row is not None
        row.state = "solved"
    said = await talk.say("add something to my ticket T-20001, NE1 7RU", "add_to_ticket")
    assert "solved and closed" in said


async def test_erasing_a_conversation_erases_its_words_in_tickets(
    talk: Talk, database: Database
) -> None:
    await talk.say(*RUDE)
    await talk.say(*SWORE)
    await talk.say("add something to my ticket T-20001, NE1 7RU", "add_to_ticket")
    await talk.say("he is a canary")
    async with database.writing() as session:
        keys = (await session.scalars(select(ShopKeyRow.key))).all()
        assert len(keys) == 2
        assert all(key.startswith(keys_of(talk.conversation)) for key in keys)
        await erasure.erase_conversation(session, talk.conversation, actor="ann", now=NOW)
    assert await note(database, "T-20002") == ""
    assert await note(database, "T-20001") == ""
