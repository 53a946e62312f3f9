"""Reading turns: spaCy's words in one spelling, names marked, and phrases found in them."""

import re
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TypeAlias

from core.spans import TextSpan
from language.near import Letters, NearMatch, find_near, letters_of
from language.numbers import DIGITS, MULTIPLIERS, TEENS, TENS
from language.phrase_set import Match, PhraseSet
from language.word_forms import Placed, WordForms
from language.word_places import WordPlaces

BEFORE_ID = frozenset({
    "your", "my", "the", "a", "an", "his", "her", "their", "account", "member", "user", "order",
    "customer", "photo", "patient", "booking", "login", "employee", "policy", "valid", "of",
})  # fmt: skip
RESTART_WORDS = 4  # 'how can i how can i help'; longer repeats are said on purpose
KEPT_SPANS = 16_384  # 3 MB
KEPT_READINGS = 4096  # turns; a long call has some hundreds, so one conversation always fits
_TAGS = re.compile(r"\[[a-z_ -]{1,20}\]|<[a-z_/ -]{1,20}>", re.IGNORECASE)  # [noise], <unk>
# The tokenizer's time grows with the cube of a run of signs; no run of 8 and more says anything.
_SIGNS = re.compile(r"(?<=(?:[^\w\s]|_){8})(?:[^\w\s]|_)+")
LONGEST_WORD = 60  # characters
_LONG = re.compile(
    rf"(\S{{{LONGEST_WORD}}})\S"
)  # a longer run is no word, and 'a's's's' costs as its square
_MANY_SIGNS = re.compile(r"(?:[^\w\s]|_){9}")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"'})


ReadWord: TypeAlias = tuple[str, TextSpan, int, bool]  # word, place, sentence, may be a name


@dataclass(frozen=True)  # no slots: cached_property keeps its value in the instance
class Reading:
    """A text's normalised words; word i stands at `spans[i]`, in sentence `sentences[i]`.

    `names[i]` tells whether it may be a first name.
    """

    text: str
    words: tuple[str, ...]
    spans: tuple[TextSpan, ...]
    sentences: tuple[int, ...]
    names: tuple[bool, ...]

    @cached_property
    def vocabulary(self) -> frozenset[str]:
        """Its different words."""
        return frozenset(self.words)

    @cached_property
    def places(self) -> WordPlaces:
        """Where its words stand, for phrases."""
        return WordPlaces([self])

    @cached_property
    def letters(self) -> Letters:
        """Its words as sounds, for near forms."""
        return letters_of(self.words, self.spans)

    def span(self, start: int, end: int) -> TextSpan:
        """The characters of words `start` up to, not including, `end`."""
        return TextSpan(self.spans[start].start, self.spans[end - 1].end)

    def near(self, phrase: str, *, least: float = 0.0) -> NearMatch | None:
        """The stretch of whole words that sounds most like `phrase`, if as alike as `least`."""
        found = find_near(phrase, self.letters, least=least)
        if found is None:
            return None
        touched = [span for span in self.spans if span.overlaps(found.span)]
        return NearMatch(TextSpan(touched[0].start, touched[-1].end), found.likeness)


