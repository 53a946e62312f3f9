"""Letters and digits as people say them: 'double four', 'b for bravo', 'oh', 'forty-two'.

A text becomes runs of signs. A sign is a capital letter, a digit, 'o', which may be either the
letter or nought, or 't', a ten before a digit ('ten four' is as like to be a misheard fourteen).
Whoever reads a code knows by its place which it is.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.spans import TextSpan
from language.numbers import DIGITS, REPEATS, TEENS, TENS, find_numbers
from language.values.found import level

# ICAO spelling alphabet, with its common other spellings
ALPHABET = {
    "alpha": "A", "alfa": "A", "bravo": "B", "charlie": "C", "delta": "D", "echo": "E",
    "foxtrot": "F", "golf": "G", "hotel": "H", "india": "I", "juliet": "J", "juliett": "J",
    "kilo": "K", "lima": "L", "mike": "M", "november": "N", "oscar": "O", "papa": "P",
    "quebec": "Q", "romeo": "R", "sierra": "S", "tango": "T", "uniform": "U", "victor": "V",
    "whiskey": "W", "whisky": "W", "xray": "X", "yankee": "Y", "zulu": "Z",
}  # fmt: skip
# How a recogniser writes the names of letters; 'see', 'are', 'you' and 'why' are too common
LETTER_NAMES = {
    "aitch": "H", "haitch": "H", "bee": "B", "cee": "C", "dee": "D", "eff": "F", "gee": "G",
    "jay": "J", "kay": "K", "ell": "L", "em": "M", "en": "N", "pee": "P", "cue": "Q", "queue": "Q",
    "ess": "S", "tee": "T", "vee": "V", "ex": "X", "zed": "Z", "zee": "Z",
}  # fmt: skip
SIGNS = {
    **{word: str(value) for word, value in DIGITS.items()}, **ALPHABET, **LETTER_NAMES,
    "naught": "0", "nil": "0", "o": "o", "oh": "o",
}  # fmt: skip
# Pairs of letters that are words; in lower case they are never read as letters
WORDS_OF_TWO = frozenset({
    "is", "it", "my", "at", "to", "in", "on", "so", "me", "no", "of", "or", "we", "us", "he", "be",
    "by", "an", "as", "am", "do", "go", "if", "up", "hi", "ok", "er", "um", "uh", "ah", "id", "pm",
})  # fmt: skip
PAUSES = frozenset({
    "um", "uh", "er", "erm", "dash", "hyphen", "space", "then", "-", ",", ".", "#",
})  # fmt: skip
_EXPLAINS = frozenset({"for", "like"})  # b for bravo, b like bravo; 'as in' is two words
_TOKEN = re.compile(r"[^\W\d_]+(?:'[a-z]+)?|\d+|[^\w\s]|_")


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a run of digits or one mark; `is_glued` when nothing parts it from the one before."""

    text: str
    start: int
    end: int
    is_glued: bool
    is_capital: bool

    @property
    def span(self) -> TextSpan:
        """Its place in the text."""
        return TextSpan(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Run:
    """Signs said in a row; `places[i]` is where the i-th sign was said.

    `groups[i]` is equal for signs said or written as one: 'forty two', '104', 'ten thousand'.
    """

    signs: str
    places: tuple[TextSpan, ...]
    groups: tuple[int, ...]

    def span(self, start: int, end: int) -> TextSpan:
        """Where the signs from `start` up to `end` were said."""
        return TextSpan(self.places[start].start, self.places[end - 1].end)


@dataclass(frozen=True, slots=True)
class _Piece:
    signs: str
    length: int  # tokens


def tokens_of(text: str) -> tuple[Token, ...]:
    """The words, digits and marks of a text, in lower case, with their places."""
    found: list[Token] = []
    end = -1
    for match in _TOKEN.finditer(level(text)):
        start, is_glued = match.start(), match.start() == end
        end = match.end()
        found.append(Token(match[0], start, end, is_glued, text[start:end].isupper()))
    return tuple(found)


def find_runs(text: str) -> tuple[Run, ...]:
    """All runs of letters and digits said one by one, or written in codes."""
    return tuple(runs_of(tokens_of(text)))


def runs_of(tokens: Sequence[Token]) -> Iterator[Run]:
    """The runs in tokens already cut."""
    words = [token.text for token in tokens]
    signs, places, groups = "", list[TextSpan](), list[int]()
    at = 0
    while at < len(tokens):
        piece = _piece(tokens, words, at)
        if piece is not None:
            places += _places(piece.signs, tokens[at].start, tokens[at + piece.length - 1].end)
            groups += [at] * len(piece.signs)
            signs += piece.signs
            at += piece.length
            continue
        if signs and words[at] not in PAUSES:
            yield Run(signs, tuple(places), tuple(groups))
            signs, places, groups = "", [], []
        at += 1
    if signs:
        yield Run(signs, tuple(places), tuple(groups))


def find_digits(text: str) -> tuple[Run, ...]:
    """Runs of digits alone; an 'oh' is nought, letters end a run."""
    found: list[Run] = []
    for run in find_runs(text):
        for match in re.finditer(r"[0-9o]+", run.signs):
            start, end = match.span()
            digits = match[0].replace("o", "0")
            if match[0].strip("o"):
                found.append(Run(digits, run.places[start:end], run.groups[start:end]))
    return tuple(found)


def _places(signs: str, start: int, end: int) -> list[TextSpan]:
    """Written signs have each their own place; said ones share that of their words."""
    if end - start == len(signs) > 1:
        return [TextSpan(at, at + 1) for at in range(start, end)]
    return [TextSpan(start, end)] * len(signs)


def _piece(tokens: Sequence[Token], words: list[str], at: int) -> _Piece | None:
    word = words[at]
    if word.isdecimal():
        return _Piece(word, 1)
    if not word[0].isalpha():
        return None
    if len(word) == 1:
        return _explained(words, at) or _one(tokens, words, at)
    return _repeated(tokens, words, at) or _pair_or_more(words, at) or _one(tokens, words, at)


def _repeated(tokens: Sequence[Token], words: list[str], at: int) -> _Piece | None:
    """'double four', 'triple seven', 'double a'; 'double u' is a letter."""
    if words[at] not in REPEATS or at + 1 >= len(words):
        return None
    if words[at] == "double" and words[at + 1] in ("u", "you"):
        return _Piece("W", 2)
    piece = _one(tokens, words, at + 1)
    if piece is None and len(words[at + 1]) == 1 and words[at + 1].isdecimal():
        piece = _Piece(words[at + 1], 1)
    if piece is None or len(piece.signs) > 1:
        return None
    return _Piece(piece.signs * REPEATS[words[at]], 2)


def _explained(words: list[str], at: int) -> _Piece | None:
    """'b for bravo', 'm as in mother': a letter and a word that begins with it."""
    letter = words[at]
    if len(letter) > 1 or not ("a" <= letter <= "z"):
        return None
    if at + 2 < len(words) and words[at + 1] in _EXPLAINS:
        length = 3
    elif at + 3 < len(words) and words[at + 1 : at + 3] == ["as", "in"]:
        length = 4
    else:
        return None
    named = words[at + length - 1]
    return _Piece(letter.upper(), length) if len(named) > 1 and named[0] == letter else None


def _pair_or_more(words: list[str], at: int) -> _Piece | None:
    """Digits said together: 'forty two', 'fourteen', 'nine hundred', 'ten thousand and six'."""
    word = words[at]
    after = words[at + 1] if at + 1 < len(words) else ""
    if word not in DIGITS and word not in TENS and word not in TEENS:
        return None
    thousands = _thousands(words, at)
    if thousands is not None:
        return thousands
    if word in DIGITS and DIGITS[word] and after == "hundred":
        return _hundreds(words, at)
    if word in TENS:
        start = at + 2 if after == "-" else at + 1
        unit = DIGITS.get(words[start], 0) if start < len(words) else 0
        return (
            _Piece(str(TENS[word] + unit), start + 1 - at) if unit else _Piece(f"{TENS[word]}", 1)
        )
    if word == "ten" and DIGITS.get(after):
        return _Piece("t", 1)
    return _Piece(str(TEENS[word]), 1) if word in TEENS else None


def _hundreds(words: list[str], at: int) -> _Piece:
    """'nine hundred' are three digits; with an 'and' the rest belongs to the number."""
    if words[at + 2 : at + 3] == ["and"]:
        number = find_numbers(words[at : at + 6])[0]
        if number.length > 2:
            return _Piece(number.value, number.length)
    return _Piece(f"{DIGITS[words[at]]}00", 2)


_LONGEST_NUMBER = 10  # words: 'ninety nine thousand nine hundred and ninety nine' has eight


def _thousands(words: list[str], at: int) -> _Piece | None:
    if "thousand" not in words[at + 1 : at + 5]:
        return None
    window = words[at : at + _LONGEST_NUMBER]
    numbers = find_numbers([word for word in window if word != "-"])
    if not numbers or numbers[0].start or "thousand" not in window[: numbers[0].length]:
        return None
    return _Piece(numbers[0].value, numbers[0].length)


def _one(tokens: Sequence[Token], words: list[str], at: int) -> _Piece | None:
    """One digit word, one letter, its name, or a few letters that are written as a code."""
    word = words[at]
    if word in SIGNS:
        return _Piece(SIGNS[word], 1)
    if not (word.isascii() and word.isalpha() and len(word) <= 2):
        return None
    is_code = tokens[at].is_capital or _is_glued_to_digits(tokens, at)
    if word in WORDS_OF_TWO and not is_code:
        return None
    return _Piece(word.upper().replace("O", "o"), 1)


def _is_glued_to_digits(tokens: Sequence[Token], at: int) -> bool:
    before = tokens[at].is_glued and tokens[at - 1].text.isdecimal()
    after = tokens[at + 1 : at + 2]
    return before or bool(after and after[0].is_glued and after[0].text.isdecimal())
