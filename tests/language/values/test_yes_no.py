"""Yes, no, and what is neither."""

import pytest

from language.values.corrections import is_correction
from language.values.yes_no import read_yes_no

YES = (
    "yes", "Yes please", "yeah go on", "yess", "y", "ok", "sure thing", "that's right", "do it",
    "no problem", "no worries, go ahead", "why not", "of course", "please do", "I do", "um yes",
    "👍", "👍🏽", "it is", "I think so", "sounds good", "yes, the first one", "that's it", "please",
    "yes that is my address",
)  # fmt: skip
NO = (
    "no", "no thanks", "nope", "no, that's wrong", "that's not right", "that isn't right",
    "of course not", "not really", "don't", "please don't", "I don't", "I don't think so", "👎",
    "it isn't", "well, no", "n", "incorrect", "not correct", "no no no", "I'm fine, no",
    "no thanks that's fine", "no it is not", "no, the 14th", "no that is my old address",
)  # fmt: skip
NEITHER = (
    "", "yes but change the day", "yes no", "no yes", "the 14th", "maybe", "I don't know",
    "I'm not sure", "know", "nothing", "yesterday", "note this", "where is my order", "either",
    "yes or no", "right, where is my sofa", "I would like a refund", "can you help", "please help",
    "not the first one", "I have a question", "I am angry", "😀", "thanks", "stop",
)  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_yes(text: str) -> None:
    assert read_yes_no(text) is True


@pytest.mark.parametrize("text", NO)
def test_no(text: str) -> None:
    assert read_yes_no(text) is False


@pytest.mark.parametrize("text", NEITHER)
def test_neither(text: str) -> None:
    assert read_yes_no(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "no, the 14th", "um no, the 14th", "sorry I meant Wednesday", "actually the second one",
        "sorry, it's 10391 not 10392", "not Monday, Tuesday", "Friday instead", "make it Friday",
        "no, it's 10538", "wait, 10538", "I meant LS6 2AB", "that's wrong, it's the 15th",
        "it should be BN1 4GH", "change that to Saturday", "Tuesday not Monday", "nope the 5th",
        "hang on, the 3rd", "not the first one, the second", "correction: 10442",
    ],
)  # fmt: skip
def test_corrections(text: str) -> None:
    assert is_correction(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "no", "no thanks", "sorry", "sorry?", "actually", "the 14th", "yes", "no problem",
        "no that's wrong", "sorry I don't understand", "no where is my order?", "I mean it",
        "no, can you call me?", "oh the second one", "no I want a person", "never mind",
        "actually, what are your opening hours?", "no it is not", "don't send it on Monday",
        "I am not happy", "no the driver never came",
    ],
)  # fmt: skip
def test_no_corrections(text: str) -> None:
    assert not is_correction(text)
