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
        if self._is_word(written):
            said = _said(written.lower(), written.lower())
            placed: _Stretch = ((0, self._form(written, said, is_sign=False)),)
        elif written[-1] in _LAST_SIGNS and self._is_word(written[:-1], before=written):
            word, sign = written[:-1], written[-1]
            ((_, last),) = self._stretches.get(sign) or self._cut(sign)
            placed = (*(self._stretches.get(word) or self._cut(word)), (len(word), last))
        else:
            placed = tuple((each.idx, self._of_token(each)) for each in self._tokenizer(written))
        self._stretches[written] = placed
        return placed

    def _is_word(self, written: str, *, before: str = "") -> bool:
        """Whether spaCy takes it for one word that is its own norm, and cuts the sign behind it.

        `before`: it and that sign, which must be no exception either.
        """
        is_plain = written.isascii() and written.isalpha() and written[-1].islower()
        return is_plain and self._exceptions.isdisjoint((written, before))

    def _of_token(self, token: Token) -> Form:
        """The token's form, kept: one word's is the same wherever it stands."""
        form = self._forms.get((token.orth, token.norm))
        if form is None:
            if len(self._forms) >= KEPT_FORMS:
                self._forms.clear()
            is_silent = token.is_space or (token.is_punct and token.text != "&")
            said = () if is_silent else _said(token.lower_, token.norm_.lower())
            form = self._form(token.text, said, is_sign=token.is_punct or token.is_space)
            self._forms[token.orth, token.norm] = form
        return form

    def _form(self, written: str, said: tuple[str, ...], *, is_sign: bool) -> Form:
        text = written.removesuffix(".")  # 'Mo.' is one token of the tokenizer
        lower = text.lower()
        may_be_name = text.isalpha() and len(lower) >= 2 and lower not in self._not_names
        return Form(
            said,
            written.lower(),
            len(written),
            written in _SENTENCE_ENDS or "\n" in written,
            is_sign,
            may_be_name and (lower in self._names or self._sounds_like_name(lower)),
            may_be_name and text.istitle(),
        )

    def _sounds_like_name(self, lower: str) -> bool:
        return len(lower) >= SOUND_NAME and sounds_of(lower) in self._name_sounds


def _said(lower: str, norm: str) -> tuple[str, ...]:
    """A word in full, as one or more words; nothing for a filler."""
    word = FULL_FORMS.get(lower, FULL_FORMS.get(norm, norm))
    return tuple(part for part in word.split() if part not in FILLERS)
