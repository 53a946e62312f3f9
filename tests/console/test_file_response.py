"""A file that is sent is closed, whenever the one who asked goes away."""

import asyncio
import gc
import warnings
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer

from console.file_response import FileResponse, sending_files


async def test_a_player_that_breaks_off_leaves_no_file_open(tmp_path: Path) -> None:
    sound = tmp_path / "sound.wav"
    sound.write_bytes(bytes(2_000_000))

    async def answer(_: web.Request) -> web.StreamResponse:
        return FileResponse(sound)

    app = web.Application()
    app.cleanup_ctx.append(sending_files)
    app.router.add_get("/", answer)
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always", ResourceWarning)
        async with TestServer(app, host="127.0.0.1") as server:
            for _ in range(10):
                leaving = (_ask_and_leave(server.port, part / 10_000) for part in range(30))
                await asyncio.gather(*leaving)
        gc.collect()
    assert not [str(one.message) for one in seen if sound.name in str(one.message)]


async def _ask_and_leave(port: int | None, seconds: float) -> None:
    """Ask for the file and cut the connection after so long."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    await asyncio.sleep(seconds)
    writer.transport.abort()
