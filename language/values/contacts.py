"""E-mail addresses and phone numbers, typed and spoken."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice

import phonenumbers
from phonenumbers import PhoneNumber

from core.spans import TextSpan
from language.numbers import DIGITS, REPEATS
from language.values.found import Found, level
from language.values.spoken import Token, find_digits, runs_of, tokens_of

MOST = 8  # of one text
LOCAL_LENGTH, DOMAIN_LENGTH = 64, 255  # RFC 5321, 4.5.3.1
_TYPED = re.compile(
    r"(?<![\w.+%-])[a-z0-9](?:[\w.+%-]{0,62}[\w+%-])?@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}"
    r"\.[a-z]{2,24}(?![\w@])"
)
_AT = frozenset({"at", "@"})
_JOINTS = {
    "dot": ".", "point": ".", ".": ".", "underscore": "_", "_": "_", "dash": "-", "hyphen": "-",
    "minus": "-", "-": "-", "plus": "+", "+": "+",
}  # fmt: skip
_BRACKETS = frozenset("()[]<>{}")
# Recognisers part the names of the great mail houses: 'g mail', 'hot mail', 'out look'
_HOUSES = {("g", "mail"): "gmail", ("hot", "mail"): "hotmail", ("out", "look"): "outlook",
           ("i", "cloud"): "icloud", ("b", "t", "internet"): "btinternet"}  # fmt: skip
_NO_LOCAL = frozenset({"is", "it's", "me", "us", "my", "email", "mail", "address", "e", "look"})
_SPOKEN_PHONE = 9  # digits at least: without its nought a British number has nine or ten
_STRETCH = re.compile(r"(?<!\w)\+?\(?\d[\d ().\-/\u00a0]{6,34}\d(?!\w)")  # where digits abound
_BRITAIN = 44  # the country's code, ITU-T E.164
_SHORTEST = 9  # digits without a country's code; what is shorter is a number of something else
# Ten digits by Ofcom's National Telephone Numbering Plan; the few of nine are all known and valid
_BRITISH = re.compile(r"[1-35789]\d{9}")
_PLUS = re.compile(r"(?:\+|\bplus)\s?\Z")


def find_emails(text: str) -> tuple[Found, ...]:
    """E-mail addresses in lower case: typed, or 'anna dot smith at example dot com'."""
    plain = level(text)
    found = [Found(one[0], TextSpan(one.start(), one.end())) for one in _TYPED.finditer(plain)]
    found = [one for one in found if ".." not in one.value][:MOST]
    said = [one for one in _said(text) if not any(one.span.overlaps(have.span) for have in found)]
    return tuple(sorted(found + said, key=lambda one: one.span))


def find_phones(text: str, region: str = "GB") -> tuple[Found, ...]:
    """Phone numbers as E.164 ('+447700900123'), by the numbering plans phonenumbers carries."""
    found: list[Found] = []
    for one in (*_typed_phones(text, region), *_said_phones(text, region)):
        if not any(one.span.overlaps(other.span) for other in found):
            found.append(one)
    return tuple(sorted(found, key=lambda one: one.span)[:MOST])


def say_phone(e164: str) -> str:
    """A number as it is said at home: '07700 900456'; one from abroad with its country's code."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    form = phonenumbers.PhoneNumberFormat
    is_british = number.country_code == _BRITAIN
    shown = form.NATIONAL if is_british else form.INTERNATIONAL
    return str(phonenumbers.format_number(number, shown))


def without_phones(text: str, region: str = "GB") -> str:
    """The text with a space in place of each phone number, whose digits are no hours or days."""
    for phone in reversed(find_phones(text, region)):
        text = f"{text[: phone.span.start]} {text[phone.span.end :]}"
    return text


def _said(text: str) -> Iterator[Found]:
    tokens = [token for token in tokens_of(text) if token.text not in _BRACKETS]
    words = [_word(tokens, at) for at in range(len(tokens))]
    for at in islice((at for at, word in enumerate(words) if word in _AT), 4 * MOST):
        start, local = _local(tokens, words, at)
        if start and tokens[start].is_glued and words[start - 1] in _JOINTS:
            continue  # the rest of something longer: 'anna..smith@'
        end, domain = _domain(words, at + 1)
        if local and domain and len(local) <= LOCAL_LENGTH and len(domain) <= DOMAIN_LENGTH:
            yield Found(
                f"{local}@{domain}", TextSpan(tokens[start].span.start, tokens[end].span.end)
            )


def _word(tokens: Sequence[Token], at: int) -> str:
    """A token's text; a mark that ends a sentence or parts two words is none of an address."""
    text = tokens[at].text
    is_mark = not text.isalnum() and text in _JOINTS
    if is_mark and not (
        tokens[at].is_glued and tokens[at + 1 : at + 2] and tokens[at + 1].is_glued
    ):
        return " "
    return text


def _local(tokens: Sequence[Token], words: list[str], at: int) -> tuple[int, str]:
    """Where the part before 'at' begins, and what it is: words parted by 'dot', letters, digits."""
    start = at - 1
    while start >= 0 and _goes_on_left(words, start, at):
        start -= 1
    start += 1
    while start < at and words[start] in _JOINTS:
        start += 1
    return start, _spelled(tokens[start:at])


