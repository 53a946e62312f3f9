"""Starts the chat on one port and the live commands on another."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import aiohttp
import structlog
from aiohttp import web

from channels.bot import Bot
from channels.dialogue import Dialogue
from channels.feeling import load_moods
from channels.forgetting import Forgetting
from channels.idle import IdleClose
from channels.live import Desk
from channels.live_api import live_app
from channels.phone.opening import open_telephone
from channels.replies import Replies
from channels.room import Room
from channels.routing import Routing
from channels.visitors import Doorkeeper
from channels.web import chat_app
from core.errors import BadInput, BadSettings, NotFound, Unavailable
from core.settings import Settings, load_secret, load_settings
from core.survey_file import load_survey_rules
from language.values.references import use_shapes
from store.database import open_database

LOOPBACK = "127.0.0.1"  # live commands are for programs on this machine
GOODBYE_SECONDS = 5.0  # how long a page may take to hear that the server stops


@asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[None]:
    """Both listeners accept while this is open; what was left unanswered is answered first.

    Raises:
        Unavailable: the database does not answer.
        BadSettings: a port is taken.
        BadArticle: a help article is wrong.
    """
    async with AsyncExitStack() as stack:
        dialogue = await stack.enter_async_context(talking(settings))
        dialogue.tasks.start(load_moods(dialogue.room), about="start")
        await stack.enter_async_context(_routing(dialogue))
        doorkeeper = Doorkeeper(load_secret(settings, "address").encode())
        chat = chat_app(dialogue, doorkeeper)
        pausing = await stack.enter_async_context(open_telephone(chat, dialogue))
        live = live_app(Desk(dialogue, pausing), load_secret(settings, "live"))
        await stack.enter_async_context(_listening(live, LOOPBACK, settings.live_port))
        await stack.enter_async_context(_listening(chat, settings.host, settings.chat_port))
        gc.freeze()  # what is loaded by now stays; looking through it would hold up everybody
        yield


@asynccontextmanager
async def talking(settings: Settings) -> AsyncIterator[Dialogue]:
    """The dialogue with its database, its way to Rasa, and its minute loop."""
    rules = load_survey_rules(settings.surveys)
    use_shapes(settings.number_shapes)
    database = await open_database(settings, inline=True)
    try:
        async with aiohttp.ClientSession() as session:
            room = Room(settings, database, rules)
            bot = Bot(
                session,
                settings.rasas,
                timeout=settings.bot_timeout_seconds,
                tasks=settings.offered_tasks,
            )
            dialogue = Dialogue(room, Replies(room, bot), Forgetting(room, bot))
            dialogue.tasks.start(dialogue.recover(), about="start")
            idle = asyncio.create_task(IdleClose(dialogue).run())
            try:
                yield dialogue
            finally:
                idle.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await idle
                await dialogue.tasks.stop()
                await room.deliveries.store()
    finally:
        await database.close()


@asynccontextmanager
async def _routing(dialogue: Dialogue) -> AsyncIterator[None]:
    """Who waits is offered to who is there."""
    routing = asyncio.create_task(Routing(dialogue).run())
    try:
        yield
    finally:
        routing.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await routing


@asynccontextmanager
async def _listening(app: web.Application, host: str, port: int) -> AsyncIterator[None]:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=GOODBYE_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            raise BadSettings(f"nothing can listen on {host}:{port}: {error.strerror}") from error
        yield
    finally:
        await runner.cleanup()


def prepare_logs(settings: Settings) -> None:
    """One JSON object a line on standard error; ids and kinds, never words.

    Libraries speak from warning on: below it they show statements with what is in them.
    """
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


async def serve(settings: Settings) -> None:
    """Serve until the process is told to stop."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(wanted, stop.set)
    async with serving(settings):
        await stop.wait()


def main() -> None:
    """Read the settings and serve; a wrong one ends the program with a sentence."""
    try:
        settings = load_settings()
        prepare_logs(settings)
        asyncio.run(serve(settings))
    except (BadInput, NotFound, Unavailable) as error:
        sys.exit(f"channels: {error}")
