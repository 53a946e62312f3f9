"""What every answer of the public edge carries, and what an exception becomes."""

from collections.abc import Awaitable, Callable, Sequence
from urllib.parse import urlsplit

import structlog
from aiohttp import web

from core.errors import (
    BadInput,
    Conflict,
    NotAllowed,
    NotFound,
    Overtaken,
    ParleyError,
    Unavailable,
)
from core.tasks import log_failure

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

# Only our own files and our own socket; no inline script or style.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors "
)
HEADERS = {
    "Content-Security-Policy": f"{POLICY}'none'",  # no frame around the page
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STATUSES: dict[type[ParleyError], tuple[int, str]] = {
    BadInput: (400, "bad_input"),
    NotAllowed: (401, "not_allowed"),
    NotFound: (404, "not_found"),
    Overtaken: (409, "overtaken"),
    Conflict: (409, "conflict"),
    Unavailable: (503, "unavailable"),
}

log = structlog.get_logger()


def framed_headers(origins: Sequence[str]) -> dict[str, str]:
    """Headers of the one page that may stand in a frame, of these sites and no other.

    X-Frame-Options knows no list, so `add_headers` leaves it out beside a policy that has one; the
    rest lets the page stand in sites that are isolated from other origins (COEP).
    """
    allowed = " ".join(origins) or "'none'"
    return {
        "Content-Security-Policy": f"{POLICY}{allowed}",
        "Cross-Origin-Embedder-Policy": "require-corp",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }


def is_own_origin(origin: str | None, host: str) -> bool:
    """Whether the page that asks is ours; a program that is no browser names no origin."""
    return origin is None or urlsplit(origin).netloc.casefold() == host.casefold()


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """Set the security headers; for `app.on_response_prepare`."""
    is_framed = "Content-Security-Policy" in response.headers
    for name, value in HEADERS.items():
        if not (is_framed and name == "X-Frame-Options"):
            response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """An error becomes a status and {"error": {"code", "message"}}."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return _error(error.status, "http", error.reason)
    except ParleyError as error:
        status, code = _status_of(error)
        return _error(status, code, str(error))
    except Exception as error:  # noqa: BLE001  # the outermost frame of a request
        log_failure("request_failed", error, path=request.path)
        return _error(500, "failed", "something went wrong here; the log says where")


def _status_of(error: ParleyError) -> tuple[int, str]:
    kinds = [found for kind, found in STATUSES.items() if isinstance(error, kind)]
    return kinds[0] if kinds else (500, "failed")


def _error(status: int, code: str, message: str) -> web.Response:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else None
    body = {"error": {"code": code, "message": message}}
    return web.json_response(body, status=status, headers=headers)
