"""The clock between chat and bot: bytes as they are, and seconds of turns alone."""

import asyncio
import json
from contextlib import suppress

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer, unused_port

from benchmarks.channels.wire import ChatsEnd, Clock

TOOK = 0.05


async def answer(request: web.Request) -> web.Response:
    asked = await request.json()
    await asyncio.sleep(TOOK)
    return web.json_response({"messages": [asked["text"]]})


async def health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def test_turns_are_clocked_and_pass_as_they_are() -> None:
    app = web.Application()
    app.router.add_post("/webhooks/parley/turns", answer)
    app.router.add_get("/webhooks/parley/", health)
    clock, port = Clock(), unused_port()
    async with TestServer(app) as bot, ClientSession() as session:
        bot_port = bot.port
        assert bot_port is not None
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: ChatsEnd(clock, bot_port), "127.0.0.1", port)
        door = f"http://127.0.0.1:{port}/webhooks/parley/"
        for turn in ("m0", "m1"):
            asked = {"conversation": "c1", "turn": turn, "text": "ä" * 100_000}
            async with session.get(door) as response:
                assert response.status == 200
            async with session.post(f"{door}turns", data=json.dumps(asked)) as response:
                assert (await response.json())["messages"] == [asked["text"]]
        server.close()
    turns = list(clock.turns())
    assert [turn[:2] for turn in turns] == [("c1", "m0"), ("c1", "m1")]
    assert all(TOOK <= seconds < 10 * TOOK for _, _, seconds in turns)


async def test_nobody_there_ends_the_connection() -> None:
    clock, port = Clock(), unused_port()
    loop = asyncio.get_running_loop()
    nobody = unused_port()
    server = await loop.create_server(lambda: ChatsEnd(clock, nobody), "127.0.0.1", port)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    async with asyncio.timeout(5):
        with suppress(ConnectionResetError):
            assert await reader.read() == b""
    writer.close()
    server.close()
