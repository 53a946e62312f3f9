"""Reading turns: spaCy's words in one spelling, names marked, and phrases found in them."""

import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, TypeAlias

import spacy
from spacy.tokens import Token

from core.spans import TextSpan
from language.near import Letters, NearMatch, find_near, letters_of, sounds_of
from language.numbers import DIGITS, MULTIPLIERS, TEENS, TENS
from language.phrase_set import Match, PhraseSet
from language.word_lists import load_words

FULL_FORMS = {
    "m": "am", "s": "is", "'m": "am", "'re": "are", "'s": "is", "'ll": "will", "'ve": "have",
    "'d": "would", "n't": "not", "nt": "not", "ca": "can", "wo": "will", "&": "and",
    "thru": "through", "ya": "you", "u": "you", "ur": "your", "pls": "please", "okay": "ok",
    "thankyou": "thank you", "cuz": "because", "sry": "sorry", "apologize": "apologise",
    "apologizing": "apologising", "alright": "all right", "goodbye": "good bye",
    "anymore": "any more", "thx": "thanks",
}  # fmt: skip
FILLERS = frozenset({"um", "uh", "er", "erm", "uhm", "hm", "hmm", "mm", "mhm"})
BEFORE_ID = frozenset({
    "your", "my", "the", "a", "an", "his", "her", "their", "account", "member", "user", "order",
    "customer", "photo", "patient", "booking", "login", "employee", "policy", "valid", "of",
})  # fmt: skip
SOUND_NAME = 5  # letters; shorter words share their sound with too many others
RESTART_WORDS = 4  # 'how can i how can i help'; longer repeats are said on purpose
KEPT_FORMS = 16_384  # words, 4 MB; nearly all that is said is of these
KEPT_READINGS = 4096  # turns; a long call has some hundreds, so one conversation always fits
_TAGS = re.compile(r"\[[a-z_ -]{1,20}\]|<[a-z_/ -]{1,20}>", re.IGNORECASE)  # [noise], <unk>
# The tokenizer's time grows with the cube of a run of signs; no run of 8 and more says anything.
_SIGNS = re.compile(r"(?<=(?:[^\w\s]|_){8})(?:[^\w\s]|_)+")
_LONG = re.compile(r"(\S{60})\S")  # a longer run is no word, and 'a's's's' costs as its square
_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"'})
_SENTENCE_ENDS = frozenset({".", "!", "?", "...", "…", "?!", "!!", "??"})


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


class _Form(NamedTuple):
    """What a word is wherever it stands; a capital makes a name only where none is due."""

    said: tuple[str, ...]  # as normalised words; none for a sign or a filler
    size: int
    ends_sentence: bool
    is_sign: bool
    is_name: bool
    is_capital: bool


class Pipeline:
    """A blank English pipeline with its compiled phrases; build it once and pass it in."""

    def __init__(self) -> None:
        self._nlp = spacy.blank("en")
        self._names = load_words("first_names")
        self._name_sounds = {sounds_of(name) for name in self._names if len(name) >= SOUND_NAME}
        self._not_names = load_words("not_names")
        self._phrases: dict[tuple[str, ...], PhraseSet] = {}
        self._readings: OrderedDict[str, Reading] = OrderedDict()
        self._forms: dict[tuple[int, int], _Form] = {}  # by spaCy's numbers of word and norm

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
        return self.phrases(phrases).find(reading)

    def phrases(self, phrases: tuple[str, ...]) -> PhraseSet:
        """The phrases compiled, once in a pipeline; ask for it once to look through many texts."""
        compiled = self._phrases.get(phrases)
        if compiled is None:
            compiled = self._phrases[phrases] = PhraseSet(phrases)
        return compiled

    def _read(self, text: str) -> Reading:
        words: list[ReadWord] = []
        sentence, is_start = 0, True
        plain = _plain(text)
        may_hold_id = "id" in plain.lower()
        for token in self._nlp.tokenizer(plain):
            form = self._forms.get((token.orth, token.norm)) or self._form(token)
            if form.ends_sentence:
                sentence, is_start = sentence + 1, True
            is_name = form.is_name or (form.is_capital and (not is_start or _speaks(token)))
            is_start = is_start and form.is_sign
            if may_hold_id and token.i and _is_id(token.nbor(-1)):
                continue
            is_id = may_hold_id and _is_id(token)
            said = ("id",) if is_id else form.said
            if not said:
                continue
            span = TextSpan(token.idx, token.idx + form.size + is_id)
            for word in said:
                if not words or word != words[-1][0] or _is_digit(word):  # 'the the light'
                    words.append((word, span, sentence, is_name))
        return _reading(text, _without_restarts(words))

    def _form(self, token: Token) -> "_Form":
        """The token's form, kept: one word's is the same wherever it stands."""
        if len(self._forms) >= KEPT_FORMS:
            self._forms.clear()
        text = token.text.removesuffix(".")  # 'Mo.' is one token of the tokenizer
        lower = text.lower()
        may_be_name = text.isalpha() and len(lower) >= 2 and lower not in self._not_names
        form = _Form(
            _normal(token),
            len(token.text),
            token.text in _SENTENCE_ENDS or "\n" in token.text,
            token.is_punct or token.is_space,
            may_be_name and (lower in self._names or self._sounds_like_name(lower)),
            may_be_name and text.istitle(),
        )
        self._forms[token.orth, token.norm] = form
        return form

    def _sounds_like_name(self, lower: str) -> bool:
        return len(lower) >= SOUND_NAME and sounds_of(lower) in self._name_sounds


def _reading(text: str, words: list[ReadWord]) -> Reading:
    return Reading(text, *zip(*words, strict=True)) if words else Reading(text, (), (), (), ())


def _speaks(token: Token) -> bool:
    """Whether 'here' or 'speaking' comes next: 'Wei here', where a sentence begins."""
    if token.i + 1 >= len(token.doc):
        return False
    return token.nbor().lower_ in ("here", "speaking")


def _is_id(token: Token) -> bool:
    """Whether 'i' and the 'd' glued to it are a number's name and not 'i would': 'your id'."""
    if token.lower_ != "i" or token.whitespace_ or not 0 < token.i < len(token.doc) - 1:
        return False
    return token.nbor().lower_ == "d" and token.nbor(-1).lower_ in BEFORE_ID


def _plain(text: str) -> str:
    """The text with one kind of quote mark, without marks such as [noise]; same length."""
    plain = _TAGS.sub(_blank, text.translate(_QUOTES))
    return _LONG.sub(r"\1 ", _SIGNS.sub(_blank, plain))


def _blank(found: re.Match[str]) -> str:
    return " " * len(found.group())


def _normal(token: Token) -> tuple[str, ...]:
    if token.is_space or (token.is_punct and token.text != "&"):
        return ()
    word = token.norm_.lower()
    word = FULL_FORMS.get(token.lower_, FULL_FORMS.get(word, word))
    return tuple(part for part in word.split() if part not in FILLERS)


def _without_restarts(words: list[ReadWord]) -> list[ReadWord]:
    """The words without what a speaker began twice: 'this is, uh, this is Ann'; numbers stay."""
    kept: list[ReadWord] = []
    if len({word for word, _, _, _ in words}) == len(words):
        return words
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
