"""`parley doctor` on a back end of the house: what it answers wrong is named."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import parley

ORDER = {
    "number": "AC-1000123", "postcode": "LS1 4AB", "customer_name": "T. Example",
    "items": ["meter"], "status": "placed", "ordered_on": "2026-11-02", "delivery_on": None,
}  # fmt: skip
NONE_SUCH = {"status": 404, "reason": "not_found"}


class Api(BaseHTTPRequestHandler):
    status: int = 200
    told: dict[str, Any] = ORDER

    def do_GET(self) -> None:  # the library's own name
        is_known = self.headers["Authorization"] == "Bearer word"
        is_there = self.path == "/api/orders/AC-1000123"
        self.send_response(self.status if is_known and is_there else 401)
        kind = "json" if self.status == 200 else "problem+json"
        self.send_header("Content-Type", f"application/{kind}")
        self.end_headers()
        self.wfile.write(json.dumps(self.told).encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(autouse=True)
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = HTTPServer(("127.0.0.1", 0), Api)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("PARLEY_BACKEND_URL", f"http://127.0.0.1:{server.server_port}/api")
    monkeypatch.setenv("PARLEY_BACKEND_TOKEN", "word")
    monkeypatch.setenv("PARLEY_ORDER_NUMBER", "AC-1000123")
    yield
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("status", "told", "found"),
    [
        (200, ORDER, "ok   back end     GET /orders/AC-1000123: an order, as it should be"),
        (404, NONE_SUCH, "ok   back end     GET /orders/AC-1000123: there is none"),
        (404, {}, "answers 404; check PARLEY_BACKEND_URL"),
        (
            200,
            ORDER | {"status": "sent", "items": None},
            "the answer is no Order; items: Input should be a valid array; status: Input should be",
        ),
        (200, ORDER | {"number": "1000123"}, "the order that came is called 1000123"),
    ],
)
def test_doctor_asks_for_an_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, told: object, found: str
) -> None:
    monkeypatch.setattr(Api, "status", status)
    monkeypatch.setattr(Api, "told", told)
    assert found in parley(tmp_path, "doctor").out


def test_a_wrong_token_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_BACKEND_TOKEN", "hush")
    out = parley(tmp_path, "doctor").out
    assert "refuses PARLEY_BACKEND_TOKEN" in out
    assert "hush" not in out
