"""WhatsApp and SMS on the page: how a turn fares, files as downloads, what one must know."""

import json
from datetime import timedelta

import pytest

from console.deliveries import tell
from console.line_notice import tell_window
from core.conversation import Channel, Role, Turn
from core.handoff import Holder
from core.people import Address, AddressKind
from store import attachments, audit, conversations, handoffs, messaging, outbox, shop
from store.attachments import Content
from store.outbox import Delivery, Report
from tests.console.conftest import START, House

CUSTOMER, OURS = "+447700900123", "+442079460018"
PNG = b"\x89PNG\r\n\x1a\n<script>alert(1)</script>"


async def store_message(house: House, channel: Channel = Channel.WHATSAPP) -> str:
    """A conversation that Ann holds: a file came, and she has answered."""
    user = house.people["ann"].id
    async with house.database.writing() as session:
        address = Address(AddressKind.PHONE, CUSTOMER)
        chat = (await conversations.open_chat(session, channel, address, now=START)).id
        said = Turn("m1", Role.CUSTOMER, "[Picture]\nit came broken", START)
        await conversations.append_turn(session, chat, said, now=START)
        await messaging.note_written(session, chat, ours=OURS, now=START)
        await attachments.add(session, chat, "m1", ["https://api.twilio.com/a"] * 3, now=START)
        told = Turn("t1", Role.AGENT, "I am sorry.", START, author="Ann")
        await conversations.append_turn(session, chat, told, now=START, agent_id=user)
        await outbox.enqueue(session, chat, "t1", now=START)
        state = await handoffs.get(session, chat)
        await handoffs.move(session, state, Holder.PERSON, now=START, agent=user, actor="Ann")
    return chat


async def keep_file(house: House, chat: str, kind: str = "image/png", body: bytes = PNG) -> str:
    """The first of its files is kept, the second refused, the third still to be fetched."""
    async with house.database.writing() as session:
        kept, refused, _ = (await attachments.of_conversation(session, chat))["m1"]
        await attachments.mark_kept(session, kept.id, Content(kind, len(body)))
        await attachments.mark_refused(session, refused.id, reason="It is too large.")
    house.settings.recordings.mkdir(exist_ok=True)
    (house.settings.recordings / kept.id).write_bytes(body)
    return kept.id


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (Report(Delivery.PENDING), "on its way"),
        (Report(Delivery.SENT), "sent"),
        (Report(Delivery.DELIVERED), "✓ delivered"),
        (Report(Delivery.READ), "✓ read"),
        (Report(Delivery.FAILED), "✗ not delivered"),
        (Report(Delivery.FAILED, "It is a landline."), "✗ not delivered: It is a landline."),
    ],
)
def test_every_delivery_has_its_words(report: Report, told: str) -> None:
    assert tell(report) == told


async def test_a_failure_stands_at_its_turn_and_comes_by_itself(house: House) -> None:
    chat = await store_message(house)
    async with house.database.writing() as session:
        why = "The customer's phone is switched off, or out of reach."
        await outbox.set_state(session, chat, "t1", Delivery.FAILED, now=START, reason=why)
    _, page = await house.get("ann", f"/conversations/{chat}")
    assert "<h1>WhatsApp chat, " in page
    assert f"<dt>Customer’s number</dt><dd>{CUSTOMER}</dd>" in page
    turn = page.split('data-turn="t1"')[1].split("</li>")[0]
    assert 'class="delivery failed"' in turn
    assert "✗ not delivered: The customer&#39;s phone is switched off" in turn
    _, data = await house.get("ann", f"/conversations/{chat}/turns")
    assert json.loads(data)["deliveries"] == {"t1": f"✗ not delivered: {why}"}


async def test_files_are_links_reasons_or_still_coming(house: House) -> None:
    chat = await store_message(house)
    file = await keep_file(house, chat)
    _, page = await house.get("ann", f"/conversations/{chat}")
    files = page.split('<ul class="files"')[1].split("</ul>")[0]
    assert (
        f'<a href="/conversations/{chat}/files/{file}" download>Picture (png, 1 KiB)</a>' in files
    )
    assert "A file was not kept. It is too large." in files
    assert "being fetched" in files
    assert "<img" not in page.split('id="turns"')[1].split("</ol>")[0]


@pytest.mark.parametrize(
    ("kind", "ending"),
    [("image/png", "png"), ("application/pdf", "pdf"), ("application/zip", "zip"), ("x/y", "bin")],
)
async def test_a_file_is_a_download_and_nothing_else(house: House, kind: str, ending: str) -> None:
    chat = await store_message(house)
    file = await keep_file(house, chat, kind)
    client = await house.visitor("ann")
    async with client.get(f"/conversations/{chat}/files/{file}") as response:
        assert await response.read() == PNG
        assert response.headers["Content-Type"] == kind
        name = f"{file[:12]}.{ending}"
        assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    async with house.database.reading() as session:
        rows = await audit.rows_of(session, chat)
    assert "conversation.file_read" in [row.action for row in rows]


async def test_a_file_is_for_who_may_read_the_conversation(house: House) -> None:
    chat, other = await store_message(house), await store_message(house, Channel.SMS)
    file = await keep_file(house, chat)
    assert (await house.get("ben", f"/conversations/{chat}/files/{file}"))[0] == 409
    assert (await house.get("ann", f"/conversations/{other}/files/{file}"))[0] == 404
    assert (await house.get("sam", f"/conversations/{chat}/files/nothing"))[0] == 404
    async with house.database.reading() as session:
        _, refused, coming = (await attachments.of_conversation(session, chat))["m1"]
    for one in (refused, coming):
        assert (await house.get("ann", f"/conversations/{chat}/files/{one.id}"))[0] == 404


