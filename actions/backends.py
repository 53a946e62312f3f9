"""Which back end runs: the shop's own where one is set up, else the embedded one."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from actions.backend import Backend
from actions.circuit import Circuit
from actions.embedded import EmbeddedShop
from actions.http_backend import HttpBackend
from actions.http_calls import Caller
from actions.letters import Letters
from core.errors import BadSettings
from core.settings import Settings
from mail.opening import open_mail
from store.database import Database


@asynccontextmanager
async def open_backend(settings: Settings, database: Database) -> AsyncIterator[Backend]:
    """The back end that the settings choose, for as long as the context lasts.

    Raises:
        BadSettings: PARLEY_BACKEND_URL or PARLEY_SMTP_URL is no such URL.
    """
    if not settings.backend_url:
        letters = Letters(settings.company)
        closed = settings.shop_closed_on
        mail = open_mail(settings)
        yield EmbeddedShop(database, settings.zone, mail, letters, closed=closed)
        return
    url = _checked(settings.backend_url)
    headers = {"Accept": "application/json"}
    if settings.backend_token:
        headers["Authorization"] = f"Bearer {settings.backend_token}"
    async with aiohttp.ClientSession(headers=headers) as session:
        circuit = Circuit(settings.backend_failures, settings.backend_rest_seconds)
        yield HttpBackend(Caller(session, url, circuit, settings.backend_timeout_seconds))


def _checked(url: str) -> str:
    try:
        parts = URL(url)
    except ValueError as error:
        raise BadSettings(f"PARLEY_BACKEND_URL: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.host or parts.query_string:
        raise BadSettings(
            "PARLEY_BACKEND_URL: write an address such as https://shop.example/parley"
        )
    return url.rstrip("/")
