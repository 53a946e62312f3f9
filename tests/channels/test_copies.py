"""A copy by e-mail, through a real mail server: once, to whom it is wanted, without secrets."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from channels import copies as sending
from channels import copy_routes
from channels.copies import Copies, read_address
from channels.copy_letter import without_secrets
from channels.copy_routes import COUNTER
from mail.letter import Letter
from store import audit, codes, copies, erasure
from store.copies import Copy, CopyState, Reason
from tests.channels.stage import Json, Stage, Visitor, staging
from tests.channels.test_live import ANN, waiting
from tests.mail_server import Box, serving

TO = "r.sample@example.com"


@asynccontextmanager
async def mailing(
    folder: Path, empty: Path, box: Box, *, sites: tuple[str, ...] = ()
) -> AsyncIterator[Stage]:
    """The chat beside a mail server that takes what it is told to take."""
    shutil.copy(empty, folder / "parley.db")
    async with (
        serving(box) as port,
        staging(folder, smtp_url=f"smtp+plain://127.0.0.1:{port}", widget_origins=sites) as stage,
    ):
        yield stage


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
async def stage(tmp_path: Path, empty_database: Path, box: Box) -> AsyncIterator[Stage]:
    async with mailing(tmp_path, empty_database, box) as made:
        yield made


async def ask(
    visitor: Visitor, address: str = TO, id: str = "c1", *, language: str = "en", **headers: str
) -> tuple[int, Json]:
    given = {"X-Parley-Visitor": visitor.token or "", **headers}
    url = visitor.stage.chat.make_url("/copies")
    body = {"id": id, "address": address, "language": language}
    async with visitor.stage.browser.post(url, json=body, headers=given) as response:
        return response.status, await response.json()


async def look(visitor: Visitor, id: str = "c1") -> tuple[int, Json]:
    url = visitor.stage.chat.make_url(f"/copies/{id}")
    headers = {"X-Parley-Visitor": visitor.token or ""}
    async with visitor.stage.browser.get(url, headers=headers) as response:
        return response.status, await response.json()


def at(stage: Stage, moment: datetime) -> None:
    """It is that time from now on."""
    stage.room.clock = lambda: moment


def sender(stage: Stage) -> Copies:
    return stage.chat.app[COUNTER].copies


async def stored(stage: Stage, id: str = "c1") -> Copy:
    async with stage.room.database.reading() as session:
        found = await copies.find(session, id)
    assert found is not None
    return found


def letter(box: Box) -> tuple[str, str]:
    """Text and HTML of the only letter that came."""
    (message,) = box.messages
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    return plain.get_content(), html.get_content()


async def test_a_copy_comes_once_and_the_page_hears_of_it(stage: Stage, box: Box) -> None:
    async with stage.visitor() as visitor:
        chat = await waiting(stage, visitor)
        await stage.command(chat, "take", ANN)
        words = {**ANN, "turn": "a1", "text": "Hello <you>,\nit left today."}
        assert (await stage.command(chat, "say", words))[0] == 200
        for _ in range(3):
            status, told = await ask(visitor)
            assert (status, told["id"], told["conversation"]) == (202, "c1", chat)
        done = await visitor.until("copy", state="sent")
        assert (done["conversation"], done["reason"]) == (chat, None)
        assert TO not in str(visitor.got), "the page is not told the address"
        assert (await look(visitor))[1]["state"] == "sent"
        await sender(stage).send_due()
        assert box.recipients == [TO]
    (message,) = box.messages
    assert message["Subject"] == "Your chat with Harbour & Pine"
    assert message["Message-ID"].startswith("<copy-c1@")
    text, html = letter(box)
    assert "You · " in text
    assert "Ann · " in text
    assert "Hello <you>,\nit left today." in text.replace("\r\n", "\n")
    assert "Hello &lt;you&gt;,<br>it left today." in html
    assert "asked for it in the chat" in text
    done_copy = await stored(stage)
    assert (done_copy.state, done_copy.address, done_copy.attempts) == (CopyState.SENT, None, 1)
    async with stage.room.database.reading() as session:
        rows = await audit.rows_of(session, chat)
    assert [row.action for row in rows if row.action.startswith("copy")] == [
        "copy.asked",
        "copy.sent",
    ]


async def test_the_copy_holds_what_was_said_until_it_was_asked_for(
    stage: Stage, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Copies, "send_soon", lambda self: None)
    async with stage.visitor() as visitor:
        await visitor.ask("the first")
        await ask(visitor, language="de")
        await visitor.ask("the second")
        await sender(stage).send_due()
    text, html = letter(box)
    assert "Sie · " in text
    assert "bot: the first" in text
    assert "the second" not in text
    assert 'lang="de"' in html


async def test_nothing_is_lost_while_the_mail_server_is_away(stage: Stage, box: Box) -> None:
    box.refusal = "451 later"
    async with stage.visitor() as visitor:
        await visitor.ask("hello")
        await ask(visitor)
        later = await visitor.until("copy", reason="later")
        assert later["state"] == "waiting"
        assert (await stored(stage)).address == TO
        now = stage.room.clock()
        box.refusal = ""
        at(stage, now + timedelta(seconds=50))
        await sender(stage).send_due()
        assert box.messages == [], "it is not tried before its time"
        at(stage, now + timedelta(seconds=70))
        await asyncio.gather(*(sender(stage).send_due() for _ in range(3)))
        await visitor.until("copy", state="sent")
    assert box.recipients == [TO], "three at once send it once"


async def test_a_letter_that_cannot_be_made_keeps_no_other_back(
    stage: Stage, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Copies._letter

    async def broken(self: Copies, copy: Copy) -> Letter:
        if copy.id == "c1":
            raise ValueError("it cannot be made")
        return await make(self, copy)

    monkeypatch.setattr(Copies, "send_soon", lambda self: None)
    monkeypatch.setattr(Copies, "_letter", broken)
    async with stage.visitor() as visitor:
        await visitor.ask("hello")
        await ask(visitor, "first@example.com", "c1")
        await ask(visitor, TO, "c2")
        await sender(stage).send_due()
        assert box.recipients == [TO]
        assert (await stored(stage)).state is CopyState.WAITING
        now = stage.room.clock()
        for minutes in range(3, 3 * (sending.MOST_ATTEMPTS + 1), 3):
            at(stage, now + timedelta(minutes=minutes))
            await sender(stage).send_due()
        assert (await stored(stage)).reason is Reason.LETTER


async def test_what_was_not_sent_goes_out_after_a_restart(
    tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Copies, "send_soon", lambda self: None)
        async with mailing(tmp_path, empty_database, Box()) as stage, stage.visitor() as visitor:
            await visitor.ask("hello")
            assert (await ask(visitor))[0] == 202
    box = Box()
    kept = tmp_path / "parley.db"
    shutil.copy(kept, tmp_path / "kept.db")
    async with mailing(tmp_path, tmp_path / "kept.db", box):
        async with asyncio.timeout(10):
            while not box.messages:
                await asyncio.sleep(0.02)
    assert box.recipients == [TO]


@pytest.mark.parametrize(
    ("rejected", "refusal", "reason"),
    [
        ("550 no such user", "", Reason.ADDRESS),
        ("", "554 spam", Reason.LETTER),
        ("", "451 later", Reason.GONE),
    ],
)
async def test_what_cannot_be_sent_is_told_with_its_reason(
    stage: Stage, box: Box, rejected: str, refusal: str, reason: Reason
) -> None:
    box.rejected, box.refusal = rejected, refusal
    async with stage.visitor() as visitor:
        await visitor.ask("hello")
        await ask(visitor)
        if reason is Reason.GONE:
            await visitor.until("copy", reason="later")
            now = stage.room.clock()
            at(stage, now + timedelta(hours=25))
            await sender(stage).send_due()
        told = await visitor.until("copy", state="refused")
    assert told["reason"] == reason
    assert (await stored(stage)).address is None


@pytest.mark.parametrize(
    "given",
    ["", "hello", "a@b", "a@example.com, b@example.com", "my address is a@example.com",
     "a@example.com\nBcc: b@example.com", "anna at example dot com", f"{'a' * 64}@{'b.' * 120}com"],
)  # fmt: skip
async def test_what_is_no_address_is_said_and_nothing_is_kept(stage: Stage, given: str) -> None:
    async with stage.visitor() as visitor:
        await visitor.ask("hello")
        status, told = await ask(visitor, given)
        assert (status, told["error"]["code"]) == (400, "wrong")
    async with stage.room.database.reading() as session:
        assert await copies.find(session, "c1") is None


@pytest.mark.parametrize("given", [TO, f"  {TO}\n", "R.Sample@Example.com", "a+b@mail.example.org"])
def test_an_address_is_read_as_it_is_typed(given: str) -> None:
    assert read_address(given) == given.strip().lower()


async def test_nobody_gets_many_and_nobody_sends_many(stage: Stage, box: Box) -> None:
    async with stage.visitor() as one, stage.visitor() as other:
        await one.ask("hello")
        await other.ask("hello")
        got = [(await ask(one, f"a{n}@example.com", f"c{n}"))[0] for n in range(4)]
        assert got == [202, 202, 202, 429], "one visitor, many readers"
        got = [(await ask(other, TO, f"d{n}"))[0] for n in range(2)]
        assert got == [202, 202]
        async with stage.visitor() as third:
            await third.ask("hello")
            assert (await ask(third, TO, "e1"))[0] == 202
            status, told = await ask(third, TO.upper(), "e2")
            assert (status, told["error"]["code"]) == (429, "many"), "many visitors, one reader"
            now = stage.room.clock()
            at(stage, now + timedelta(hours=25))
            assert (await ask(third, TO, "e3"))[0] == 202, "a day later"
    outside = {"X-Forwarded-For": "203.0.113.9"}
    async with stage.visitor() as visitor:
        await visitor.ask("hello")
        got = [(await ask(visitor, "none", f"f{n}", **outside))[0] for n in range(12)]
    assert got == [400] * 10 + [429] * 2, "one network address"


async def test_other_addresses_win_nobody_new_copies(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copy_routes, "MOST_PACES", 2)
    async with stage.visitor() as visitor:
        await visitor.ask("hello")

        async def status_from(place: int, id: str) -> int:
            outside = {"X-Forwarded-For": f"203.0.113.{place}"}
            return (await ask(visitor, "none", id, **outside))[0]

        first = [await status_from(1, f"a{n}") for n in range(11)]
        others = [await status_from(place, "b") for place in (2, 1, 3, 1)]
    assert first == [400] * 10 + [429]
    assert others == [400, 429, 400, 429]


async def test_a_copy_is_its_visitors_own(stage: Stage) -> None:
    async with stage.visitor() as one, stage.visitor() as other:
        status, told = await ask(one)
        assert (status, told["error"]["code"]) == (400, "empty")
        await one.ask("hello")
        await other.ask("hello")
        assert (await ask(one))[0] == 202
        assert (await look(one))[0] == 200
        assert (await look(other))[0] == 404
        assert (await ask(other))[0] == 404
        assert (await ask(one, id="bot:1"))[0] == 400
        assert (await ask(one, **{"X-Parley-Visitor": "made.up"}))[0] == 401
        assert (await ask(one, Origin="https://elsewhere.example"))[0] == 403


@pytest.mark.parametrize("body", [b"", b"[]", b'{"id": 1}', b"{" * 5000, b"[" * 4000])
async def test_what_is_no_request_is_refused(stage: Stage, body: bytes) -> None:
    async with stage.visitor() as visitor:
        headers = {"X-Parley-Visitor": visitor.token or ""}
        url = stage.chat.make_url("/copies")
        async with stage.browser.post(url, data=body, headers=headers) as response:
            assert response.status == 400
            assert (await response.json())["error"]["code"] == "bad_input"


async def test_codes_and_cards_stay_in_the_chat(stage: Stage, box: Box) -> None:
    async with stage.visitor() as visitor:
        chat = (await visitor.say("I was charged twice on 4111 1111 1111 1111"))["conversation"]
        await visitor.until("turn", role="bot")
        now = stage.room.clock()
        async with stage.room.database.writing() as session:
            code = await codes.issue_code(session, chat, "HP-10442", now=now)
        other = f"{(int(code) + 1) % 10**6:06d}"
        await visitor.ask(f"It is {code[:3]} {code[3:]}")
        await visitor.ask(f"and the ticket is {other}")
        await ask(visitor)
        await visitor.until("copy", state="sent")
    for part in letter(box):
        digits = "".join(sign for sign in part if sign.isdecimal())
        assert code not in digits
        assert "4111" not in digits
        assert other in part, "what is no code of this conversation stays"
        assert "It is ███████" in part


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("123456", "██████"),
        ("the code is 123 456.", "the code is ███████."),
        ("one two three four five six", "█" * len("one two three four five six")),
        ("order 1234567", "order 1234567"),
        ("654321", "654321"),
        ("paid with 4111111111111111", "paid with " + "█" * 16),
    ],
)
def test_secrets_of_a_text(text: str, left: str) -> None:
    assert without_secrets(text, {"123456"}) == left


async def test_the_address_goes_with_its_customer(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Copies, "send_soon", lambda self: None)
    async with stage.visitor() as visitor:
        chat = (await visitor.say("hello"))["conversation"]
        await ask(visitor)
        async with stage.room.database.writing() as session:
            await erasure.erase_conversation(session, chat, actor="test", now=stage.room.clock())
            assert await copies.find(session, "c1") is None
        await sender(stage).send_due()


async def test_what_counts_nowhere_is_forgotten(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        await visitor.ask("hello")
        await ask(visitor)
        await visitor.until("copy", state="sent")
        for days, is_there in [(1, True), (3, False)]:
            now = stage.room.clock() + timedelta(days=days)
            async with stage.room.database.writing() as session:
                await erasure.erase_old_words(session, before=now - timedelta(90), now=now)
                assert (await copies.find(session, "c1") is not None) is is_there


async def test_without_a_mail_server_no_copy_is_promised(
    tmp_path: Path, empty_database: Path
) -> None:
    shutil.copy(empty_database, tmp_path / "parley.db")
    async with staging(tmp_path) as stage, stage.visitor() as visitor:
        page = await (await stage.browser.get(stage.chat.make_url("/"))).text()
        assert 'id="mail"' not in page
        assert 'id="save"' in page
        assert (await ask(visitor))[0] == 404


def test_waits_grow_and_end_within_a_day() -> None:
    assert list(sending.WAITS) == sorted(sending.WAITS)
    assert sending.WAITS[-1] < sending.GIVE_UP
