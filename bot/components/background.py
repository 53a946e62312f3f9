"""Requests from everywhere, as examples of what is foreign to a bot that has none of its own.

background.txt holds some 400, foreign to each other, written for this project. Those that resemble
a bot's own sentences are not used: a bot about the weather keeps its weather. A bot with examples
of its own (the intent out_of_scope) does without: on the shop's it gained nothing, and among them
it made out_of_scope too likely (8 % of ours rejected, not 2 %).
"""

from __future__ import annotations

from pathlib import Path

FILE = Path(__file__).with_name("background.txt")


def load_background() -> list[str]:
    """The requests, in the file's order."""
    lines = FILE.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
