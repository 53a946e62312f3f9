"""Column types: a person's words in `Personal`, moments in `Moment`."""

from datetime import UTC, datetime
from typing import Any, NoReturn

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator, TypeEngine

_MAY_ASK = {operators.is_, operators.is_not}


class _Opaque(TypeEngine.Comparator[str]):
    """Refuses every operator but IS NULL: no query looks inside a person's words."""

    def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
        if op not in _MAY_ASK:
            _refuse(op)
        return super().operate(op, *other, **kwargs)

    def reverse_operate(self, op: Any, other: Any, **kwargs: Any) -> NoReturn:
        del other, kwargs
        _refuse(op)


def _refuse(op: Any) -> NoReturn:
    name = getattr(op, "__name__", str(op))
    raise TypeError(f"{name} looks inside a Personal column; go through store.search")


class Personal(TypeDecorator[str]):
    """A person's words, name or address; kept apart by type so that it can be sealed later."""

    impl = Text
    cache_ok = True
    comparator_factory = _Opaque


class Moment(TypeDecorator[datetime]):
    """An aware datetime, kept as UTC; SQLite itself forgets zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive times, turn others into UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise TypeError("a moment in the store needs a zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
