"""Prints the status and code of the answer to each kind of exception, as JSON by its name."""

import asyncio
import json
import sys

import aiohttp
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError
from sanic.exceptions import NotFound
from sqlalchemy.exc import OperationalError

from bot.failures import failure_of
from core.errors import BadInput, BotUnavailable, Conflict

CANARY = "wombat"


def caused(cause: BaseException) -> RasaException:
    """As Rasa reports it: an exception of its own over what happened."""
    try:
        try:
            raise cause
        except type(cause) as error:
            raise RasaException(CANARY) from error
    except RasaException as outer:
        return outer


FAILURES = {
    "refused": caused(aiohttp.ClientConnectionError(CANARY)),
    "timeout": asyncio.TimeoutError(CANARY),  # noqa: UP041  # another class on Python 3.10
    "action": caused(ClientResponseError(500, CANARY, CANARY)),
    "locked": OperationalError(CANARY, {"event": CANARY}, Exception(CANARY)),
    "no model": BotUnavailable("no model is loaded", retryable=True),
    "misconfigured": BotUnavailable("endpoints.yml"),
    "bad": BadInput("text: is empty"),
    "conflict": Conflict("used before"),
    "lost": NotFound(CANARY),
    "bug": KeyError(CANARY),
    "rasa": RasaException(CANARY),
}


def main() -> None:
    named = {name: failure_of(error) for name, error in FAILURES.items()}
    answers = {name: [got.status, got.code, got.message] for name, got in named.items()}
    sys.stdout.write("\n" + json.dumps(answers) + "\n")


if __name__ == "__main__":
    main()
