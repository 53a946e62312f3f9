"""A ticket's, return's or fitting's number tells nobody which order it is of."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from actions.fields import IDENTITY
from actions.person import hand_off
from actions.reading import NO_TIME, Heard, read_answer
from actions.state import State
from actions.task import Collected
from core.number_shapes import OF_THE_DEMO, NumberShapes, parse_shape
from language.values.references import use_shapes
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


@pytest.fixture
def six_digits() -> Iterator[None]:
    """A house whose order numbers have as many digits as a code."""
    others = map(parse_shape, ("T-20017", "R-30021", "F-40006"))
    use_shapes(NumberShapes(parse_shape("100442"), *others))
    yield
    use_shapes(OF_THE_DEMO)


@pytest.mark.parametrize(
    ("asked", "words", "told"),
    [
        ("code", "482913", {"code": "482913"}),
        ("code", "the code is 482 913", {"code": "482913"}),
        ("order", "482913", {"order": "482913"}),
        ("postcode", "sorry, it is 482913", {"order": "482913"}),
        ("postcode", "sorry, it is 482913, LS1 4AB", {"order": "482913", "postcode": "LS1 4AB"}),
    ],
)
@pytest.mark.usefixtures("six_digits")
def test_a_code_is_not_taken_for_an_order_of_as_many_digits(
    asked: str, words: str, told: dict[str, str]
) -> None:
    known = {} if asked == "order" else {"order": "100442"}
    state = State(task="order_status", collected=Collected(known), asked=asked)
    heard = Heard(words, "give_details", "turn-1")
    assert read_answer(heard, state, (*IDENTITY, *known), NO_TIME) == told


@pytest.mark.usefixtures("six_digits")
async def test_it_is_asked_for_and_told_as_the_house_writes_it(talk: Talk) -> None:
    said = await talk.say("where is my order", "order_status")
    assert "What is your order number? It has six digits, such as 100442." in said
    await talk.say("never mind", "never_mind")
    talk.slots.clear()
    assert "has six digits, such as 100442" in await talk.say("order number is 10442")
    await talk.say("100443")
    assert talk.slots["collected"]["order"] == "100443"
