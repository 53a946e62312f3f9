"""The wire of `speech.remote`: one form sent to the recogniser that PARLEY_ASR_URL names.

Busy (429) and broken (5xx) servers, and lines that break, are tried again; what the server calls
our mistake (other 4xx) is not. A redirect is refused: it would carry the key elsewhere.
"""

import secrets
import time
from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage
from typing import IO
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from core.errors import ModelUnavailable
from core.settings import Settings
from speech.engines import Post

TRIES = 4
PAUSE_SECONDS = 1.0  # before the second try, doubled before each further one: 7 s in all
BUSY = 429
MOST_BYTES = 4 << 20  # of an answer; 20 s of words with times take some ten thousand


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0917 - urllib's signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """Follow nothing; urllib then raises the answer as an HTTPError."""


def transcriber(settings: Settings, *, pause_seconds: float = PAUSE_SECONDS) -> Post:
    """What sends sound to the server of the settings and gives the body of its answer."""
    opener = build_opener(_NoRedirect)

    def post(fields: Mapping[str, str], sound: bytes) -> bytes:
        request = _request(settings, fields, sound)
        for number in range(TRIES):
            if number:
                time.sleep(pause_seconds * 2 ** (number - 1))
            try:
                return _sent(opener, request, settings.asr_timeout_seconds)
            except HTTPError as error:
                error.close()
                last = f"answered {error.code}"
                if error.code != BUSY and error.code < 500:
                    raise _unavailable(settings, last, retryable=False) from error
            except (URLError, HTTPException, OSError) as error:
                last = f"did not answer ({getattr(error, 'reason', error)})"
        raise _unavailable(settings, f"{last}, {TRIES} times", retryable=True)

    return post


def _sent(opener: OpenerDirector, request: Request, timeout: float) -> bytes:
    with opener.open(request, timeout=timeout) as response:
        body: bytes = response.read(MOST_BYTES)
        return body


def _request(settings: Settings, fields: Mapping[str, str], sound: bytes) -> Request:
    mark = secrets.token_hex(16)
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="piece.wav"\r\n'
    parts += [f"{head}Content-Type: audio/wav\r\n\r\n".encode(), sound, b"\r\n"]
    headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    if settings.asr_key:
        headers["Authorization"] = f"Bearer {settings.asr_key}"
    body = b"".join([*parts, f"--{mark}--\r\n".encode()])
    return Request(settings.asr_url, body, headers)  # noqa: S310 - settings allow http and https


def _unavailable(settings: Settings, what: str, *, retryable: bool) -> ModelUnavailable:
    mend = "" if retryable else "; look at PARLEY_ASR_URL, PARLEY_ASR_KEY and PARLEY_ASR_MODEL"
    return ModelUnavailable(f"{settings.asr_url} {what}{mend}", retryable=retryable)
