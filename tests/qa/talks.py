"""The talks of talks.txt: each as it is, and with the words for one question edited out."""

from functools import cache
from pathlib import Path

from benchmarks.qa.conduct.talks import Talk
from benchmarks.qa.conduct.talks import load_talks as load

__all__ = ["Talk", "load_talks"]


@cache
def load_talks() -> tuple[Talk, ...]:
    """All talks of talks.txt."""
    return load(Path(__file__).with_name("talks.txt"))
