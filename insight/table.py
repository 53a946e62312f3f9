"""A report as a table: the same one is shown, downloaded as CSV, and given to programs as JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from insight.change import Change
from insight.figures import Definition, Figure, Interval

Trend: TypeAlias = tuple[float | None, ...]  # one value a week, for a small drawing
Value: TypeAlias = str | int | float | Figure | Change | Trend | None
DIGITS = 6  # of a value in CSV: more than anything here is measured to


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `key` names it for programs."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `key` is what it is about, as links and programs name it."""

    key: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A report. Of each column all rows hold one kind of value."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def pairs(self, row: Row) -> Iterator[tuple[Column, Value]]:
        """A row's values beside their columns."""
        return zip(self.columns, row.values, strict=True)


def flat(table: Table) -> tuple[list[str], list[list[str]]]:
    """Fields and rows of text: a figure takes a field for each thing it is made of."""
    rows = [_flat_row(table, row) for row in table.rows]
    fields = ["key", *dict.fromkeys(field for row in rows for field in row if field != "key")]
    if not rows:
        fields = ["key", *(column.key for column in table.columns)]
    return fields, [[row.get(field, "") for field in fields] for row in rows]


def told(table: Table) -> dict[str, Any]:
    """The report as plain JSON values."""
    return {
        "report": table.name,
        "rows": [
            {"key": row.key, **{column.key: _told(value) for column, value in table.pairs(row)}}
            for row in table.rows
        ],
    }


def _flat_row(table: Table, row: Row) -> dict[str, str]:
    made = {"key": row.key}
    for column, value in table.pairs(row):
        if isinstance(value, Figure):
            made |= _flat_figure(column.key, value)
        elif isinstance(value, Change):
            made |= _flat_change(column.key, value)
        elif isinstance(value, tuple):
            continue  # a drawing of what the report of weeks has in full
        else:
            made[column.key] = _text(value)
    return made


def _flat_figure(key: str, figure: Figure) -> dict[str, str]:
    return {
        key: _text(figure.value),
        **_flat_interval(key, figure.interval),
        f"{key}_numerator": _text(figure.numerator),
        f"{key}_denominator": _text(figure.denominator),
        f"{key}_n": _text(figure.n),
        f"{key}_from": figure.window.first.isoformat(),
        f"{key}_to": figure.window.last.isoformat(),
        f"{key}_definition": f"{figure.definition.key} {figure.definition.version}",
    }


def _flat_change(key: str, change: Change) -> dict[str, str]:
    return {
        key: _text(change.value),
        **_flat_interval(key, change.interval),
        f"{key}_compared_with": _text(change.before.value),
        f"{key}_compared_with_n": _text(change.before.n),
        f"{key}_compared_with_from": change.before.window.first.isoformat(),
        f"{key}_compared_with_to": change.before.window.last.isoformat(),
    }


def _flat_interval(key: str, interval: Interval | None) -> dict[str, str]:
    return {
        f"{key}_low": _text(interval.low if interval else None),
        f"{key}_high": _text(interval.high if interval else None),
    }


def _text(value: str | float | None) -> str:
    """No data is an empty field, which no spreadsheet takes for 0."""
    if value is None:
        return ""
    return (
        value
        if isinstance(value, str)
        else f"{round(value, DIGITS):.{DIGITS}f}".rstrip("0").rstrip(".")
    )


def _told(value: Value) -> Any:
    if isinstance(value, Figure):
        return figure_out(value)
    if isinstance(value, Change):
        return {
            "value": value.value,
            **_interval_out(value.interval),
            "is_clear": value.is_clear,
            "compared_with": figure_out(value.before),
        }
    return list(value) if isinstance(value, tuple) else value


def figure_out(figure: Figure) -> Mapping[str, Any]:
    """A figure as plain JSON values; without data its value is null."""
    return {
        "value": figure.value,
        **_interval_out(figure.interval),
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "n": figure.n,
        "from": figure.window.first.isoformat(),
        "to": figure.window.last.isoformat(),
        "definition": figure.definition.key,
        "definition_version": figure.definition.version,
    }


def _interval_out(interval: Interval | None) -> Mapping[str, float | None]:
    return {
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
    }


def definitions_in(table: Table) -> tuple[Definition, ...]:
    """Every definition that the table's figures have, in the order they stand in."""
    found: dict[str, Definition] = {}
    for row in table.rows:
        for value in row.values:
            figure = value.after if isinstance(value, Change) else value
            if isinstance(figure, Figure):
                found[figure.definition.key] = figure.definition
    return tuple(found.values())
