"""Which questions are asked, of which conversations, and what an answer depends on."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.applicability import Applicability, Side
from core.conversation import CallDirection, Channel, Conversation
from core.evaluation import Evaluation
from language.pipeline import Pipeline
from qa.cards import load_scorecard, parse_scorecard
from qa.scoring import evaluate
from tests.build import call, chat

PIPELINE = Pipeline()
NOW = datetime(2026, 1, 2, tzinfo=UTC)
FORM = """\
name: hold
version: 1
title: Hold
sections:
  - id: only
    title: Only
    weight: 100
    questions:
      - {id: held, text: "Held?", weight: 40, rule: phrase, options: {phrases: [hold on]}}
      - id: asked
        text: Asked first?
        weight: 60
        rule: phrase
        when: {held: [yes]}
        options: {phrases: [may i put you on hold, can i put you on hold]}
"""
CARD = parse_scorecard(FORM, "hold.yml")


def judged(talk: Conversation) -> Evaluation:
    return evaluate(talk, CARD, pipeline=PIPELINE, now=NOW)


def verdicts(made: Evaluation) -> list[str]:
    return [finding.verdict.value for finding in made.findings]


def test_a_question_is_asked_only_when_its_condition_holds() -> None:
    held = judged(chat(("agent", "hold on please"), ("customer", "ok")))
    assert verdicts(held) == ["yes", "no"]
    assert held.score == 40.0
    other = judged(chat(("agent", "your order was sent"), ("customer", "ok")))
    assert verdicts(other) == ["no", "not_applicable"]
    assert other.findings[1].reason == "asked only when held is yes"
    assert other.score == 0.0


def test_what_depends_on_something_unsure_is_unsure() -> None:
    talk = call(("unknown", "hold on please"))
    assert verdicts(judged(talk)) == ["unsure", "unsure"]
    form = FORM.replace("rule: phrase, options: {phrases: [hold on]}", "rule: person")
    card = parse_scorecard(form, "hold.yml")
    made = evaluate(chat(("agent", "hi")), card, pipeline=PIPELINE, now=NOW)
    assert made.findings[1].reason == "depends on held, which is unsure"


def test_not_applicable_may_be_no_answer() -> None:
    form = FORM.replace("rule: phrase, options", "may_not_apply: false, rule: phrase, options")
    card = parse_scorecard(form, "hold.yml")
    made = evaluate(chat(("bot", "hello")), card, pipeline=PIPELINE, now=NOW)
    assert made.findings[0].verdict.value == "unsure"
    assert "always applies" in made.findings[0].reason


def test_every_finding_names_its_rule() -> None:
    made = judged(chat(("agent", "hold on")))
    assert {finding.rule for finding in made.findings} == {"phrase"}


TALK = chat(("customer", "where is my order"), ("agent", "it was sent today"))
SPOKEN = call(("customer", "where is my order"), ("agent", "it was sent today"))


@pytest.mark.parametrize(
    ("applies_to", "talk", "words"),
    [
        (Applicability(), TALK, None),
        (Applicability(channels=frozenset({Channel.VOICE})), TALK, "came by web"),
        (Applicability(channels=frozenset({Channel.VOICE})), SPOKEN, None),
        (Applicability(queues=frozenset({"billing"})), TALK, "queue unknown"),
        (Applicability(queues=frozenset({"billing"})), replace(TALK, queue="billing"), None),
        (Applicability(directions=frozenset({CallDirection.INBOUND})),
         replace(SPOKEN, direction=CallDirection.OUTBOUND), "direction outbound"),
        (Applicability(served_by=frozenset({Side.BOT})), TALK, "served by person"),
        (Applicability(served_by=frozenset({Side.BOT})), chat(("bot", "hi")), None),
        (Applicability(languages=frozenset({"fr"})), replace(TALK, language="en"), "language en"),
        (Applicability(least_turns=3), TALK, "2 turns"),
        (Applicability(least_seconds=600), SPOKEN, "s long"),
        (Applicability(least_seconds=600), TALK, None),  # it has no times to compare
    ],
)  # fmt: skip
def test_a_form_is_for_some_conversations(
    applies_to: Applicability, talk: Conversation, words: str | None
) -> None:
    card = replace(CARD, applies_to=applies_to)
    made = evaluate(talk, card, pipeline=PIPELINE, now=NOW)
    if words is None:
        assert made.not_scored is None and made.findings
    else:
        assert made.not_scored and words in made.not_scored
        assert (made.findings, made.score, made.failed) == ((), None, False)


def test_another_language_is_not_scored_and_says_so() -> None:
    talk = chat(
        ("customer", "Guten Tag, meine Bestellung ist immer noch nicht angekommen."),
        ("agent", "Das tut mir leid, ich sehe gleich für Sie nach."),
    )
    assert judged(talk).not_scored == "it is in another language (de), and the rules read English"
    card = replace(CARD, applies_to=Applicability(languages=frozenset({"de"})))
    made = evaluate(replace(talk, language="de"), card, pipeline=PIPELINE, now=NOW)
    assert verdicts(made) == ["unsure", "unsure"]


def test_hostile_and_odd_conversations_are_judged_without_harm() -> None:
    card, company = load_scorecard("service"), {"company": "Acme"}
    odd = "\x00\x07\u202e hello\ufeff \ud7ff this is\u200b Acme\r\n" * 40
    for talk in (
        chat(("agent", odd), ("customer", odd)),
        chat(("agent", "this is Acme, how can i help")),  # only the agent
        chat(("customer", "\x00")),
        chat(),
    ):
        made = evaluate(talk, card, pipeline=PIPELINE, now=NOW, variables=company)
        made.check_quotes(talk)
    assert made.not_scored == "nothing was said"
    alone = evaluate(
        chat(("agent", "hello this is Acme")), card, pipeline=PIPELINE, now=NOW, variables=company
    )
    assert alone.finding("sentiment").verdict.value == "not_applicable"  # type: ignore[union-attr]


def test_six_hours_of_talk_are_judged() -> None:
    lines = [("agent", "let me look at that for you"), ("customer", "alright thank you")] * 2700
    made = judged(call(*lines, gap=2.0))
    assert made.findings and made.not_scored is None
