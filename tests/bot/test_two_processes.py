"""Two Rasa processes beside each other, as `parley run` starts them, and `rasa run` besides."""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from core.ids import new_id
from tests.bot.conftest import Visitor
from tests.servers import MODEL, QUIET, RASA_PYTHON, ROOT, RasaServer, Server, free_port

pytestmark = pytest.mark.rasa


@pytest.fixture(scope="module")
def second(rasa_server: RasaServer) -> Iterator[Server]:
    """`python -m bot` on the conversations of the first, which is `rasa run`."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/webhooks/parley/"
    server = Server(
        [str(RASA_PYTHON), "-m", "bot", "--port", str(port), "--model", str(MODEL)],
        url,
        os.environ | QUIET | rasa_server.rasa.environment,
        rasa_server.settings.var / "second.log",
    )
    server.start()
    yield server
    server.stop()


async def test_both_answer_alike(visitor: Visitor, second: Server) -> None:
    """The server without TensorFlow is Rasa: the same words get the same answers."""
    for words in ("hello", "where is my order?", "10442", "when are you open?", "bye"):
        turn = new_id()  # buttons carry it
        here = await visitor.say(words, turn=turn)
        there = await _at(visitor, second, f"{visitor.conversation}x").say(words, turn=turn)
        assert here == _as_of(visitor.conversation, there)


async def test_a_restart_of_one_keeps_its_conversations(visitor: Visitor, second: Server) -> None:
    mine = _at(visitor, second, visitor.conversation)
    turn = new_id()
    first = await mine.say("where is HP-10442?", turn=turn)
    second.stop()
    with pytest.raises(aiohttp.ClientError):
        await mine.post(text="hello")
    assert await visitor.say("where is HP-10442?", turn=turn) == first  # the other has it too
    second.start()
    assert await mine.say("where is HP-10442?", turn=turn) == first
    assert "It is on its way" in (await mine.say("BN1 4GH"))[0]["text"]


async def test_a_conversation_moves_and_comes_back(visitor: Visitor, second: Server) -> None:
    there = _at(visitor, second, visitor.conversation)
    await visitor.say("asdkjh qwlekj")
    offered = await there.say("play some music")  # the second misunderstanding in a row
    (again,) = await visitor.say("yes please")
    assert any("person" in (message["text"] or "") for message in offered)
    assert again["custom"]["parley"] == "handoff"  # the first knows what the second offered


def test_processes_that_start_together_find_one_new_database() -> None:
    done = subprocess.run(
        [str(RASA_PYTHON), "-m", "tests.bot.inside.open_together"],
        cwd=ROOT,
        env=os.environ | QUIET,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    assert json.loads(done.stdout) == []


def _at(visitor: Visitor, server: Server, conversation: str) -> Visitor:
    return replace(visitor, url=server.health.rstrip("/"), conversation=conversation)


def _as_of(conversation: str, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The messages as if to this conversation: buttons carry its id."""
    told: list[dict[str, Any]] = json.loads(
        json.dumps(messages).replace(f"{conversation}x:", f"{conversation}:")
    )
    return told
