"""`python -m benchmarks.qa conduct`: the table of a folder or file, or of what is kept here."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.qa.conduct.blind import read_sentences
from benchmarks.qa.conduct.figures import Answer, Row, answers_of, read_labelled, table

HERE = Path(__file__).parent
TALKS = HERE / "talks.txt"


def conduct(path: Path | None, house: dict[str, str], *, as_json: bool) -> str:
    """The figures of `path`; without one, of the talks written here and of the blind sentences.

    Raises:
        BadInput: a file or a label cannot be read, or a company is not known.
    """
    if path is not None:
        parts = {str(path): tuple(answers_of(read_labelled(path), house))}
    else:
        parts = {
            "talks.txt, which the rules were made with": tuple(
                answers_of(read_labelled(TALKS), house)
            ),
            "blind.tsv, which they were not": tuple(answers_of(read_sentences(), house)),
        }
    if as_json:
        return json.dumps({name: _values(answers) for name, answers in parts.items()}, indent=2)
    return "\n\n".join(text_of(name, answers) for name, answers in parts.items())


def _values(answers: Sequence[Answer]) -> dict[str, Any]:
    return {row.question: _row_values(row) for row in table(answers)}


def _row_values(row: Row) -> dict[str, Any]:
    counts = row.counts
    return {
        "n": counts.n, "yes": counts.yeses, "precision": counts.precision,
        "recall": counts.recall, "f1": counts.f1, "f1_interval": row.interval,
        "unsure": counts.unsure / counts.n, "not_applicable": counts.not_applicable,
        "told_not_applicable": counts.told,
    }  # fmt: skip


def text_of(name: str, answers: Sequence[Answer]) -> str:
    """The table of some answers, with a head."""
    talks = len({answer.source for answer in answers})
    head = f"{name}: {talks} conversations, {len(answers)} answers"
    columns = (
        f"{'question':18}{'n':>5}{'yes':>5}  precision  recall     F1  95 % of F1       unsure"
    )
    return "\n".join([head, columns, *(_line(row) for row in table(answers))])


def _line(row: Row) -> str:
    counts = row.counts
    interval = "no data" if row.interval is None else "{:.3f} to {:.3f}".format(*row.interval)
    line = (
        f"{row.question:18}{counts.n:5}{counts.yeses:5}  {_figure(counts.precision):>9}"
        f"  {_figure(counts.recall):>6}  {_figure(counts.f1):>5}  {interval:15}"
        f"  {counts.unsure / counts.n:6.3f}"
    )
    if counts.not_applicable:
        line += f"  ({counts.told} of {counts.not_applicable} not applicable are told as such)"
    return line


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
