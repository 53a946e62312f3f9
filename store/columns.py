"""Statements over columns, for what every turn of the bot asks: objects cost as much again."""

from typing import cast

from sqlalchemy import Table

from store.tables import Base


def table_of(kind: type[Base]) -> Table:
    """The table of a class of rows."""
    return cast("Table", kind.__table__)
