"""Moods of customers' turns: polite and answering words weigh nothing, long texts cost little."""

import time

import pytest

from language.sentiment import trace, turn_sentiment
from tests.build import chat


@pytest.mark.parametrize(
    "text",
    [
        "No.", "no", "nope", "Nope.", "No, no.", "No, that's all.", "no that's all", "nah",
        "No thanks", "no thank you", "No, nothing else.", "Yes please.", "yes", "ok", "Thanks!",
        "Hi, can you please help me", "I want to change my address", "Good morning",
        "I'd like to return a chair", "Thanks. No, that's it.", "", "...", "no i'm done",
    ],
)  # fmt: skip
def test_words_that_only_answer_or_ask_have_no_mood(text: str) -> None:
    assert abs(turn_sentiment(text)) < 0.1


@pytest.mark.parametrize(
    "text",
    [
        "no thanks, great", "nope all good", "No, that was perfect", "great, thanks",
        "no problem at all", "No, I'm happy with that", "I love it",
    ],
)  # fmt: skip
def test_joy_is_seen_after_a_polite_no(text: str) -> None:
    assert turn_sentiment(text) > 0.2


@pytest.mark.parametrize(
    "text",
    [
        "No, this is terrible", "no it's awful", "No good at all", "I'm not happy",
        "no, you are useless", "Please, this is horrible", "I hate it",
    ],
)  # fmt: skip
def test_anger_is_seen_after_a_no(text: str) -> None:
    assert turn_sentiment(text) < -0.2


@pytest.mark.parametrize(
    ("first", "last", "is_fall"),
    [
        ("Hi, can you please help me with my order?", "No.", False),
        ("Good morning, I'd like to change my address please", "nope, bye", False),
        ("thank you, please help", "no that's all", False),
        ("I love your shop, it's great", "this is terrible, I'm angry", True),
        ("Hello, happy new year!", "No, you have been horrible to me", True),
    ],
)
def test_polite_ends_do_not_look_like_a_fall(first: str, last: str, is_fall: bool) -> None:
    shift = trace(chat(("customer", first), ("agent", "Anything else?"), ("customer", last))).shift
    assert shift is not None
    assert (shift < -0.3) is is_fall


def test_long_turn_is_averaged_in_little_time() -> None:
    praise, anger = "I love this great shop. ", "This is a terrible awful mess. "
    started = time.perf_counter()
    mixed = turn_sentiment(praise * 2000 + anger * 2000)  # 110,000 characters
    assert time.perf_counter() - started < 5
    assert abs(mixed) < 0.2
    assert turn_sentiment(praise * 200) > 0.8
    assert turn_sentiment("no, " * 20000) == 0
