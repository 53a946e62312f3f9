"""The live commands of `channels` over HTTP: the only way the console changes a live chat."""

from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from core.errors import BadInput, Conflict, NotFound, Overtaken, ParleyError, Unavailable
from core.handoff import Holder

TIMEOUT_SECONDS = 10.0  # the commands only write rows; an agent should not wait longer
AWAY = "The chat service did not answer, so nothing was changed. Try again in a moment."


@dataclass(frozen=True, slots=True)
class LiveState:
    """Who holds a conversation after a command; `held_by` is a user's id."""

    holder: Holder
    version: int
    held_by: str | None


class LiveCommands:
    """A client with one connection pool; close it when done."""

    def __init__(self, base_url: str, secret: str) -> None:
        self._base = URL(base_url)
        self._headers = {"Authorization": f"Bearer {secret}"}
        self._session: aiohttp.ClientSession | None = None

    async def take(self, conversation: str, *, user: str, name: str) -> LiveState:
        """Give the conversation to this person."""
        return await self._send(conversation, "take", {"user": user, "name": name})

    async def say(
        self, conversation: str, *, user: str, name: str, turn: str, text: str
    ) -> LiveState:
        """Answer the customer; repeating a turn id says nothing twice."""
        body = {"user": user, "name": name, "turn": turn, "text": text}
        return await self._send(conversation, "say", body)

    async def transfer(
        self,
        conversation: str,
        *,
        user: str,
        to: str | None,
        queue: str | None = None,
        note: str | None = None,
    ) -> LiveState:
        """Give it to another person, to a queue, or back to the one it came from, with a note."""
        body = {"user": user, "to": to, "queue": queue, "note": note}
        return await self._send(conversation, "transfer", body)

    async def give_back(self, conversation: str, *, user: str, note: str | None) -> LiveState:
        """Let the bot go on."""
        return await self._send(conversation, "return", {"user": user, "note": note})

    async def end(self, conversation: str, *, user: str) -> LiveState:
        """Close the conversation."""
        return await self._send(conversation, "close", {"user": user})

    async def has_page_open(self, conversation: str) -> bool | None:
        """Whether the customer of a web chat has it open; None where nobody can say."""
        try:
            async with self._connection().get(self._url(conversation, "page")) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return None  # the commands say what is wrong
        found = answer.get("is_open") if isinstance(answer, dict) else None
        return found if isinstance(found, bool) else None

    async def pause_recording(self, conversation: str, *, user: str) -> LiveState:
        """Record nothing of the call while card details are said."""
        return await self._send(conversation, "pause-recording", {"user": user})

    async def resume_recording(self, conversation: str, *, user: str) -> LiveState:
        """Record the call again."""
        return await self._send(conversation, "resume-recording", {"user": user})

    async def close(self) -> None:
        """Give the connections back."""
        if self._session is not None:
            await self._session.close()

    def _connection(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS), headers=self._headers
            )
        return self._session

    def _url(self, conversation: str, name: str) -> URL:
        return self._base / "live" / "conversations" / conversation / name

    async def _send(self, conversation: str, command: str, body: dict[str, Any]) -> LiveState:
        try:
            async with self._connection().post(
                self._url(conversation, command), json=body
            ) as response:
                answer = await response.json(content_type=None)
                status = response.status
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise Unavailable(AWAY, retryable=True) from error
        if status != 200:
            raise _refusal(status, answer)
        return _state(answer)


def _state(answer: Any) -> LiveState:
    try:
        return LiveState(Holder(answer["holder"]), int(answer["version"]), answer.get("held_by"))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unavailable("The chat service gave an answer that makes no sense.") from error


def _refusal(status: int, answer: Any) -> ParleyError:
    """The error a command was refused with, in the service's own words where they are meant."""
    error = answer.get("error") if isinstance(answer, dict) else None
    message = error.get("message", "") if isinstance(error, dict) else ""
    kinds: dict[int, type[ParleyError]] = {400: BadInput, 404: NotFound, 409: Conflict}
    if isinstance(error, dict) and error.get("code") == "overtaken":
        kinds[409] = Overtaken
    if status in kinds:
        return kinds[status](message or "The chat service refused this.")
    if status in (401, 403):
        return Unavailable(
            "The chat service does not accept the console's secret; "
            "PARLEY_LIVE_SECRET must be the same for both."
        )
    return Unavailable(AWAY, retryable=True)
