"""Two Rasa servers, stood in for: who is asked when one is away, and that both forget."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels import bot as asking
from channels.bot import Bot, Question
from core.errors import BotUnavailable
from core.task_names import TASK_NAMES


class Rasa:
    """Says its name, and keeps what it was asked."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked: list[str] = []
        self.forgotten: list[str] = []
        self.refuses_to_forget = False
        self.is_loading = False
        app = web.Application()
        app.router.add_post("/webhooks/parley/turns", self._answer)
        app.router.add_delete("/webhooks/parley/conversations/{id}", self._forget)
        self.server = TestServer(app)

    async def _answer(self, request: web.Request) -> web.Response:
        if self.is_loading:
            return web.json_response({"error": {"code": "bot_unavailable"}}, status=503)
        self.asked.append((await request.json())["turn"])
        return web.json_response({"messages": [{"text": self.name}]})

    async def _forget(self, request: web.Request) -> web.Response:
        if self.refuses_to_forget:
            return web.Response(status=500)
        self.forgotten.append(request.match_info["id"])
        return web.Response(status=204)


@asynccontextmanager
async def _two() -> AsyncIterator[tuple[Bot, dict[str, Rasa]]]:
    rasas = {name: Rasa(name) for name in ("one", "two")}
    async with aiohttp.ClientSession() as session:
        for each in rasas.values():
            await each.server.start_server()
        urls = tuple(str(each.server.make_url("")).rstrip("/") for each in rasas.values())
        yield Bot(session, urls, timeout=5), rasas
        for each in rasas.values():
            await each.server.close()


async def _ask(bot: Bot, turn: str) -> str:
    (message,) = await bot.answer(Question("conversation", turn, "hello"))
    return message.text or ""


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "PAUSE_SECONDS", 0.0)


async def test_the_other_answers_when_one_is_away() -> None:
    async with _two() as (bot, rasas):
        home = await _ask(bot, "t1")
        assert await _ask(bot, "t2") == home
        (other,) = rasas.keys() - {home}
        await rasas[home].server.close()
        assert await _ask(bot, "t3") == other
        assert rasas[other].asked == ["t3"]  # under the same id, so that it is answered once


async def test_the_other_answers_while_one_loads_its_model() -> None:
    async with _two() as (bot, rasas):
        home = await _ask(bot, "t1")
        rasas[home].is_loading = True
        (other,) = rasas.keys() - {home}
        assert await _ask(bot, "t2") == other
        rasas[home].is_loading = False
        assert await _ask(bot, "t3") == other  # which has its events in memory now


async def test_a_button_of_a_task_that_the_house_does_not_do_is_left_out() -> None:
    payloads = ("/start_return", '/start_return{"order": 1}', "/order_status", "/ask_person")
    app = web.Application()
    buttons = [{"title": "Press", "payload": payload} for payload in payloads]

    async def turns(_request: web.Request) -> web.Response:
        return web.json_response({"messages": [{"text": "Well?", "buttons": buttons}]})

    app.router.add_post("/webhooks/parley/turns", turns)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        url = str(server.make_url("")).rstrip("/")
        bot = Bot(session, (url,), timeout=5, tasks=TASK_NAMES - {"start_return"})
        (message,) = await bot.answer(Question("conversation", "t1", "hello"))
    assert [choice.payload for choice in message.choices] == ["/order_status", "/ask_person"]


async def test_away_is_said_when_both_are() -> None:
    async with _two() as (bot, rasas):
        for each in rasas.values():
            await each.server.close()
        with pytest.raises(BotUnavailable, match="away"):
            await _ask(bot, "t1")


async def test_all_forget() -> None:
    async with _two() as (bot, rasas):
        await _ask(bot, "t1")
        await bot.forget("conversation")
        assert [each.forgotten for each in rasas.values()] == [["conversation"]] * 2


async def test_what_one_server_could_not_forget_is_not_forgotten() -> None:
    async with _two() as (bot, rasas):
        rasas["two"].refuses_to_forget = True
        with pytest.raises(BotUnavailable, match="500"):
            await bot.forget("conversation")
