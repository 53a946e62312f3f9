"""One thread for products of numbers, set before NumPy reads how many it may use."""

import os
import subprocess
import sys

import pytest

from cli import main as entry


@pytest.mark.parametrize(("set_before", "then"), [(None, "1"), ("4", "4")])
def test_main_keeps_products_to_one_thread(
    monkeypatch: pytest.MonkeyPatch, set_before: str | None, then: str
) -> None:
    monkeypatch.setenv(entry.PRODUCT_THREADS, set_before or "")
    if set_before is None:
        monkeypatch.delenv(entry.PRODUCT_THREADS)
    seen: list[str] = []
    monkeypatch.setattr(entry, "app", lambda: seen.append(os.environ[entry.PRODUCT_THREADS]))
    mask = os.umask(0o077)
    try:
        entry.main()
    finally:
        os.umask(mask)
    assert seen == [then]


def test_the_entry_loads_no_numpy() -> None:
    code = "import sys, cli.main; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
