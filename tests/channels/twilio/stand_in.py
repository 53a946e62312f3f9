"""A stand-in for Twilio: its REST API, the files it keeps, and the webhooks it posts, signed.

It checks what the real one checks: credentials and form fields. Webhooks are signed by Twilio's
own library.
"""

import asyncio
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from aiohttp import web
from twilio.request_validator import RequestValidator

Json = dict[str, Any]
SID = "AC" + "a1" * 16
TOKEN = "token-of-a-test"
PUBLIC_URL = "https://chat.example.org"
APPROVED = "HX" + "0" * 32  # a template that stands in settings
FORM = "application/x-www-form-urlencoded"
SENDER = re.compile(r"(?:whatsapp:)?\+[1-9]\d{6,14}")


@dataclass(frozen=True)
class Fault:
    """What the next request gets instead of being done; `late` seconds pass first.

    `does_it` does it all the same, and only the answer is lost.
    """

    status: int = 201
    code: int | None = None
    late: float = 0.0
    does_it: bool = False
    retry_after: int | None = None


@dataclass
class StandInTwilio:
    """Everything asked of it, in order; `faults` are used up one a request."""

    faults: list[Fault] = field(default_factory=list)
    asked: list[tuple[str, Json]] = field(default_factory=list)
    messages: dict[str, Json] = field(default_factory=dict)
    contents: dict[str, Json] = field(default_factory=dict)
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    fetched: list[tuple[str, bool]] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)  # address → Twilio's error code
    made: int = 0
    file_failures: int = 0  # how many files are answered with 503 first

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/2010-04-01/Accounts/{sid}/{name:.+}", self.post)
        app.router.add_post("/v1/Content", self.content)
        app.router.add_get("/files/{name}", self.file)
        app.router.add_get("/2010-04-01/Accounts/{sid}/Recordings/{name}", self.recording)
        app.router.add_get("/onward/{name}", self.onward)
        return app

    async def post(self, request: web.Request) -> web.Response:
        if not _is_known(request) or request.match_info["sid"] != SID:
            return _error(401, 20003)
        fields = {name: str(value) for name, value in (await request.post()).items()}
        name = request.match_info["name"]
        self.asked.append((name, fields))
        fault = self.faults.pop(0) if self.faults else Fault()
        if fault.does_it or fault.status == 201:
            answer = self._done(name, fields)
        if fault.late:
            await asyncio.sleep(fault.late)
        if fault.status != 201:
            return _error(fault.status, fault.code, fault.retry_after)
        return answer

    async def content(self, request: web.Request) -> web.Response:
        if not _is_known(request):
            return _error(401, 20003)
        body = await request.json()
        if not {"language", "types"} <= body.keys():
            return _error(400, 20001)
        sid = f"HX{len(self.contents):032x}"
        self.contents[sid] = body
        return web.json_response({"sid": sid}, status=201)

    async def file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        self.fetched.append((name, _is_known(request)))
        if self.file_failures > 0:
            self.file_failures -= 1
            return web.Response(status=503)
        if name not in self.files:
            return web.Response(status=404)
        kind, body = self.files[name]
        return web.Response(body=body, content_type=kind)

    async def recording(self, request: web.Request) -> web.Response:
        """The sound of a recording, for who has the credentials."""
        if not _is_known(request) or request.match_info["sid"] != SID:
            return _error(401, 20003)
        fault = self.faults.pop(0) if self.faults else Fault()
        if fault.status != 201:
            return _error(fault.status, fault.code)
        return await self.file(request)

    async def onward(self, request: web.Request) -> web.Response:
        if not _is_known(request):
            return web.Response(status=401)
        return web.Response(
            status=307, headers={"Location": f"/files/{request.match_info['name']}"}
        )

    @property
    def sent(self) -> list[Json]:
        """The messages that were taken, in order."""
        return list(self.messages.values())

    def _done(self, name: str, fields: Json) -> web.Response:
        self.made += 1
        if name != "Messages.json":
            return web.json_response({"sid": f"RE{self.made:032x}", **fields}, status=201)
        wrong = self._wrong_message(fields)
        if wrong is not None:
            return _error(400, wrong)
        sid = f"SM{self.made:032x}"
        self.messages[sid] = {"sid": sid, **fields}
        return web.json_response({"sid": sid, "status": "queued"}, status=201)

    def _wrong_message(self, fields: Json) -> int | None:
        """Twilio's error code for a message that it refuses at once."""
        to, sender, body = (fields.get(name, "") for name in ("To", "From", "Body"))
        content = fields.get("ContentSid")
        known = {None, *self.contents, APPROVED}
        wrong = (
            (not to, 21604),
            (not SENDER.fullmatch(to), 21211),
            (not sender, 21603),
            (to.startswith("whatsapp:") is not sender.startswith("whatsapp:"), 21910),
            (not body and not content, 21619),
            (len(body) > 1600, 21617),
            (content not in known, 21655),
        )
        return next((code for is_so, code in wrong if is_so), self.refuses.get(to))


@dataclass(frozen=True)
class Caller:
    """Posts webhooks as Twilio does, to wherever the chat listens in this test."""

    browser: aiohttp.ClientSession
    door: str
    token: str = TOKEN

    async def post(
        self,
        path: str,
        fields: Mapping[str, str],
        *,
        signature: str | None = None,
        more: Mapping[str, str] | None = None,
    ) -> tuple[int, str]:
        """Status and text; `more` are fields that come behind the signature's back."""
        made = RequestValidator(self.token).compute_signature(PUBLIC_URL + path, dict(fields))
        headers = {"X-Twilio-Signature": made if signature is None else signature}
        headers["Content-Type"] = FORM
        body = urlencode({**fields, **(more or {})})
        async with self.browser.post(
            self.door + path, data=io.BytesIO(body.encode()), headers=headers
        ) as response:
            return response.status, await response.text()


def _is_known(request: web.Request) -> bool:
    given = request.headers.get("Authorization", "")
    return given == aiohttp.encode_basic_auth(SID, TOKEN)


def _error(status: int, code: int | None, retry_after: int | None = None) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    body = {"code": code, "message": f"error {code}", "status": status}
    return web.json_response(body, status=status, headers=headers)
