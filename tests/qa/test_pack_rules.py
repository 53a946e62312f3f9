"""Rules that packs need: hours in the customer's zone, cues, card data left, pauses."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.conversation import CallDirection, Conversation, Event, EventKind
from core.errors import BadScorecard
from core.evaluation import Finding
from core.scorecard import Question
from core.spans import TimeSpan
from language.sentiment import trace
from qa.cards import parse_scorecard
from qa.rules.base import Case, passages_of
from qa.scoring import answer
from tests.build import call, chat
from tests.qa.judging import pipeline

HOURS = {"earliest": "08:00", "latest": "19:00", "zone": "zone"}
PAUSE = {"events": ("recording_paused", "muted"), "phrases": ("card number",)}
CUE = {"cues": ("my mother died",), "phrases": ("sorry for your loss",), "never": ("you owe",)}


def ask(talk: Conversation, rule: str, options: Mapping[str, object], **words: str) -> Finding:
    """The finding of one question of this rule."""
    case = Case(talk, passages_of(talk, pipeline()), pipeline(), words, trace(talk))
    return answer(case, Question("q", "?", 100, rule, options))


def at(moment: str, direction: CallDirection | None = CallDirection.OUTBOUND) -> Conversation:
    opened = datetime.fromisoformat(moment)
    return replace(call(("agent", "hello")), opened_at=opened, direction=direction)


@pytest.mark.parametrize(
    ("moment", "zone", "expected"),
    [
        ("2026-01-05T02:30:00+00:00", "Asia/Kolkata", "yes"),  # 08:00
        ("2026-01-05T02:29:59+00:00", "Asia/Kolkata", "no"),
        ("2026-01-05T13:29:59+00:00", "Asia/Kolkata", "yes"),
        ("2026-01-05T13:30:00+00:00", "Asia/Kolkata", "no"),  # 19:00
        ("2026-03-08T12:30:00+00:00", "America/New_York", "yes"),  # summer time has begun: 08:30
        ("2026-03-07T12:30:00+00:00", "America/New_York", "no"),  # 07:30
        ("2026-01-05T09:00:00+00:00", "Mars/Olympus", "unsure"),
    ],
)
def test_hours_are_those_of_the_customer(moment: str, zone: str, expected: str) -> None:
    assert ask(at(moment), "hours", HOURS, zone=zone).verdict.value == expected


def test_hours_hold_for_those_who_ring_and_need_a_time() -> None:
    night = "2026-01-05T20:00:00+00:00"
    words = {"zone": "Europe/London"}
    inbound = at(night, CallDirection.INBOUND)
    assert ask(inbound, "hours", HOURS, **words).verdict.value == "not_applicable"
    unknown = ask(at(night, None), "hours", HOURS, **words)
    assert (unknown.verdict.value, unknown.probability) == ("unsure", 0.5)
    timeless = replace(call(("agent", "hello")), direction=CallDirection.OUTBOUND)
    assert ask(timeless, "hours", HOURS, **words).verdict.value == "unsure"
    imported = replace(at(night), events=(Event(EventKind.OPENED, None),))
    asked = ask(imported, "hours", HOURS, **words)
    assert (asked.verdict.value, asked.reason) == ("unsure", "when it was spoken is not known")
    late = ask(at(night), "hours", HOURS, **words)
    assert late.reason == "began at 20:00 in Europe/London; allowed from 08:00 to 19:00"


@pytest.mark.parametrize(
    ("said", "direction", "expected", "reason"),
    [
        ("hello do you have a minute", CallDirection.OUTBOUND, "no", "not found"),
        ("hello do you have a minute", None, "unsure", "it is not known who rang"),
        ("hello do you have a minute", CallDirection.INBOUND, "not_applicable", "customer rang"),
        ("this is a sales call", CallDirection.OUTBOUND, "yes", "agent said so"),
        ("this is a sales call", None, "yes", "agent said so"),
        ("this is a sales call", CallDirection.INBOUND, "not_applicable", "customer rang"),
    ],
)
def test_a_phrase_may_be_due_where_the_agent_rang_alone(
    said: str, direction: CallDirection | None, expected: str, reason: str
) -> None:
    talk = replace(call(("agent", said), ("customer", "yes")), direction=direction)
    options = {"phrases": ("sales call",), "direction": "outbound"}
    found = ask(talk, "phrase", options)
    assert (found.verdict.value, reason in found.reason) == (expected, True)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("customer", "my mother died"), ("agent", "so sorry for your loss")], "yes"),
        ([("customer", "my mother died"), ("agent", "ok"), ("customer", "yes"),
          ("agent", "sorry for your loss")], "yes"),
        ([("customer", "my mother died"), ("agent", "ok"), ("customer", "yes"), ("agent", "ok"),
          ("customer", "so"), ("agent", "sorry for your loss")], "unsure"),
        ([("customer", "my mother died"), ("agent", "ok"), ("customer", "a"), ("agent", "b")],
         "no"),
        ([("customer", "my mother died"), ("agent", "sorry for your loss you owe us")], "no"),
        ([("agent", "sorry for your loss"), ("customer", "my mother died")], "unsure"),
        ([("agent", "you owe us"), ("customer", "my mother died"),
          ("agent", "sorry for your loss")], "yes"),
        ([("customer", "my phone died"), ("agent", "ok")], "not_applicable"),
        ([("agent", "my mother died"), ("customer", "ok")], "not_applicable"),
    ],
)  # fmt: skip
def test_a_cue_is_taken_up_soon(lines: list[tuple[str, str]], expected: str) -> None:
    assert ask(chat(*lines), "acknowledges", CUE).verdict.value == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([("customer", "4111 1111 1111 1111")], "no"),
        ([("agent", "that is 4111-1111-1111-1111")], "no"),
        ([("unknown", "4111111111111111")], "no"),
        ([("customer", "4111 1111 1111 1112")], "unsure"),  # a digit misheard or mistyped
        ([("customer", "████████████████")], "yes"),
        ([("customer", "order 5512 of 12 May, 020 7946 0958")], "yes"),
        ([("agent", "the code on the back please"), ("customer", "456")], "no"),
        ([("agent", "how many chairs"), ("customer", "456")], "yes"),
    ],
)
def test_card_data_is_found_whoever_says_it(lines: list[tuple[str, str]], expected: str) -> None:
    options = {"code_asked": ("code on the back",)}
    found = ask(chat(("agent", "hello"), *lines), "card_data", options)
    assert found.verdict.value == expected
    assert not any(sign.isdigit() for sign in found.reason)


def test_card_data_in_the_sound_has_its_second_unless_it_is_silenced() -> None:
    number = "four one one one one one one one one one one one one one one one"
    talk = call(("agent", "the card number please"), ("customer", number))
    assert ask(talk, "card_data", {}).reason.endswith("and in the sound at 0:02")
    muted = Event(EventKind.MUTED, None, span=TimeSpan(1.0, 60.0))
    assert "sound" not in ask(replace(talk, events=(muted,)), "card_data", {}).reason


@pytest.mark.parametrize(
    ("kind", "start", "end", "expected"),
    [
        (EventKind.RECORDING_PAUSED, 1.0, 9.0, "yes"),  # over the whole answer
        (EventKind.MUTED, 1.0, 9.0, "yes"),
        (EventKind.RECORDING_PAUSED, 3.0, 3.0, "no"),  # an instant in the middle of the answer
        (EventKind.RECORDING_PAUSED, 20.0, 30.0, "no"),  # too late
        (EventKind.HELD, 20.0, 30.0, "no"),  # the telephone tells its events, and no pause
        (EventKind.ROLES_TOLD, 0.0, 0.0, "unsure"),  # says nothing of the recording
    ],
)
def test_a_pause_covers_the_answer(
    kind: EventKind, start: float, end: float, expected: str
) -> None:
    lines = (("agent", "your card number"), ("customer", "yes it is done"), ("agent", "thanks"))
    talk = replace(call(*lines), events=(Event(kind, None, span=TimeSpan(start, end)),))
    assert ask(talk, "event", PAUSE).verdict.value == expected


def test_a_pause_told_by_the_clock_lasts_until_the_recording_resumes() -> None:
    opened = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
    talk = call(("agent", "your card number"), ("customer", "yes it is done"), ("agent", "thanks"))
    paused = Event(EventKind.RECORDING_PAUSED, opened.replace(second=1))
    resumed = Event(EventKind.RECORDING_RESUMED, opened.replace(second=4))
    known = replace(talk, opened_at=opened, events=(paused, resumed))
    assert ask(known, "event", PAUSE).verdict.value == "yes"
    early = replace(known, events=(paused, replace(resumed, at=opened.replace(second=2))))
    assert ask(early, "event", PAUSE).verdict.value == "no"
    assert ask(call(("agent", "hello")), "event", PAUSE).verdict.value == "not_applicable"


CARD = """\
name: one
version: 1
title: One
variables: {{zone: UTC}}
sections:
  - id: s
    title: S
    weight: 100
    questions:
      - id: q
        text: Q?
        weight: 100
        rule: {rule}
        options: {options}
"""


@pytest.mark.parametrize(
    ("rule", "options", "words"),
    [
        ("phrase", "{phrases: [hello], direction: away}", "inbound or outbound"),
        ("hours", '{earliest: "8", latest: "19:00", zone: zone}', "earliest is a time"),
        ("hours", '{earliest: "20:00", latest: "19:00", zone: zone}', "latest comes before"),
        ("hours", '{earliest: "08:00", latest: "19:00", zone: place}', "'place' is not the name"),
        ("event", "{events: [lunch], phrases: [card]}", "no event is called 'lunch'"),
        ("acknowledges", "{cues: [a]}", "'phrases' is missing"),
        ("card_data", "{digits: 3}", "unknown key"),
    ],
)
def test_options_of_the_rules_are_checked(rule: str, options: str, words: str) -> None:
    with pytest.raises(BadScorecard, match=words):
        parse_scorecard(CARD.format(rule=rule, options=options), "one.yml")
