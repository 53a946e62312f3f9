"""The words of the chat page and of the launcher, in each language that has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

import yaml

CATALOGUE = Path(__file__).with_name("interface.yml")
FALLBACK = "en"

Words = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Interface:
    """One language: the way it runs, and its words by where they stand."""

    language: str  # BCP 47, such as "de"
    direction: Literal["ltr", "rtl"]
    page: Words
    script: Words
    launcher: Words
    mail: Words  # of the letter with a copy


@cache
def shipped_interfaces() -> Mapping[str, Interface]:
    """Every language of interface.yml, by its tag."""
    raw = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))
    return MappingProxyType({tag: Interface(language=tag, **told) for tag, told in raw.items()})


def interface_in(language: str) -> Interface:
    """The interface in this language ("de", "de-AT"), or in English where we have no other."""
    shipped = shipped_interfaces()
    base = language.strip().casefold().partition("-")[0]
    return shipped.get(base, shipped[FALLBACK])
