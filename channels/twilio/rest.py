"""Twilio's REST API: form fields out, JSON back, within a time limit."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from yarl import URL

from channels.twilio.account import Account
from core.errors import BadInput, TelephonyUnavailable
from core.hosts import is_twilios
from store.files import StoredFiles
from store.incoming import BLOCK, Draft

Json = dict[str, Any]

MOST_REDIRECTS = 3  # Twilio's media lead to its file store in one step
REDIRECTS = frozenset({301, 302, 303, 307, 308})
TOO_MANY = 429


class TwilioError(TelephonyUnavailable):
    """Twilio did not take it; `code` is its own number for why, `is_lost` that nobody knows.

    Lost is a request of which no answer came: Twilio may have done it.
    """

    def __init__(
        self,
        message: str,
        *,
        retryable: bool = False,
        code: int | None = None,
        retry_after: float | None = None,
        is_lost: bool = False,
    ) -> None:
        super().__init__(message, retryable=retryable)
        self.code = code
        self.retry_after = retry_after
        self.is_lost = is_lost


class Twilio:
    """A client of one account; the session is somebody else's to close."""

    def __init__(self, session: aiohttp.ClientSession, account: Account) -> None:
        self.account = account
        self._session = session
        self._auth = {"Authorization": aiohttp.encode_basic_auth(account.sid, account.token)}
        self._timeout = aiohttp.ClientTimeout(total=account.timeout_seconds)

    async def post(self, name: str, fields: Mapping[str, str]) -> Json:
        """Make or change one of the account's resources, such as `Messages.json`.

        Raises:
            TwilioError: refused (not retryable), too fast, failing, or no answer (retryable).
        """
        return await self._ask(self.account.resource(name), data=dict(fields))

    async def post_content(self, body: Json) -> Json:
        """Make a content template; raises as `post` does."""
        return await self._ask(f"{self.account.content_url}/v1/Content", json=body)

    async def fetch(self, address: str, files: StoredFiles, *, most_bytes: int) -> Draft:
        """Fetch what a webhook pointed to: from Twilio's own hosts, wherever it leads.

        The account's credentials go to the API alone, not on to where it sends us.

        Raises:
            BadInput: it is not Twilio's, holds too much, or is not there.
            TwilioError: no answer, or a failure; retryable.
        """
        try:
            async with self._following(address) as response:
                return await _received(response, files, most_bytes)
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TwilioError("Twilio's files could not be fetched", retryable=True) from error

    async def _ask(self, url: str, **body: Any) -> Json:
        try:
            async with self._session.post(
                url, headers=self._auth, timeout=self._timeout, allow_redirects=False, **body
            ) as response:
                answer = await _json_of(response)
                if response.status not in (200, 201, 202):
                    raise _refusal(response, answer)
                return answer
        except aiohttp.ClientConnectorError as error:  # it never left this machine
            raise TwilioError("Twilio cannot be reached", retryable=True) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise TwilioError("Twilio did not answer", retryable=True, is_lost=True) from error

    @asynccontextmanager
    async def _following(self, address: str) -> AsyncIterator[aiohttp.ClientResponse]:
        url = _checked(address)
        for _ in range(MOST_REDIRECTS + 1):
            is_api = url.origin() == URL(self.account.api_url).origin()
            headers = self._auth if is_api or _is_api(url) else {}
            async with self._session.get(
                url, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as response:
                if response.status not in REDIRECTS:
                    yield response
                    return
                url = _checked(str(url.join(URL(response.headers.get("Location", "")))))
        raise BadInput(f"what Twilio pointed to leads on more than {MOST_REDIRECTS} times")


def _checked(address: str) -> URL:
    if not is_twilios(address):
        raise BadInput("only what Twilio itself keeps is fetched")
    return URL(address, encoded=True)


def _is_api(url: URL) -> bool:
    return (url.host or "").startswith("api.") and (url.host or "").endswith(".twilio.com")


async def _json_of(response: aiohttp.ClientResponse) -> Json:
    try:
        answer = await response.json(content_type=None)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}


def _refusal(response: aiohttp.ClientResponse, answer: Json) -> TwilioError:
    """Twilio's own code; its sentence may quote an address, so it is left out."""
    code = answer.get("code")
    known = code if isinstance(code, int) else None
    told = f"Twilio answered {response.status}" + (f", error {known}" if known else "")
    is_passing = response.status == TOO_MANY or response.status >= 500
    after = response.headers.get("Retry-After", "")
    return TwilioError(
        told,
        retryable=is_passing,
        code=known,
        retry_after=float(after) if after.isascii() and after.isdecimal() else None,
    )


async def _received(response: aiohttp.ClientResponse, files: StoredFiles, most_bytes: int) -> Draft:
    if response.status == TOO_MANY or response.status >= 500:
        raise TwilioError(f"Twilio answered {response.status}", retryable=True)
    if response.status != 200:
        raise BadInput(f"Twilio answered {response.status} for what it pointed to")
    if (response.content_length or 0) > most_bytes:
        raise BadInput(f"it is larger than {most_bytes // 2**20} MiB")
    return await files.stream_in(_blocks(response), most_bytes=most_bytes)


async def _blocks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    async for block in response.content.iter_chunked(BLOCK):
        yield block
        await asyncio.sleep(0)
