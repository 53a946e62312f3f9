"""Questions that a trained judge answers: by the encoder, never without it, and as they are put."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from core.conversation import Conversation
from core.errors import BadScorecard
from core.evaluation import Finding
from language.encoder import find_folder_by_environment
from language.pipeline import Pipeline
from language.sentiment import trace
from qa.cards import load_scorecard, parse_scorecard
from qa.judges.satisfaction import SatisfactionEstimate, estimate_satisfaction
from qa.rules.base import Case, passages_of
from qa.rules.resolution import BY_SIGNS
from qa.scoring import evaluate
from qa.vectors import Floats, Vectors, load_vectors
from tests.build import chat
from tests.qa.judging import find

PIPELINE = Pipeline()
NOW = datetime(2026, 1, 2, tzinfo=UTC)
FORM = """\
name: one
version: 1
title: One
sections:
  - id: s
    title: S
    weight: 100
    questions:
      - id: q
        text: Q
        weight: 100
        rule: classifier
        options: {OPTIONS}
"""
CALM = chat(
    ("customer", "Hello, could you book me a table for two at seven?"),
    ("agent", "Of course, I'll look for you. Is the window all right?"),
    ("customer", "Yes, that would be lovely."),
    ("agent", "Your table is booked for two at seven by the window. Anything else?"),
    ("customer", "No, that's perfect, thank you so much for your help!"),
    ("agent", "You're welcome, have a lovely evening."),
)
CROSS = chat(
    ("customer", "Hello, I need a table for two at seven."),
    ("agent", "Name?"),
    ("customer", "I already told you my name twice! Why do you keep asking?"),
    ("agent", "Name?"),
    ("customer", "This is ridiculous. You are useless, I am so annoyed with this stupid service!"),
    ("agent", "I don't understand."),
    ("customer", "What a waste of my time. Forget it, I'll go elsewhere!!"),
)


def encode(texts: Sequence[str]) -> Floats:
    """A vector that is the same for all texts: enough where only roles and kinds matter."""
    rows = np.full((len(texts), 384), 384**-0.5)
    return np.asarray(rows, dtype=np.float32)


def ask(
    talk: Conversation, options: str = "judge: annoyed", vectors: Vectors | None = None
) -> Finding:
    form = parse_scorecard(FORM.replace("OPTIONS", options), "a.yml")
    return evaluate(talk, form, pipeline=PIPELINE, now=NOW, vectors=vectors).findings[0]


def weights() -> Vectors:
    vectors = load_vectors(find_folder_by_environment())
    assert vectors, "run `parley models pull encoder`"
    return vectors


def test_without_the_encoder_a_person_must_look() -> None:
    found = ask(CROSS)
    assert found.verdict.value == "unsure"
    assert "parley models pull encoder" in found.reason
    assert found.probability is None


def test_a_finding_names_the_judge_and_quotes_turns() -> None:
    found = ask(CROSS, vectors=Vectors(encode))
    assert found.rule == "annoyed-1"
    assert found.evidence
    assert "chance that the customer was annoyed" in found.reason


def test_asked_the_other_way_round_the_chance_is_turned() -> None:
    straight = ask(CROSS, vectors=Vectors(encode))
    turned = ask(CROSS, "judge: annoyed, wanted: absent", vectors=Vectors(encode))
    assert turned.probability == pytest.approx(1 - (straight.probability or 0), abs=1e-4)
    pairs = {("yes", "no"), ("no", "yes"), ("unsure", "unsure")}
    assert (straight.verdict.value, turned.verdict.value) in pairs
    assert turned.rule == "annoyed-1"


@pytest.mark.parametrize(
    ("lines", "judge", "verdict", "reason"),
    [
        ([("agent", "hello")], "annoyed", "not_applicable", "the customer said nothing"),
        (
            [("customer", "hello"), ("bot", "hi"), ("agent", " ")],
            "calm",
            "not_applicable",
            "no agent",
        ),
        ([("unknown", "hello"), ("unknown", "bye")], "calm", "unsure", "not known"),
    ],
)
def test_where_a_side_is_missing_nothing_is_judged(
    lines: list[tuple[str, str]], judge: str, verdict: str, reason: str
) -> None:
    found = ask(chat(*lines), f"judge: {judge}", vectors=Vectors(encode))
    assert found.verdict.value == verdict, found
    assert reason in found.reason or verdict == "not_applicable"


def test_unknown_judges_are_told_with_those_there_are() -> None:
    with pytest.raises(BadScorecard, match=r"a\.yml.*'cross' is not a judge: annoyed, calm"):
        ask(CROSS, "judge: cross")
    with pytest.raises(BadScorecard, match="judge"):
        ask(CROSS, "wanted: absent")


def test_resolution_without_the_encoder_is_told_by_signs() -> None:
    assert find(CALM, "resolution").rule == BY_SIGNS


def test_resolution_with_the_encoder_is_told_by_the_judge() -> None:
    card = load_scorecard("service")
    made = evaluate(
        CALM, card, pipeline=PIPELINE, now=NOW, variables={"company": "X"},
        vectors=Vectors(encode),
    )  # fmt: skip
    found = made.finding("resolution")
    assert found
    assert found.rule == "resolution-1"
    assert found.evidence


@pytest.mark.weights
def test_clear_cases_are_told_apart() -> None:
    vectors = weights()
    annoyed = [ask(talk, vectors=vectors).probability or 0 for talk in (CROSS, CALM)]
    assert annoyed[0] > annoyed[1] + 0.1
    calm = [ask(talk, "judge: calm", vectors).probability or 0 for talk in (CROSS, CALM)]
    assert calm[1] > calm[0]


@pytest.mark.weights
def test_a_clear_ending_is_resolved_and_a_cross_one_is_not() -> None:
    card, vectors = load_scorecard("service"), weights()
    found = [
        evaluate(
            talk, card, pipeline=PIPELINE, now=NOW, variables={"company": "X"}, vectors=vectors
        ).finding("resolution")
        for talk in (CALM, CROSS)
    ]
    assert found[0]
    assert found[1]
    assert found[0].verdict.value == "yes"
    assert (found[1].probability or 0) < 0.5
    assert "booked" in " ".join(piece.quote(CALM) for piece in found[0].evidence)


def estimate(talk: Conversation, vectors: Vectors | None) -> SatisfactionEstimate | None:
    passages = passages_of(talk, PIPELINE)
    case = Case(talk, passages, PIPELINE, {}, trace(talk), vectors)
    return estimate_satisfaction(case, resolved=None)


def test_satisfaction_is_not_guessed_without_the_encoder_or_a_customer() -> None:
    assert estimate(CALM, None) is None
    assert estimate(chat(("agent", "hello")), Vectors(encode)) is None


def test_an_estimate_of_satisfaction_stays_on_its_scale_and_quotes_the_customer() -> None:
    made = estimate(CROSS, Vectors(encode))
    assert made
    assert 1 <= made.low <= made.value <= made.high <= 5
    customer = {turn.id for turn in CROSS.turns if turn.role == "customer"}
    assert {piece.turn for piece in made.evidence} <= customer


@pytest.mark.weights
def test_who_thanks_seems_more_satisfied_than_who_scolds() -> None:
    vectors = weights()
    good, bad = estimate(CALM, vectors), estimate(CROSS, vectors)
    assert good
    assert bad
    assert good.value > bad.value + 0.5
    assert "thanks" in good.reason
    assert "friction" in bad.reason or "mood" in bad.reason
