"""`parley chat`: talk to the bot from the terminal, over the web chat's own WebSocket."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from rich.console import Console

from cli.programs import reached_at
from core.errors import Unavailable
from core.ids import new_id
from core.settings import load_settings

LAST_ANSWER_SECONDS = 30.0  # after the end of piped input; the bot itself has 15
NAMES = {"bot": "assistant", "agent": "agent"}


@dataclass
class Talk:
    """What is known of the conversation on this side."""

    socket: aiohttp.ClientWebSocketResponse
    say: Console
    mine: set[str] = field(default_factory=set)
    buttons: list[dict[str, Any]] = field(default_factory=list)
    answered: asyncio.Event = field(default_factory=asyncio.Event)


def chat() -> None:
    """Talk to the bot in the terminal; Parley must be running (`parley run`)."""
    settings = load_settings()
    asyncio.run(_talk(f"http://{reached_at(settings)}:{settings.chat_port}/chat"))


async def _talk(url: str) -> None:
    say = Console(highlight=False, soft_wrap=True)
    try:
        async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
            await socket.send_json({"type": "hello", "token": None})
            say.print("Write to the bot; an empty line or Ctrl-D ends. A number presses a button.")
            await _both_ways(Talk(socket, say))
    except aiohttp.ClientError as error:
        raise Unavailable(f"no chat answers at {url}; start it with `parley run`") from error


async def _both_ways(talk: Talk) -> None:
    hearing = asyncio.create_task(_hear(talk))
    async for line in _lines():
        await _send(talk, line)
        if not sys.stdin.isatty():
            await _await_answer(talk)
    hearing.cancel()
    await asyncio.wait([hearing])


async def _lines() -> AsyncIterator[str]:
    """What is typed, until an empty line or the end."""
    while True:
        line = (await asyncio.to_thread(sys.stdin.readline)).strip()
        if not line:
            return
        yield line


async def _await_answer(talk: Talk) -> None:
    """Piped lines go one after another, each when the one before was answered."""
    try:
        async with asyncio.timeout(LAST_ANSWER_SECONDS):
            await talk.answered.wait()
    except TimeoutError:
        talk.say.print("(no answer)")


async def _send(talk: Talk, line: str) -> None:
    talk.answered.clear()
    message = {"type": "say", "id": new_id(), "text": line}
    if line.isdecimal() and 1 <= int(line) <= len(talk.buttons):
        button = talk.buttons[int(line) - 1]
        message = {"type": "press", "id": new_id(), "button": button["id"]}
    talk.mine.add(message["id"])
    await talk.socket.send_json(message)


async def _hear(talk: Talk) -> None:
    async for received in talk.socket:
        if received.type is not aiohttp.WSMsgType.TEXT:
            continue
        message = json.loads(received.data)
        if message["type"] == "turn":
            await _show_turn(talk, message)
        elif message["type"] in ("notice", "refused"):
            talk.say.print(f"({message.get('text') or message.get('message')})", style="dim")
            if message["type"] == "refused":
                talk.answered.set()
    talk.say.print("(the connection has ended)", style="dim")
    talk.answered.set()


async def _show_turn(talk: Talk, message: dict[str, Any]) -> None:
    seen = {key: message[key] for key in ("conversation", "position")}
    await talk.socket.send_json({"type": "seen"} | seen)
    if message["id"] in talk.mine or message["role"] == "customer":
        return
    name = message.get("author") or NAMES.get(message["role"], message["role"])
    talk.say.print(f"[bold]{name}[/bold]: ", end="")
    talk.say.print(message["text"], markup=False)
    talk.buttons = [] if message.get("scale") else list(message.get("buttons") or [])
    for number, button in enumerate(talk.buttons, start=1):
        talk.say.print(f"  {number}  {button['title']}", markup=False)
    talk.answered.set()
