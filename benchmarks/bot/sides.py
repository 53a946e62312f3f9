"""The two assistants: the starter that `rasa init` makes, and ours; both on 127.0.0.1 alone."""

import asyncio
import shutil
import subprocess
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import aiohttp

from benchmarks.bot.load import Heard, Say
from benchmarks.bot.processes import Running, start
from benchmarks.bot.stock import Stock
from channels.bot import Bot, Question
from cli.programs import BOT_MODEL, RASA_PYTHON, ROOT, SILENCE, environment, programs
from core.conversation import Channel
from core.errors import BadInput, BotUnavailable
from core.ids import new_id
from core.people import Address, AddressKind
from core.settings import Settings
from store import conversations
from store.database import Database, open_database

Ask = Callable[[], Awaitable[bool]]

RASA = (str(RASA_PYTHON), "-W", "ignore", "-m", "rasa")
LOOK_SECONDS = 0.05
START_SECONDS = 900  # on a machine that does other things besides
ANSWER_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Side:
    """An assistant that answers: how it was started, and how one speaks with it."""

    running: Running
    start_seconds: float
    say: Say
    database: Database | None = None

    async def open(self, count: int) -> list[str]:
        """So many new conversations; ours stand in the store, as channels would open them."""
        if self.database is None:
            return [new_id() for _ in range(count)]
        opened = []
        for _ in range(count):
            async with self.database.writing() as transaction:
                address = Address(AddressKind.WEB, new_id())
                now = datetime.now(UTC)
                chat = await conversations.open_chat(transaction, Channel.WEB, address, now=now)
            opened.append(chat.id)
        return opened


def make_starter(folder: Path, *, limit: float) -> Path:
    """The starter assistant, made and trained by `rasa init` once and kept in `folder`."""
    if list((folder / "models").glob("*.tar.gz")):
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    command = [*RASA, "init", "--no-prompt"]
    with (folder / "init.log").open("wb") as log:
        subprocess.run(  # noqa: S603 -- our own fixed command
            command, cwd=folder, env=_quiet(), stdout=log, stderr=log, timeout=limit, check=True
        )
    return folder


@asynccontextmanager
async def starter(folder: Path, port: int, logs: Path) -> AsyncIterator[Side]:
    """`rasa run` in the starter's folder, spoken with over its REST channel."""
    command = [*RASA, "run", "-i", "127.0.0.1", "-p", str(port)]
    url = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    async with _session() as session:

        async def say(conversation: str, words: str) -> Heard:
            async with session.post(url, json={"sender": conversation, "message": words}) as got:
                return Heard(got.status == 200 and bool(await got.json()))

        began = time.perf_counter()
        running = Running((start(command, folder, _quiet(), logs / "starter.log"),))
        try:
            await _await_answers(running, [lambda: _is_heard(say)])
            yield Side(running, time.perf_counter() - began, say)
        finally:
            running.stop()


@asynccontextmanager
async def ours(settings: Settings, stock: Stock, logs: Path) -> AsyncIterator[Side]:
    """The action server and the Rasa processes, spoken with as channels does."""
    if not (settings.models / BOT_MODEL).is_file():
        raise BadInput(f"no trained bot in {settings.models}; train it with `make train`")
    database = await open_database(settings)
    async with database.writing() as transaction:
        await stock.put_in(transaction)
    around = environment(settings) | {
        "PARLEY_VAR": str(settings.var),
        "PARLEY_MODELS": str(settings.models),
        "PARLEY_ACTIONS_PORT": str(settings.actions_port),
    }
    wanted = [each for each in programs(settings) if each.name.startswith(("rasa", "actions"))]
    async with _session() as session:
        bot = Bot(session, settings.rasas, timeout=ANSWER_SECONDS)

        async def say(conversation: str, words: str) -> Heard:
            try:
                messages = await bot.answer(Question(conversation, new_id(), words))
            except BotUnavailable:
                return Heard(answered=False)
            surveys = [each for each in messages if each.custom.get("parley") == "survey"]
            return Heard(bool(messages), done=len(surveys))  # asked when a task is done

        began = time.perf_counter()
        running = Running(
            tuple(
                start(each.command, each.folder, around, logs / f"{each.name}.log")
                for each in wanted
            )
        )
        try:
            doors = [Bot(session, (url,), timeout=ANSWER_SECONDS) for url in settings.rasas]
            health = [url for each in wanted for url in each.health]
            await _await_answers(running, [partial(_is_healthy, session, url) for url in health])
            for door in doors:  # each has answered its first message
                await door.answer(Question(new_id(), new_id(), "hello"))
            yield Side(running, time.perf_counter() - began, say, database)
        finally:
            running.stop()
            await database.close()


async def _await_answers(running: Running, asked: Sequence[Ask]) -> None:
    """Wait until each of `asked` has said yes.

    Raises:
        BadInput: a program ended, or took too long.
    """
    end = time.monotonic() + START_SECONDS
    for ask in asked:
        while not await _has_answered(ask):
            if running.ended() or time.monotonic() > end:
                raise BadInput("a program did not start; see the logs, kept with --keep FOLDER")
            await asyncio.sleep(LOOK_SECONDS)


async def _is_healthy(session: aiohttp.ClientSession, url: str) -> bool:
    async with session.get(url) as answer:
        return answer.status == 200


async def _is_heard(say: Say) -> bool:
    return (await say("first", "hello")).answered


async def _has_answered(ask: Ask) -> bool:
    try:
        return bool(await ask())
    except aiohttp.ClientError:
        return False


def _session() -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
    return aiohttp.ClientSession(connector=connector, timeout=timeout)


def _quiet() -> dict[str, str]:
    return {**SILENCE, "PYTHONPATH": ""}


def var_of_checkout() -> Path:
    """Where the trained starter is kept between runs."""
    return ROOT / "var" / "benchmarks" / "starter"
