"""The same in other words: near the examples, farther from the counterexamples, else unsure."""

from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np
import pytest

from core.conversation import Conversation
from core.evaluation import Finding
from language.pipeline import Pipeline
from qa.cards import parse_scorecard
from qa.scoring import evaluate
from qa.vectors import Floats, Vectors
from tests.build import chat

PIPELINE = Pipeline()
NOW = datetime(2026, 1, 2, tzinfo=UTC)
WORDS = (
    "refund", "money", "back", "promise", "guarantee", "cannot", "today", "order", "blue", "sky",
    "next", "week", "arrives",
)  # fmt: skip
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
        rule: paraphrase
        options:
          examples: [promise money back]
          against: [cannot promise money back]
"""


def encode(texts: Sequence[str]) -> Floats:
    """A vector of which known words a text has: like the encoder, of unit length."""
    rows = [[1.0 if word in text.lower().split() else 0.0 for word in WORDS] for text in texts]
    made = np.array(rows, dtype=np.float32).reshape(len(texts), len(WORDS)) + 1e-3
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def ask(talk: Conversation, vectors: Vectors | None = None) -> Finding:
    made = evaluate(
        talk, parse_scorecard(FORM, "a.yml"), pipeline=PIPELINE, now=NOW,
        vectors=vectors or Vectors(encode),
    )  # fmt: skip
    return made.findings[0]


@pytest.mark.parametrize(
    ("text", "verdict", "quote"),
    [
        (
            "Hello there. We promise money back today. Bye now.",
            "yes",
            "We promise money back today",
        ),
        ("We cannot promise money back.", "no", "We cannot promise money back"),
        ("The order arrives next week.", "no", "The order arrives next week."),
        ("You get the money back next week.", "unsure", "You get the money back next week"),
        ("Promise.", "no", "Promise."),
    ],
)
def test_a_sentence_is_compared_with_examples(text: str, verdict: str, quote: str) -> None:
    talk = chat(("customer", "promise money back"), ("agent", text))
    found = ask(talk)
    assert found.verdict.value == verdict, found
    assert [piece.quote(talk) for piece in found.evidence] == [quote]


def test_each_text_is_encoded_once() -> None:
    vectors = Vectors(encode)
    talk = chat(("agent", "the order arrives next week"), ("agent", "we promise money back"))
    ask(talk, vectors)
    first = vectors.encoded
    ask(talk, vectors)
    assert vectors.encoded == first


def test_the_memory_is_bounded() -> None:
    vectors = Vectors(encode, kept=2)
    for _ in range(2):
        assert vectors.of(["promise", "money", "order"]).shape == (3, len(WORDS))
    assert vectors.encoded == 4  # 'promise' was forgotten, and 'money' then gave way to it
    assert vectors.of([]).shape == (0, 384)


def test_without_the_encoder_it_waits() -> None:
    made = evaluate(
        chat(("agent", "we promise money back")), parse_scorecard(FORM, "a.yml"),
        pipeline=PIPELINE, now=NOW,
    )  # fmt: skip
    assert made.findings[0].verdict == "unsure"
    assert "parley models pull encoder" in made.findings[0].reason
