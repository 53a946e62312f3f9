"""Fetching a recording from a host on the list: encrypted, limited, and from no private address.

The host's name is looked up once, what it means is checked, and the connection goes to just that
address, so a name that means something else a moment later gains nothing. Redirects are followed
by hand, each checked as if it had been typed.
"""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver
from yarl import URL

from core.errors import BadInput, Unavailable
from core.hosts import Host, is_public, literal
from core.settings import Settings
from jobs.addresses import check_web
from store.files import StoredFiles
from store.incoming import BLOCK, Draft
from store.storage import shown_address

MOST_REDIRECTS = 5
CONNECT_SECONDS = 10.0
SILENT_SECONDS = 30.0  # a server that sends nothing for so long has stopped
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HEADERS = {"Accept-Encoding": "identity", "User-Agent": "parley"}  # packed, a size says nothing


@dataclass(frozen=True, slots=True)
class CheckedResolver(AbstractResolver):
    """Looks names up, and refuses what leads to this machine or the house's own network."""

    hosts: tuple[Host, ...]
    inner: AbstractResolver = field(default_factory=ThreadedResolver)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The addresses of a host.

        Raises:
            BadInput: one of them is not public, and the host is not listed as this machine.
        """
        found = await self.inner.resolve(host, port, family)
        is_here = any(h.name == host and h.is_loopback for h in self.hosts)
        for each in found:
            address = literal(each["host"].partition("%")[0])
            if address is None or not (address.is_loopback if is_here else is_public(address)):
                raise BadInput(
                    f"{host} leads to {each['host']}, which is not of the internet; recordings "
                    "are not fetched from private addresses"
                )
        return found

    async def close(self) -> None:
        """Let go of the resolver inside."""
        await self.inner.close()


async def fetch_web(
    settings: Settings,
    files: StoredFiles,
    address: str,
    *,
    resolver: AbstractResolver | None = None,
) -> Draft:
    """Fetch a recording into a draft; whether it is sound is for the caller to see.

    Raises:
        BadInput: the address may not be fetched, is not there, or holds too much.
        Unavailable: the host does not answer, or stops in the middle.
    """
    checked = CheckedResolver(settings.hosts, resolver or ThreadedResolver())
    timeout = aiohttp.ClientTimeout(
        total=settings.ingest_timeout_seconds,
        sock_connect=CONNECT_SECONDS,
        sock_read=SILENT_SECONDS,
    )
    try:
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=checked, use_dns_cache=False),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=timeout,
            headers=HEADERS,
            auto_decompress=False,
        ) as session:
            return await _follow(session, settings, files, address)
    except (aiohttp.ClientError, TimeoutError) as error:
        raise Unavailable(
            f"{shown_address(address)} could not be fetched ({type(error).__name__}); nothing was "
            "kept, try again",
            retryable=True,
        ) from error


async def _follow(
    session: aiohttp.ClientSession, settings: Settings, files: StoredFiles, address: str
) -> Draft:
    url = _url(address)
    for _ in range(MOST_REDIRECTS + 1):
        check_web(url, settings.hosts)
        async with session.get(url, allow_redirects=False) as response:
            if response.status not in REDIRECTS:
                return await _received(response, settings, files)
            url = _next(response)
    raise BadInput(f"{shown_address(address)} leads on more than {MOST_REDIRECTS} times")


def _url(address: str) -> URL:
    try:
        return URL(address)
    except ValueError as error:
        raise BadInput(f"{shown_address(address)[:200]} is no address") from error


def _next(response: aiohttp.ClientResponse) -> URL:
    where = response.headers.get("Location", "")
    try:
        return response.url.join(URL(where))
    except ValueError as error:
        raise BadInput(f"{shown_address(str(response.url))} leads nowhere") from error


async def _received(
    response: aiohttp.ClientResponse, settings: Settings, files: StoredFiles
) -> Draft:
    shown = shown_address(str(response.url))
    if response.status >= 500 or response.status == 429:
        raise Unavailable(f"{shown} answered {response.status}; try again later", retryable=True)
    if response.status != 200:
        raise BadInput(f"{shown} answered {response.status}; look at the address")
    most = settings.max_upload_mib * 2**20
    if (response.content_length or 0) > most:
        raise BadInput(f"{shown} holds more than {settings.max_upload_mib} MiB")
    return await files.stream_in(_blocks(response), most_bytes=most)


async def _blocks(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    async for block in response.content.iter_chunked(BLOCK):
        yield block
        await asyncio.sleep(0)
