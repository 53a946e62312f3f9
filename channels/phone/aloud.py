"""Written words made fit to be spoken: no marks, no addresses, numbers as people say them."""

import re
from collections.abc import Callable
from datetime import date

from language.cards import MASK
from language.values.contacts import find_phones, say_phone
from language.values.found import Found
from language.values.postcodes import find_postcodes

MOST_CHARACTERS = 600  # about 40 s at 15 characters a second; nobody keeps more in mind at once
MORE = "There is more to it; you can ask for a person."

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_LINK = re.compile(r"\[([^\]]+)\]\([^)\s]+\)")
_URL = re.compile(r"(?:[^\n.!?:]{1,80}:\s*)?(?:https?://|www\.)\S+")
_MARKS = re.compile(r"[*_`#~>|]+|^\s*[-•]\s+", re.MULTILINE)
_QUOTES = re.compile(r"[“”„«»\"]")
_EMAIL = re.compile(r"[\w.+*…-]+@[\w-]+(?:\.[\w-]+)+")
_REFERENCE = re.compile(r"\b([A-Z]{1,4})[-/]?(\d{5,12})\b")
_MONEY = re.compile(r"([£$€])\s?(\d[\d,]*)(?:\.(\d\d))?\b")
_COINS = {"£": ("pound", "pence"), "$": ("dollar", "cents"), "€": ("euro", "cents")}
_TIME = re.compile(r"\b(\d{1,2})[.:](\d\d)\s?(am|pm)\b")
_CLOCK = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")
_DAY = re.compile(rf"\b(\d{{1,2}}) ({_MONTHS})\b")
_ISO_DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_LONG_NUMBER = re.compile(r"(?<![\d.,])\d{5,}(?![\d,]|\.\d)")
_SENTENCE_END = re.compile(r"[.!?](?=\s)")
# Nothing of these is ever said, and the voice would spell some out.
_UNSPEAKABLE = re.compile(r"[^\w\s.,;:!?'’()\-+%&/]")


def aloud(text: str) -> str:
    """What a voice says for a written text; the words stay, their spelling is for the ear."""
    plain = _URL.sub("", _LINK.sub(r"\1", text)).replace("’", "'")
    plain = _EMAIL.sub(lambda found: _email(found[0]), plain)
    plain = _QUOTES.sub("", _MARKS.sub(" ", plain).replace(MASK, ""))
    plain = _REFERENCE.sub(lambda f: f"{' '.join(f[1])}, {digits(f[2])}", plain)
    plain = _replaced(plain, find_postcodes(plain), _postcode)
    plain = _replaced(plain, find_phones(plain), phone)
    plain = _MONEY.sub(_money, plain)
    plain = _days_and_times(plain)
    plain = _LONG_NUMBER.sub(lambda found: digits(found[0]), plain)
    plain = plain.replace("&", " and ").replace("…", ".").replace("–", ", ").replace("—", ", ")
    return _as_sentences(_UNSPEAKABLE.sub(" ", plain))


def shortened(spoken: str) -> str:
    """At most as much as one keeps in mind, cut at the end of a sentence, which is then said."""
    if len(spoken) <= MOST_CHARACTERS:
        return spoken
    ends = [end.end() for end in _SENTENCE_END.finditer(spoken) if end.end() <= MOST_CHARACTERS]
    cut = ends[-1] if ends else spoken.rfind(" ", 0, MOST_CHARACTERS)
    return f"{spoken[:cut].rstrip(' ,;')} {MORE}"


def digits(number: str) -> str:
    """'10442' → '1 0 4 4 2': one by one, as a number is read out that somebody writes down."""
    return " ".join(number)


def phone(e164: str) -> str:
    """A telephone number in its groups, digit by digit."""
    groups = say_phone(e164).split()
    return ", ".join(f"plus {digits(g[1:])}" if g.startswith("+") else digits(g) for g in groups)


def _postcode(value: str) -> str:
    """'BN1 4GH' → 'B N 1, 4 G H'."""
    return ", ".join(" ".join(half) for half in value.split())


def _email(address: str) -> str:
    name, _, place = address.partition("@")
    said = f"{name.replace('*', '').replace('…', ' and so on,')} at {place}"
    return said.replace(".", " dot ").replace("_", " underscore ").replace("-", " dash ").strip()


def _money(found: re.Match[str]) -> str:
    coin, cents = _COINS[found[1]]
    whole, rest = int(found[2].replace(",", "")), int(found[3] or 0)
    if not whole and rest:
        return f"{rest} {cents}"
    said = f"{whole} {coin}" if whole == 1 else f"{whole} {coin}s"
    return f"{said} {rest}" if rest else said


def _days_and_times(text: str) -> str:
    text = _ISO_DAY.sub(_iso_day, text)
    text = _TIME.sub(lambda f: f"{f[1]} {_minutes(f[2])}{f[3]}", text)
    text = _CLOCK.sub(lambda f: f"{int(f[1])} {_minutes(f[2]) or 'o clock'}".rstrip(), text)
    return _DAY.sub(lambda f: f"the {_ordinal(int(f[1]))} of {f[2]}", text)


def _minutes(minutes: str) -> str:
    """'30 ', 'oh 5 ', and nothing for the full hour."""
    if minutes == "00":
        return ""
    return f"oh {minutes[1]} " if minutes[0] == "0" else f"{minutes} "


def _iso_day(found: re.Match[str]) -> str:
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return found[0]
    return f"{day.day} {day:%B}"


def _ordinal(day: int) -> str:
    is_teen = 10 < day % 100 < 20
    return f"{day}{'th' if is_teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def _replaced(text: str, found: tuple[Found, ...], say: Callable[[str], str]) -> str:
    for one in reversed(found):
        text = f"{text[: one.span.start]}{say(one.value)}{text[one.span.end :]}"
    return text


def _as_sentences(text: str) -> str:
    """One line; what stood on a line of its own ends like a sentence."""
    lines = [" ".join(line.split()) for line in text.splitlines()]
    ended = [line if line[-1] in ".!?,:;" else f"{line}." for line in lines[:-1] if line]
    said = " ".join([*ended, *(line for line in lines[-1:] if line)])
    said = re.sub(r"\s+([.,!?;:])", r"\1", said.replace("( ", "(").replace("()", ""))
    return re.sub(r"[,:;]+\s*\Z", ".", said.strip())
