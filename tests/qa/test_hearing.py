"""Badly heard words leave an answer unsure: by the recogniser's doubts, or by signs instead."""

from dataclasses import replace

import pytest

from core.conversation import Conversation, Speech, Turn, Word
from core.evaluation import Evidence, Finding, Verdict
from core.spans import TextSpan, TimeSpan
from qa.hearing import heard_well, hearing_note
from tests.build import call, chat, conversation, turn


def spoken(text: str, *, pace: float = 3.0, probability: float | None = None) -> Conversation:
    """One agent's turn of these words at so many a second."""
    words = tuple(
        Word(word, TimeSpan(place / pace, (place + 1) / pace), probability)
        for place, word in enumerate(text.split())
    )
    made: Turn = replace(turn("agent", text, start=0.0), id="t")
    return conversation(
        replace(made, speech=Speech(TimeSpan(0, words[-1].span.end), "channel 1", words)),
        channel="voice",
    )


def judged(talk: Conversation) -> Finding:
    only = talk.turns[0]
    whole = Evidence(only.id, TextSpan(0, len(only.text)))
    return heard_well(talk, Finding("q", Verdict.YES, 0.9, "said so", (whole,)))


@pytest.mark.parametrize(
    ("talk", "words"),
    [
        (spoken("is there anything else i can do", probability=0.9), ""),
        (spoken("is there anything else i can do", probability=0.5), "heard with 50% certainty"),
        (spoken("is there anything else i can do"), ""),
        (spoken("is there anything else i can do", pace=9), "9 words a second"),
        (spoken("thank you very much thank you very much thank you very much"), "repeats itself"),
        (spoken("the brxt zlorp vindel is qwop"), "4 of 6 words are in no dictionary"),
        (spoken("it's 44107 isn't it"), ""),
        (spoken("brxt zlorp"), ""),  # too short to tell
    ],
)
def test_doubt_leaves_an_answer_unsure(talk: Conversation, words: str) -> None:
    found = judged(talk)
    assert (found.verdict is Verdict.UNSURE) is bool(words)
    assert words in found.reason


def test_the_card_says_how_well_doubt_is_noticed() -> None:
    sure, bare = spoken("hello there", probability=0.9), spoken("hello there")
    assert "52 of 100" in (hearing_note(sure) or "")
    assert "3 of 100" in (hearing_note(bare) or "")
    assert hearing_note(chat(("agent", "hello"))) is None
    assert hearing_note(replace(call(("agent", "hi")), turns=())) is None
