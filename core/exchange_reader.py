"""Reading JSON values whose every wrong key is told with its path (`turns[3].role`)."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar, cast

from core.conversation import JsonValue
from core.errors import BadInput
from core.spans import TimeSpan

Json: TypeAlias = dict[str, Any]  # what json.loads gives: its values are checked one by one here
Made = TypeVar("Made")
Choice = TypeVar("Choice", bound=StrEnum)
LONGEST_ID = 200  # ids of other systems hold paths and dates; longer ones are no ids


class WrongKey(BadInput):
    """A BadInput whose message begins with the path of the key."""


class Reader:
    """A JSON object and the path it was found at."""

    def __init__(self, value: object, path: str) -> None:
        if not isinstance(value, dict):
            raise WrongKey(f"{path or 'conversation'}: an object was expected")
        self.value = cast(Json, value)
        self.path = path

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def text(self, key: str, *, may_be_empty: bool = False) -> str:
        """Text that must be there."""
        found = self.value.get(key)
        if found is None:
            raise WrongKey(f"{self.at(key)}: missing")
        if not isinstance(found, str):
            raise WrongKey(f"{self.at(key)}: text was expected, not {type(found).__name__}")
        if not found and not may_be_empty:
            raise WrongKey(f"{self.at(key)}: empty")
        if any("\ud800" <= character <= "\udfff" for character in found):
            raise WrongKey(f"{self.at(key)}: holds half a character (a lone surrogate)")
        return found

    def name(self, key: str) -> str:
        """An id of whoever wrote the file: any text of reasonable length, on one line."""
        found = self.text(key)
        if len(found) > LONGEST_ID or not found.isprintable():
            raise WrongKey(f"{self.at(key)}: an id has up to {LONGEST_ID} printable characters")
        return found

    def maybe_text(self, key: str) -> str | None:
        """Text, or None."""
        return None if self.value.get(key) is None else self.text(key, may_be_empty=True)

    def number(self, key: str) -> float | None:
        """A number, or None."""
        found = self.value.get(key)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | float):
            raise WrongKey(f"{self.at(key)}: a number was expected, not {type(found).__name__}")
        try:
            return float(found)
        except OverflowError as error:
            raise WrongKey(f"{self.at(key)}: too large a number") from error

    def choice(self, key: str, kind: type[Choice], *, default: Choice | None = None) -> Choice:
        """One of the values of `kind`."""
        if default is not None and self.value.get(key) is None:
            return default
        found = self.text(key)
        try:
            return kind(found)
        except ValueError as error:
            known = ", ".join(kind)
            raise WrongKey(f"{self.at(key)}: {found[:40]!r} is not one of {known}") from error

    def moment(self, key: str) -> datetime | None:
        """An aware time, or None."""
        found = self.maybe_text(key)
        if found is None:
            return None
        try:
            moment = datetime.fromisoformat(found)
        except ValueError as error:
            raise WrongKey(f"{self.at(key)}: {found[:40]!r} is not an ISO 8601 time") from error
        if moment.tzinfo is None:
            raise WrongKey(f"{self.at(key)}: {found!r} has no time zone; add Z or +00:00")
        return moment

    def span(self) -> TimeSpan | None:
        """The object's `start` and `end`, or None."""
        start, end = self.number("start"), self.number("end")
        if start is None and end is None:
            return None
        if start is None or end is None:
            missing = "start" if start is None else "end"
            raise WrongKey(f"{self.at(missing)}: missing; start and end come together")
        return located(self.at("start"), lambda: TimeSpan(start, end))

    def list(self, key: str, *, required: bool = True) -> "tuple[Reader, ...]":
        """The objects of a list."""
        found = self.value.get(key)
        if found is None and not required:
            return ()
        if found is None:
            raise WrongKey(f"{self.at(key)}: missing")
        if not isinstance(found, list):
            raise WrongKey(f"{self.at(key)}: a list was expected, not {type(found).__name__}")
        return tuple(Reader(item, f"{self.at(key)}[{index}]") for index, item in enumerate(found))

    def maybe_object(self, key: str) -> "Reader | None":
        """An object, or None."""
        found = self.value.get(key)
        return None if found is None else Reader(found, self.at(key))

    def amount(self, key: str) -> float:
        """A number that must be there, 0 or more."""
        found = self.number(key)
        if found is None:
            raise WrongKey(f"{self.at(key)}: missing")
        if not 0 <= found < float("inf"):
            raise WrongKey(f"{self.at(key)}: a finite number from 0 was expected, not {found}")
        return found

    def mapping(self, key: str) -> Mapping[str, JsonValue]:
        """An object of any values."""
        found = self.value.get(key)
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise WrongKey(f"{self.at(key)}: an object was expected, not {type(found).__name__}")
        return cast(Mapping[str, JsonValue], found)

    def texts(self, key: str) -> Mapping[str, str]:
        """An object of texts."""
        found = self.mapping(key)
        for name, value in found.items():
            if not isinstance(value, str):
                raise WrongKey(f"{self.at(key)}.{name}: text was expected")
        return cast(Mapping[str, str], found)


def located(path: str, make: Callable[[], Made]) -> Made:
    """Run `make`; a BadInput of a core type gets `path` in front, a wrong key's has its own."""
    try:
        return make()
    except WrongKey:
        raise
    except BadInput as error:
        raise WrongKey(f"{path}: {error}") from error
