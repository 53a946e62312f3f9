"""What all tests share: real servers, what is left out and why, and the closing count."""

import pytest

from tests.bucket import bucket, storage_server  # noqa: F401 -- fixtures
from tests.report import UNIT, Counts, kinds_of, leave_out, note_kinds
from tests.servers import rasa_server  # noqa: F401 -- a fixture

COUNTS = pytest.StashKey[Counts]()


def pytest_configure(config: pytest.Config) -> None:
    """Count results by kind."""
    config.stash[COUNTS] = counts = Counts()
    config.pluginmanager.register(counts)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what this machine cannot run; the closing lines say so."""
    leave_out(items)
    note_kinds(items)


@pytest.fixture(autouse=True)
def _no_weights_in_quick_tests(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What needs no mark tells the same on every machine, whatever lies in models/."""
    if kinds_of(request.node) == (UNIT,):
        monkeypatch.setenv("PARLEY_MODELS", "no-models-in-quick-tests")


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what ran."""
    terminalreporter.section("what ran")
    is_full = "not services" not in config.getoption("markexpr")
    for line in config.stash[COUNTS].lines(is_full=is_full):
        terminalreporter.write_line(line)
