"""What a message costs the database, however long the chat has been going on, and what is kept."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, update

from channels import deliveries
from channels.reply import ANSWERS, line_id, turn_key
from core.handoff import Holder
from core.people import Address, AddressKind
from store import erasure
from store.inline import InlineCursor
from store.outbox import Delivery
from store.tables import ConversationRow
from tests.channels.stage import Stage

# Of a written message and its answer: two transactions of about eight, and a share of the marks.
MOST_STATEMENTS = 18
MOST_COMMITS = 3


@contextmanager
def counting(stage: Stage) -> Iterator[list[str]]:
    """The statements that run meanwhile, commits among them."""
    seen: list[str] = []

    def committed(_connection: object) -> None:
        seen.append("COMMIT")

    def noting(run: Callable[..., Any]) -> Callable[..., Any]:
        def noted(cursor: InlineCursor, statement: str, *given: Any) -> Any:
            seen.append(statement)
            return run(cursor, statement, *given)

        return noted

    engine = stage.room.database.engine.sync_engine
    event.listen(engine, "commit", committed)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("execute", "executemany"):
            patch.setattr(InlineCursor, name, noting(getattr(InlineCursor, name)))
        yield seen
    event.remove(engine, "commit", committed)


async def test_a_message_costs_the_same_late_in_a_chat_as_early(stage: Stage) -> None:
    stage.room.settings = stage.settings.model_copy(update={"escalation": False})
    counts = []
    async with stage.visitor() as visitor:
        await visitor.ask("hello")
        await stage.settle()
        for number in range(8):
            with counting(stage) as seen:
                assert await visitor.ask(f"line {number}") == f"bot: line {number}"
                await stage.settle()
            counts.append((len(seen) - seen.count("COMMIT"), seen.count("COMMIT")))
    statements = {count for count, _ in counts}
    assert max(statements) <= MOST_STATEMENTS
    assert max(commits for _, commits in counts) <= MOST_COMMITS
    assert len(statements) == 1, "the same each time"


def test_an_answer_is_found_by_what_stands_around_the_id_of_its_turn() -> None:
    assert line_id(turn_key("m1"), 0) == "m1".join(ANSWERS)


async def test_marks_of_a_moment_share_a_transaction(stage: Stage) -> None:
    visitors = [stage.visitor() for _ in range(4)]
    chats = []
    for visitor in visitors:
        await visitor.connect()
        chats.append((await visitor.say("hello"))["conversation"])
        await visitor.until("turn", role="bot")
    await stage.settle()
    with counting(stage) as seen:
        for chat in chats:
            stage.room.mark_seen(chat, 1)
            stage.room.mark_seen(chat, 0)  # is known
        await stage.settle()
    assert seen.count("COMMIT") == 1
    for visitor, chat in zip(visitors, chats, strict=True):
        assert set((await stage.deliveries(chat)).values()) == {Delivery.DELIVERED}
        await visitor.socket.close()


async def test_who_answers_is_told_when_it_changes_alone(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        for text in ("hello", "hello again"):
            await visitor.say(text)
            await visitor.until("turn", role="bot")
        assert [m["holder"] for m in visitor.got if m["type"] == "state"] == ["bot"]
        await visitor.send({"type": "person", "id": "p1"})
        assert (await visitor.until("state"))["holder"] == "waiting"


async def test_marks_are_stored_before_the_chat_stops(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = (await visitor.say("hello"))["conversation"]
        turn = await visitor.until("turn", role="bot")
        await stage.settle()
        stage.room.mark_seen(chat, turn["position"])
        assert set((await stage.deliveries(chat)).values()) == {Delivery.SENT}
        await stage.room.deliveries.store()
        assert set((await stage.deliveries(chat)).values()) == {Delivery.DELIVERED}
    assert deliveries.SOON_SECONDS < 1  # an agent who looks sees it


async def test_nothing_of_a_chat_is_kept_when_its_page_is_closed(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        chat = (await visitor.say("hello"))["conversation"]
        await visitor.until("turn", role="bot")
        await stage.settle()
        address = stage.room.hub.visitor_of(chat)
        assert address is not None
        found = stage.room.chat_of(address)
        assert found is not None
        assert [turn.text for turn in found.conversation.turns] == ["hello", "bot: hello"]
    async with asyncio.timeout(20):
        while stage.room.hub.size:  # the other side of the line
            await asyncio.sleep(0)
    assert stage.room.chat_of(address) is None
    assert stage.room.situations == {}


async def test_a_chat_that_another_program_closed_is_not_written_in(stage: Stage) -> None:
    """What was last seen of it says that it is open; the database is asked all the same."""
    async with stage.visitor() as visitor:
        first = (await visitor.say("hello"))["conversation"]
        await visitor.until("turn", role="bot")
        await stage.settle()
        async with stage.room.database.writing() as session:
            now = stage.room.clock()
            closed = {"holder": Holder.CLOSED.value, "closed_at": now, "version": 2}
            await session.execute(
                update(ConversationRow).where(ConversationRow.id == first).values(**closed)
            )
        second = (await visitor.say("one more thing"))["conversation"]
        await visitor.until("turn", text="bot: one more thing")
    assert second != first
    assert (await stage.conversation(second)).previous == first


async def test_a_chat_that_another_program_deleted_is_followed_by_a_new_one(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        first = (await visitor.say("hello"))["conversation"]
        await visitor.until("turn", role="bot")
        await stage.settle()
        async with stage.room.database.writing() as session:
            now = stage.room.clock()
            await erasure.erase_conversation(session, first, actor="Sue", now=now)
        second = (await visitor.say("and now?"))["conversation"]
        await visitor.until("turn", text="bot: and now?")
        assert second != first
        assert first not in stage.room.situations


async def test_a_second_conversation_of_a_visitor_is_looked_for_whole(stage: Stage) -> None:
    """Words may answer the survey of the one before, so that one is looked at as well."""
    async with stage.visitor() as visitor:
        first = (await visitor.say("hello"))["conversation"]
        await stage.settle()
        await stage.command(first, "close", {"user": "ann"})
        second = (await visitor.say("again"))["conversation"]
        await visitor.until("turn", text="bot: again")
        await stage.settle()
        seen = stage.room.situations[second]
        address = stage.room.hub.visitor_of(second)
        assert address is not None
        assert not seen.is_first_on(seen.conversation.channel)
        homes = await stage.dialogue.find_homes(
            Address(AddressKind.WEB, address), seen.conversation.channel
        )
    assert homes[0] is not None
    assert homes[0].id == second
