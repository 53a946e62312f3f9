"""Rasa's logs without a customer's words.

Rasa 3.6 logs texts, slots and whole events at debug, and exceptions with what they were about at
error, some through structlog, some as ready sentences. They cannot be told apart from the rest by
looking, so a line keeps its sentence only when its logger never sees a message; any other line
keeps its place in the code and the type of its exception.
"""

from __future__ import annotations

import logging
import sys
import warnings
from pathlib import Path
from typing import Any

# start-up, requests and our own lines, which carry ids only
SPEAKING = frozenset({"root", "rasa.core.run", "rasa.core.agent", "sanic.root", "sanic.access"})
OWN = "bot."


def withhold_words() -> None:
    """Let no log record and no warning carry words from here on, whatever its level."""
    logging.setLogRecordFactory(record_without_words)
    warnings.showwarning = _show_warning  # type: ignore[assignment]  # two files take no part


def record_without_words(*args: Any, **kwargs: Any) -> logging.LogRecord:
    """A log record; `args` and `kwargs` are those of logging.LogRecord."""
    record = logging.LogRecord(*args, **kwargs)
    error = _name_exception(record)
    if record.name not in SPEAKING and not record.name.startswith(OWN):
        record.msg = f"{record.module}.{record.funcName}:{record.lineno}"
        record.args = ()
    if error:
        record.msg, record.args = f"{record.getMessage()} ({error})", ()
    record.exc_info = record.exc_text = record.stack_info = None
    return record


def _name_exception(record: logging.LogRecord) -> str | None:
    if not record.exc_info or record.exc_info[0] is None:
        return None
    return record.exc_info[0].__name__


def _show_warning(
    _message: Warning | str,  # it may quote a message
    category: type[Warning],
    filename: str,
    lineno: int,
    *_rest: object,
) -> None:
    sys.stderr.write(f"{category.__name__} at {Path(filename).name}:{lineno}\n")
