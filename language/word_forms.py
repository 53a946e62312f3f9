"""What each word of a text is to the rules: spaCy's words in one spelling, kept by what is written.

Most of what is said is of the same few thousand words, so spaCy cuts each stretch between blanks
once, and it is looked up from then on. Its rules do not look beyond a blank, so the words are those
that it finds in the whole text. (The one exception says nothing: where faces of signs overlap
across a blank, ')( :(', it cuts the second apart.)
"""

import re
from typing import NamedTuple, TypeAlias

import spacy
from spacy.language import create_tokenizer
from spacy.tokens import Token

from language.near import sounds_of
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
SOUND_NAME = 5  # letters; shorter words share their sound with too many others
KEPT_FORMS = 16_384  # words, 4 MB; nearly all that is said is of these
KEPT_STRETCHES = 16_384  # with the signs at words; 8 MB
# As spaCy cuts: a blank behind a word is its end, any other run of blanks is a word of its own.
_STRETCH = re.compile(r"\S+|[^\S ]\s*|(?<= )\s+|\A\s+")
_LAST_SIGNS = frozenset(",.?!")
_SENTENCE_ENDS = frozenset({".", "!", "?", "...", "…", "?!", "!!", "??"})


class Form(NamedTuple):
    """What a word is wherever it stands; a capital makes a name only where none is due."""

    said: tuple[str, ...]  # as normalised words; none for a sign or a filler
    lower: str  # as written, in small letters
    size: int
    ends_sentence: bool
    is_sign: bool
    is_name: bool
    is_capital: bool


Placed: TypeAlias = tuple[int, Form]  # where in the text it begins, and what it is
_Stretch: TypeAlias = tuple[Placed, ...]  # places counted from the stretch's own start


class WordForms:
    """A blank English tokenizer of spaCy with a memory."""

    def __init__(self) -> None:
        self._tokenizer = create_tokenizer()(spacy.blank("en"))
        self._exceptions = frozenset(self._tokenizer.rules)  # 'a.m.', 'Mr.'
        self._names = load_words("first_names")
        self._name_sounds = {sounds_of(name) for name in self._names if len(name) >= SOUND_NAME}
        self._not_names = load_words("not_names")
        self._forms: dict[tuple[int, int], Form] = {}  # by spaCy's numbers of word and norm
        self._stretches: dict[str, _Stretch] = {}

    def of(self, text: str) -> list[Placed]:
        """The forms of a text's words, signs and odd blanks, in order."""
        known, placed = self._stretches, list[Placed]()
        for found in _STRETCH.finditer(text):
            start, written = found.start(), found[0]
            for place, form in known.get(written) or self._cut(written):
                placed.append((start + place, form))
        return placed

    def _cut(self, written: str) -> _Stretch:
        if len(self._stretches) >= KEPT_STRETCHES:
            self._stretches.clear()
        if self._is_word_and_sign(written):
            ((_, sign),) = self._stretches.get(written[-1]) or self._cut(written[-1])
            word = self._stretches.get(written[:-1]) or self._cut(written[:-1])
            placed: _Stretch = (*word, (len(written) - 1, sign))
        else:
            placed = tuple(
                (token.idx, self._forms.get((token.orth, token.norm)) or self._form(token))
                for token in self._tokenizer(written)
            )
        self._stretches[written] = placed
        return placed

    def _is_word_and_sign(self, written: str) -> bool:
        """Whether spaCy cuts off its last sign, whatever the letters before it: 'hello,'."""
        word = written[:-1]
        is_word = word.isascii() and word.isalpha() and word[-1].islower()
        is_plain = self._exceptions.isdisjoint((word, written))
        return is_word and is_plain and written[-1] in _LAST_SIGNS

    def _form(self, token: Token) -> Form:
        """The token's form, kept: one word's is the same wherever it stands."""
        if len(self._forms) >= KEPT_FORMS:
            self._forms.clear()
        text = token.text.removesuffix(".")  # 'Mo.' is one token of the tokenizer
        lower = text.lower()
        may_be_name = text.isalpha() and len(lower) >= 2 and lower not in self._not_names
        form = Form(
            _normal(token),
            token.lower_,
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


def _normal(token: Token) -> tuple[str, ...]:
    if token.is_space or (token.is_punct and token.text != "&"):
        return ()
    word = token.norm_.lower()
    word = FULL_FORMS.get(token.lower_, FULL_FORMS.get(word, word))
    return tuple(part for part in word.split() if part not in FILLERS)
