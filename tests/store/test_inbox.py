"""The inbox in the database: who is there, what waits for whom, and what is written beside it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from core.conversation import Channel, Event, EventKind, Role, Turn
from core.errors import BadInput, NotFound
from core.handoff import Holder
from core.inbox import Offer, Presence, WorkQueue
from core.people import Address, AddressKind, User, UserRole
from core.shop import Order, OrderStatus
from store import (
    agent_states,
    attachments,
    beside,
    canned_answers,
    conversations,
    drafts,
    erasure,
    handoffs,
    inbox,
    notes,
    offers,
    outbox,
    presence,
    shop,
    users,
    work_queues,
)
from store.attachments import Content
from store.database import Database
from store.shop.orders import add_order
from store.tables import OutboxRow

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")


def later(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


async def hire(database: Database, name: str) -> User:
    async with database.writing() as session:
        return await users.create(
            session, email=f"{name}@example.org", name=name, roles=frozenset({UserRole.AGENT})
        )


async def asking(
    database: Database, visitor: str = "v1", *, at: datetime = NOW, holder: Holder = Holder.WAITING
) -> str:
    """A chat that waits for a person, or is with Ann."""
    async with database.writing() as session:
        address = Address(AddressKind.WEB, visitor)
        chat = (await conversations.open_chat(session, Channel.WEB, address, now=at)).id
        turn = Turn("m1", Role.CUSTOMER, "where is it", at)
        await conversations.append_turn(session, chat, turn, now=at)
        if holder is not Holder.BOT:
            state = await handoffs.get(session, chat)
            state = await handoffs.move(session, state, Holder.WAITING, now=at, reason="asked")
            if holder is not Holder.WAITING:
                await handoffs.move(session, state, holder, now=at, agent="ann")
    return chat


async def say(database: Database, chat: str, role: Role, id: str, at: datetime) -> None:
    async with database.writing() as session:
        await conversations.append_turn(session, chat, Turn(id, role, id, at), now=at)


async def test_presence_is_chosen_kept_and_lost_when_nobody_is_seen(database: Database) -> None:
    ann = (await hire(database, "ann")).id
    async with database.writing() as session:
        assert (await agent_states.find(session, ann)).presence is Presence.AWAY
        await agent_states.set_presence(session, ann, Presence.AVAILABLE, now=NOW)
        await agent_states.set_work(session, ann, capacity=2, skills=("billing",))
        await agent_states.set_signs(session, ann, sound=True, title=False)
    async with database.writing() as session:
        await agent_states.note_seen(session, ann, now=later(5))
        assert await agent_states.leave_unseen(session, before=later(5), now=later(6)) == 0
        state = await agent_states.find(session, ann)
        assert (state.is_available, state.capacity, state.skills) == (True, 2, ("billing",))
        assert (state.plays_sound, state.marks_title, state.since) == (True, False, NOW)
        assert await agent_states.leave_unseen(session, before=later(8), now=later(9)) == 1
        left = (await agent_states.everyone(session))[ann]
        assert (left.is_available, left.was_left, left.since) == (False, True, later(9))
        back = await agent_states.set_presence(session, ann, Presence.AVAILABLE, now=later(20))
        assert (back.is_available, back.was_left, back.seen_at) == (True, False, later(20))


async def test_who_says_that_they_are_away_is_not_here(database: Database) -> None:
    ann = (await hire(database, "ann")).id
    async with database.writing() as session:
        await users.start_session(session, ann, now=NOW, hours=9)
        await presence.note(session, ann, now=NOW)
        assert await presence.is_anybody_here(session, since=NOW)
        await agent_states.set_presence(session, ann, Presence.AWAY, now=NOW)
        assert not await presence.is_anybody_here(session, since=NOW)
        await agent_states.set_presence(session, ann, Presence.AVAILABLE, now=NOW)
        assert await presence.is_anybody_here(session, since=NOW)


async def test_queues_take_each_reason_once(database: Database) -> None:
    async with database.writing() as session:
        await work_queues.add(session, WorkQueue("Legal", ("law",), ("legal", "regulator")))
        await work_queues.add(session, WorkQueue("Orders", (), ("order_change",)))
        for step, name in ((work_queues.change, "Orders"), (work_queues.add, "Other")):
            with pytest.raises(BadInput, match="leads to the queue Legal"):
                await step(session, WorkQueue(name, (), ("legal",)))
        await work_queues.change(session, WorkQueue("Legal", ("law", "gdpr"), ("legal",)))
        names = [queue.name for queue in await work_queues.everyone(session)]
        assert names == ["Legal", "Orders"]
        found = await work_queues.find_for(session, "legal")
        assert found == WorkQueue("Legal", ("law", "gdpr"), ("legal",))
        assert await work_queues.find_for(session, "regulator") is None
        await work_queues.remove(session, "Legal")
        with pytest.raises(NotFound):
            await work_queues.remove(session, "Legal")
        assert await work_queues.find(session, "Legal") is None


@pytest.mark.parametrize("name, is_taken", [("Billing", True), ("bILLING", True), ("Bill", False)])
async def test_a_queue_is_added_once_in_whatever_case(
    database: Database, name: str, *, is_taken: bool
) -> None:
    billing = WorkQueue("Billing", ("vat",), ("legal",))
    async with database.writing() as session:
        await work_queues.add(session, billing)
        if is_taken:
            with pytest.raises(BadInput, match="There is a queue Billing already"):
                await work_queues.add(session, WorkQueue(name))
        else:
            await work_queues.add(session, WorkQueue(name))
        with pytest.raises(NotFound):
            await work_queues.change(session, WorkQueue("billing"))
        assert await work_queues.get(session, "Billing") == billing
        assert len(await work_queues.everyone(session)) == 2 - is_taken


async def test_an_offer_ends_with_what_it_belongs_to(database: Database) -> None:
    chat = await asking(database)
    async with database.writing() as session:
        version = (await handoffs.get(session, chat)).version
        offer = Offer(chat, "ann", version, NOW, later(1), ("ben",))
        await offers.make(session, offer)
        assert await offers.current(session) == {chat: offer}
        assert not await offers.decline(session, chat, user="ben", now=NOW)
        assert await offers.decline(session, chat, user="ann", now=NOW)
        assert not await offers.decline(session, chat, user="ann", now=NOW), "it is over"
        await offers.drop_settled(session)
        assert (await offers.current(session))[chat].until == NOW
        handoff = await handoffs.get(session, chat)
        await handoffs.move(session, handoff, Holder.PERSON, now=NOW, agent="ann")
        assert await offers.current(session) == {}
        await offers.drop_settled(session)
        assert not await offers.decline(session, chat, user="ann", now=NOW)


async def test_lists_say_since_when_each_customer_waits(database: Database) -> None:
    first = await asking(database, "v1", at=later(0))
    second = await asking(database, "v2", at=later(1), holder=Holder.PERSON)
    third = await asking(database, "v3", at=later(2), holder=Holder.PERSON)
    bots = await asking(database, "v4", at=later(3), holder=Holder.BOT)
    await say(database, second, Role.AGENT, "a1", later(4))
    await say(database, third, Role.AGENT, "a1", later(4))
    await say(database, third, Role.CUSTOMER, "m2", later(5))
    await say(database, third, Role.CUSTOMER, "m3", later(6))
    async with database.reading() as session:
        assert [row.id for row in await inbox.waiting(session)] == [first]
        held = await inbox.held_by(session, "ann")
        assert [(row.id, row.waits_since) for row in held] == [(third, later(5)), (second, None)]
        assert await inbox.held_by(session, "ben") == ()
        everything = await inbox.open_ones(session)
        assert [row.id for row in everything] == [first, second, third, bots]
        assert await inbox.load(session) == {"ann": 2}
    await say(database, second, Role.CUSTOMER, "m2", later(7))
    await say(database, third, Role.AGENT, "a2", later(8))
    async with database.reading() as session:
        held = await inbox.held_by(session, "ann")
        assert [(row.id, row.waits_since) for row in held] == [(second, later(7)), (third, None)]


async def test_who_was_taken_waits_until_the_first_word(database: Database) -> None:
    await asking(database, holder=Holder.PERSON)
    async with database.reading() as session:
        (row,) = await inbox.held_by(session, "ann")
    assert row.waits_since == NOW


async def test_a_row_counts_what_was_not_delivered(database: Database) -> None:
    chat = await asking(database, holder=Holder.PERSON)
    await say(database, chat, Role.AGENT, "a1", NOW)
    async with database.writing() as session:
        await outbox.enqueue(session, chat, "a1", now=NOW)
        assert (await inbox.held_by(session, "ann"))[0].unsent == 0
        await session.execute(update(OutboxRow).values(state="failed"))
        assert (await inbox.held_by(session, "ann"))[0].unsent == 1


async def test_the_pulse_changes_with_what_the_list_shows(database: Database) -> None:
    chat = await asking(database)

    async def pulse() -> tuple[inbox.Pulse, ...]:
        async with database.reading() as session:
            return await inbox.pulse(session)

    seen = [await pulse()]
    assert await pulse() == seen[0], "nothing has changed"
    await say(database, chat, Role.CUSTOMER, "m2", later(1))
    seen.append(await pulse())
    async with database.writing() as session:
        handoff = await handoffs.get(session, chat)
        await offers.make(session, Offer(chat, "ann", handoff.version, NOW, later(1)))
    seen.append(await pulse())
    async with database.writing() as session:
        handoff = await handoffs.get(session, chat)
        await handoffs.move(session, handoff, Holder.PERSON, now=NOW, agent="ann")
    seen.append(await pulse())
    assert len(set(seen)) == 4
    assert seen[-1][0].offered_to is None, "what was taken is offered to nobody"


async def test_what_is_passed_on_is_the_last_transfers_note(database: Database) -> None:
    chat, other = await asking(database), await asking(database, "o")

    async def passed() -> dict[str, str]:
        async with database.reading() as session:
            found = await notes.passed_on(session, [chat, other])
        return {of: note.text for of, note in found.items()}

    async def happens(kind: EventKind, at: datetime, note: str = "") -> None:
        async with database.writing() as session:
            await conversations.add_event(session, chat, Event(kind, at, "Ann"))
            if note:
                await notes.add(session, chat, user="ann", text=note, now=at)

    async with database.writing() as session:
        await notes.add(session, chat, user="ann", text="is annoyed", now=NOW)
        await notes.add(session, other, user="ann", text="of another", now=NOW)
    assert await passed() == {}
    await happens(EventKind.TRANSFERRED, later(1), "wants the money")
    await happens(EventKind.TAKEN, later(2))
    assert await passed() == {chat: "wants the money"}
    await happens(EventKind.TRANSFERRED, later(3), "wants a new one")
    assert await passed() == {chat: "wants a new one"}
    await happens(EventKind.RETURNED, later(4))
    assert await passed() == {}
    await happens(EventKind.TRANSFERRED, later(5))
    assert await passed() == {}


async def test_notes_are_taken_back_by_who_wrote_them(database: Database) -> None:
    chat = await asking(database)
    async with database.writing() as session:
        note = await notes.add(session, chat, user="ann", text="is annoyed", now=NOW)
        await notes.add(session, chat, user="ben", text="rang twice", now=later(1))
        with pytest.raises(NotFound):
            await notes.remove(session, chat, note.id, user="ben")
        with pytest.raises(NotFound):
            await notes.remove(session, "another", note.id, user="ann")
        assert [one.text for one in await notes.of_conversation(session, chat)] == [
            "is annoyed",
            "rang twice",
        ]
        await notes.remove(session, chat, note.id, user="ann")
        assert [one.user for one in await notes.of_conversation(session, chat)] == ["ben"]
        told = await conversations.get(session, chat)
    assert "rang twice" not in str(told), "a note is no part of the conversation"


async def test_canned_answers_have_one_title_each(database: Database) -> None:
    async with database.writing() as session:
        b = await canned_answers.add(
            session, "Thanks", "Thank you, {customer}.", longest=100, user="sam", now=NOW
        )
        await canned_answers.add(session, "hello", "Hello", longest=100, user="sam", now=NOW)
        for title, text in (
            ("thanks ", "x"),
            ("", "x"),
            ("y" * 61, "x"),
            ("y", " "),
            ("y", "x" * 101),
            ("y", "About order {order}: {nonsense}"),
        ):
            with pytest.raises(BadInput):
                await canned_answers.add(session, title, text, longest=100, user="sam", now=NOW)
        changed = await canned_answers.change(
            session, b.id, "THANKS", "Thanks!\r\nBye", longest=100, now=later(1)
        )
        assert (changed.title, changed.text, changed.changed_at) == (
            "THANKS",
            "Thanks!\nBye",
            later(1),
        )
        assert [one.title for one in await canned_answers.everyone(session)] == ["hello", "THANKS"]
        await canned_answers.remove(session, b.id)
        with pytest.raises(NotFound):
            await canned_answers.get(session, b.id)


async def test_a_draft_is_a_persons_own_and_goes_when_it_is_old(database: Database) -> None:
    chat = await asking(database)
    async with database.writing() as session:
        await drafts.save(session, chat, "ann", "Your ord", now=NOW)
        await drafts.save(session, chat, "ann", "Your order", now=later(1))
        assert await drafts.find(session, chat, "ann") == "Your order"
        assert await drafts.find(session, chat, "ben") == ""
        await drafts.save(session, chat, "ann", "  ", now=later(2))
        assert await drafts.find(session, chat, "ann") == ""
        await drafts.save(session, chat, "ann", "Again", now=later(3))
        await erasure.erase_old_words(session, before=later(3), now=later(9))
        assert await drafts.find(session, chat, "ann") == "Again"
        await erasure.erase_old_words(session, before=later(4), now=later(9))
        assert await drafts.find(session, chat, "ann") == ""


async def test_erasing_a_conversation_names_its_files(database: Database) -> None:
    chat = await asking(database, holder=Holder.CLOSED)
    async with database.writing() as session:
        content = Content("image/png", 9, 2, 3)
        file = await attachments.add_kept(session, chat, "m1", content, now=NOW)
        (found,) = (await attachments.of_conversation(session, chat))["m1"]
        assert found.content == content
        assert await attachments.known(session) == {file}
        with pytest.raises(NotFound):
            await attachments.get(session, "another", file)
        assert await erasure.erase_conversation(session, chat, actor="sam", now=NOW) == (file,)
        assert await attachments.known(session) == frozenset()


async def test_beside_a_conversation_stand_the_customers_others_and_orders(
    database: Database,
) -> None:
    before = await asking(database, "v1", holder=Holder.CLOSED)
    chat = await asking(database, "v1", at=later(5), holder=Holder.PERSON)
    stranger = await asking(database, "v2", at=later(6))
    async with database.writing() as session:
        for number, customer in (("HP-1", "c1"), ("HP-2", "c1"), ("HP-3", "c2")):
            order = Order(number, "SW1A 1AA", "Maya Lind", ("a lamp",), OrderStatus.PLACED,
                          date(2026, 11, 20), None, customer=customer)  # fmt: skip
            await add_order(session, order)
        assert [one.id for one in await beside.others(session, chat)] == [before]
        assert await beside.others(session, stranger) == ()
        nothing = await beside.orders(session, chat, now=later(7), zone=LONDON)
        assert (nothing.name, nothing.orders) == (None, ())
        await shop.record_verification(
            session, chat, "HP-1", "m1", now=later(6), shop_customer="c1", name="Maya Lind"
        )
        found = await beside.orders(session, chat, now=later(7), zone=LONDON)
        assert (found.name, found.verified) == ("Maya Lind", ("HP-1",))
        assert {order.number for order in found.orders} == {"HP-1", "HP-2"}
        assert await inbox.holds_another_of(session, before, "ann")
        assert not await inbox.holds_another_of(session, stranger, "ann")
        assert not await inbox.holds_another_of(session, before, "ben")
