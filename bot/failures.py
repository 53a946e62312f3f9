"""Which answer an exception gets: a status, a code, and a sentence without the customer's words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass

import aiohttp
from rasa.utils.endpoints import ClientResponseError
from sanic.exceptions import SanicException
from sqlalchemy.exc import DBAPIError

from core.errors import BadInput, BotUnavailable, Conflict


@dataclass(frozen=True)
class Failure:
    """An error answer; `message` is for the operator and names no words."""

    status: int
    code: str
    message: str

    def as_json(self) -> dict[str, dict[str, str]]:
        """The body of the answer."""
        return {"error": {"code": self.code, "message": self.message}}


def failure_of(error: BaseException) -> Failure:
    """Name what happened; an exception of others is named by its type alone."""
    if isinstance(error, SanicException):
        return Failure(error.status_code, "bad_request", "this is not a request the bot knows")
    if isinstance(error, Conflict):
        return Failure(409, "turn_conflict", str(error))
    if isinstance(error, BadInput):
        return Failure(400, "bad_request", str(error))
    if isinstance(error, BotUnavailable):
        return Failure(503 if error.retryable else 500, "bot_unavailable", str(error))
    return _of_others(list(_causes(error)))


def _of_others(causes: list[BaseException]) -> Failure:
    for cause in causes:
        if isinstance(cause, ClientResponseError):
            return Failure(503, "action_failed", f"an action failed with status {cause.status}")
        if isinstance(cause, (aiohttp.ClientError, asyncio.TimeoutError)):
            return Failure(503, "actions_away", "the action server does not answer")
        if isinstance(cause, DBAPIError):
            return Failure(503, "tracker_store", "the tracker database does not answer")
    return Failure(500, "bot_failed", f"the bot failed with {type(causes[0]).__name__}")


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and all that led to it, latest first."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
