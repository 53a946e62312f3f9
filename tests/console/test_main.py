"""The console as a program: it starts, answers, stops, and says when its port is taken."""

import socket
from pathlib import Path

import aiohttp
import pytest

from console.main import serving
from core.errors import Unavailable
from core.settings import Settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_the_console_answers_while_it_is_served(tmp_path: Path) -> None:
    settings = Settings(var=tmp_path, console_port=free_port())
    url = f"http://127.0.0.1:{settings.console_port}"
    async with serving(settings), aiohttp.ClientSession() as session:
        async with session.get(f"{url}/health") as response:
            assert (response.status, await response.json()) == (200, {"status": "ok"})
        async with session.get(f"{url}/static/style.css") as response:
            assert response.headers["Content-Type"] == "text/css"
        for name in ("nothing.css", "..%2fapp.py", "style.css~"):
            async with session.get(f"{url}/static/{name}") as response:
                assert response.status == 404
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientConnectionError):
            await session.get(f"{url}/health")


async def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = int(other.getsockname()[1])
        with pytest.raises(Unavailable, match=f"127.0.0.1:{port}.*PARLEY_CONSOLE_PORT"):
            async with serving(Settings(var=tmp_path, console_port=port)):
                pytest.fail("it cannot listen there")
