"""Calls to a shop's own back end: timed, repeated where that is harmless, and cut off when in vain.

Every call may be repeated: one that only reads, and one that changes and carries its key.
"""

import asyncio
import logging
import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

import aiohttp
from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from yarl import URL

from actions.circuit import Circuit
from core.errors import BadInput, Conflict, NotFound, Unavailable, Unsure
from core.shop import Refused

TRIES = 3
# The first pause; each next one doubles, and each is drawn from [half, whole], so that callers
# who failed together do not come back together (Brooker, Exponential Backoff And Jitter, 2015).
FIRST_PAUSE_SECONDS = 0.2
MOST_TOLD = 400  # characters of what is wrong with an answer
MAX_ANSWER_BYTES = 1024 * 1024  # a customer's orders are a few kilobytes
NO_SUCH, KEY_REUSED = "not_found", "key_reused"  # reasons that are none of the shop's rules

_SECOND = re.compile(r"\A(/[^/]+/)[^/]+")  # part of a path: a number, or a customer's id

Result = TypeVar("Result")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Call:
    """One call; `path` is made by `path_of`, and `key` makes a change repeatable."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    key: str | None = None

    @property
    def kind(self) -> str:
        """The path for a log, without whose it is: '/orders/…/returns'."""
        return _SECOND.sub(r"\1…", self.path)


@dataclass(frozen=True, slots=True)
class Caller:
    """Makes calls to the back end at `url`; `timeout_seconds` is for all tries together."""

    session: aiohttp.ClientSession
    url: str
    circuit: Circuit
    timeout_seconds: float
    clock: Callable[[], float] = time.monotonic

    async def get(
        self, path: str, result: type[Result], query: Mapping[str, str] | None = None
    ) -> Result:
        """Read something; NotFound when the back end says that there is none."""
        return await self._repeat(Call("GET", path, query or {}), result)

    async def find(self, parts: tuple[str, ...], result: type[Result]) -> Result | None:
        """Read something, or None when the back end says that there is none."""
        try:
            return await self.get(path_of(*parts), result)
        except NotFound:
            return None

    async def change(self, path: str, body: Any, result: type[Result], *, key: str) -> Result:
        """Change something, once, however often it is tried.

        Raises:
            Unsure: no answer came, or none that can be read, so it may have been done.
        """
        return await self._repeat(Call("POST", path, body=body, key=key), result)

    async def _repeat(self, call: Call, result: type[Result]) -> Result:
        """The answer; a call that came to nothing is logged, since customers are told no cause."""
        try:
            return await self._try_all(call, result)
        except (Unavailable, BadInput, Conflict) as error:
            logger.warning("back end: %s %s: %s", call.method, call.kind, error)
            raise

    async def _try_all(self, call: Call, result: type[Result]) -> Result:
        end = self.clock() + self.timeout_seconds
        unsure: Unsure | None = None  # once it may have been done, no later failure undoes it
        for tried in range(TRIES):
            try:
                self.circuit.enter()
            except Unavailable as error:
                raise unsure or error from None
            try:
                return _parse(await self._try(call, end), result, call)
            except Unavailable as error:
                unsure = error if isinstance(error, Unsure) else unsure
                pause = _pause(tried)
                if not error.retryable or tried == TRIES - 1 or self.clock() + pause >= end:
                    raise unsure or error from None
                await asyncio.sleep(pause)
        raise Unavailable("the shop's back end did not answer", retryable=True)

    async def _try(self, call: Call, end: float) -> bytes:
        """One try, of which the circuit learns; at most half the time, so that another fits in."""
        limit = max(0.05, min(self.timeout_seconds / 2, end - self.clock()))
        try:
            answer = await self._send(call, limit)
        except Unavailable as error:
            if error.retryable:
                self.circuit.fail()
            else:
                self.circuit.succeed()  # it answers; what it says is another matter
            raise
        except (Refused, NotFound, BadInput, Conflict):
            self.circuit.succeed()
            raise
        except BaseException:
            self.circuit.leave()
            raise
        self.circuit.succeed()
        return answer

    async def _send(self, call: Call, limit: float) -> bytes:
        try:
            async with self.session.request(
                call.method,
                URL(f"{self.url}{call.path}", encoded=True).with_query(call.query),
                json=call.body,
                headers={} if call.key is None else {"Idempotency-Key": call.key},
                timeout=aiohttp.ClientTimeout(total=limit),
                allow_redirects=False,  # the token is for this server alone
            ) as response:
                answer = await _read(response, call)
                _check(response, answer, call)
                return answer
        except TimeoutError as error:
            raise _lost(call, "the shop's back end is too slow", retryable=True) from error
        except aiohttp.ClientConnectorError as error:
            raise Unavailable("nobody answers at PARLEY_BACKEND_URL", retryable=True) from error
        except aiohttp.ClientError as error:
            why = f"no answer from the shop's back end: {type(error).__name__}"
            raise _lost(call, why, retryable=True) from error


def _lost(call: Call, why: str, *, retryable: bool) -> Unavailable:
    """No answer to a call that the back end may have had: a change may have been made."""
    return (Unavailable if call.key is None else Unsure)(why, retryable=retryable)


def path_of(*parts: str) -> str:
    """A path of these parts, whatever they contain: a number that a customer typed is no path.

    Raises:
        NotFound: a part is empty or dots alone, which no escaping keeps from being a way up.
    """
    if any(not part.strip(".") for part in parts):
        raise NotFound("the shop knows no such number")
    return "".join(f"/{quote(part, safe='')}" for part in parts)


def _pause(tried: int) -> float:
    whole: float = FIRST_PAUSE_SECONDS * 2**tried
    return random.uniform(whole / 2, whole)  # noqa: S311 -- spreads calls, guards nothing


async def _read(response: aiohttp.ClientResponse, call: Call) -> bytes:
    answer = b""
    async for piece in response.content.iter_chunked(65536):
        answer += piece
        if len(answer) > MAX_ANSWER_BYTES:
            raise _lost(call, "the shop's back end answers too much", retryable=False)
    return answer


def _check(response: aiohttp.ClientResponse, answer: bytes, call: Call) -> None:
    """Raise what a status other than success means."""
    status = response.status
    if status in {200, 201}:
        return
    if status in {401, 403}:
        raise Unavailable("the shop's back end refuses PARLEY_BACKEND_TOKEN", retryable=False)
    if status == 429:
        raise Unavailable("the shop's back end has too many calls", retryable=True)
    if status == 408 or status >= 500:
        raise _lost(call, f"the shop's back end answers {status}", retryable=True)
    reason = _reason(response, answer)
    if status == 404 and reason == NO_SUCH:
        raise NotFound("the shop knows no such number")
    if status == 409 and reason == KEY_REUSED:
        raise Conflict("this key was used with other values")
    if status == 409 and reason is not None:
        raise Refused(reason)
    if status in {400, 422}:
        raise BadInput("this value cannot be used")
    raise Unavailable(f"the shop's back end answers {status}; check PARLEY_BACKEND_URL")


def _reason(response: aiohttp.ClientResponse, answer: bytes) -> str | None:
    """The reason in Problem JSON (RFC 9457); None of anything else."""
    if response.content_type != "application/problem+json":
        return None
    try:
        problem = TypeAdapter(dict[str, Any]).validate_json(answer)
    except ValidationError:
        return None
    reason = problem.get("reason")
    return reason if isinstance(reason, str) else None


def _parse(answer: bytes, result: type[Result], call: Call) -> Result:
    try:
        return TypeAdapter(result).validate_json(answer)
    except ValidationError as error:
        # places and what is expected there; the values are a customer's
        wrong = {
            f"{'.'.join(map(str, each['loc'])) or 'all'}: {each['msg']}" for each in _errors(error)
        }
        why = f"the answer is no {_name(result)}; {'; '.join(sorted(wrong))[:MOST_TOLD]}"
        raise _lost(call, why, retryable=False) from None
    except BadInput as error:
        why = f"the answer is no {_name(result)}; {error}"
        raise _lost(call, why, retryable=False) from error


def _errors(error: ValidationError) -> list[ErrorDetails]:
    return error.errors(include_input=False, include_url=False, include_context=False)


def _name(result: type[Any]) -> str:
    """What was expected, as docs/backend.openapi.yml calls it: 'Order', 'tuple[Order, ...]'."""
    name = result.__name__ if result.__module__ == Refused.__module__ else str(result)
    return name.replace(f"{Refused.__module__}.", "")
