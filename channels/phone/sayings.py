"""What is spoken in place of written words, read from a data file."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from channels.phone.aloud import aloud, shortened
from core.errors import BadSettings
from core.yaml_node import Item, compose
from language.values.references import shapes_in_use

SHIPPED = Path(__file__).with_name("sayings.yml")
KEYS = frozenset({"written", "say", "digits", "ends", "parting"})
KINDS = frozenset({"order", "ticket"})  # of numbers that are asked for
COUNT = "digits"  # the name that stands for how many of them there are
_NAME = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Saying:
    """A text as it is written and as it is said; `digits` is how many keys answer it, or None.

    The name of a kind of number stands for as many as the house's have.

    After one that `ends`, the call is over; after a `parting` one it may be, if the caller likes.
    """

    written: str
    say: str | None = None
    digits: int | str | None = None
    ends: bool = False
    parting: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """The written text, where each {name} is any words; the second of one name is the same."""
        pieces, seen, end = [], set[str](), 0
        for found in _NAME.finditer(self.written):
            pieces.append(_words(self.written[end : found.start()]))
            name = found[1]
            pieces.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
            seen.add(name)
            end = found.end()
        return re.compile("".join([*pieces, _words(self.written[end:])]), re.DOTALL)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a caller hears for a text, how many keys may answer it, and whether nothing need."""

    words: str
    digits: int | None = None
    is_parting: bool = False


@dataclass(frozen=True, slots=True)
class Sayings:
    """All that is said otherwise than it is written."""

    sayings: tuple[tuple[re.Pattern[str], Saying], ...]

    def speak(self, text: str) -> Spoken:
        """The words for the ear."""
        for pattern, saying in self.sayings:
            found = pattern.fullmatch(text.strip())
            if found is None:
                continue
            digits, count = _awaited(saying.digits)
            names = found.groupdict() | {COUNT: count}
            said = text if saying.say is None else _filled(saying.say, names)
            return Spoken(shortened(aloud(said)), digits, saying.parting)
        return Spoken(shortened(aloud(text)))

    def ends(self, text: str) -> bool:
        """Whether nothing is to be heard after these words."""
        return any(one.ends and pattern.fullmatch(text.strip()) for pattern, one in self.sayings)


@cache
def shipped_sayings() -> Sayings:
    """Those of this checkout, read at their first use."""
    return compiled(load_sayings())


def compiled(sayings: Iterable[Saying]) -> Sayings:
    """Ready to be looked up; the first that fits counts."""
    return Sayings(tuple((one.pattern, one) for one in sayings))


def load_sayings(path: Path = SHIPPED) -> tuple[Saying, ...]:
    """The sayings of a YAML file, in its order.

    Raises:
        BadSettings: naming file, line and key of what is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path}: cannot be read: {error}") from error
    top = compose(text, str(path), error=BadSettings, what="the sayings")
    top.check_keys(frozenset({"sayings"}))
    return tuple(_saying(item) for item in top.items("sayings"))


def _saying(item: Item) -> Saying:
    item.check_keys(KEYS)
    written = item.text("written").strip()
    say = item.text("say").strip() if item.has("say") else None
    digits = _digits(item) if item.has("digits") else None
    known = {*_NAME.findall(written), *([COUNT] if isinstance(digits, str) else [])}
    unknown = set(_NAME.findall(say or "")) - known
    if unknown:
        raise item.wrong("say", f"{{{unknown.pop()}}} stands in no written text")
    ends, parting = (item.flag(key, default=False) for key in ("ends", "parting"))
    return Saying(written, say, digits, ends, parting)


def _digits(item: Item) -> int | str:
    """So many, or as many as the numbers of a kind have."""
    kind = item.text("digits")
    return kind if kind in KINDS else item.whole_number("digits")


def _awaited(digits: int | str | None) -> tuple[int | None, str]:
    """How many keys are awaited, and that number as a word where it is the house's."""
    if not isinstance(digits, str):
        return digits, ""
    shapes = shapes_in_use()
    # who is asked for a ticket's number may give their order's
    asked = [shapes.order] if digits == "order" else [shapes.ticket, shapes.order]
    longest = max(asked, key=lambda shape: shape.digits)
    counts = dict.fromkeys(shape.count for shape in asked)
    return longest.digits, " or ".join(counts)


def _filled(say: str, names: Mapping[str, str]) -> str:
    return _NAME.sub(lambda name: names[name[1]], say)


def _words(text: str) -> str:
    """Any white space for white space, since files wrap lines; an empty line for an empty line."""
    paragraphs = re.split(r"\n\s*\n", text)
    return r"\s*\n\s*\n\s*".join(map(_line, paragraphs))


def _line(text: str) -> str:
    return r"\s+".join(re.escape(part) for part in re.split(r"\s+", text))
