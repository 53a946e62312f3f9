"""Conversations in and out, chats turn by turn, search, listing, erasure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.conversation import Channel, Event, EventKind, Role, Turn
from core.errors import BadInput, Conflict, NotFound
from core.evaluation import Evaluation, Evidence, Finding, SentimentTrace, Verdict
from core.handoff import Holder
from core.people import Address, AddressKind
from core.spans import TextSpan
from core.survey import SurveyInvitation, SurveyKind, SurveyResponse
from store import audit, conversations, erasure, evaluations, handoffs, listing, surveys
from store.database import Database
from store.listing import Filter
from store.tables import ConversationRow
from tests.build import call, chat

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
VISITOR = Address(AddressKind.WEB, "token-1")


def said(id: str, role: str, text: str) -> Turn:
    return Turn(id, Role(role), text, NOW)


async def test_a_call_comes_back_as_it_went_in(database: Database) -> None:
    whole = replace(
        call(("agent", "thank you for calling"), ("customer", "the light came on")),
        opened_at=NOW,
        variables={"company": "Acme"},
        labels={"resolved": True, "domain": None},
        events=(Event(EventKind.HELD, NOW, "Ann", "on hold"),),
        agent="Ann",
    )
    async with database.writing() as session:
        await conversations.add(session, whole, now=NOW)
    async with database.reading() as session:
        assert await conversations.get(session, whole.id) == whole
    with pytest.raises(BadInput, match="already a conversation"):
        async with database.writing() as session:
            await conversations.add(session, whole, now=NOW)
    with pytest.raises(NotFound):
        async with database.reading() as session:
            await conversations.get(session, "nobody")


async def test_a_chat_grows_turn_by_turn_and_repeats_are_ignored(database: Database) -> None:
    async with database.writing() as session:
        opened = await conversations.open_chat(session, Channel.WEB, VISITOR, now=NOW)
    async with database.writing() as session:
        turn = said("a", "customer", "hello")
        assert await conversations.append_turn(session, opened.id, turn, now=NOW)
        assert not await conversations.append_turn(session, opened.id, turn, now=NOW)
        assert await conversations.append_turn(session, opened.id, said("b", "bot", "hi"), now=NOW)
    async with database.reading() as session:
        placed = await conversations.turns_after(session, opened.id, 0)
        assert [(item.position, item.turn.id) for item in placed] == [(1, "b")]
        assert await conversations.find_open_chat(session, VISITOR) == opened.id
        assert await conversations.find_open_chat(session, replace(VISITOR, value="x")) is None


async def test_the_next_conversation_is_linked_to_the_last(database: Database) -> None:
    async with database.writing() as session:
        first = await conversations.open_chat(session, Channel.WEB, VISITOR, now=NOW)
        await handoffs.move(session, await handoffs.get(session, first.id), Holder.CLOSED, now=NOW)
        assert await conversations.find_open_chat(session, VISITOR) is None
        later = NOW + timedelta(hours=1)
        second = await conversations.open_chat(session, Channel.WEB, VISITOR, now=later)
    assert second.previous == first.id


async def test_one_of_two_who_take_wins(database: Database) -> None:
    async with database.writing() as session:
        opened = await conversations.open_chat(session, Channel.WEB, VISITOR, now=NOW)
        waiting = await handoffs.move(
            session,
            await handoffs.get(session, opened.id),
            Holder.WAITING,
            now=NOW,
            reason="asked_for_person",
            summary="Wants a person",
        )
        taken = await handoffs.move(session, waiting, Holder.PERSON, now=NOW, agent="u1")
        assert (taken.agent, taken.summary) == ("u1", "Wants a person")
        with pytest.raises(Conflict):
            await handoffs.move(session, waiting, Holder.PERSON, now=NOW, agent="u2")


async def test_closing_makes_the_score_due(database: Database) -> None:
    async with database.writing() as session:
        opened = await conversations.open_chat(session, Channel.WEB, VISITOR, now=NOW)
        await handoffs.move(session, await handoffs.get(session, opened.id), Holder.CLOSED, now=NOW)
    async with database.writing() as session:
        assert await evaluations.due(session, now=NOW) == [opened.id]
        assert await evaluations.claim(session, opened.id, worker="w1", now=NOW, seconds=60)
        assert not await evaluations.claim(session, opened.id, worker="w2", now=NOW, seconds=60)
        late = NOW + timedelta(seconds=61)
        assert await evaluations.claim(session, opened.id, worker="w2", now=late, seconds=60)
        assert not await evaluations.finish(session, opened.id, worker="w1")
        assert await evaluations.finish(session, opened.id, worker="w2")
        assert await evaluations.due(session, now=late) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("light", True),
        ("LIGHT came", True),
        ("came light", True),
        ("customer's light", False),
        ("lights", False),
        ("ligh", False),
        ("c1", True),
        ("ext-7", True),
        ("'; DROP TABLE turns; --", False),
    ],
)
async def test_search_finds_whole_words_and_ids(
    database: Database, query: str, found: bool
) -> None:
    spoken = replace(call(("customer", "The light, it came on!")), external_id="ext-7")
    async with database.writing() as session:
        await conversations.add(session, spoken, now=NOW)
    async with database.reading() as session:
        page = await listing.page(session, Filter(query=query))
    assert (page.total == 1) is found


def evaluation_of(conversation: str) -> Evaluation:
    finding = Finding(
        "greeting", Verdict.YES, 0.9, "said so", (Evidence("t0", TextSpan(0, 5)),), 0.9
    )
    mood = SentimentTrace((("t0", 0.5),), 0.5, 0.0, "lexicon")
    return Evaluation(
        f"e-{conversation}", conversation, "service", 1, (finding,), NOW, 80.0, False,
        {"company": "Acme"}, mood,
    )  # fmt: skip


async def test_list_shows_numbers_filters_and_pages(database: Database) -> None:
    async with database.writing() as session:
        for index in range(30):
            talk = replace(chat(("customer", "hello"), id=f"c{index:02}"), opened_at=NOW)
            await conversations.add(session, talk, now=NOW)
        await evaluations.save(session, evaluation_of("c07"))
        await evaluations.save(session, evaluation_of("c07"))
        waiting = await conversations.open_chat(session, Channel.WEB, VISITOR, now=NOW)
        await handoffs.move(
            session, await handoffs.get(session, waiting.id), Holder.WAITING, now=NOW
        )
        invitation = SurveyInvitation("i1", "c07", (SurveyKind.CSAT,), "order", NOW)
        assert await surveys.invite(session, invitation)
        assert not await surveys.invite(session, replace(invitation, id="i2"))
        response = SurveyResponse("r1", "i1", SurveyKind.CSAT, NOW, 4)
        assert await surveys.respond(session, response)
        assert not await surveys.respond(session, replace(response, id="r2", score=1))
    async with database.reading() as session:
        first = await listing.page(session, Filter(), size=25)
        assert (first.total, first.count, len(first.items)) == (31, 2, 25)
        assert first.items[0].id == waiting.id
        assert (await listing.page(session, Filter(), number=99, size=25)).number == 2
        scored = (await listing.page(session, Filter(query="c07"))).items[0]
        assert (scored.score, scored.mood, scored.csat, scored.turns) == (80.0, 0.5, 4, 1)
        assert (await listing.page(session, Filter(seen_by="u1"))).total == 1
        assert await listing.waiting(session) == 1
        assert (await listing.page(session, Filter(holder=Holder.WAITING))).total == 1
        assert (await listing.page(session, Filter(channel=Channel.VOICE))).total == 0
        stored = await evaluations.latest(session, "c07")
        assert stored == evaluation_of("c07")


async def test_erasure_leaves_nothing_but_its_audit_row(database: Database) -> None:
    async with database.writing() as session:
        await conversations.add(session, chat(("customer", "hello"), id="c1"), now=NOW)
        await evaluations.save(session, evaluation_of("c1"))
    async with database.writing() as session:
        await erasure.erase_conversation(session, "c1", actor="u1", now=NOW)
    async with database.reading() as session:
        assert await conversations.find(session, "c1") is None
        assert await evaluations.latest(session, "c1") is None
        assert (await listing.page(session, Filter(query="hello"))).total == 0
        rows = await audit.rows_of(session, "c1")
        assert [(row.actor, row.action) for row in rows] == [("u1", "conversation.deleted")]


async def test_swapping_roles_asks_for_a_new_score(database: Database) -> None:
    async with database.writing() as session:
        await conversations.add(
            session, call(("agent", "my car broke"), ("customer", "how can I help")), now=NOW
        )
        await conversations.swap_roles(session, "c1", actor="u1", now=NOW)
        swapped = await conversations.get(session, "c1")
        assert [turn.role for turn in swapped.turns] == [Role.CUSTOMER, Role.AGENT]
        assert await evaluations.due(session, now=NOW) == ["c1"]


@pytest.mark.parametrize(
    ("turns", "holds_from", "is_owed"),
    [
        ((), 0, False),
        (("m1",), 0, True),
        (("m1", "bot:m1:0"), 0, False),
        (("m1", "m2", "bot:m1:0"), 0, True),  # the last turn is the bot's, and one is owed
        (("m1", "m2", "bot:m1:0", "bot:m2:0", "bot:m2:1"), 0, False),
        (("m1", "bot:m1:1"), 0, True),
        (("m1",), 1, False),  # another holder was to answer it
        (("m1", "m2"), 1, True),
    ],
)
async def test_who_is_owed_an_answer_is_found_after_a_start(
    database: Database, turns: tuple[str, ...], holds_from: int, is_owed: bool
) -> None:
    async with database.writing() as session:
        chat = (await conversations.open_chat(session, Channel.WEB, VISITOR, now=NOW)).id
        for name in turns:
            role = "bot" if name.startswith("bot") else "customer"
            await conversations.append_turn(session, chat, said(name, role, "hello"), now=NOW)
        row = await session.get(ConversationRow, chat)
        assert row is not None
        row.holder_from = holds_from
    since, later = NOW - timedelta(hours=1), NOW + timedelta(hours=1)
    async with database.reading() as session:
        found = await handoffs.with_bot(session, since=since, answers=("bot:", ":0"))
        assert found == ((chat,) if is_owed else ())
        assert await handoffs.with_bot(session, since=later, answers=("bot:", ":0")) == ()
