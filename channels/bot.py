"""Rasa over HTTP: one turn in, the bot's messages out, or BotUnavailable."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import aiohttp

from channels.rasas import Rasas
from core.errors import BotUnavailable
from core.task_names import TASK_NAMES

PAUSE_SECONDS = 0.5  # before the one more try; a restarting Rasa needs longer, a hiccup less
ATTEMPTS = 2

_DOOR = "/webhooks/parley"  # of a Rasa server: `bot/channel.py`

Json = dict[str, Any]  # what the bot's JSON holds: read key by key in `_message_of`


@dataclass(frozen=True, slots=True)
class Choice:
    """A button as the bot gave it."""

    title: str
    payload: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the bot: words, buttons, or a request to us in `custom`."""

    text: str | None
    choices: tuple[Choice, ...] = ()
    custom: Json = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Question:
    """A turn as the bot gets it: text or a button's payload.

    `replies_to` are the order numbers in what it was written as a reply to.
    """

    conversation: str
    turn: str
    text: str | None = None
    payload: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    replies_to: str | None = None

    def as_json(self) -> Json:
        """The body of POST /turns."""
        said = {"text": self.text} if self.payload is None else {"button": self.payload}
        slots = {"slots": dict(self.slots)} if self.slots else {}
        quoted = {"replies_to": self.replies_to} if self.replies_to else {}
        return {"conversation": self.conversation, "turn": self.turn, **said, **slots, **quoted}


class Bot:
    """Asks the Rasa server that a conversation belongs to, once more at another if that is away."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        rasas: tuple[str, ...],
        *,
        timeout: float,
        tasks: frozenset[str] = TASK_NAMES,
    ) -> None:
        """Buttons that begin none of these `tasks`, which the house does not do, are left out."""
        self._session = session
        self._rasas = Rasas(rasas)
        self._timeout = timeout
        self._not_done = TASK_NAMES - tasks

    async def answer(self, question: Question) -> tuple[Message, ...]:
        """The bot's messages; tried twice with the same turn id when trying again may help.

        Raises:
            BotUnavailable: no answer, an error, or too late.
        """
        try:
            async with asyncio.timeout(self._timeout):
                return await self._try(question)
        except TimeoutError as error:
            raise BotUnavailable(
                f"no answer from the bot within {self._timeout:g} s", retryable=True
            ) from error

    async def is_up(self) -> bool:
        """Whether every Rasa server has loaded its model and could answer now."""
        try:
            async with asyncio.timeout(self._timeout):
                for rasa in self._rasas.urls:
                    async with self._session.get(f"{rasa}{_DOOR}/") as response:
                        if response.status != 200:
                            return False
        except (TimeoutError, aiohttp.ClientError):
            return False
        return True

    async def forget(self, conversation: str) -> None:
        """Remove a conversation from every server: whoever answered it once may still hold it.

        Raises:
            BotUnavailable: it could not be removed now.
        """
        self._rasas.forget(conversation)
        try:
            async with asyncio.timeout(self._timeout):
                for rasa in self._rasas.urls:
                    await self._remove(f"{rasa}{_DOOR}/conversations/{conversation}")
        except (TimeoutError, aiohttp.ClientError) as error:
            raise BotUnavailable("the bot is away", retryable=True) from error

    async def _remove(self, url: str) -> None:
        async with self._session.delete(url) as response:
            if response.status not in (204, 200, 404):
                raise BotUnavailable(
                    f"the bot answered {response.status} to a removal",
                    retryable=response.status >= 500,
                )

    async def _try(self, question: Question) -> tuple[Message, ...]:
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return await self._ask(question)
            except BotUnavailable as error:
                if not error.retryable or attempt == ATTEMPTS:
                    raise
                await asyncio.sleep(PAUSE_SECONDS)
        raise AssertionError("the last attempt returns or raises")

    async def _ask(self, question: Question) -> tuple[Message, ...]:
        with self._rasas.asked(question.conversation) as rasa:
            try:
                answer = await self._post(f"{rasa}{_DOOR}/turns", question.as_json())
                return tuple(map(self._without_dead_ends, _messages_of(answer)))
            except BotUnavailable as error:
                if error.retryable:  # it is away, or still loading its model
                    self._rasas.note_away(rasa)
                raise

    def _without_dead_ends(self, message: Message) -> Message:
        choices = (one for one in message.choices if _begins(one.payload) not in self._not_done)
        return replace(message, choices=tuple(choices))

    async def _post(self, url: str, question: Json) -> object:
        try:
            async with self._session.post(url, json=question) as response:
                if response.status != 200:
                    code = await _error_code(response)
                    raise BotUnavailable(
                        f"the bot answered {response.status} {code}",
                        retryable=response.status == 503,
                    )
                return await response.json()
        except aiohttp.ClientError as error:
            raise BotUnavailable("the bot is away", retryable=True) from error
        except ValueError as error:
            raise BotUnavailable("the bot's answer is not JSON") from error


def _begins(payload: str) -> str:
    """The intent that a button carries."""
    return payload.removeprefix("/").partition("{")[0]


async def _error_code(response: aiohttp.ClientResponse) -> str:
    """The error's code, which is a word of our own; its message stays out of logs."""
    try:
        body = await response.json(content_type=None)
    except ValueError:
        return "without a code"
    error = body.get("error") if isinstance(body, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) and code.isidentifier() else "without a code"


def _messages_of(body: object) -> tuple[Message, ...]:
    messages = body.get("messages") if isinstance(body, dict) else None
    if not isinstance(messages, list):
        raise BotUnavailable("the bot's answer has no messages")
    return tuple(_message_of(message) for message in messages)


def _message_of(message: object) -> Message:
    if not isinstance(message, dict):
        raise BotUnavailable("a message of the bot is not an object")
    text, buttons, custom = (message.get(key) for key in ("text", "buttons", "custom"))
    if text is not None and not isinstance(text, str):
        raise BotUnavailable("a message of the bot has a text that is no string")
    return Message(
        text=text.strip() or None if text else None,
        choices=tuple(_choice_of(button) for button in buttons or ()),
        custom=custom if isinstance(custom, dict) else {},
    )


def _choice_of(button: object) -> Choice:
    title, payload = (
        (button.get("title"), button.get("payload")) if isinstance(button, dict) else (None, None)
    )
    if not isinstance(title, str) or not isinstance(payload, str) or not title.strip():
        raise BotUnavailable("a button of the bot needs a title and a payload")
    return Choice(title.strip(), payload)
