"""Words in one spelling, numbers in one form, near forms by sound, moods by turn."""

import random
import time

import pytest

from core.errors import BadInput
from core.spans import TextSpan
from language.details import find_details
from language.near import find_near, letters_of, likeness
from language.numbers import find_numbers
from language.phrases import parse_phrase
from language.pipeline import Pipeline
from language.sentiment import trace, turn_sentiment
from tests.build import chat

PIPELINE = Pipeline()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I'm sorry, we can’t", "i am sorry we can not"),
        ("Okay... GOODBYE!", "ok good bye"),
        ("um the the light [noise] <unk>", "the light"),
        ("this is uh this is carol", "this is carol"),
        ("how can i how can i how can i help", "how can i help"),
        ("four two four two, twenty two twenty two", "four two four two twenty two twenty two"),
        ("is it is it not", "is it not"),
        (
            "what is your member id, i'd say id like it",
            "what is your member id i would say i would like it",
        ),
        ("won't it's you'll cannot", "will not it is you will can not"),
        ("Harbour & Pine", "harbour and pine"),
        ("", ""),
    ],
)
def test_reading_normalises_words(text: str, words: str) -> None:
    reading = PIPELINE.read(text)
    assert " ".join(reading.words) == words
    assert all(span.of(text) for span in reading.spans)


@pytest.mark.parametrize(
    ("phrase", "text", "quote"),
    [
        ("how (can|may) (i|we) [best] help", "So how may I help you?", "how may I help"),
        ("is there ... else", "is there really anything at all else", None),  # a gap of four
        ("is there ... else", "Is there anything else?", "Is there anything else"),
        ("my name is {name}", "my name is ann", "my name is ann"),
        ("my name is {name}", "My name is Bogomila.", "My name is Bogomila"),
        ("my name is {name}", "my name is not on it", None),
        ("i am {name}", "I'm sorry", None),
        ("(date of birth|pin)", "your date of birth please", "date of birth"),
    ],
)
def test_find_matches_the_notation(phrase: str, text: str, quote: str | None) -> None:
    reading = PIPELINE.read(text)
    found = PIPELINE.find(reading, (phrase,))
    quotes = [reading.span(match.start, match.end).of(text) for match in found]
    assert quotes == ([quote] if quote else [])


@pytest.mark.parametrize("phrase", ["", "[maybe]", "(a|b", "a)", "(a||b)", "what?", "[a] ..."])
def test_parse_phrase_refuses_what_it_cannot_mean(phrase: str) -> None:
    with pytest.raises(BadInput):
        parse_phrase(phrase)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("one hundred and five dollars", ["105"]),
        ("twenty eighteen", ["2018"]),
        ("may twenty first", ["21"]),
        ("four two double seven", ["4277"]),
        ("1,200.50 or 12th", ["1200.50", "12"]),
        ("nothing here", []),
    ],
)
def test_find_numbers(text: str, values: list[str]) -> None:
    assert [number.value for number in find_numbers(text.split())] == values


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("at eight a.m. please", "time 8:00 am"),
        ("at 8am", "time 8:00 am"),
        ("it was $42.00", "amount 42"),
        ("forty-two dollars", "amount 42"),
        ("on May 12th", "date may 12"),
        ("the twelfth of may", "date may 12"),
        ("two days from now", "date 2 day"),
        ("221 Baker Street", "address 221 baker"),
        ("order HP-1042", "number hp1042"),
        ("seven p m", "time 7:00 pm"),
        ("on 06/04/2026", "date 6/4"),
        ("to Bob.Smith@example.com", "address bob.smith@example.com"),
        ("it is l s six two a b", "number ls62ab"),
        ("it is LS6 2AB", "number ls62ab"),
        ("three blue chairs", "number 3 chair"),
        ("for 2 adults", "number 2 adult"),
    ],
)
def test_find_details_is_the_same_however_it_is_said(text: str, value: str) -> None:
    found = [f"{detail.kind} {detail.value}" for detail in find_details(PIPELINE.read(text))]
    assert value in found


@pytest.mark.parametrize(
    "text",
    ["one of these days", "I have two of those", "a b c d", "it's 3 o'clock", "there is one boss"],
)
def test_find_details_counts_no_things_where_there_are_none(text: str) -> None:
    found = find_details(PIPELINE.read(text))
    assert [one.value for one in found if one.kind == "number"] == []


def test_find_near_equals_the_plain_distance_table() -> None:
    chance = random.Random(7)
    for _ in range(200):
        phrase = "".join(chance.choices("abde", k=chance.randint(1, 8)))
        word = "".join(chance.choices("abde", k=chance.randint(1, 16)))
        letters = letters_of((word,), (TextSpan(0, len(word)),))
        found = find_near(phrase, letters)
        pattern = letters_of((phrase,), (TextSpan(0, len(phrase)),)).letters
        distance = _distance_anywhere(pattern, letters.letters)
        if found:
            assert found.likeness == pytest.approx(max(0, 1 - distance / len(pattern)))
        else:
            assert distance == len(pattern)


def _distance_anywhere(pattern: str, text: str) -> int:
    row = [0] * (len(text) + 1)
    for i, left in enumerate(pattern, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(text, 1):
            diagonal, row[j] = row[j], min(diagonal + (left != right), row[j] + 1, row[j - 1] + 1)
    return min(row)


def test_near_forms_lie_close_and_others_far() -> None:
    assert likeness("harper valley", "harbor valley") > 0.8
    assert likeness("harper valley", "northern rail") < 0.5
    assert likeness("", "x") == 0


def test_turn_sentiment_and_trace() -> None:
    assert turn_sentiment("this is wonderful, thank you") > 0.5
    assert turn_sentiment("this is terrible and I hate it") < -0.5
    assert turn_sentiment("") == 0
    talk = chat(
        ("customer", "this is awful"), ("agent", "I hate this"), ("customer", "great, thanks")
    )
    mood = trace(talk)
    assert [turn for turn, _ in mood.turns] == ["t0", "t2"]
    assert mood.shift is not None
    assert mood.shift > 0.5
    assert mood.model == "vader-3.3.2-polite"
    assert trace(chat(("agent", "hello"))).overall is None
    assert trace(chat(("customer", "hello"))).shift == 0


@pytest.mark.parametrize("part", ["'", "_'", "'s", "a's", "($", "1km", "a@", "word, "])
def test_reading_takes_no_long_time_over_any_text(part: str) -> None:
    started = time.perf_counter()
    reading = PIPELINE.read(part * 3000)
    assert time.perf_counter() - started < 4
    assert all(span.end <= len(reading.text) for span in reading.spans)


def test_reading_takes_more_than_a_million_characters() -> None:
    assert len(PIPELINE.read("late " + "a" * 1_000_100).words) > 1
