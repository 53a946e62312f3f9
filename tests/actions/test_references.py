"""A ticket's, return's or fitting's number tells nobody which order it is of."""

import pytest
from sqlalchemy import select

from actions.person import hand_off
from store.database import Database
from store.tables import TicketRow
from tests.actions.build import customer, dispatcher, tracker
from tests.actions.talk import Talk

BEGINS = [
    ("when is fitting F-40001", "fitting_status"),
    ("how far is my return R-30001", "return_status"),
    ("how far is ticket T-20001", "ticket_status"),
]


@pytest.mark.parametrize(("words", "intent"), BEGINS)
async def test_another_wish_learns_nothing_of_the_order_behind(
    talk: Talk, words: str, intent: str
) -> None:
    said = [await talk.say(words, intent), await talk.say("SW1A 1AA")]
    said.append(await talk.say("where is my order", "order_status"))
    said.append(await talk.say("SW1A 1AB"))
    assert "HP-10530" not in " ".join(said).replace("such as HP-10442", "")
    assert "order" not in (talk.slots["collected"] or {})
    spoken = dispatcher()
    wish = customer("a person please", "ask_person")
    await hand_off(spoken, tracker(wish, sender_id=talk.conversation, **talk.slots), {})
    assert "order_number" not in spoken.messages[0]["custom"]["facts"]


async def test_a_complaint_names_no_order_that_was_not_said(talk: Talk, database: Database) -> None:
    await talk.say("when is fitting F-40001", "fitting_status")
    await talk.say("I want to complain, this is awful", "complain")
    await talk.say("your driver was rude to me")
    async with database.reading() as session:
        rows = (await session.scalars(select(TicketRow))).all()
    assert not any("HP-" in (row.note or "") for row in rows)


async def test_the_order_behind_is_known_once_it_is_shown(talk: Talk) -> None:
    await talk.say("when is fitting F-40001", "fitting_status")
    assert "Friday 13 June" in await talk.say("BN1 4GH")
    assert talk.slots["last_order"] == "HP-10530"
