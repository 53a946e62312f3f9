"""Names put right by their sound, and the ordinary words beside them that stay."""

import pytest

from core.conversation import Timing, Word
from core.recording import Segment
from core.spans import TimeSpan
from speech.sounding import least_unlikeness, unlikeness
from speech.vocabulary import Vocabulary

NAMES = ("Harbour & Pine", "Zendrix", "Oslo", "Paige", "Quillon", "Halvorsen", "Kia", "Brightwater")


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return Vocabulary(NAMES)


def _said(text: str, probability: float | None = 0.9) -> Segment:
    words = tuple(
        Word(each, TimeSpan(n, n + 0.5), probability, Timing.ALIGNED)
        for n, each in enumerate(text.split())
    )
    return Segment(1, TimeSpan(0, len(words)), text, words)


@pytest.mark.parametrize(
    ("heard", "expected"),
    [
        ("thank you for calling harder and pine, how", "thank you for calling Harbour & Pine, how"),
        ("Harbor and Pine. Hello", "Harbour & Pine. Hello"),
        ("a zen drix from you", "a Zendrix from you"),
        ("my Hendrix's leg is broken", "my Zendrix's leg is broken"),
        ("through to Quillen, please", "through to Quillon, please"),
        ("my name is Hal Vorson", "my name is Halvorsen"),
        # right as they are, or only like a name in part
        ("Paige said so", "Paige said so"),
        ("at the harbor in the morning", "at the harbor in the morning"),
        ("the pine table", "the pine table"),
        ("harbour walls and pine trees", "harbour walls and pine trees"),
        # ordinary words that sound like names, heard with confidence
        ("please turn the page now", "please turn the page now"),
        ("he sat as low as he could", "he sat as low as he could"),
        ("give me the key a moment", "give me the key a moment"),
        ("the bright motor runs", "the bright motor runs"),
        ("will you call him", "will you call him"),
        ("it is also here", "it is also here"),
        ("", ""),
    ],
)
def test_corrected(vocabulary: Vocabulary, heard: str, expected: str) -> None:
    assert vocabulary.corrected(_said(heard)).text == expected


@pytest.mark.parametrize(("probability", "changed"), [(0.9, False), (0.5, False), (0.3, True)])
def test_an_ordinary_word_gives_way_only_when_unsure(
    vocabulary: Vocabulary, probability: float, changed: bool
) -> None:
    text = vocabulary.corrected(_said("my colleague page will call", probability)).text
    assert ("Paige" in text) is changed


def test_a_recogniser_without_probabilities_keeps_ordinary_words(vocabulary: Vocabulary) -> None:
    assert vocabulary.corrected(_said("page called", None)).text == "page called"


def test_a_name_keeps_what_was_heard_and_when(vocabulary: Vocabulary) -> None:
    segment = vocabulary.corrected(_said("this is hal vorson, hello", 0.7))
    assert segment.text == "this is Halvorsen, hello"
    name = segment.words[2]
    assert (name.text, name.heard, name.span) == ("Halvorsen,", "hal vorson,", TimeSpan(2, 3.5))
    assert (name.probability, name.timing) == (0.7, Timing.ALIGNED)
    assert segment.words[3].heard is None


@pytest.mark.parametrize(
    ("one", "other", "least", "most"),
    [
        ("K AE T", "K AE T", 0.0, 0.0),
        ("K AE T", "G AE T", 0.1, 0.15),  # voiced or not
        ("K AE T", "K AH T", 0.1, 0.15),  # vowels alike
        ("K AE T", "K OY T", 0.15, 0.25),  # vowels unlike
        ("K AE T", "M AE T", 0.3, 0.35),
        ("K AE T", "", 0.8, 1.0),
        ("", "", 0.0, 0.0),
    ],
)
def test_unlikeness(one: str, other: str, least: float, most: float) -> None:
    there, back = unlikeness(one.split(), other.split()), unlikeness(other.split(), one.split())
    assert there == back
    assert least_unlikeness(one.split(), other.split()) <= there
    assert least <= there <= most


def test_no_names_change_nothing() -> None:
    assert Vocabulary([]).corrected(_said("hello there")).text == "hello there"
