"""`parley doctor` on the account at Twilio: refused, away, suspended, or well."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.cli.shell import parley

OWN = ("+442079460018",)
SID, TOKEN = "AC" + "a1" * 16, "token-of-a-test"


class Api(BaseHTTPRequestHandler):
    status, state = 200, "active"

    def do_GET(self) -> None:  # the library's own name
        is_known = self.headers["Authorization"].startswith("Basic ")
        account, numbers = f"/2010-04-01/Accounts/{SID}.json", urlsplit(self.path)
        told: dict[str, object] = {"sid": SID, "status": self.state}
        if numbers.path == account.replace(".json", "/IncomingPhoneNumbers.json"):
            asked = parse_qs(numbers.query)["PhoneNumber"]
            told = {
                "incoming_phone_numbers": [{"phone_number": one} for one in asked if one in OWN]
            }
        elif self.path != account:
            is_known = False
        self.send_response(self.status if is_known else 404)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture
def api() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch, api: str) -> None:
    monkeypatch.setenv("PARLEY_TWILIO_ACCOUNT_SID", SID)
    monkeypatch.setenv("PARLEY_TWILIO_AUTH_TOKEN", TOKEN)
    monkeypatch.setenv("PARLEY_TWILIO_API_URL", api)
    monkeypatch.setenv("PARLEY_CHAT_URL", "https://chat.example.org")


@pytest.mark.parametrize(
    ("status", "state", "told"),
    [
        (200, "active", "ok   twilio       account ACa1a1… answers, no template for WhatsApp"),
        (200, "suspended", "off  twilio       the account is suspended"),
        (401, "", "PARLEY_TWILIO_AUTH_TOKEN anew"),
        (503, "", "Twilio answered 503"),
    ],
)
def test_doctor_asks_twilio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, state: str, told: str
) -> None:
    monkeypatch.setattr(Api, "status", status)
    monkeypatch.setattr(Api, "state", state)
    out = parley(tmp_path, "doctor").out
    assert told in out
    assert TOKEN not in out


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("PARLEY_TWILIO_API_URL", "http://127.0.0.1:9", "Twilio cannot be reached"),
        ("PARLEY_CHAT_URL", "http://chat.example.org", "one with https://"),
    ],
)
def test_doctor_says_what_keeps_twilio_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    assert told in parley(tmp_path, "doctor").out


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ("+442079460018,60018,whatsapp:+442079460019", "answers, no template"),
        ("+442079460018,+442079460019", "off  twilio       +442079460019 is no number of the"),
    ],
)
def test_doctor_looks_whether_numbers_are_the_accounts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbers: str, told: str
) -> None:
    monkeypatch.setenv("PARLEY_TWILIO_NUMBERS", numbers)
    assert told in parley(tmp_path, "doctor").out


def test_without_an_account_doctor_is_silent_on_twilio(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PARLEY_TWILIO_ACCOUNT_SID")
    monkeypatch.delenv("PARLEY_TWILIO_AUTH_TOKEN")
    assert "twilio" not in parley(tmp_path, "doctor").out
