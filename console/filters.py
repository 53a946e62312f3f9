"""The list's filter as it stands in a URL; the words searched for never do, they wait in a cookie.

Source: DESIGN "Types": logs, queue messages and URLs carry ids only.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from urllib.parse import quote, unquote, urlencode
from zoneinfo import ZoneInfo

from core.conversation import Channel
from core.errors import BadInput
from core.handoff import Holder
from store.listing import Filter

SEARCH = "parley_search"  # the cookie
MOST_CHARACTERS = 200  # of a search; a cookie holds 4096 bytes
KEYS = ("channel", "state", "result", "from", "to")
RESULTS = {"passed": False, "failed": True}
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a person asked to see; texts as they were typed."""

    query: str
    values: Mapping[str, str]

    @property
    def is_limited(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.query or self.values)

    def url(self, page: int = 1) -> str:
        """The list's address with these values; the search is not in it."""
        shown = dict(self.values) | ({"page": str(page)} if page > 1 else {})
        return f"/conversations?{urlencode(shown)}" if shown else "/conversations"

    def filter(
        self, zone: ZoneInfo, *, seen_by: str | None, blind: frozenset[str] = frozenset()
    ) -> Filter:
        """What the store is asked for.

        Raises:
            BadInput: a value is none of those the form offers.
        """
        last = _day(self.values.get("to"), zone, "to", days=1)
        return Filter(
            query=self.query,
            channel=_choice(Channel, self.values.get("channel"), "channel"),
            holder=_choice(Holder, self.values.get("state"), "state"),
            failed=_result(self.values.get("result")),
            opened_from=_day(self.values.get("from"), zone, "from"),
            opened_before=last,
            seen_by=seen_by,
            blind=blind,
        )


def wanted_of(values: Mapping[str, str], query: str) -> Wanted:
    """The filter in a URL's or a form's values."""
    kept = {key: values[key].strip() for key in KEYS if values.get(key, "").strip()}
    return Wanted(query.strip()[:MOST_CHARACTERS], kept)


def cookie_of(query: str) -> str:
    """Words as a cookie's value."""
    return quote(query.strip()[:MOST_CHARACTERS])


def query_of(cookie: str) -> str:
    """The words in a cookie's value."""
    return unquote(cookie, errors="replace")


def _choice(kind: type[Choice], value: str | None, name: str) -> Choice | None:
    if not value:
        return None
    try:
        return kind(value)
    except ValueError as error:
        raise BadInput(f"{name}: {value[:40]!r} is not one of {', '.join(kind)}") from error


def _result(value: str | None) -> bool | None:
    if not value:
        return None
    if value not in RESULTS:
        raise BadInput(f"result: {value[:40]!r} is not one of {', '.join(RESULTS)}")
    return RESULTS[value]


def _day(value: str | None, zone: ZoneInfo, name: str, *, days: int = 0) -> datetime | None:
    if not value:
        return None
    try:
        day = date.fromisoformat(value) + timedelta(days=days)
    except (ValueError, OverflowError) as error:
        raise BadInput(f"{name}: {value[:40]!r} is not a day such as 2026-11-21") from error
    return datetime.combine(day, time(), zone)
