"""Changes that happen once: each has a key, and a repeated one gives what the first gave."""

import functools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import bindparam, delete, insert, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import BadInput, Conflict
from store.columns import table_of
from store.database import keyed_hash
from store.prepared import often
from store.tables import ShopCounterRow, ShopKeyRow

KEPT = timedelta(days=7)  # nobody repeats a turn a week later; results hold names and addresses
LOCK = 7_253_904  # any number, the same in every Parley on one PostgreSQL database
LONGEST_KEY = 200  # characters; ours have 30

# Built once, of the table's columns: store/identity.py says why.
_ROWS = table_of(ShopKeyRow).c
_FOUND = often(
    select(_ROWS.arguments, _ROWS.result).where(
        _ROWS.operation == bindparam("operation"), _ROWS.key == bindparam("key")
    )
)
_NEW = often(insert(table_of(ShopKeyRow)).inline())
_FORGET = often(
    delete(table_of(ShopKeyRow)).where(_ROWS.at < bindparam("before", type_=_ROWS.at.type))
)

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Change:
    """A change that is asked for: by which operation, under which key, with which values."""

    operation: str
    key: str
    values: tuple[object, ...]

    def __post_init__(self) -> None:
        if not 0 < len(self.key) <= LONGEST_KEY:
            raise BadInput(f"a key has 1 to {LONGEST_KEY} characters")


async def find_result(session: AsyncSession, change: Change, result: type[Result]) -> Result | None:
    """What this change gave when it was made before, or None.

    Raises:
        Conflict: the key was used for this operation with other values.
    """
    asked = {"operation": change.operation, "key": change.key}
    row = (await session.execute(_FOUND, asked)).first()
    if row is None:
        return None
    if row.arguments != _fingerprint(session, change):
        raise Conflict(f"this key was used for {change.operation} with other values")
    found: Result = _adapter(result).validate_json(row.result)
    return found


async def keep_result(
    session: AsyncSession, change: Change, given: object, *, now: datetime
) -> None:
    """Remember, in the transaction of the change, what it gave."""
    await session.execute(_FORGET, {"before": now - KEPT})
    row = {
        "operation": change.operation,
        "key": change.key,
        "arguments": _fingerprint(session, change),
        "result": _adapter(type(given)).dump_json(given).decode(),
        "at": now,
    }
    await session.execute(_NEW, row)


async def once(
    session: AsyncSession,
    change: Change,
    result: type[Result],
    make: Callable[[], Awaitable[Result]],
    *,
    now: datetime,
) -> Result:
    """Make a change, unless it was made before under this key; a refused one is not remembered."""
    await one_at_a_time(session)
    before = await find_result(session, change, result)
    if before is not None:
        return before
    given = await make()
    await keep_result(session, change, given, now=now)
    return given


async def one_at_a_time(session: AsyncSession) -> None:
    """Let changes of the shop wait for each other, so that no window is given twice.

    SQLite's transactions that write do so by themselves.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})


async def next_number(session: AsyncSession, prefix: str, first: int) -> str:
    """The next number of its kind, such as T-20001; one is never given twice."""
    row = await session.get(ShopCounterRow, prefix)
    if row is None:
        row = ShopCounterRow(name=prefix, last=first - 1)
        session.add(row)
    row.last += 1
    await session.flush()
    return f"{prefix}-{row.last}"


def _adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return _made_adapter(kind)  # type: ignore[arg-type]  # classes can be hashed; mypy doubts it


@functools.cache  # making one costs 0.5 ms; there are as many as kinds of results
def _made_adapter(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _fingerprint(session: AsyncSession, change: Change) -> str:
    return keyed_hash(session, f"shop:{change.operation}:{change.values!r}")