class Pipeline:
    """A blank English pipeline with its compiled phrases; build it once and pass it in."""

    def __init__(self) -> None:
        self._word_forms = WordForms()
        self._phrases: dict[tuple[str, ...], PhraseSet] = {}
        self._readings: OrderedDict[str, Reading] = OrderedDict()

    def read(self, text: str) -> Reading:
        """The reading of a text; recent ones are kept, so that many questions may ask."""
        reading = self._readings.get(text)
        if reading is None:
            reading = self._readings[text] = self._read(text)
            if len(self._readings) > KEPT_READINGS:
                self._readings.popitem(last=False)
        return reading

    def find(self, reading: Reading, phrases: tuple[str, ...]) -> tuple[Match, ...]:
        """Where any of `phrases` stands, in order, the longest where several overlap."""
        return self.phrases(phrases).find(reading.places)

    def phrases(self, phrases: tuple[str, ...]) -> PhraseSet:
        """The phrases compiled, once in a pipeline; ask for it once to look through many texts."""
        compiled = self._phrases.get(phrases)
        if compiled is None:
            compiled = self._phrases[phrases] = PhraseSet(phrases)
        return compiled

    def _read(self, text: str) -> Reading:
        words: list[ReadWord] = []
        last, sentence, is_start = "", 0, True
        plain = _plain(text)
        forms = self._word_forms.of(plain)
        ids = _ids(forms) if "id" in plain.lower() else frozenset()
        for at, (start, form) in enumerate(forms):
            said, _, size, ends_sentence, is_sign, is_name, is_capital = form
            if ends_sentence:
                sentence, is_start = sentence + 1, True
            if is_capital and not is_name:
                is_name = not is_start or _speaks(forms, at)
            is_start = is_start and is_sign
            if ids and at - 1 in ids:
                continue
            if ids and at in ids:
                said, size = ("id",), size + 1
            if not said:
                continue
            span = _span(start, start + size)
            for word in said:
                if word != last or _is_digit(word):  # 'the the light'
                    words.append((word, span, sentence, is_name))
                    last = word
        return _reading(text, _without_restarts(words))


@lru_cache(maxsize=KEPT_SPANS)
def _span(start: int, end: int) -> TextSpan:
    """The span, which is the same object wherever it is the same: most turns have the same few."""
    return TextSpan(start, end)


def _reading(text: str, words: list[ReadWord]) -> Reading:
    return Reading(text, *zip(*words, strict=True)) if words else Reading(text, (), (), (), ())


def _speaks(forms: Sequence[Placed], at: int) -> bool:
    """Whether 'here' or 'speaking' comes next: 'Wei here', where a sentence begins."""
    return at + 1 < len(forms) and forms[at + 1][1].lower in ("here", "speaking")


def _ids(forms: Sequence[Placed]) -> frozenset[int]:
    """Where 'i' and the 'd' glued to it are a number's name and not 'i would': 'your id'."""
    return frozenset(
        at
        for at in range(1, len(forms) - 1)
        if forms[at][1].lower == "i"
        and forms[at + 1][1].lower == "d"
        and forms[at + 1][0] == forms[at][0] + 1
        and forms[at - 1][1].lower in BEFORE_ID
    )


def _plain(text: str) -> str:
    """The text with one kind of quote mark, without marks such as [noise]; same length."""
    plain = text if text.isascii() and "`" not in text else text.translate(_QUOTES)
    if "[" in plain or "<" in plain:
        plain = _TAGS.sub(_blank, plain)
    if _MANY_SIGNS.search(plain):
        plain = _SIGNS.sub(_blank, plain)
    return _LONG.sub(r"\1 ", plain) if len(plain) > LONGEST_WORD else plain


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _without_restarts(words: list[ReadWord]) -> list[ReadWord]:
    """The words without what a speaker began twice: 'this is, uh, this is Ann'; numbers stay."""
    said = [word for word, _, _, _ in words]
    if len(set(pairwise(said))) >= len(said) - 1:  # what is begun twice has two words twice
        return words
    kept: list[ReadWord] = []
    for word in words:
        kept.append(word)
        for size in range(2, RESTART_WORDS + 1):
            if len(kept) < 2 * size or kept[-1 - size][0] != word[0]:
                continue
            again = [said for said, _, _, _ in kept[-size:]]
            before = [said for said, _, _, _ in kept[-2 * size : -size]]
            if again == before and not any(map(_is_number, again)):
                del kept[-2 * size : -size]
                break
    return kept


def _is_digit(word: str) -> bool:
    return word in DIGITS or word.isdecimal()


def _is_number(word: str) -> bool:
    return _is_digit(word) or word in TEENS or word in TENS or word in MULTIPLIERS