async def test_deleting_a_conversation_deletes_its_files(house: House) -> None:
    chat = await store_message(house)
    file = await keep_file(house, chat)
    async with house.database.writing() as session:
        state = await handoffs.get(session, chat)
        await handoffs.move(session, state, Holder.CLOSED, now=START, actor="Ann")
    _, page = await house.get("sam", f"/conversations/{chat}/delete")
    assert "3 files that the customer sent" in page
    assert "of the WhatsApp conversation" in page
    status, _, _ = await house.post("sam", f"/conversations/{chat}/delete")
    assert status == 303
    assert not (house.settings.recordings / file).exists()
    async with house.database.reading() as session:
        assert await attachments.known(session) == frozenset()


@pytest.mark.parametrize(
    ("left", "has_template", "words", "is_shut"),
    [
        (timedelta(hours=23, minutes=30), False, "another 23 hours.", False),
        (timedelta(hours=3), False, "another 3 hours only", False),
        (timedelta(minutes=90), False, "another 90 minutes only", False),
        (timedelta(seconds=5), False, "another minute only", False),
        (timedelta(), False, "delivers nothing that you write now", True),
        (timedelta(), True, "inside the approved template", False),
    ],
)
def test_the_window_is_told(left: timedelta, has_template: bool, words: str, is_shut: bool) -> None:
    notice = tell_window(left, has_template=has_template)
    assert words in notice.told
    assert notice.is_shut is is_shut


async def test_the_window_stands_at_the_answer_box(house: House) -> None:
    chat = await store_message(house)
    _, page = await house.get("ann", f"/conversations/{chat}")
    assert "WhatsApp takes your answers for another 24 hours." in page
    house.clock.pass_seconds(24 * 3600)
    _, page = await house.get("ann", f"/conversations/{chat}")
    assert 'class="notice bad" id="line-notice"' in page
    assert page.index('id="line-notice"') > page.index('id="answer"')


async def test_a_stop_stands_at_the_answer_box(house: House) -> None:
    chat = await store_message(house, Channel.SMS)
    _, page = await house.get("ann", f"/conversations/{chat}")
    assert "line-notice" not in page
    async with house.database.writing() as session:
        address = Address(AddressKind.PHONE, CUSTOMER)
        await messaging.opt_out(session, address, now=START)
    _, page = await house.get("ann", f"/conversations/{chat}")
    assert "has written STOP" in page


async def test_a_name_of_their_own_is_shown_until_one_is_verified(house: House) -> None:
    chat = await store_message(house)
    own = "<dt>Calls themselves</dt><dd>Maya &lt;b&gt;</dd>"
    assert "Calls themselves" not in (await house.get("ann", f"/conversations/{chat}"))[1]
    async with house.database.writing() as session:
        await messaging.note_name(session, chat, "Maya <b>")
    assert own in (await house.get("ann", f"/conversations/{chat}"))[1]
    assert (await house.get("ben", f"/conversations/{chat}"))[0] == 409
    async with house.database.writing() as session:
        await shop.record_verification(
            session, chat, "HP-1", "m1", now=house.clock(), shop_customer="c1", name="Maya Lind"
        )
    _, page = await house.get("ann", f"/conversations/{chat}")
    assert "Calls themselves" not in page
    assert "<strong>Maya Lind</strong>" in page


async def store_replies(house: House) -> str:
    """A conversation with three turns of the customer that are replies, the first to an old one."""
    first = await store_message(house)
    async with house.database.writing() as session:
        state = await handoffs.get(session, first)
        await handoffs.move(session, state, Holder.CLOSED, now=START, actor="Ann")
        address = Address(AddressKind.PHONE, CUSTOMER)
        chat = (await conversations.open_chat(session, Channel.WHATSAPP, address, now=START)).id
        for turn in (
            Turn("m2", Role.CUSTOMER, "are you still?", START, replies_to="t1"),
            Turn("b2", Role.BOT, "About what, <please>? " + "More " * 40, START),
            Turn("m3", Role.CUSTOMER, "about that", START, replies_to="b2"),
            Turn("m4", Role.CUSTOMER, "and this", START, replies_to="b2"),
            Turn("m5", Role.CUSTOMER, "of nobody", START, replies_to="gone"),
        ):
            await conversations.append_turn(session, chat, turn, now=START)
        state = await handoffs.get(session, chat)
        user = house.people["ann"].id
        await handoffs.move(session, state, Holder.PERSON, now=START, agent=user, actor="Ann")
    return chat


async def test_what_a_reply_is_to_stands_above_it(house: House) -> None:
    chat = await store_replies(house)
    _, page = await house.get("ann", f"/conversations/{chat}")

    def quote(turn: str) -> str:
        return page.split(f'data-turn="{turn}"')[1].split('class="replied"')[1].split("</p>")[0]

    assert quote("m2") == ">Replies to Ann: I am sorry."
    assert quote("m3") == " hidden>", "it stands just before"
    assert quote("m4").startswith(">Replies to Bot: About what, &lt;please&gt;? More")
    assert quote("m4").endswith("…")
    assert quote("m5") == " hidden>"


async def test_what_a_new_reply_is_to_comes_by_itself(house: House) -> None:
    chat = await store_replies(house)
    _, data = await house.get("ann", f"/conversations/{chat}/turns?after=1")
    turns = json.loads(data)["turns"]
    assert [turn["position"] for turn in turns] == [2, 3, 4]
    assert [bool(turn["quote"]) for turn in turns] == [False, True, False]
