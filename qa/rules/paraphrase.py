"""The same thing in other words: sentences near the examples and farther from the counterexamples.

Likeness is the cosine of two sentences' vectors. A sentence counts by the nearest example, less the
nearest counterexample: "I can't promise that" is near "I promise", and nearer to its own kind.
Thresholds: benchmarks/qa/README.md, "paraphrase".
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.evaluation import Evidence, Finding
from core.scorecard import Question
from core.spans import TextSpan
from qa.rules.base import Case, Passage, no, texts, unsure, window_evidence, yes
from qa.rules.phrase import window
from qa.vectors import Floats, Vectors

LIKE = 0.7  # cosine from which a sentence means the same as an example
MAYBE = 0.55  # from which a person should look
CLEARER = 0.05  # by how much it must be nearer to an example than to any counterexample
CERTAIN = 0.85  # of a yes: right in 0.94 to 0.99 of short lists, less in long calls; same source
LEAST_WORDS = 3  # a shorter sentence is near to everything short


@dataclass(frozen=True, slots=True)
class Nearest:
    """The sentence most like an example; `margin` is how much more than like a counterexample."""

    likeness: float
    margin: float
    example: str
    evidence: tuple[Evidence, ...]


def answer_paraphrase(case: Case, question: Question) -> Finding:
    """Yes when a sentence in the window means the same as an example."""
    searched = window(case, question)
    if not searched:
        return unsure(question, None, "there were no words in the part to search")
    if case.vectors is None:
        reason = "the sentence encoder is not there; run `parley models pull encoder`"
        return unsure(question, None, reason, window_evidence(searched))
    best = find_nearest(case.vectors, searched, question)
    if best is None or best.likeness < MAYBE:
        return no(question, case.absent, "nothing of the kind was said", window_evidence(searched))
    told = f"means “{best.example}”, likeness {best.likeness:.2f}"
    if best.margin < CLEARER:
        reason = f"near “{best.example}”, but as near to a counterexample"
        return no(question, 0.25, reason, best.evidence)
    if best.likeness < LIKE:
        return unsure(question, 0.5, told, best.evidence)
    return yes(question, CERTAIN, told, best.evidence)


def find_nearest(
    vectors: Vectors, passages: Sequence[Passage], question: Question
) -> Nearest | None:
    """The sentence with the most likeness to an example beyond that to a counterexample."""
    sentences = [found for passage in passages for found in sentences_of(passage)]
    if not sentences:
        return None
    said = vectors.of([text for _, _, text in sentences])  # (n, 384)
    examples, against = texts(question, "examples"), texts(question, "against")
    likeness = said @ vectors.of(examples).T  # (n, examples)
    margin = likeness.max(axis=1) - _nearest(vectors, said, against)  # (n,)
    counted = np.where(margin >= CLEARER, likeness.max(axis=1), likeness.max(axis=1) - 1)
    place = int(counted.argmax())
    passage, span, _ = sentences[place]
    return Nearest(
        round(float(likeness[place].max()), 4),
        round(float(margin[place]), 4),
        examples[int(likeness[place].argmax())],
        passage.evidence(span),
    )


def _nearest(vectors: Vectors, said: Floats, against: Sequence[str]) -> Floats:
    if not against:
        return np.full(len(said), -1, dtype=np.float32)
    return np.asarray((said @ vectors.of(against).T).max(axis=1), dtype=np.float32)


def sentences_of(passage: Passage) -> list[tuple[Passage, TextSpan, str]]:
    """The sentences of a passage with their characters; very short ones are left out."""
    reading = passage.reading
    found = []
    for sentence in sorted(set(reading.sentences)):
        places = [n for n, own in enumerate(reading.sentences) if own == sentence]
        if len(places) >= LEAST_WORDS:
            span = reading.span(places[0], places[-1] + 1)
            found.append((passage, span, span.of(reading.text)))
    return found
