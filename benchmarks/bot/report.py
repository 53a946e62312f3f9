"""The figures side by side, with their ratios."""

import sys
from typing import Any

Json = dict[str, Any]

ROWS = (
    ("messages a second", "per_second", "{:.1f}"),
    ("p50, s", "p50", "{:.3f}"),
    ("p95, s", "p95", "{:.3f}"),
    ("p99, s", "p99", "{:.3f}"),
    ("CPU ms a message", "cpu_ms", "{:.1f}"),
    ("load's own CPU ms", "load_cpu_ms", "{:.1f}"),
    ("unanswered", "failed", "{}"),
    ("messages", "messages", "{}"),
    ("tasks to be done", "tasks", "{}"),
    ("tasks done", "done", "{}"),
)


def note(text: str) -> None:
    """A line for whoever waits; the figures go to stdout."""
    sys.stderr.write(text + "\n")


def show(sides: list[Json]) -> None:
    """Print a table: a column for each side, and ours divided by the starter's."""
    _line("", *(side["name"] for side in sides), "ratio")
    _row("cold start, s", [side["start_seconds"] for side in sides], "{:.1f}")
    _row("memory, MiB (PSS)", [side["memory_mib"] for side in sides], "{:.0f}")
    for index, level in enumerate(sides[0]["levels"]):
        _line(f"-- {level['chats']} chats at once")
        for title, key, form in ROWS:
            _row(title, [side["levels"][index][key] for side in sides], form)
    _line("-- one conversation")
    _row("CPU ms at turn 20", [side["growth"]["early_ms"] for side in sides], "{:.1f}")
    _row("CPU ms at its last", [side["growth"]["late_ms"] for side in sides], "{:.1f}")
    _row("its turns", [side["growth"]["late_turn"] for side in sides], "{}")
    _row("growth", [side["growth_ratio"] for side in sides], "{:.2f}")


def _row(title: str, values: list[float], form: str) -> None:
    ratio = f"{values[1] / values[0]:.2f}" if len(values) == 2 and values[0] else ""
    _line(title, *(form.format(value) for value in values), ratio)


def _line(title: str, *cells: str) -> None:
    sys.stdout.write(f"{title:<24}" + "".join(f"{cell:>12}" for cell in cells) + "\n")
