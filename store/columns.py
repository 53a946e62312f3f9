"""Statements over columns, for what every turn of the bot asks: objects cost as much again."""

from typing import Any, TypeAlias, cast

from sqlalchemy import Row, Table

from store.tables import Base

AnyRow: TypeAlias = Row[*tuple[Any, ...]]  # of whatever columns


def table_of(kind: type[Base]) -> Table:
    """The table of a class of rows."""
    return cast("Table", kind.__table__)
