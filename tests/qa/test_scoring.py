"""From conversations to evaluations: who took part, how well it was heard, and the JSON."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.conversation import Conversation, Speech, Word
from core.errors import BadInput
from core.evaluation import Evaluation
from language.pipeline import Pipeline
from qa.cards import load_scorecard
from qa.report import to_json
from qa.scoring import evaluate, settle_variables
from tests.build import call, chat, conversation, turn
from tests.qa.talks import load_talks

PIPELINE = Pipeline()
CARD = load_scorecard("service")
NOW = datetime(2026, 1, 2, tzinfo=UTC)
AGENT_QUESTIONS = {q.id for q in CARD.questions if q.person_only}
COMPANY = {"company": "Harbour & Pine"}


def judge(talk: Conversation) -> Evaluation:
    return evaluate(talk, CARD, pipeline=PIPELINE, now=NOW, variables=COMPANY)


def verdicts(talk: Conversation) -> dict[str, str]:
    return {found.question: found.verdict.value for found in judge(talk).findings}


def test_silent_call_has_no_score() -> None:
    for talk in (conversation(channel="voice"), call(("agent", "...")), chat(("customer", "  "))):
        found = judge(talk)
        assert set(verdicts(talk)) == {question.id for question in CARD.questions}
        if not any(turn.text.strip() for turn in talk.turns):
            assert found.score is None
            assert not found.failed


def test_chat_with_the_bot_alone_is_not_asked_about_a_person() -> None:
    talk = chat(("customer", "where is order 10442"), ("bot", "Your order has been sent."),
                ("customer", "great, thank you"), ("bot", "Bye!"))  # fmt: skip
    found = verdicts(talk)
    assert {found[question] for question in AGENT_QUESTIONS} == {"not_applicable"}
    assert found["resolution"] in ("yes", "unsure")
    assert found["sentiment"] == "yes"


def test_unknown_voices_are_unsure_and_never_invented() -> None:
    whole = load_talks()[0].without()
    turns = tuple(replace(one, role=type(one.role).UNKNOWN) for one in whole.turns)
    found = verdicts(replace(whole, turns=turns))
    assert set(found.values()) == {"unsure"}
    assert judge(replace(whole, turns=turns)).score is None


def test_recording_notice_is_for_calls_and_in_time() -> None:
    notice = "This call is recorded for training."
    late = [("agent", "Let me look at that for you now.")] * 12
    assert verdicts(chat(("agent", notice)))["recording_notice"] == "not_applicable"
    assert verdicts(call(("agent", notice)))["recording_notice"] == "yes"
    assert verdicts(call(("bot", notice), ("agent", "hi")))["recording_notice"] == "yes"
    assert verdicts(call(("customer", notice), ("agent", "hi")))["recording_notice"] == "no"
    assert verdicts(call(*late, ("agent", notice)))["recording_notice"] == "no"
    assert verdicts(call(("agent", "this call is not recorded")))["recording_notice"] == "no"


@pytest.mark.parametrize(("probability", "expected"), [(0.95, "yes"), (0.3, "unsure")])
def test_badly_heard_words_are_unsure(probability: float, expected: str) -> None:
    spoken = turn("agent", "is there anything else i can help you with", start=0.0)
    assert spoken.speech is not None
    words = tuple(Word(w.text, w.span, probability) for w in spoken.speech.words)
    heard = replace(spoken, speech=Speech(spoken.speech.span, "channel 1", words))
    found = verdicts(conversation(heard, channel="voice"))
    assert found["further_help"] == expected


def test_phrase_cut_between_two_turns_is_found_in_both() -> None:
    talk = call(("agent", "is there anything"), ("agent", "else I can help you with"))
    found = judge(talk).finding("further_help")
    assert found is not None
    assert found.verdict.value == "yes"
    assert [piece.turn for piece in found.evidence] == ["t0", "t1"]


def test_identity_must_come_first() -> None:
    ask = ("agent", "Can I take your date of birth?")
    tell = ("agent", "Your account balance is 40 pounds.")
    reply = ("customer", "yes")
    assert verdicts(chat(ask, reply, tell))["identity_check"] == "yes"
    assert verdicts(chat(tell, reply, ask))["identity_check"] == "no"
    assert verdicts(chat(tell, reply))["identity_check"] == "no"
    assert (
        verdicts(chat(("agent", "We open at nine."), reply))["identity_check"] == "not_applicable"
    )


@pytest.mark.parametrize(
    ("customer", "agent", "expected"),
    [
        ("it's order one oh four four two", "Order 10442, thank you", "yes"),
        ("come at eight a.m.", "8am it is", "yes"),
        ("card ending 99123", "the one ending in 9123?", "yes"),
        ("it cost forty two dollars", "$42, right", "yes"),
        ("it's order 10442", "Which order?", "no"),
        ("it's order 10442", "We have 55 shops", "no"),
        ("hello there", "hi", "not_applicable"),
        ("my leather boots are torn", "So you have torn leather boots", "yes"),
        ("I ordered 3 blue chairs", "three blue chairs, I see", "yes"),
        ("I ordered 3 blue chairs", "four tables, I see", "no"),
        ("two adults please", "for two adults then", "yes"),
        ("seven p m", "7pm it is", "yes"),
        ("it's LS6 2AB", "l s six two a b, thank you", "yes"),
        ("bob@example.com", "I have bob@example.com here", "yes"),
        ("on 06/04", "the 6/4, fine", "yes"),
        ("on 06/04", "the 7/4, fine", "no"),
    ],
)
def test_restates_request_compares_values_not_spellings(
    customer: str, agent: str, expected: str
) -> None:
    assert verdicts(chat(("customer", customer), ("agent", agent)))["restates_request"] == expected


def test_resolution_reads_both_sides() -> None:
    good = chat(("customer", "where is my card"), ("agent", "I have sent a new one, all done."),
                ("customer", "perfect, thank you"))  # fmt: skip
    bad = chat(("customer", "where is my card"), ("agent", "Unfortunately I can't find it."),
               ("customer", "that doesn't help, this is ridiculous"))  # fmt: skip
    assert verdicts(good)["resolution"] == "yes"
    assert verdicts(bad)["resolution"] == "no"


def test_variables_are_settled_in_order() -> None:
    talk = replace(chat(("agent", "hi")), variables={"company": "Recorded"})
    house = {"company": "House"}
    assert settle_variables(CARD, house=house)["company"] == "House"
    assert settle_variables(CARD, conversation=talk, house=house)["company"] == "Recorded"
    settled = settle_variables(CARD, command=COMPANY, conversation=talk, house=house)
    assert settled == COMPANY
    with pytest.raises(BadInput, match="--var company="):
        settle_variables(CARD)


def test_json_has_the_shape_of_the_exchange_format() -> None:
    talk = load_talks()[0].without()
    report = to_json(judge(talk), talk)
    assert json.loads(json.dumps(report)) == report
    assert set(report) == {"conversation", "scorecard", "version", "variables", "score",
                           "before_fatal", "critical", "failed", "not_scored", "sentiment",
                           "findings"}  # fmt: skip
    assert report["variables"] == COMPANY
    assert [turn["turn"] for turn in report["sentiment"]["turns"]] == [1, 3, 5, 7]
    by_question = {finding["question"]: finding for finding in report["findings"]}
    keys = "question verdict value probability confidence source rule reason evidence"
    assert set(by_question["greeting"]) == set(keys.split())
    for finding in report["findings"]:
        for piece in finding["evidence"]:
            assert piece["quote"] in talk.turns[piece["turn"]].text
            assert piece["end"] > piece["start"] >= 0


def test_evaluation_is_quick_for_a_ten_minute_call() -> None:
    lines = [("agent" if i % 2 else "customer", f"{i} " + "so we had a look at it " * 3)
             for i in range(75)]  # fmt: skip
    talk = call(*lines)  # 75 turns of 8 seconds
    judge(talk)
    started = datetime.now(UTC)
    judge(replace(talk, id="again"))
    assert (datetime.now(UTC) - started).total_seconds() < 1
