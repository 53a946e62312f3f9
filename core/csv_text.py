"""Rows as CSV that spreadsheets open as it is meant."""

import csv
import io
from collections.abc import Iterable, Sequence

_FORMULA = (
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
)  # what spreadsheets run as a formula: OWASP, CSV injection


def csv_text(fields: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The rows under their fields; what a spreadsheet would run gets an apostrophe in front."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(fields)
    writer.writerows([_tamed(cell) for cell in row] for row in rows)
    return written.getvalue()


def _tamed(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) and not _is_number(cell) else cell


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
