"""The inbox: its lists, offers, presence, stream, queues, ready answers, notes and drafts."""

import asyncio
import json
import re
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from sqlalchemy import update

from console.inbox_stream import news_for
from core.conversation import Channel, Role, Turn
from core.handoff import Holder
from core.inbox import AgentState, Offer, Presence, WorkQueue
from core.people import Address, AddressKind
from core.shop import Order, OrderStatus
from store import (
    agent_states,
    attachments,
    audit,
    canned_answers,
    conversations,
    drafts,
    handoffs,
    inbox,
    notes,
    offers,
    outbox,
    shop,
    work_queues,
)
from store.attachments import Content
from store.inbox import Pulse
from store.shop.orders import add_order
from store.tables import OutboxRow
from tests.build import png
from tests.console.conftest import START, House, store_chat


async def offer(house: House, chat: str, who: str, seconds: float = 45) -> None:
    async with house.database.writing() as session:
        version = (await handoffs.get(session, chat)).version
        until = START + timedelta(seconds=seconds)
        await offers.make(session, Offer(chat, house.people[who].id, version, START, until))


async def test_each_sees_what_waits_and_their_own(house: House) -> None:
    waiting = await store_chat(house)
    mine = await store_chat(house, "chat-2", holder=Holder.PERSON, agent="ann")
    bens = await store_chat(house, "chat-3", holder=Holder.PERSON, agent="ben")
    bots = await store_chat(house, "chat-4", holder=Holder.BOT)
    seen = {
        view: re.findall(
            r'id="row-([0-9a-f]+)"', (await house.get("ann", f"/inbox?view={view}"))[1]
        )
        for view in ("waiting", "mine")
    }
    assert seen == {"waiting": [waiting], "mine": [mine]}
    assert (await house.get("ann", "/inbox?view=all"))[0] == 403
    assert (await house.get("ann", "/inbox/list?view=all"))[0] == 403
    assert (await house.get("ann", "/inbox?view=nonsense"))[0] == 400
    _, everything = await house.get("sam", "/inbox?view=all")
    shown = re.findall(r'id="row-([0-9a-f]+)"', everything)
    assert shown[0] == waiting
    assert sorted(shown) == sorted([waiting, mine, bens, bots])
    assert "with Ben" in everything


async def test_a_row_tells_channel_wait_reason_and_words(house: House) -> None:
    words = "Order HP-10442 (verified). Last words: “where is <b>my</b> order”"
    await store_chat(house, summary=words)
    house.clock.pass_seconds(125)
    _, text = await house.get("ann", "/inbox")
    row = text.split('class="row waiting', 1)[1].split("</li>", 1)[0]
    assert '<span class="channel">web</span>' in row
    assert "waits 2 min</span>" in row
    assert "of 10 min" in row
    assert "Asked for a person</a>" in row
    assert "“where is &lt;b&gt;my&lt;/b&gt; order”" in row
    house.clock.pass_seconds(600)
    _, text = await house.get("ann", "/inbox/list?view=waiting")
    assert 'class="row waiting late"' in text
    assert "✗ waits 12 min" in text
    assert "<html" not in text


async def test_a_row_counts_what_was_not_delivered(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    async with house.database.writing() as session:
        said = Turn("a1", Role.AGENT, "Hello", START, author="Ann")
        await conversations.append_turn(session, held, said, now=START)
        await outbox.enqueue(session, held, "a1", now=START)
        await session.execute(update(OutboxRow).values(state="failed"))
    assert "✗ 1 not delivered" in (await house.get("ann", "/inbox?view=mine"))[1]


async def test_an_offer_is_shown_to_one_and_named_to_the_others(house: House) -> None:
    chat = await store_chat(house)
    await offer(house, chat, "ann")
    _, anns = await house.get("ann", "/inbox")
    assert 'class="offer"' in anns
    assert f'action="/inbox/offers/{chat}/decline"' in anns
    _, bens = await house.get("ben", "/inbox")
    assert 'class="offer"' not in bens
    assert "offered to Ann, to the next in 45 s" in bens
    assert f'id="take-{chat}"' in bens, "everybody may still take it"
    status, _, onward = await house.post("ben", f"/inbox/offers/{chat}/decline")
    assert (status, onward) == (303, "/inbox")
    assert 'class="offer"' in (await house.get("ann", "/inbox"))[1], "Ben cannot decline for Ann"
    await house.post("ann", f"/inbox/offers/{chat}/decline")
    assert 'class="offer"' not in (await house.get("ann", "/inbox"))[1]


async def test_presence_is_said_and_ends_with_signing_out(house: House) -> None:
    ann = house.people["ann"].id

    async def is_available() -> bool:
        async with house.database.reading() as session:
            return (await agent_states.find(session, ann)).is_available

    assert "You are away" in (await house.get("ann", "/inbox"))[1]
    assert (await house.post("ann", "/inbox/presence", {"presence": "there"}))[0] == 400
    await house.post("ann", "/inbox/presence", {"presence": "available"})
    assert await is_available()
    assert "You are available</strong>, and hold 0 of 3" in (await house.get("ann", "/inbox"))[1]
    await house.post("ann", "/inbox/signs", {"sound": "on"})
    await house.post("ann", "/sign-out")
    assert not await is_available()
    async with house.database.reading() as session:
        state = await agent_states.find(session, ann)
        done = [row.action for row in await audit.rows_of(session, ann)]
    assert (state.plays_sound, state.marks_title) == (True, False)
    assert done == ["presence.available", "presence.away"]


async def test_who_was_left_is_told_so(house: House) -> None:
    await house.post("ann", "/inbox/presence", {"presence": "available"})
    async with house.database.writing() as session:
        await agent_states.leave_unseen(
            session, before=START + timedelta(minutes=9), now=START + timedelta(minutes=9)
        )
    assert "the last page of the console was closed" in (await house.get("ann", "/inbox"))[1]


async def stream(
    house: House, who: str, last: str = "", *, until: int = 1
) -> list[tuple[str, str]]:
    """The first events of a stream: id and data."""
    client = await house.visitor(who)
    found: list[tuple[str, str]] = []
    headers = {"Last-Event-ID": last} if last else {}
    async with client.get("/inbox/events", headers=headers) as response:
        assert response.content_type == "text/event-stream"
        assert response.headers["Cache-Control"] == "no-store"
        name = ""
        async with asyncio.timeout(20):
            async for line in response.content:
                text = line.decode().rstrip("\n")
                name = text[4:] if text.startswith("id: ") else name
                if text.startswith("data: "):
                    found.append((name, text[6:]))
                if len(found) >= until or text == ": still here":
                    break
    return found


async def test_the_stream_tells_ids_and_numbers_and_is_resumed(house: House) -> None:
    chat = await store_chat(house)
    ((first, text),) = await stream(house, "ann")
    told = json.loads(text)
    assert (told["waiting"], told["mine"], told["offered"]) == ([chat], {}, [])
    assert "where is my order" not in text
    assert await stream(house, "ann", first) == [], "nothing was missed"
    await offer(house, chat, "ann")
    ((second, text),) = await stream(house, "ann", first)
    assert json.loads(text)["offered"] == [chat]
    assert second != first


async def test_the_stream_tells_what_happens_while_it_is_open(house: House) -> None:
    listening = asyncio.create_task(stream(house, "ann", until=2))
    await asyncio.sleep(0.3)
    chat = await store_chat(house)
    before, after = await listening
    assert (json.loads(before[1])["waiting"], json.loads(after[1])["waiting"]) == ([], [chat])


async def test_the_stream_ends_when_somebody_is_shut_out(house: House) -> None:
    client = await house.visitor("ann")
    async with client.get("/inbox/events") as response:
        await response.content.readline()
        ann = house.people["ann"].id
        await house.post("olga", f"/users/{ann}/active", {"active": "no"})
        await store_chat(house)  # the next thing that would be told
        async with asyncio.timeout(10):
            rest = await response.content.read()
    assert rest.count(b"event: inbox") <= 1, "nothing of what came after"
    assert (await client.get("/inbox/events")).status == 401


def one(id: str, holder: str = "waiting", by: str | None = None, said: int = 1) -> Pulse:
    return Pulse(id, holder, by, 1, 0, said, None, None)


@pytest.mark.parametrize(
    ("before", "after", "agent_hears", "supervisor_hears"),
    [
        ((), (one("a"),), True, True),
        ((one("a"),), (one("a", said=2),), True, True),
        ((one("a", "person", "ann"),), (one("a", "person", "ann", 2),), True, True),
        ((one("a", "person", "ben"),), (one("a", "person", "ben", 2),), False, True),
        ((), (one("a", "person", "ben"),), False, True),
        ((one("a"),), (one("a"),), False, False),
    ],
)
def test_who_hears_of_what(
    before: tuple[Pulse, ...],
    after: tuple[Pulse, ...],
    *,
    agent_hears: bool,
    supervisor_hears: bool,
) -> None:
    state = AgentState("ann")
    for sees_all, hears in ((False, agent_hears), (True, supervisor_hears)):
        first = news_for("ann", before, state, START, sees_all=sees_all)
        second = news_for("ann", after, state, START, sees_all=sees_all)
        assert (first.id != second.id) is hears
    assert "ben" not in str(news_for("ann", after, state, START, sees_all=False).data)


async def test_skills_capacity_and_queues_are_set_by_supervisors(house: House) -> None:
    ann = house.people["ann"].id
    path = f"/inbox/people/{ann}"
    await house.post("sam", path, {"capacity": "5", "skills": "Billing, law"})
    status, text, _ = await house.post("sam", path, {"capacity": "99", "skills": "x"})
    assert (status, "no number from 0 to 20" in text) == (400, True)
    form = {"name": "Legal", "skills": "law", "reason_legal": "on", "reason_nonsense": "on"}
    await house.post("sam", "/inbox/queues", form)
    status, text, _ = await house.post(
        "sam", "/inbox/queues", {"name": "Other", "reason_legal": "on"}
    )
    assert (status, "leads to the queue Legal already" in text) == (400, True)
    assert (await house.post("sam", "/inbox/queues", {"name": " "}))[0] == 400
    async with house.database.reading() as session:
        state = await agent_states.find(session, ann)
        assert await work_queues.everyone(session) == (WorkQueue("Legal", ("law",), ("legal",)),)
        assert [row.action for row in await audit.rows_of(session, "Legal")] == ["queue.changed"]
    assert (state.capacity, state.skills) == (5, ("billing", "law"))
    _, page = await house.get("sam", "/inbox/people")
    assert "nobody has it" not in page
    await house.post("sam", path, {"capacity": "", "skills": ""})
    assert "nobody has it" in (await house.get("sam", "/inbox/people"))[1]
    await house.post("sam", "/inbox/queues/delete", {"name": "Legal"})
    assert (await house.post("sam", "/inbox/queues/delete", {"name": "Legal"}))[0] == 404


async def test_a_queue_is_changed_from_what_is_there(house: House) -> None:
    async with house.database.writing() as session:
        await work_queues.add(session, WorkQueue("Bills & VAT", ("law", "vat"), ("legal",)))
    _, page = await house.get("sam", "/inbox/people")
    link = re.search(r'href="(/inbox/people\?queue=[^"#]+)#queue-form"', page)
    assert link
    assert 'value="law, vat"' not in page
    _, page = await house.get("sam", link[1])
    assert 'name="changes" value="Bills &amp; VAT"' in page
    assert 'value="law, vat"' in page
    assert 'name="reason_legal" checked' in page
    assert page.count("checked") == 1
    again = {"name": "bills & vat"}
    status, text, _ = await house.post("sam", "/inbox/queues", again)
    assert (status, "There is a queue Bills &amp; VAT already" in text) == (400, True)
    form = {"changes": "Bills & VAT", "skills": "x" * 41, "reason_regulator": "on"}
    status, text, _ = await house.post("sam", "/inbox/queues", form)
    assert (status, "too long for a name" in text) == (400, True)
    assert 'name="changes" value="Bills &amp; VAT"' in text
    assert 'name="reason_regulator" checked' in text
    await house.post("sam", "/inbox/queues", form | {"skills": "vat"})
    async with house.database.reading() as session:
        kept = (WorkQueue("Bills & VAT", ("vat",), ("regulator",)),)
        assert await work_queues.everyone(session) == kept
    for gone in ("bills & vat", ""):
        path = f"/inbox/people?{urlencode({'queue': gone})}"
        assert (await house.get("sam", path))[0] == 404
    assert (await house.post("sam", "/inbox/queues", {"changes": "bills & vat"}))[0] == 404


async def ready_answer(house: House, text: str, title: str = "On its way") -> str:
    async with house.database.writing() as session:
        made = await canned_answers.add(
            session, title, text, longest=2000, user=house.people["sam"].id, now=START
        )
    return made.id


async def test_supervisors_keep_ready_answers(house: House) -> None:
    await house.post("sam", "/canned-answers", {"title": "Hello", "text": "Hello {customer}"})
    status, text, _ = await house.post("sam", "/canned-answers", {"title": "hello", "text": "x"})
    assert (status, "There is an answer “hello” already" in text) == (400, True)
    wrong = {"title": "Late", "text": "About {Order}: {nonsense}"}
    status, text, _ = await house.post("sam", "/canned-answers", wrong)
    assert (status, "There is no value {nonsense}. There are: {customer}" in text) == (400, True)
    assert "About {Order}: {nonsense}</textarea>" in text, "the words are kept"
    _, page = await house.get("sam", "/canned-answers")
    (answer,) = re.findall(r'href="/canned-answers/([0-9a-f]+)"', page)
    path = f"/canned-answers/{answer}"
    assert "Hello {customer}" in (await house.get("sam", path))[1]
    assert (await house.post("sam", path, {"title": "Hello", "text": " "}))[0] == 400
    await house.post("sam", path, {"title": "Good day", "text": "Good day"})
    assert "Good day" in (await house.get("sam", "/canned-answers"))[1]
    await house.post("sam", f"{path}/delete")
    assert (await house.get("sam", path))[0] == 404
    async with house.database.reading() as session:
        done = [row.action for row in await audit.rows_of(session, answer)]
    assert done == ["answer.added", "answer.changed", "answer.deleted"]


async def test_a_ready_answer_is_filled_in_and_what_is_missing_cannot_be_sent(
    house: House,
) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    answer = await ready_answer(house, "Dear {customer}, {order} comes. {agent} of {company}")
    _, page = await house.get("ann", f"/conversations/{held}")
    assert "On its way (lacks customer, order)" in page
    form = {"text": "One moment.", "put_in": "yes", "answer": answer}
    status, _, onward = await house.post("ann", f"/conversations/{held}/draft", form)
    assert (status, onward) == (303, f"/conversations/{held}#answer")
    _, page = await house.get("ann", f"/conversations/{held}")
    assert "One moment.\n\nDear {customer}, {order} comes. Ann of Acme</textarea>" in page
    assert "Still to be filled in: <span>{customer}, {order}</span>" in page
    say = {"turn": "t9", "text": "Dear {customer}, hello {world}"}
    status, text, _ = await house.post("ann", f"/conversations/{held}/say", say, script=True)
    assert (status, "place of {customer} first" in text) == (400, True)
    assert house.chat.told == []
    async with house.database.writing() as session:
        await shop.record_verification(session, held, "HP-1", "x0", now=START, name="Maya")
    _, page = await house.get("ann", f"/conversations/{held}")
    assert 'data-text="Dear Maya, HP-1 comes. Ann of Acme"' in page


async def test_a_draft_is_kept_for_its_writer_until_it_is_sent(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    path = f"/conversations/{held}"
    status, text, _ = await house.post("ann", f"{path}/draft", {"text": "Your or"}, script=True)
    assert (status, json.loads(text)) == (200, {"kept": True})
    assert "Your or</textarea>" in (await house.get("ann", path))[1]
    assert "Your or" not in (await house.get("sam", path))[1]
    assert (await house.post("ben", f"{path}/draft", {"text": "x"}))[0] == 409
    assert (await house.post("ann", f"{path}/draft", {"text": "x" * 20_001}))[0] == 400
    house.chat.status, house.chat.message = 409, "Ben has it"
    say = {"turn": "t9", "text": "Your order"}
    await house.post("ann", f"{path}/say", say)
    assert "Your or</textarea>" in (await house.get("ann", path))[1], "it was not sent"
    house.chat.status = 200
    await house.post("ann", f"{path}/say", say)
    async with house.database.reading() as session:
        assert await drafts.find(session, held, house.people["ann"].id) == ""


async def test_notes_are_read_by_people_at_work_alone(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    path = f"/conversations/{held}"
    assert (await house.post("ann", f"{path}/notes", {"text": " "}))[0] == 400
    assert (await house.post("ann", f"{path}/notes", {"text": "x" * 2001}))[0] == 400
    assert (await house.post("ben", f"{path}/notes", {"text": "not his"}))[0] == 409
    await house.post("ann", f"{path}/notes", {"text": "was <rude> twice"})
    assert "was &lt;rude&gt; twice" in (await house.get("sam", path))[1]
    assert "rude" not in (await house.get("ann", f"{path}/turns"))[1]
    assert "rude" not in (await house.get("sam", f"{path}/export.json"))[1]
    assert house.chat.told == [], "the chat service hears nothing of it"
    async with house.database.reading() as session:
        (made,) = await notes.of_conversation(session, held)
    assert (await house.post("sam", f"{path}/notes/{made.id}/delete"))[0] == 404
    assert (await house.post("ann", f"{path}/notes/{made.id}/delete"))[0] == 303
    assert "rude" not in (await house.get("sam", path))[1]
    async with house.database.reading() as session:
        done = [row.action for row in await audit.rows_of(session, held)]
    assert "note.added" in done
    assert "note.deleted" in done


async def test_the_customers_own_matters_stand_beside_it_while_one_holds_it(house: House) -> None:
    async with house.database.writing() as session:
        address = Address(AddressKind.WEB, "chat-1")
        earlier = await conversations.open_chat(session, Channel.WEB, address, now=START)
        state = await handoffs.get(session, earlier.id)
        await handoffs.move(session, state, Holder.CLOSED, now=START)
        await add_order(
            session,
            Order("HP-1", "SW1A 1AA", "Maya", ("a lamp",), OrderStatus.PLACED,
                  date(2026, 11, 20), None, customer="c1"),
        )  # fmt: skip
    held = await store_chat(house, holder=Holder.PERSON)
    async with house.database.writing() as session:
        await shop.record_verification(
            session, held, "HP-1", "x0", now=START, shop_customer="c1", name="Maya"
        )
    _, page = await house.get("ann", f"/conversations/{held}")
    assert "a lamp" in page
    assert f'href="/conversations/{earlier.id}"' in page
    assert (await house.get("ann", f"/conversations/{earlier.id}"))[0] == 200
    assert (await house.get("ben", f"/conversations/{earlier.id}"))[0] == 404
    async with house.database.writing() as session:
        seen = [row.action for row in await audit.rows_of(session, held)]
        state = await handoffs.get(session, held)
        await handoffs.move(session, state, Holder.CLOSED, now=START)
    assert "customer.read" in seen
    assert (await house.get("ann", f"/conversations/{earlier.id}"))[0] == 404, "no longer"
    assert "a lamp" not in (await house.get("ann", f"/conversations/{held}"))[1]


async def test_a_waiting_conversation_tells_nothing_of_its_customer_yet(house: House) -> None:
    waiting = await store_chat(house)
    _, page = await house.get("ann", f"/conversations/{waiting}")
    assert 'class="customer"' not in page
    assert "A note for colleagues" in page


async def test_a_transfer_names_who_is_there_and_who_has_enough(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    ben = house.people["ben"].id
    async with house.database.writing() as session:
        await agent_states.set_work(session, ben, capacity=1, skills=())
        await agent_states.set_presence(session, ben, Presence.AVAILABLE, now=START)
        await work_queues.add(session, WorkQueue("Billing", ("vat",)))
    _, page = await house.get("ann", f"/conversations/{held}")
    assert f'<option value="{ben}">Ben</option>' in page
    assert '<option value="queue:Billing">Billing (vat)</option>' in page
    await store_chat(house, "chat-2", holder=Holder.PERSON, agent="ben")
    assert "Ben – has 1 of 1</option>" in (await house.get("ann", f"/conversations/{held}"))[1]


async def test_who_is_no_agent_and_is_there_can_be_given_it(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    sam = house.people["sam"].id
    async with house.database.writing() as session:
        await agent_states.set_presence(session, sam, Presence.AVAILABLE, now=START)
    option = f'<option value="{sam}">Sam</option>'
    assert option in (await house.get("ann", f"/conversations/{held}"))[1]
    async with house.database.writing() as session:
        await agent_states.set_presence(session, sam, Presence.AWAY, now=START)
    assert "Sam" not in (await house.get("ann", f"/conversations/{held}"))[1]


async def test_giving_back_wants_a_reason(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    status, text, _ = await house.post("ann", f"/conversations/{held}/return", {"note": " "})
    assert (status, "why the bot goes on" in text) == (400, True)
    assert house.chat.told == []


async def test_the_pulse_is_asked_once_for_all_pages(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    real = inbox.pulse

    async def counted(*args: object) -> object:
        nonlocal asked
        asked += 1
        return await real(*args)  # type: ignore[arg-type] # what it was called with

    monkeypatch.setattr(inbox, "pulse", counted)
    listening = [asyncio.create_task(stream(house, who, until=2)) for who in ("ann", "ben", "sam")]
    await asyncio.sleep(0.5)
    await store_chat(house)
    assert [len(found) for found in await asyncio.gather(*listening)] == [2, 2, 2]
    assert 2 <= asked <= 12, "one look a second, however many listen"


async def test_a_picture_is_shown_as_nothing_but_a_picture(house: House) -> None:
    held = await store_chat(house, holder=Holder.PERSON)
    content = Content("image/png", len(png(4, 3)), 4, 3)
    async with house.database.writing() as session:
        file = await attachments.add_kept(session, held, "x0", content, now=START)
    house.settings.recordings.mkdir(parents=True, exist_ok=True)
    (house.settings.recordings / file).write_bytes(png(4, 3))
    path = f"/conversations/{held}/files/{file}"
    assert (
        f'<img src="{path}" width="4" height="3"'
        in (await house.get("ann", f"/conversations/{held}"))[1]
    )
    client = await house.visitor("ann")
    for query, shown in (("", "inline"), ("?download=yes", "attachment")):
        async with client.get(path + query) as response:
            assert response.headers["Content-Type"] == "image/png"
            assert response.headers["Content-Disposition"].startswith(shown)
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'none'" in response.headers["Content-Security-Policy"]
            assert await response.read() == png(4, 3)
    assert (await house.get("ben", path))[0] == 409
    assert (await house.get("ann", f"/conversations/{held}/files/p2"))[0] == 404
    async with house.database.reading() as session:
        seen = [row.action for row in await audit.rows_of(session, held)]
    assert seen.count("conversation.file_read") == 1
    (house.settings.recordings / file).unlink()
    assert (await house.get("ann", path))[0] == 404
