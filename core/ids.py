"""Identifiers: opaque, unguessable, sortable by the moment they were made."""

import re
import secrets
import time

from core.errors import BadInput

_ALLOWED = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,99}\Z")


def new_id() -> str:
    """Make an id of 30 characters: 12 hex digits of milliseconds, then 72 random bits.

    The time part sorts rows as they were made; the random part keeps ids from being guessed.
    """
    milliseconds = time.time_ns() // 1_000_000
    return f"{milliseconds:012x}{secrets.token_hex(9)}"


def check_id(value: str, *, where: str) -> str:
    """Return `value` when it can serve as an id in a URL and a file name, else raise BadInput."""
    if not _ALLOWED.match(value):
        raise BadInput(
            f"{where}: an id is 1 to 100 letters, digits, '.', '_', ':' or '-', not {value[:40]!r}"
        )
    return value
