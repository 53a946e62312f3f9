"""A scorecard as a table: a row for each question, so that it can be edited as a spreadsheet.

The first rows hold the form itself, one key each; options stand as JSON. A text that a spreadsheet
would take for a formula is written with an apostrophe in front of it, which is taken off again.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from core.errors import BadScorecard
from core.scorecard import Scorecard, Section
from qa.card_values import Values, question_values, values_of

COLUMNS = (
    "section", "section_title", "section_weight", "subsection", "subsection_title",
    "subsection_weight", "id", "text", "instructions", "weight", "rule", "criticality", "channels",
    "person_only", "answer", "choices", "scale", "may_not_apply", "comment", "when", "was",
    "options",
)  # fmt: skip
FORM = "form"  # in the first column: the row holds a key of the form and its value
NUMBERS = ("section_weight", "subsection_weight", "weight")
JSON = ("channels", "person_only", "choices", "scale", "may_not_apply", "when", "options")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Row = dict[str, str]


def to_csv(card: Scorecard) -> str:
    """The form as CSV, RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for key, value in values_of(card).items():
        if key != "sections":
            cells = (FORM, key, json.dumps(value, ensure_ascii=False))
            writer.writerow([_guarded(cell) for cell in cells])
    for row in _rows(card.sections):
        writer.writerow([_guarded(row.get(column, "")) for column in COLUMNS])
    return out.getvalue()


def csv_to_yaml(text: str, file: str) -> str:
    """The YAML of a form that stands as CSV; `file` names it in errors.

    Raises:
        BadScorecard: naming the file, the line and the column.
    """
    form: Values = {}
    sections: dict[str, Values] = {}
    for line, row in _read(text, file):
        if row["section"] == FORM:
            form[row["section_title"]] = _json(row["section_weight"], file, line, "section_weight")
        else:
            _add(sections, row, file, line)
    if not sections:
        raise BadScorecard(f"{file}:1: there is no question in it")
    whole = form | {"sections": list(sections.values())}
    made: str = yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=100)
    return made


def _rows(sections: Iterable[Section]) -> Iterator[Row]:
    for section in sections:
        own = _place("section", section)
        for question in section.questions:
            yield own | _cells(question_values(question))
        for child in section.sections:
            for question in child.questions:
                yield own | _place("subsection", child) | _cells(question_values(question))


def _place(level: str, section: Section) -> Row:
    return {
        level: section.id,
        f"{level}_title": section.title,
        f"{level}_weight": f"{section.weight:g}",
    }


def _cells(values: Values) -> Row:
    return {
        key: json.dumps(value, ensure_ascii=False) if key in JSON else str(value)
        for key, value in values.items()
    }


def _read(text: str, file: str) -> Iterator[tuple[int, Row]]:
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    try:
        head = next(reader, [])
        unknown = [name for name in head if name not in COLUMNS]
        if unknown or "section" not in head or "id" not in head:
            known = ", ".join(COLUMNS)
            raise BadScorecard(f"{file}:1: the columns are {known}; not {', '.join(unknown)}")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                filled = dict(zip(head, cells, strict=False))
                yield reader.line_num, {name: _bare(filled.get(name, "")) for name in COLUMNS}
    except csv.Error as error:
        raise BadScorecard(f"{file}:{reader.line_num}: not CSV: {error}") from error


def _add(sections: dict[str, Values], row: Row, file: str, line: int) -> None:
    """Put a question into its section, which is made where it is first named."""
    section = _section(sections, row, "section", file, line)
    if row["subsection"]:
        children = section.setdefault("sections", [])
        by_id = {child["id"]: child for child in children}
        child = _section(by_id, row, "subsection", file, line)
        if child not in children:
            children.append(child)
        section = child
    section.setdefault("questions", []).append(_question(row, file, line))


def _section(known: dict[str, Values], row: Row, level: str, file: str, line: int) -> Values:
    section_id = row[level]
    if not section_id:
        raise BadScorecard(f"{file}:{line}: {level}: the section of this question is missing")
    if section_id not in known:
        weight = _json(row[f"{level}_weight"], file, line, f"{level}_weight")
        known[section_id] = {"id": section_id, "title": row[f"{level}_title"], "weight": weight}
    return known[section_id]


def _question(row: Row, file: str, line: int) -> Values:
    values: Values = {}
    for column in COLUMNS[COLUMNS.index("id") :]:
        cell = row[column]
        if cell:
            is_json = column in JSON or column in NUMBERS
            values[column] = _json(cell, file, line, column) if is_json else cell
    return values


def _json(cell: str, file: str, line: int, column: str) -> Any:
    try:
        return json.loads(cell)
    except ValueError as error:
        raise BadScorecard(f"{file}:{line}: {column}: {cell[:40]!r} is not JSON") from error


def _guarded(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _bare(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell
