"""A look that reads on from an earlier one finds what a whole one finds, and reads little."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, event
from sqlalchemy.ext.asyncio import AsyncSession

from core.call_back import CallBack, CallBackState
from core.conversation import Channel, Event, EventKind, Role, Turn
from core.errors import NotFound
from core.handoff import Holder
from core.people import Address, AddressKind
from core.survey import SurveyInvitation, SurveyKind, SurveyResponse
from store import (
    buttons,
    call_backs,
    conversations,
    erasure,
    handoffs,
    identity,
    presses,
    standing,
    surveys,
)
from store.database import Database
from store.standing import Standing
from store.tables import EventRow

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
VISITOR = Address(AddressKind.WEB, "token-1")
Step = Callable[[AsyncSession, str], Awaitable[object]]


async def _says(session: AsyncSession, chat: str) -> None:
    turn = Turn("a", Role.CUSTOMER, "hello", NOW)
    await conversations.append_turn(session, chat, turn, now=NOW)


async def _answers(session: AsyncSession, chat: str) -> None:
    turn = Turn("bot:a:0", Role.BOT, "What can I do?", NOW)
    await conversations.append_turn(session, chat, turn, now=NOW)
    await buttons.issue(session, chat, turn.id, [("Hours", "/hours"), ("Order", "/order")])


async def _presses(session: AsyncSession, chat: str) -> None:
    turn = Turn("b", Role.CUSTOMER, "Hours", NOW)
    await conversations.append_turn(session, chat, turn, now=NOW)
    await presses.record(session, chat, "b", "any-button")


async def _is_asked(session: AsyncSession, chat: str) -> None:
    await surveys.invite(session, SurveyInvitation("i1", chat, (SurveyKind.CSAT,), "chat", NOW))


async def _responds(session: AsyncSession, chat: str) -> None:
    response = SurveyResponse("r1", "i1", SurveyKind.CSAT, NOW, score=4)
    await surveys.respond(session, response)
    await surveys.close(session, "i1", now=NOW)


async def _drafts(session: AsyncSession, chat: str) -> None:
    await call_backs.save(session, CallBack("k1", chat, NOW, CallBackState.DRAFT))


async def _shows(session: AsyncSession, chat: str) -> None:
    await identity.record_verification(session, chat, "HP-10442", "a", now=NOW)


async def _is_handed_over(session: AsyncSession, chat: str) -> None:
    await handoffs.move(
        session, await handoffs.get(session, chat), Holder.WAITING, now=NOW, reason="x"
    )


async def _is_taken(session: AsyncSession, chat: str) -> None:
    held = await handoffs.get(session, chat)
    await handoffs.move(session, held, Holder.PERSON, now=NOW, agent="ann", actor="Ann")
    await conversations.set_agent(session, chat, "Ann")
    turn = Turn("c", Role.AGENT, "I am Ann", NOW, author="Ann")
    await conversations.append_turn(session, chat, turn, now=NOW, agent_id="ann")


async def _swaps(session: AsyncSession, chat: str) -> None:
    await conversations.swap_roles(session, chat, actor="Sue", now=NOW)


async def _loses_an_event(session: AsyncSession, chat: str) -> None:
    kept = EventRow.kind != EventKind.OPENED.value
    await session.execute(delete(EventRow).where(EventRow.conversation_id == chat, ~kept))
    await conversations.add_event(session, chat, Event(EventKind.HELD, NOW))


STEPS: tuple[Step, ...] = (
    *(_says, _answers, _presses, _is_asked, _responds, _drafts, _shows),
    *(_is_handed_over, _is_taken, _swaps, _loses_an_event),
)


async def _opened(database: Database) -> str:
    async with database.writing() as session:
        return (await conversations.open_chat(session, Channel.WEB, VISITOR, now=NOW)).id


async def _read(database: Database, chat: str, earlier: Standing | None = None) -> Standing:
    async with database.reading() as session:
        return await standing.read(session, chat, earlier)


@pytest.mark.parametrize("every", [1, 2, 3, len(STEPS)])
async def test_reading_on_finds_what_a_whole_look_finds(database: Database, every: int) -> None:
    """However many steps lie between two looks, and inside of the transaction as behind it."""
    chat = await _opened(database)
    seen = await _read(database, chat)
    for number, step in enumerate(STEPS, start=1):
        async with database.writing() as session:
            await step(session, chat)
            within = await standing.read(session, chat, seen)
        whole = await _read(database, chat)
        assert within == whole, step.__name__
        assert await _read(database, chat, seen) == whole, step.__name__
        if number % every == 0:
            seen = whole
    last = await _read(database, chat)
    assert last.conversation == await _whole(database, chat)
    assert last.conversation.turns[0].role is Role.AGENT  # as was swapped
    assert [button.title for button in last.buttons["bot:a:0"]] == ["Hours", "Order"]
    assert (last.pressed, last.has_shown) == ({"b": "any-button"}, True)
    assert last.draft is not None
    assert last.invitation is not None
    assert last.invitation.closed_at == NOW
    assert [given.score for given in last.responses] == [4]
    assert last.handoff.agent == "ann"


async def _whole(database: Database, chat: str) -> object:
    async with database.reading() as session:
        return await conversations.get(session, chat)


async def test_what_was_undone_is_not_in_the_next_look(database: Database) -> None:
    chat = await _opened(database)
    seen = await _read(database, chat)
    with pytest.raises(ZeroDivisionError):
        async with database.writing() as session:
            await _says(session, chat)
            assert len((await standing.read(session, chat, seen)).conversation.turns) == 1
            raise ZeroDivisionError
    assert await _read(database, chat, seen) == seen


async def test_a_telephone_number_is_that_of_the_customer(database: Database) -> None:
    caller = Address(AddressKind.PHONE, "+442079460958")
    async with database.writing() as session:
        call = await conversations.open_chat(session, Channel.VOICE, caller, now=NOW)
    assert (await _read(database, call.id)).phone == "+442079460958"
    assert (await _read(database, await _opened(database))).phone is None


async def test_a_deleted_conversation_is_not_found(database: Database) -> None:
    chat = await _opened(database)
    seen = await _read(database, chat)
    async with database.writing() as session:
        await erasure.erase_conversation(session, chat, actor="Sue", now=NOW)
    with pytest.raises(NotFound):
        await _read(database, chat, seen)


async def test_a_long_chat_costs_no_more_statements_and_rows_than_a_short_one(
    database: Database,
) -> None:
    chat = await _opened(database)
    counts = []
    seen = await _read(database, chat)
    for number in range(60):
        async with database.writing() as session:
            at = NOW + timedelta(seconds=number)
            turn = Turn(f"t{number}", Role.CUSTOMER, f"line {number}", at)
            await conversations.append_turn(session, chat, turn, now=at)
        statements: list[str] = []
        note = _noting(statements)
        event.listen(database.engine.sync_engine, "before_cursor_execute", note)
        found = await _read(database, chat, seen)
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
        assert found.conversation.turns[:-1] == seen.conversation.turns
        assert all(
            one is other
            for one, other in zip(found.conversation.turns, seen.conversation.turns, strict=False)
        ), "read again"
        counts.append(len([one for one in statements if not one.startswith("BEGIN")]))
        seen = found
    assert set(counts) == {2}


def _noting(seen: list[str]) -> Callable[..., None]:
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    return note
