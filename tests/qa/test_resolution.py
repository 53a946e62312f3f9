"""Whether it was settled: nobody came, too little was said, and how a survey is no sign of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from core.conversation import Channel, Conversation, Event, EventKind
from core.evaluation import Finding
from core.survey import QUESTIONS
from language.sentiment import trace
from qa.judges.digest import read_talk
from qa.rules.base import Case, passages_of
from qa.rules.resolution import BY_EVENTS, answer_resolution
from qa.scoring import evaluate
from qa.vectors import Floats, Vectors
from tests.build import chat
from tests.qa.judging import card, find, pipeline

START = datetime(2026, 11, 30, 9, tzinfo=UTC)
ASKED = ("customer", "my sofa came broken, I want to talk to a person")
LINE = ("bot", "I am getting a person for you.")
CAME = ("agent", "I have ordered a new one for you.")
GLAD = ("customer", "great, thank you, that is all I needed")


def talk(*lines: tuple[str, str], events: Sequence[tuple[EventKind, float]] = ()) -> Conversation:
    """A chat with a turn a minute, and events at minutes."""
    made = chat(*lines)
    turns = [
        replace(turn, said_at=START + timedelta(minutes=number))
        for number, turn in enumerate(made.turns)
    ]
    happened = [Event(kind, START + timedelta(minutes=minute)) for kind, minute in events]
    return replace(made, turns=tuple(turns), events=tuple(happened))


HANDED = (EventKind.HANDED_OFF, 0.5)


@pytest.mark.parametrize(
    ("made", "is_left"),
    [
        (talk(ASKED, LINE, events=[HANDED]), True),
        (talk(ASKED, LINE, GLAD, events=[HANDED, (EventKind.TAKEN, 5)]), True),
        (talk(CAME, ASKED, LINE, events=[(EventKind.HANDED_OFF, 1.5)]), True),
        (talk(ASKED, LINE, events=[HANDED, (EventKind.CALL_BACK_ASKED, 3)]), True),
        (talk(ASKED, LINE, CAME, GLAD, events=[HANDED]), False),
        (talk(ASKED, LINE, CAME, GLAD, events=[HANDED, (EventKind.HANDED_OFF, 4)]), False),
        (talk(ASKED, LINE, GLAD, events=[HANDED, (EventKind.RETURNED, 1.5)]), False),
        (talk(ASKED, LINE, GLAD, events=[HANDED, (EventKind.CALL_BACK_DONE, 60)]), False),
        (talk(ASKED, LINE, GLAD), False),
        (replace(talk(ASKED, LINE, events=[HANDED]), channel=Channel.VOICE), False),
    ],
)
def test_who_asked_for_a_person_and_got_none_is_not_settled(
    made: Conversation, is_left: bool
) -> None:
    found = find(made, "resolution")
    assert (found.rule == BY_EVENTS) is is_left
    if is_left:
        assert found.verdict.value == "no"
        (cited,) = found.evidence
        assert cited.turn == next(t.id for t in made.turns if t.text == ASKED[1])


def judged(made: Conversation) -> Finding:
    """By the shipped judge, on vectors that all say the same."""
    asked = next(one for one in card().questions if one.id == "resolution")
    case = Case(made, passages_of(made, pipeline()), pipeline(), {}, trace(made), Vectors(alike))
    return answer_resolution(case, asked)


def alike(texts: Sequence[str]) -> Floats:
    """One direction for every text."""
    return np.eye(384, dtype=np.float32)[[0] * len(texts)]


def test_one_turn_of_a_customer_is_too_little() -> None:
    found = judged(talk(("customer", "where is my order"), ("bot", "It comes on Friday.")))
    assert found.verdict.value == "unsure"
    assert "too little" in found.reason
    more = judged(talk(("customer", "where is it"), ("bot", "It comes on Friday."), GLAD))
    assert "too little" not in more.reason


PROMISE = ("agent", "I have cancelled it, and the money is on its way back.")


@pytest.mark.parametrize(
    ("last", "is_open"),
    [
        (GLAD, False),
        (("customer", "Okay, thanks, bye!"), False),
        (("customer", "It is NOT. I'll call my bank."), True),
        (("customer", "HP-10442"), True),
        (("agent", "You are welcome."), False),
    ],
)
def test_a_customer_with_the_last_word_who_does_not_thank_leaves_it_open(
    last: tuple[str, str], *, is_open: bool
) -> None:
    said = talk(("customer", "please cancel my order"), PROMISE, GLAD, last)
    found = judged(said)
    assert found.probability is not None
    assert ("last word" in found.reason) is (is_open and found.probability >= 0.7)


def test_where_only_the_customer_speaks_nothing_is_scored() -> None:
    made = evaluate(
        talk(ASKED, ("customer", "is anybody there"), GLAD),
        card(),
        pipeline=pipeline(),
        now=START,
        variables={"company": "Northwind"},
    )
    assert (made.score, made.findings) == (None, ())
    assert made.not_scored == "only the customer's words are there"


@pytest.mark.parametrize("question", QUESTIONS.values())
def test_what_the_survey_asks_is_not_read(question: str) -> None:
    said = [ASKED, CAME, GLAD]
    plain = read_talk(talk(*said), Vectors(alike))
    asked = read_talk(talk(*said, ("bot", f"Thank you. {question}")), Vectors(alike))
    assert asked.house.turns == plain.house.turns
    by_agent = read_talk(talk(*said, ("agent", question)), Vectors(alike))
    assert len(by_agent.house.turns) == 2  # a person's words are their own
