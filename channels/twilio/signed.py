"""What Twilio posts: read within a limit, and let in only when Twilio signed it.

Source: DOMAIN "Twilio"; twilio.request_validator.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias
from urllib.parse import parse_qsl

import structlog
from aiohttp import web
from multidict import MultiDict
from twilio.request_validator import RequestValidator

from channels.shield import Handler
from channels.twilio.account import Account

Fields: TypeAlias = Mapping[str, str]
Webhook = Callable[[web.Request, Fields], Awaitable[web.StreamResponse]]

ACCOUNT: web.AppKey[Account] = web.AppKey("twilio_account", Account)
# The longest text is 4,096 characters, each at most 12 bytes when it is quoted; the other fields,
# ten addresses of media among them, are far below as much again.
MAX_BODY_BYTES = 128 * 1024
FORM = "application/x-www-form-urlencoded"

log = structlog.get_logger()


def signed(webhook: Webhook) -> Handler:
    """A route's handler that lets in only what Twilio signed; else status 403, nothing is stored.

    A field that comes twice is checked as it came; the webhook gets the first.
    """

    async def handle(request: web.Request) -> web.StreamResponse:
        form = await _read_form(request)
        if not is_signed(request.app[ACCOUNT], request, form):
            log.warning("twilio_signature_wrong", path=request.path)
            raise web.HTTPForbidden(reason="The signature of Twilio is missing or wrong")
        return await webhook(request, {name: form[name] for name in form})

    return handle


def is_signed(account: Account, request: web.Request, form: MultiDict[str]) -> bool:
    """Whether Twilio signed these very fields for this very address."""
    signature = request.headers.get("X-Twilio-Signature", "")
    address = account.webhook(request.rel_url.raw_path_qs)
    return bool(RequestValidator(account.token).validate(address, form, signature))


async def _read_form(request: web.Request) -> MultiDict[str]:
    """The posted fields, empty ones too, since they are part of what is signed."""
    if request.content_type != FORM:
        raise web.HTTPUnsupportedMediaType(reason=f"Twilio posts {FORM}")
    body = bytearray()
    async for block in request.content.iter_any():
        body += block
        if len(body) > MAX_BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_BODY_BYTES, len(body))
    return MultiDict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
