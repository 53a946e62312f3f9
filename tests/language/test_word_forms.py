"""Words cut stretch by stretch, and kept, are those that spaCy finds in the whole text."""

import random

import pytest
import spacy

from language.word_forms import Form, WordForms

NLP = spacy.blank("en")
FORMS = WordForms()
PARTS = (
    "hello", "Mr", "Mr.", "a.m.", "8 a.m", "I'd", "i", "id", "id.", "Can't", "gonna", "U.S.",
    "e.g.", "x@y.com", "http://a.io/b?c", "$5.00", "10/12", "half-time", "and/or", "No", "no.",
    "Ooops.", ",", ".", "?!", "...", "(", ")", '"', "-", "\n", "\t", " ", "  ", "\u00a0", "\u3000",
    "é.", "’s",
)  # fmt: skip


def _by_spacy(text: str) -> list[tuple[int, str, int]]:
    return [(token.idx, token.lower_, len(token.text)) for token in NLP(text)]


def _plainly(placed: list[tuple[int, Form]]) -> list[tuple[int, str, int]]:
    return [(start, form.lower, form.size) for start, form in placed]


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "\n", "  two  blanks ", "a \n b\n\nc", "\tx", "your id. The flight",
        "Hi, I'm Ann.",
        "at 8 a.m. or p.m.?", "it is no. 5!",
        "wait...what", "U.K. and U.S.A.", "x\u00a0y",
        "no.yes",
    ],
)  # fmt: skip
def test_words_are_those_of_spacy(text: str) -> None:
    assert _plainly(FORMS.of(text)) == _by_spacy(text)


def test_words_of_any_mixture_are_those_of_spacy() -> None:
    dice, lengths = random.Random(5), set()
    for _ in range(4000):
        text = "".join(dice.choice(PARTS) + dice.choice(("", " ")) for _ in range(6))
        found = _plainly(FORMS.of(text))
        assert found == _by_spacy(text), text
        lengths.add(len(found))
    assert len(lengths) > 8


def test_a_word_is_the_same_before_and_after_it_is_kept() -> None:
    fresh = WordForms()
    text = "Thanks, Ann. I gonna call at 8 a.m., ok?"
    assert fresh.of(text) == fresh.of(text) == FORMS.of(text)


@pytest.mark.parametrize(
    ("word", "said", "is_name", "is_sign"),
    [
        ("Ann", ("ann",), True, False),
        ("n't", ("not",), False, False),
        ("um", (), False, False),
        ("goodbye", ("good", "bye"), False, False),
        ("!", (), False, True),
    ],
)
def test_form_tells_what_a_word_is(
    word: str, said: tuple[str, ...], is_name: bool, is_sign: bool
) -> None:
    ((_, form),) = FORMS.of(word)
    assert (form.said, form.is_name, form.is_sign) == (said, is_name, is_sign)
