"""The words of the house as lines of `key=value`, as they are typed on the upload page."""

import re
from collections.abc import Mapping

from core.errors import BadInput
from core.settings import Settings

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


def defaults(settings: Settings) -> dict[str, str]:
    """The settings' words, with the company's name among them."""
    return {"company": settings.company, **settings.scorecard_variables}


def lines_of(variables: Mapping[str, str]) -> str:
    """One line per word."""
    return "\n".join(f"{key}={value}" for key, value in variables.items())


def read_lines(text: str) -> dict[str, str]:
    """What `lines_of` wrote, or a person typed; empty lines are left out.

    Raises:
        BadInput: naming the line that is not `key=value`.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        key, equals, value = (part.strip() for part in line.partition("="))
        if not equals or not value or not _KEY.match(key):
            raise BadInput(
                f"Variables, line {number}: {line.strip()[:60]!r} is not like company=Acme."
            )
        found[key] = value
    return found
