"""The last lines of a run: what ran, by kind, and loudly what could not."""

import os
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("rasa", "weights", "browser", "services")
UNIT = "unit"
KIND = "kinds"
WORDS = {"passed": "passed", "failed": "failed", "error": "failed", "skipped": "left out"}


def kinds_of(item: pytest.Item) -> tuple[str, ...]:
    """The kinds a test counts as: every one it is marked as, or unit."""
    return tuple(kind for kind in KINDS if item.get_closest_marker(kind)) or (UNIT,)


def note_kinds(items: list[pytest.Item]) -> None:
    """Let each test's report tell its kinds, also when it ran in another process."""
    for item in items:
        item.user_properties.append((KIND, " ".join(kinds_of(item))))


def lacking(marks: Iterable[str]) -> str | None:
    """What a test with these marks needs that is not here, and how to get it."""
    marks = set(marks)
    if "rasa" in marks and not (ROOT / ".venv-rasa" / "bin" / "python").exists():
        return "the Rasa environment; make it with `make rasa`"
    if "browser" in marks and shutil.which("chromium") is None:
        return "chromium; get it with `apt-get install chromium`"
    if "weights" in marks and not any((ROOT / "models").glob("*/weights.json")):
        return "the recogniser's weights; get them with `parley models pull`"
    return None


def leave_out(items: list[pytest.Item]) -> None:
    """Skip, with its reason, every test that lacks something."""
    for item in items:
        reason = lacking(mark.name for mark in item.iter_markers())
        if reason is not None:
            item.add_marker(pytest.mark.skip(reason=f"needs {reason}"))


class Counts:
    """Counts results by kind while the run goes on."""

    def __init__(self) -> None:
        self.results: Counter[tuple[str, str]] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test once: by its call, or by its set-up when that ended it."""
        if report.when == "call" or (report.when == "setup" and not report.passed):
            kinds = str(dict(report.user_properties)[KIND])
            for kind in kinds.split():
                self.results[kind, WORDS[report.outcome]] += 1

    def lines(self, *, is_full: bool) -> list[str]:
        """A line per kind; in a full run also the databases that were not tried."""
        lines = []
        for kind in (UNIT, *KINDS):
            counts = [
                f"{self.results[kind, word]} {word}"
                for word in ("passed", "failed", "left out")
                if self.results[kind, word]
            ]
            lines.append(f"{kind:<9} {', '.join(counts) or 'none asked for'}")
        lines.append("(a test that needs several kinds of thing counts in each)")
        if is_full and not os.environ.get("PARLEY_TEST_DATABASE_URL"):
            lines.append("PostgreSQL was not tried: PARLEY_TEST_DATABASE_URL names none")
        return lines
