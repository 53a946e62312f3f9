"""Phrases are found exactly where spaCy's own matcher finds their written-out forms."""

import random
from collections.abc import Iterator, Mapping

import pytest
import spacy
from spacy.matcher import Matcher
from spacy.tokens import Doc

from core.errors import BadInput
from language.phrase_set import Match, PhraseSet
from language.phrases import NAME_TAG, parse_phrase
from language.pipeline import Pipeline, Reading
from language.word_places import WordPlaces
from qa.cards import load_scorecard

PIPELINE = Pipeline()
VOCAB = spacy.blank("en").vocab
WRITTEN = (
    "my name is {name}", "this is {word} speaking", "is there ... else", "[so] how (can|may) i",
    "[thank you|thanks] for ... (calling|your call)", "(good morning|hello) [there] {name}",
    "{name} here", "... else", "you [all] set [now]", "(all right|right) then [{word}]",
)  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "text", "is_found"),
    [
        ("Thank You For Calling Acme", "thank you for calling Acme", True),
        ("i'm so sorry", "I'm so sorry.", True),
        ("I’m so sorry", "i am so sorry", True),
        ("(I'm|we're) sorry", "we are sorry", True),
        ("[don't] worry", "do not worry", True),
        ("you can't (lose|Fail)", "you cannot fail", True),
        ("Goodbye", "good bye", True),
        ("your id", "what is your id please", True),
        ("five o'clock", "at five o'clock", True),
        ("i'm so sorry", "I was so sorry", False),
        ("can't lose", "can lose", False),
    ],
)
def test_phrases_are_read_as_what_is_said_is(phrase: str, text: str, is_found: bool) -> None:
    assert bool(PIPELINE.find(PIPELINE.read(text), (phrase,))) is is_found


def test_a_phrase_of_a_filler_is_refused() -> None:
    with pytest.raises(BadInput, match="a sound that is not written down"):
        parse_phrase("(um|well) hello")


def _shipped(value: object) -> Iterator[tuple[str, ...]]:
    """Every list of phrases in the options of a question."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in ("phrases", "unless", "cues", "problems", "loose"):
                yield tuple(str(phrase) for phrase in inner)
            else:
                yield from _shipped(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _shipped(inner)


def _by_spacy(phrases: tuple[str, ...], reading: Reading) -> tuple[Match, ...]:
    tags = [NAME_TAG if is_name else "-" for is_name in reading.names]
    doc = Doc(VOCAB, words=list(reading.words), tags=tags)
    spans = set()
    for phrase in phrases:
        matcher = Matcher(VOCAB)
        matcher.add(phrase, [list(form) for form in parse_phrase(phrase).forms])
        spans |= {(start, end) for _, start, end in matcher(doc)}
    found: list[Match] = []
    for start, end in sorted(spans, key=lambda span: (span[0], -span[1])):
        if not found or start >= found[-1].end:
            found.append(Match(start, end))
    return tuple(found)


def _texts(phrases: tuple[str, ...], count: int) -> Iterator[str]:
    """Words of the phrases in any order, and each phrase's forms with words between."""
    dice = random.Random(7)
    forms = [form for phrase in phrases for form in parse_phrase(phrase).forms]
    for _ in range(count):
        words: list[str] = []
        for form in dice.choices(forms, k=3):
            for token in form:
                orth = token.get("ORTH", "Ann" if dice.random() < 0.7 else "blue")
                word = dice.choice(orth["IN"]) if isinstance(orth, dict) else orth
                words += [word] if dice.random() < 0.9 else []
                words += ["else"] if dice.random() < 0.05 else []
        yield " ".join(words)


@pytest.mark.parametrize("phrases", [WRITTEN, *((phrase,) for phrase in WRITTEN)])
def test_phrases_are_found_where_spacy_finds_them(phrases: tuple[str, ...]) -> None:
    compiled, hits = PhraseSet(phrases), 0
    for text in _texts(phrases, 120):
        reading = PIPELINE.read(text)
        found = compiled.find(reading.places)
        assert found == _by_spacy(phrases, reading), text
        hits += len(found)
    assert hits > 40


def test_shipped_phrases_are_found_where_spacy_finds_them() -> None:
    lists = {
        phrases
        for question in load_scorecard("service").questions
        for phrases in _shipped(question.options)
        if phrases
    }
    assert len(lists) > 10
    for phrases in sorted(lists):
        compiled = PhraseSet(phrases)
        for text in _texts(phrases, 2):
            reading = PIPELINE.read(text)
            assert compiled.find(reading.places) == _by_spacy(phrases, reading), (phrases, text)


def test_no_phrase_is_found_in_nothing() -> None:
    assert PhraseSet(WRITTEN).find(PIPELINE.read("...").places) == ()
    assert PhraseSet(()).find(PIPELINE.read("my name is Ann").places) == ()


def test_no_phrase_goes_from_one_text_into_the_next() -> None:
    texts = [PIPELINE.read(text) for text in ("is there anything", "else today", "anything else")]
    places = WordPlaces(texts)
    phrases = PhraseSet(["anything else", "there ... today", "anything {word}"])
    assert places.starts == [0, 4, 7]
    assert phrases.find(places) == (Match(7, 9),)


def test_phrases_begin_within_the_places_asked_for() -> None:
    texts = [PIPELINE.read(text) for text in ("hello ann", "good day", "hello bob")]
    places = WordPlaces(texts)
    phrases = PhraseSet(["hello {name}", "good day"])
    assert phrases.find(places) == (Match(0, 2), Match(3, 5), Match(6, 8))
    assert phrases.find(places, places.texts[1] | places.texts[2]) == (Match(3, 5), Match(6, 8))
    assert phrases.find(places, 0) == ()
