"""Statements that every message asks: compiled once, and run by the driver's own cursor.

For each run SQLAlchemy looks the text up, and makes a context and a result around the cursor; for a
row by its key that is four times what SQLite takes. Text, types and errors stay SQLAlchemy's.
store/inline.py runs so what is marked here; elsewhere nothing changes.
"""

import sqlite3
from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ClauseElement
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Statement = TypeVar("Statement", bound=ClauseElement)
Convert = Callable[[Any], Any]

_OFTEN: "dict[ClauseElement, Prepared | None]" = {}  # None: not asked yet


def often(statement: Statement) -> Statement:
    """The statement, marked: all of its values are bound by name, and none of them is a list."""
    _OFTEN[statement] = None
    return statement


def find(statement: ClauseElement, dialect: Dialect) -> "Prepared | None":
    """What was made of a marked statement; None where it is not marked."""
    prepared = _OFTEN.get(statement)
    if prepared is None and statement in _OFTEN:
        prepared = _OFTEN[statement] = _prepare(statement, dialect)
    return prepared


@dataclass(frozen=True, slots=True)
class Rows:
    """What came back, whole; the part of SQLAlchemy's Result that is asked of it."""

    found: list[Any]

    def __iter__(self) -> Iterator[Any]:
        return iter(self.found)

    def all(self) -> list[Any]:
        """Every row."""
        return self.found

    def first(self) -> Any:
        """The first row, or None."""
        return self.found[0] if self.found else None

    def scalar_one_or_none(self) -> Any:
        """The first value of the only row, or None where there is none."""
        if len(self.found) > 1:
            raise AssertionError("one row at most was expected")
        return self.found[0][0] if self.found else None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A compiled statement: its text, how each value goes in, how each comes out."""

    text: str
    values: tuple[tuple[str | None, Any, Convert | None], ...]  # name, else the value itself
    row: Callable[..., Any]
    outs: tuple[tuple[int, Convert], ...]  # places of what is converted
    dialect: Dialect

    def run(self, connection: sqlite3.Connection, given: Mapping[str, Any]) -> Rows:
        """Run it in the connection's transaction.

        Raises:
            DBAPIError: as SQLAlchemy would say it.
        """
        values = [
            value if name is None else given[name] if convert is None else convert(given[name])
            for name, value, convert in self.values
        ]
        cursor = connection.cursor()
        try:
            cursor.execute(self.text, values)
            return Rows([self._row(found) for found in cursor.fetchall()])
        except sqlite3.Error as error:
            raise DBAPIError.instance(
                self.text, None, error, sqlite3.Error, hide_parameters=True, dialect=self.dialect
            ) from error
        finally:
            cursor.close()

    def _row(self, found: tuple[Any, ...]) -> Any:
        values = list(found)
        for place, convert in self.outs:
            values[place] = convert(values[place])
        return self.row(*values)


def _prepare(statement: ClauseElement, dialect: Dialect) -> Prepared:
    compiled = statement.compile(dialect=dialect)
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 # of select, insert and update
    names = compiled.positiontup or []
    columns = list(getattr(statement, "exported_columns", ()))
    outs = [(place, _out(column.type, dialect)) for place, column in enumerate(columns)]
    return Prepared(
        text=compiled.string,
        values=tuple(_value(compiled, name, dialect) for name in names),
        row=namedtuple("Row", [column.key for column in columns], rename=True),
        outs=tuple((place, convert) for place, convert in outs if convert is not None),
        dialect=dialect,
    )


def _value(
    compiled: SQLCompiler, name: str, dialect: Dialect
) -> tuple[str | None, Any, Convert | None]:
    """How the value goes in that is bound under a name; a value of the statement's own is ready."""
    bound = compiled.binds[name]
    convert = bound.type.dialect_impl(dialect).bind_processor(dialect)
    if bound.required:
        return name, None, convert
    return None, bound.value if convert is None else convert(bound.value), None


def _out(kind: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, None)
