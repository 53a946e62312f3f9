"""Lists of words kept as text files beside this one."""

from functools import cache
from pathlib import Path


@cache
def load_words(name: str) -> frozenset[str]:
    """The words of `name`.txt, lower case; lines that begin with # are remarks."""
    text = Path(__file__).with_name(f"{name}.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return frozenset(word for line in lines for word in line.lower().split())
