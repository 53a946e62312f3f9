"""Nothing gets in that Twilio did not sign, and a repeated webhook is done once."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from twilio.request_validator import RequestValidator

from channels.room import Room
from channels.shield import errors_as_json
from channels.twilio.account import Account
from channels.twilio.once import EMPTY, Answer, once
from channels.twilio.signed import ACCOUNT, FORM, MAX_BODY_BYTES, Fields, signed
from core.conversation import Channel
from core.people import Address, AddressKind
from store import conversations, erasure, webhooks
from store.database import Database, open_database
from tests.channels.stage import settings_in
from tests.channels.twilio.stand_in import PUBLIC_URL, SID, TOKEN, Caller

FIELDS = {"MessageSid": "SM1", "From": "whatsapp:+447700900123", "Body": "hällo & ?", "Empty": ""}


@dataclass
class Door:
    caller: Caller
    got: list[dict[str, str]] = field(default_factory=list)

    async def take(self, _request: web.Request, fields: Fields) -> web.Response:
        self.got.append(dict(fields))
        return web.Response(text="taken")


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with aiohttp.ClientSession() as browser:
        server = TestServer(web.Application(middlewares=[errors_as_json]))
        made = Door(Caller(browser, ""))
        server.app[ACCOUNT] = Account(SID, TOKEN, PUBLIC_URL)
        server.app.router.add_post("/twilio/messages", signed(made.take))
        await server.start_server()
        made.caller = Caller(browser, str(server.make_url("/")).rstrip("/"))
        yield made
        await server.close()


@pytest.mark.parametrize("path", ["/twilio/messages", "/twilio/messages?a=b%20c&d="])
async def test_what_twilio_signed_gets_in_as_it_came(door: Door, path: str) -> None:
    assert await door.caller.post(path, FIELDS) == (200, "taken")
    assert door.got == [FIELDS]


async def test_fields_that_nobody_knows_yet_are_signed_too(door: Door) -> None:
    fields = FIELDS | {"BrandNewField": "1", "ChannelMetadata": '{"type": "whatsapp"}'}
    assert (await door.caller.post("/twilio/messages", fields))[0] == 200
    assert door.got == [fields]


@pytest.mark.parametrize(
    ("path", "signature", "more"),
    [
        ("/twilio/messages", "", {}),
        ("/twilio/messages", "bm90IHRoZSBzaWduYXR1cmUgb2YgdGhpcw==", {}),
        ("/twilio/messages", "ä", {}),
        ("/twilio/messages", None, {"Body": "another"}),
        ("/twilio/messages", None, {"Added": "later"}),
        ("/twilio/messages", None, {"Added": ""}),
    ],
)
async def test_what_twilio_did_not_sign_stays_outside(
    door: Door, path: str, signature: str | None, more: dict[str, str]
) -> None:
    status, text = await door.caller.post(path, FIELDS, signature=signature, more=more)
    assert (status, door.got) == (403, [])
    assert "signature" in text


async def test_a_signature_of_another_token_or_address_stays_outside(door: Door) -> None:
    stranger = Caller(door.caller.browser, door.caller.door, token="another")
    assert (await stranger.post("/twilio/messages", FIELDS))[0] == 403
    of_root = RequestValidator(TOKEN).compute_signature(PUBLIC_URL + "/twilio/voice", FIELDS)
    assert (await door.caller.post("/twilio/messages", FIELDS, signature=of_root))[0] == 403
    assert door.got == []


async def test_headers_of_a_proxy_change_nothing(door: Door) -> None:
    evil = "https://evil.example/twilio/messages"
    headers = {
        "X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(evil, FIELDS),
        "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Host": "evil.example",
        "Content-Type": FORM,
    }  # fmt: skip
    url = door.caller.door + "/twilio/messages"
    async with door.caller.browser.post(url, data=urlencode(FIELDS), headers=headers) as response:
        assert response.status == 403


async def test_a_field_that_comes_twice_is_checked_as_it_came(door: Door) -> None:
    pairs = [("Body", "one"), ("Body", "two"), ("MessageSid", "SM1")]
    told = PUBLIC_URL + "/twilio/messages" + "BodyoneBodytwoMessageSidSM1"
    headers = {"X-Twilio-Signature": RequestValidator(TOKEN).compute_signature(told, {})}
    headers["Content-Type"] = FORM
    url = door.caller.door + "/twilio/messages"
    async with door.caller.browser.post(url, data=urlencode(pairs), headers=headers) as response:
        assert response.status == 200
    assert door.got == [{"Body": "one", "MessageSid": "SM1"}]


async def test_a_megabyte_is_refused_before_it_is_read_whole(door: Door) -> None:
    status, _ = await door.caller.post("/twilio/messages", FIELDS | {"Body": "x" * 2**20})
    assert (status, door.got) == (413, [])
    longest = "😀" * 4096
    assert len(urlencode({"Body": longest})) < MAX_BODY_BYTES
    assert (await door.caller.post("/twilio/messages", FIELDS | {"Body": longest}))[0] == 200


async def test_only_forms_are_read(door: Door) -> None:
    url = door.caller.door + "/twilio/messages"
    async with door.caller.browser.post(url, json=FIELDS) as response:
        assert response.status == 415


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Room]:
    settings = settings_in(tmp_path)
    database: Database = await open_database(settings)
    yield Room(settings, database)
    await database.close()


async def test_a_repeated_webhook_gets_the_first_answer_and_is_done_once(room: Room) -> None:
    done: list[int] = []

    async def do() -> Answer:
        done.append(1)
        await asyncio.sleep(0)
        return Answer(f"<Response><Say>{len(done)}</Say></Response>")

    together = await asyncio.gather(*(once(room, "call:CA1", do) for _ in range(3)))
    later = await once(room, "call:CA1", do)
    other = await once(room, "call:CA2", do)
    said = [answer.text for answer in (*together, later)]
    assert said == ["<Response><Say>1</Say></Response>"] * 4
    assert "<Say>2</Say>" in (other.text or "")
    assert other.content_type == "text/xml"


async def test_a_webhook_that_failed_is_done_when_it_comes_again(room: Room) -> None:
    tries: list[int] = []

    async def do() -> Answer:
        tries.append(1)
        if len(tries) == 1:
            raise RuntimeError("the program was killed here")
        return Answer()

    with pytest.raises(RuntimeError):
        await once(room, "message:SM1", do)
    assert (await once(room, "message:SM1", do)).text == EMPTY
    assert len(tries) == 2


async def test_an_answer_goes_with_its_conversation_or_after_a_week(room: Room) -> None:
    phone = Address(AddressKind.PHONE, "+447700900123")
    now = room.clock()
    async with room.database.writing() as session:
        chat = (await conversations.open_chat(session, Channel.SMS, phone, now=now)).id
        await webhooks.keep(session, "a", "hello Ann", conversation=chat, now=now)
        await webhooks.keep(session, "b", "", conversation=None, now=now)
        await webhooks.keep(session, "c", "gone", conversation="never-was", now=now)
        assert await webhooks.find(session, "c") is None
        await erasure.erase_conversation(session, chat, actor="ann", now=now)
    async with room.database.writing() as session:
        assert await webhooks.find(session, "a") is None
        assert await webhooks.find(session, "b") == ""
        later = now + webhooks.KEPT * 2
        await erasure.erase_old_words(session, before=now, now=later)
        assert await webhooks.find(session, "b") is None
