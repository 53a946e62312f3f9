"""Twilio's REST API: credentials, fields, time limits, and what may be tried again."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from channels.twilio.account import Account, account_of
from channels.twilio.rest import Twilio, TwilioError
from core.errors import BadInput, BadSettings
from core.hosts import is_twilios
from core.settings import load_settings
from store.files import StoredFiles
from tests.channels.stage import settings_in
from tests.channels.twilio.stand_in import PUBLIC_URL, SID, TOKEN, Fault, StandInTwilio

MESSAGE = {"From": "+442079460018", "To": "+447700900123", "Body": "hello"}


@dataclass
class Line:
    twilio: Twilio
    stand_in: StandInTwilio
    url: str
    session: aiohttp.ClientSession


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    stand_in = StandInTwilio()
    server = TestServer(stand_in.app())
    await server.start_server()
    url = str(server.make_url("/")).rstrip("/")
    account = Account(SID, TOKEN, PUBLIC_URL, url, url, timeout_seconds=0.3)
    async with aiohttp.ClientSession() as session:
        yield Line(Twilio(session, account), stand_in, url, session)
    await server.close()


async def test_a_message_goes_out_with_credentials_and_fields(line: Line) -> None:
    answer = await line.twilio.post("Messages.json", MESSAGE)
    assert answer["sid"].startswith("SM")
    assert line.stand_in.asked == [("Messages.json", MESSAGE)]


@pytest.mark.parametrize(
    ("fault", "retryable", "is_lost"),
    [
        (Fault(429, 20429, retry_after=7), True, False),
        (Fault(500), True, False),
        (Fault(503, 20503), True, False),
        (Fault(400, 21211), False, False),
        (Fault(404, 20404), False, False),
        (Fault(late=1.0), True, True),
    ],
)
async def test_what_may_be_tried_again_is_said(
    line: Line, fault: Fault, retryable: bool, is_lost: bool
) -> None:
    line.stand_in.faults.append(fault)
    with pytest.raises(TwilioError) as caught:
        await line.twilio.post("Messages.json", MESSAGE)
    error = caught.value
    assert (error.retryable, error.is_lost, error.code) == (retryable, is_lost, fault.code)
    assert error.retry_after == fault.retry_after
    assert "+44" not in str(error)


async def test_wrong_credentials_are_refused_for_good(line: Line) -> None:
    stranger = Twilio(line.session, Account(SID, "wrong", PUBLIC_URL, line.url, line.url))
    with pytest.raises(TwilioError, match="401, error 20003") as caught:
        await stranger.post("Messages.json", MESSAGE)
    assert not caught.value.retryable
    assert line.stand_in.asked == []


async def test_a_twilio_that_is_not_there_was_not_asked(line: Line) -> None:
    nowhere = Twilio(line.session, Account(SID, TOKEN, PUBLIC_URL, "http://127.0.0.1:9"))
    with pytest.raises(TwilioError, match="cannot be reached") as caught:
        await nowhere.post("Messages.json", MESSAGE)
    assert (caught.value.retryable, caught.value.is_lost) == (True, False)


async def test_a_file_is_fetched_with_credentials_and_onward(line: Line, tmp_path: Path) -> None:
    files = StoredFiles(tmp_path)
    line.stand_in.files["a.png"] = ("image/png", b"picture")
    draft = await line.twilio.fetch(f"{line.url}/onward/a.png", files, most_bytes=100)
    assert draft.path.read_bytes() == b"picture"
    assert line.stand_in.fetched == [("a.png", True)]
    with pytest.raises(BadInput, match="larger"):
        await line.twilio.fetch(f"{line.url}/files/a.png", files, most_bytes=3)
    with pytest.raises(BadInput, match="404"):
        await line.twilio.fetch(f"{line.url}/files/b.png", files, most_bytes=100)
    assert [path for path in tmp_path.iterdir() if path != draft.path] == []


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/a",
        "http://api.twilio.com/a",
        "file:///etc/passwd",
        "http://10.0.0.1/a",
    ],
)
async def test_nothing_else_is_fetched(line: Line, tmp_path: Path, address: str) -> None:
    with pytest.raises(BadInput, match="Twilio itself"):
        await line.twilio.fetch(address, StoredFiles(tmp_path), most_bytes=100)


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://api.twilio.com", True),
        ("https://api.dublin.ie1.twilio.com/2010-04-01", True),
        ("https://mms.twiliocdn.com/a?b", True),
        ("http://127.0.0.1:9000", True),
        ("http://localhost:9000", True),
        ("http://api.twilio.com", False),
        ("https://api.twilio.com:8443", False),
        ("https://twilio.com.evil.example", False),
        ("https://eviltwilio.com", False),
        ("https://user@api.twilio.com", False),
        ("https://127.0.0.1@evil.example", False),
        ("https://api.twilio.com:port", False),
        ("", False),
    ],
)
def test_twilios_own_addresses(address: str, is_one: bool) -> None:
    assert is_twilios(address) is is_one


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"TWILIO_ACCOUNT_SID": SID, "CHAT_URL": PUBLIC_URL}, "TWILIO_AUTH_TOKEN: .*set both"),
        ({"TWILIO_AUTH_TOKEN": TOKEN, "CHAT_URL": PUBLIC_URL}, "TWILIO_AUTH_TOKEN: .*set both"),
        ({"TWILIO_ACCOUNT_SID": "me", "TWILIO_AUTH_TOKEN": TOKEN}, "TWILIO_ACCOUNT_SID: .*AC"),
        ({"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": TOKEN}, "set PARLEY_CHAT_URL"),
        ({"TWILIO_API_URL": "https://evil.example"}, "TWILIO_API_URL: .*neither"),
    ],
)
def test_half_an_account_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: dict[str, str], wrong: str
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in given.items():
        monkeypatch.setenv(f"PARLEY_{name}", value)
    with pytest.raises(BadSettings, match=wrong):
        load_settings()


def test_the_account_stands_in_the_settings_and_its_token_in_no_print(tmp_path: Path) -> None:
    given = {"twilio_account_sid": SID, "twilio_auth_token": TOKEN, "chat_url": PUBLIC_URL + "/"}
    settings = settings_in(tmp_path, **given)
    account = account_of(settings)
    assert account == Account(SID, TOKEN, PUBLIC_URL)
    assert TOKEN not in f"{settings!r} {account!r}"
    assert account_of(settings_in(tmp_path)) is None
