"""Calling the action server: one kept connection, an answer checked quickly."""

from __future__ import annotations

import functools
import os
from typing import Any

import aiohttp
import ujson
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.constants import SELECTIVE_DOMAIN
from rasa.shared.core.events import Event
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from core.errors import BotUnavailable

ACTION_TIMEOUT_SECONDS = 10.0  # below the 15 s that channels waits (PARLEY_BOT_TIMEOUT_SECONDS)
Json = dict[str, Any]


class ActionEndpoint(EndpointConfig):  # type: ignore[misc]  # Rasa ships no types
    """The action server, waited for no longer than a customer would wait."""

    quiet_slots: frozenset[str] = frozenset()  # those that decide nothing
    _kept: aiohttp.ClientSession | None = None

    async def request(self, *_args: Any, json: Json, **_kwargs: Any) -> Any:
        """Post `json` over a connection that stays open.

        A new session for each call, as Rasa's, costs 2 ms of CPU.
        """
        answer = await self._post(json)
        return drop_unchanged(answer, json["tracker"]["slots"], self.quiet_slots)

    async def _post(self, json: Json) -> Any:
        async with self._session().post(self.url, json=json) as response:
            if response.status >= 400:
                raise ClientResponseError(
                    response.status, response.reason, await response.content.read()
                )
            return await response.json(loads=ujson.loads)

    async def close(self) -> None:
        """End the connection."""
        if self._kept is not None:
            await self._kept.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._kept is None or self._kept.closed:
            timeout = aiohttp.ClientTimeout(total=ACTION_TIMEOUT_SECONDS)
            connector = aiohttp.TCPConnector(limit=0)  # as many calls at once as there are turns
            self._kept = aiohttp.ClientSession(
                timeout=timeout,
                connector=connector,
                json_serialize=ujson.dumps,
                cookie_jar=aiohttp.DummyCookieJar(),  # our action server gives none
            )
        return self._kept


def find_endpoint(configured: EndpointConfig | None) -> ActionEndpoint:
    """The action server's address: from the environment, else from endpoints.yml.

    Raises:
        BotUnavailable: neither names one.
    """
    url = os.environ.get("PARLEY_ACTIONS_URL") or (configured.url if configured else None)
    if url is None:
        raise BotUnavailable("endpoints.yml names no action_endpoint")
    return ActionEndpoint(url, **{SELECTIVE_DOMAIN: True})  # our actions do not read the domain


def drop_unchanged(answer: Any, slots: Json, quiet: frozenset[str]) -> Any:
    """An answer without slots that are set to what they are, when that decides nothing.

    A form sets all of its slots at each message: kept, they are half of a conversation's events,
    and each is stored, played and told again. One stays, since a form that sets none rejects.
    """
    if not _is_plain(answer) or not answer.get("events"):
        return answer
    first = next((event for event in answer["events"] if event["name"] in quiet), None)
    changed = [
        event
        for event in answer["events"]
        if event is first or not _is_unchanged(event, slots, quiet)
    ]
    return {**answer, "events": changed}


def _is_unchanged(event: Json, slots: Json, quiet: frozenset[str]) -> bool:
    name = event["name"]
    return name in quiet and name in slots and bool(slots[name] == event["value"])


def check_action_answers_quickly() -> None:
    """Check an action's answer at a glance, and by Rasa's schema when it holds anything unusual.

    Rasa compiles the schema at every answer: 69 ms of CPU each time; compiled once, 0.9 ms.
    """
    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def validate(_action: RemoteAction, result: object) -> bool:
        if not _is_plain(result):
            validator.validate(result)
        return True

    RemoteAction._validate_action_result = validate
    # which looks through all of Rasa's classes for each event: 0.2 ms
    Event.resolve_by_type = staticmethod(functools.lru_cache(maxsize=256)(Event.resolve_by_type))


def _is_plain(result: object) -> bool:
    """Whether an answer holds nothing but slots to set, and what the bot says."""
    if type(result) is not dict or not result.keys() <= {"events", "responses"}:
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    return (
        type(events) is list
        and type(responses) is list
        and all(_sets_slot(event) for event in events)
        and all(type(response) is dict for response in responses)
    )


def _sets_slot(event: object) -> bool:
    return (
        type(event) is dict
        and event.keys() == {"event", "timestamp", "name", "value"}
        and event["event"] == "slot"
        and type(event["name"]) is str
        and event["timestamp"] is None
    )
