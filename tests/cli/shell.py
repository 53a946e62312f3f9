"""The `parley` command as it is typed, in this process."""

import os
import sys
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from unittest.mock import patch

from cli.main import main


@dataclass(frozen=True, slots=True)
class Done:
    """What a command wrote, and its exit status."""

    out: str
    err: str
    status: int


def parley(folder: Path, *words: str, typed: str = "") -> Done:
    """Run `parley` in `folder`; `typed` is its standard input."""
    out, err, status = StringIO(), StringIO(), 0
    before = Path.cwd()
    os.chdir(folder)
    try:
        with (
            patch.object(sys, "argv", ["parley", *words]),
            patch.object(sys, "stdout", out),
            patch.object(sys, "stderr", err),
            patch.object(sys, "stdin", StringIO(typed)),
        ):
            main()
    except SystemExit as end:
        status = int(end.code or 0)
    finally:
        os.chdir(before)
    return Done(out.getvalue(), err.getvalue(), status)