MOST_PARTS = 12  # words, letters and joints of one side of an address


def _goes_on_left(words: list[str], here: int, at: int) -> bool:
    """Whether the word at `here` belongs to the address; plain words need a joint between them."""
    if at - here > MOST_PARTS or words[here] in _AT:
        return False
    after = words[here + 1] if here + 1 < at else ""
    if words[here] in _JOINTS:
        return bool(after) and after not in _JOINTS
    if not re.fullmatch(r"[a-z0-9]+", words[here]) or words[here] in _NO_LOCAL:
        return False
    is_joined = not after or after in _JOINTS or after.isdecimal() or _is_sign(after)
    return is_joined or (_is_sign(words[here]) and words[here] not in ("a", "i"))


_SIGN_WORDS = frozenset({*DIGITS, *REPEATS})


def _is_sign(word: str) -> bool:
    return len(word) == 1 or word in _SIGN_WORDS


def _spelled(tokens: Sequence[Token]) -> str:
    """'anna dot smith four two' → 'anna.smith42'; letters and digits are read as signs."""
    spelled, at = "", 0
    while at < len(tokens):
        word = tokens[at].text
        end = at
        while end < len(tokens) and _is_sign(tokens[end].text):
            end += 1
        if end > at:
            signs = "".join(run.signs for run in runs_of(tokens[at:end]))
            has_nought = any(token.text == "oh" for token in tokens[at:end])
            spelled += (signs.replace("o", "0") if has_nought else signs).lower()
            at = end
            continue
        spelled += _JOINTS.get(word, word)
        at += 1
    return spelled


def _domain(words: list[str], at: int) -> tuple[int, str]:
    """'example dot co dot uk' → its last word's place and 'example.co.uk'."""
    labels, here = list[str](), at
    while here < len(words) and len(labels) < 5:
        label, length = _label(words, here)
        if not label:
            break
        labels.append(label)
        here += length
        if here >= len(words) or _JOINTS.get(words[here]) != ".":
            break
        here += 1
    if words[here - 1 : here] and _JOINTS.get(words[here - 1]) == ".":
        here -= 1
    is_whole = len(labels) > 1 and re.fullmatch(r"[a-z]{2,24}", labels[-1]) is not None
    return here - 1, ".".join(labels) if is_whole else ""


def _label(words: list[str], at: int) -> tuple[str, int]:
    for parts, name in _HOUSES.items():
        if tuple(words[at : at + len(parts)]) == parts:
            return name, len(parts)
    end = at
    while end < len(words) and len(words[end]) == 1 and words[end].isalnum():
        end += 1
    if end > at:
        return "".join(words[at:end]), end - at
    is_hyphened = words[at + 1 : at + 2] in (["dash"], ["hyphen"], ["-"]) and at + 2 < len(words)
    if is_hyphened and words[at + 2].isalnum():
        return f"{words[at]}-{words[at + 2]}", 3
    return (words[at], 1) if re.fullmatch(r"[a-z0-9]+", words[at]) else ("", 0)


def _typed_phones(text: str, region: str) -> Iterator[Found]:
    possible = phonenumbers.Leniency.POSSIBLE
    for stretch in islice(_STRETCH.finditer(text), MOST):
        first = stretch.start()
        for match in phonenumbers.PhoneNumberMatcher(stretch[0], region, leniency=possible):
            if _is_phone(match.number, match.raw_string):
                yield Found(_e164(match.number), TextSpan(first + match.start, first + match.end))


def _said_phones(text: str, region: str) -> Iterator[Found]:
    runs = (run for run in find_digits(text) if _SPOKEN_PHONE <= len(run.signs) <= 15)  # E.164
    for run in islice(runs, MOST):
        span = run.span(0, len(run.signs))
        plus = _PLUS.search(level(text)[: span.start])
        digits = f"+{run.signs}" if plus else run.signs
        try:
            number = phonenumbers.parse(digits, region)
        except phonenumbers.NumberParseException:
            continue
        if _is_phone(number, digits) and phonenumbers.is_possible_number(number):
            yield Found(_e164(number), TextSpan(plus.start() if plus else span.start, span.end))


def _is_phone(number: PhoneNumber, raw: str) -> bool:
    """Whether it is dialled as one: with a nought or a plus, or valid in its country.

    Numbers kept for fiction (Ofcom's 07700 900000 to 900999) are possible and not valid.
    """
    raw = raw.lstrip(" (")
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE:
        return False
    if phonenumbers.is_valid_number(number):
        return len(_national(number)) >= _SHORTEST or raw.startswith("+")
    if number.country_code == _BRITAIN:
        return raw.startswith(("+", "0")) and _BRITISH.fullmatch(_national(number)) is not None
    return raw.startswith("+") or (raw.startswith("0") and len(_national(number)) >= _SHORTEST)


def _national(number: PhoneNumber) -> str:
    return str(phonenumbers.national_significant_number(number))


def _e164(number: PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
