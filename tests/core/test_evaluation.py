"""The score follows DOMAIN "Scorecard": N/A drops out, weights renormalise, fatal is zero."""

import pytest

from core.errors import BadInput
from core.evaluation import Evidence, Finding, Score, Verdict, score
from core.scorecard import Criticality, Question, Scorecard, Section
from core.spans import TextSpan
from tests.build import chat

CARD = Scorecard(
    "card",
    1,
    "Card",
    (
        Section("a", "A", 60, (Question("q1", "?", 75, "r"), Question("q2", "?", 25, "r"))),
        Section("b", "B", 40, (Question("q3", "?", 100, "r", criticality=Criticality.FATAL),)),
    ),
    pass_mark=50,
)


@pytest.mark.parametrize(
    ("q1", "q2", "q3", "expected"),
    [
        ("yes", "yes", "yes", Score(100.0, False)),
        ("no", "yes", "yes", Score(55.0, False)),  # 60 * .25 + 40
        ("yes", "no", "not_applicable", Score(75.0, False)),
        ("not_applicable", "no", "yes", Score(40.0, True)),
        ("unsure", "yes", "yes", Score(100.0, False)),
        ("yes", "yes", "no", Score(0.0, True)),
        ("not_applicable", "not_applicable", "not_applicable", Score(None, False)),
    ],
)
def test_score_table(q1: str, q2: str, q3: str, expected: Score) -> None:
    verdicts = {"q1": q1, "q2": q2, "q3": q3}
    findings = tuple(Finding(q, Verdict(v), 0.9, "because") for q, v in verdicts.items())
    assert score(CARD, findings) == expected


def test_evidence_quotes_verbatim_or_refuses() -> None:
    talk = chat(("customer", "it is broken"))
    assert Evidence("t0", TextSpan(6, 12)).quote(talk) == "broken"
    for wrong in (Evidence("t9", TextSpan(0, 1)), Evidence("t0", TextSpan(6, 13))):
        with pytest.raises(BadInput):
            wrong.quote(talk)
