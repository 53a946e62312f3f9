"""Which evaluations need no person, as far as their answers go."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.conversation import Channel
from core.evaluation import Evaluation, Finding, Verdict
from core.scorecard import Question, Scorecard, Section
from qa.submitting import depends_on

NOW = datetime(2026, 5, 4, tzinfo=UTC)
GREETING = Question("greeting", "?", 50, "phrase")
NOTICE = Question("notice", "?", 50, "phrase", channels=frozenset({Channel.VOICE}))
CARD = Scorecard("card", 1, "Card", (Section("s", "S", 100, (GREETING, NOTICE)),))


def judged(**verdicts: str) -> Evaluation:
    findings = tuple(Finding(q, Verdict(v), 0.9, "x") for q, v in verdicts.items())
    return Evaluation("e", "c", "card", 1, findings, NOW, 50.0, False)


def by(*rules: str) -> Scorecard:
    questions = (
        replace(question, rule=rule)
        for question, rule in zip((GREETING, NOTICE), rules, strict=True)
    )
    return replace(CARD, sections=(Section("s", "S", 100, tuple(questions)),))


@pytest.mark.parametrize(
    ("evaluation", "card", "channel", "expected"),
    [
        (judged(greeting="yes", notice="no"), CARD, Channel.VOICE, ["greeting", "notice"]),
        (judged(greeting="yes", notice="not_applicable"), CARD, Channel.WEB, ["greeting"]),
        (judged(greeting="not_applicable", notice="yes"), CARD, Channel.VOICE,
         ["greeting", "notice"]),
        (judged(greeting="yes", notice="unsure"), CARD, Channel.VOICE, None),
        (judged(greeting="yes"), CARD, Channel.VOICE, None),  # an answer is missing
        (judged(greeting="yes", notice="yes"), by("phrase", "person"), Channel.VOICE, None),
        (judged(greeting="yes", notice="not_applicable"), by("phrase", "person"), Channel.WEB,
         ["greeting"]),
        (replace(judged(greeting="yes", notice="yes"), not_scored="silence"), CARD,
         Channel.VOICE, None),
    ],
)  # fmt: skip
def test_what_an_evaluation_depends_on(
    evaluation: Evaluation, card: Scorecard, channel: Channel, expected: list[str] | None
) -> None:
    found = depends_on(evaluation, card, channel)
    assert (None if found is None else [each.id for each in found]) == expected
