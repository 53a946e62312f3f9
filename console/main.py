"""Runs the console on its port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from console.app import make_app
from console.live import LiveCommands
from core.errors import Unavailable
from core.settings import Settings, load_secret
from store.database import open_database


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[None]:
    """Accept requests on the console's port until the block ends.

    Raises:
        Unavailable: the port is taken, or the database does not answer.
    """
    database = await open_database(settings)
    live = LiveCommands(settings.live_url, load_secret(settings, "live"))
    # no access log: a one-time link's token stands in its URL
    runner = web.AppRunner(make_app(settings, database, live=live), access_log=None)
    try:
        await runner.setup()
        await _listen(runner, settings)
        yield
    finally:
        await runner.cleanup()
        await live.close()
        await database.close()


async def _listen(runner: web.AppRunner, settings: Settings) -> None:
    try:
        await web.TCPSite(runner, settings.host, settings.console_port).start()
    except OSError as error:
        raise Unavailable(
            f"the console cannot listen on {settings.host}:{settings.console_port}: "
            f"{error.strerror}; stop what holds the port, or set PARLEY_CONSOLE_PORT"
        ) from error
