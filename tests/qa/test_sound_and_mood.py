"""Questions about the sound, about the mood, and about what has a form: figures with limits."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.conversation import Conversation
from core.errors import BadInput
from core.evaluation import Finding
from core.measures import CallMeasures, VoiceMeasures
from core.scorecard import Question
from core.spans import TimeSpan
from language.mood_scale import LEXICON
from language.pipeline import Pipeline
from qa.cards import parse_scorecard
from qa.rules.pattern import compile_pattern
from qa.scoring import evaluate
from tests.build import call, chat

PIPELINE = Pipeline()
NOW = datetime(2026, 1, 2, tzinfo=UTC)


class Moods:
    """A mood for each text, by hand."""

    name = "by-hand"
    scale = LEXICON

    def __init__(self, moods: dict[str, float]) -> None:
        self._moods = moods

    def mood(self, text: str) -> float:
        return self._moods.get(text, 0.0)

    def known(self, texts: Sequence[str]) -> list[float | None]:
        return [self.mood(text) for text in texts]

    def moods(self, texts: Sequence[str]) -> list[float]:
        return [self.mood(text) for text in texts]


def ask(talk: Conversation, question: Question, moods: dict[str, float] | None = None) -> Finding:
    form = FORM.replace("RULE", question.rule).replace("OPTIONS", _yaml(question.options))
    card = parse_scorecard(form, "one.yml")
    made = evaluate(talk, card, pipeline=PIPELINE, now=NOW, sentiment=Moods(moods or {}))
    return made.findings[0]


FORM = """\
name: one
version: 1
title: One
sections:
  - id: s
    title: S
    weight: 100
    questions:
      - {id: q, text: Q, weight: 100, rule: RULE, person_only: false, options: {OPTIONS}}
"""


def _yaml(options: object) -> str:
    assert isinstance(options, dict)
    return ", ".join(f"{key}: {value}" for key, value in options.items())


def q(rule: str, **options: object) -> Question:
    return Question("q", "Q", 100, rule, options)


def measured() -> Conversation:
    talk = call(
        ("agent", "hello how can i help"),
        ("customer", "my light comes on"),
        ("agent", "let me look at that"),
    )
    spoken = [replace(turn.speech, speaker=turn.role.value) for turn in talk.turns if turn.speech]
    turns = tuple(
        replace(turn, speech=speech) for turn, speech in zip(talk.turns, spoken, strict=True)
    )
    cut = turns[2].speech
    assert cut is not None
    measures = CallMeasures(
        duration=100.0,
        talk_over_seconds=5.0,
        dead_air=(TimeSpan(20, 26), TimeSpan(40, 44)),
        excluded=(),
        voices=(
            VoiceMeasures("agent", 30.0, 90, None, None, (TimeSpan(cut.span.start, cut.span.end),)),
            VoiceMeasures("customer", 10.0, 20, None, None),
        ),
    )
    return replace(talk, turns=turns, measures=measures)


@pytest.mark.parametrize(
    ("options", "verdict", "value", "confidence"),
    [
        ({"measure": "dead_air", "most": 0.2}, "yes", 0.1, 0.95),
        ({"measure": "dead_air", "most": 0.05}, "no", 0.1, 0.95),
        ({"measure": "dead_air", "most": 0.105}, "yes", 0.1, 0.6),
        ({"measure": "longest_gap", "most": 10}, "yes", 6.0, 0.95),
        ({"measure": "talk_over", "most": 0.02}, "no", 0.05, 0.95),
        ({"measure": "interruptions", "most": 0}, "no", 1.0, 0.95),
        ({"measure": "interruptions", "most": 0, "by": "customer"}, "yes", 0.0, 0.6),
        ({"measure": "talk_share", "least": 0.3, "most": 0.6}, "no", 0.75, 0.95),
        ({"measure": "pace", "least": 100, "most": 220}, "yes", 180.0, 0.95),
    ],
)
def test_a_measure_is_compared_with_its_limits(
    options: dict[str, object], verdict: str, value: float, confidence: float
) -> None:
    found = ask(measured(), q("acoustic", **options))
    assert (found.verdict.value, found.value) == (verdict, value)
    assert found.confidence == pytest.approx(confidence)
    assert found.evidence


def test_an_interruption_cites_where_it_was() -> None:
    talk = measured()
    found = ask(talk, q("acoustic", measure="interruptions", most=0))
    assert [piece.quote(talk) for piece in found.evidence] == ["let me look at that"]


def test_without_sound_there_is_nothing_to_measure() -> None:
    question = q("acoustic", measure="dead_air", most=0.1)
    assert ask(chat(("agent", "hello there you")), question).verdict.value == "not_applicable"
    unmeasured = replace(measured(), measures=None)
    assert ask(unmeasured, question).verdict.value == "unsure"
    unknown = replace(measured(), turns=tuple(replace(t, speech=None) for t in measured().turns))
    assert ask(unknown, q("acoustic", measure="pace", most=9)).verdict.value == "unsure"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"measure": "pace"}, "'least', 'most' or both"),
        ({"measure": "pace", "least": 5, "most": 4}, "above 'most' 4"),
        ({"measure": "loudness", "most": 4}, "is not a measure of the sound"),
    ],
)
def test_limits_that_contradict_themselves_are_refused(
    options: dict[str, object], words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        ask(measured(), q("acoustic", **options))


FELL = {"a": 0.1, "b": -0.8, "c": 0.3}
TALK = chat(*[(who, text) for text in "abc" for who in ("customer", "agent")])


@pytest.mark.parametrize(
    ("options", "moods", "verdict", "value"),
    [
        ({"aspect": "level"}, FELL, "yes", -0.1333),
        ({"aspect": "level", "least": 0.0}, FELL, "no", -0.1333),
        ({"aspect": "trend"}, FELL, "yes", 0.2),
        ({"aspect": "trend"}, {"a": 0.8, "c": -0.8}, "no", -1.6),
        ({"aspect": "recovery"}, FELL, "yes", 1.1),
        ({"aspect": "recovery"}, {"a": -0.5, "c": -0.9}, "no", 0.0),
        ({"aspect": "recovery"}, {"b": -0.5, "c": -0.4}, "no", 0.1),
        ({"aspect": "recovery"}, {"a": 0.4}, "not_applicable", None),
    ],
)
def test_mood_is_compared_with_what_is_wanted(
    options: dict[str, object], moods: dict[str, float], verdict: str, value: float | None
) -> None:
    found = ask(TALK, q("mood", **options), moods)
    assert found.verdict.value == verdict
    assert found.value == (None if value is None else pytest.approx(value, abs=1e-3))


def test_a_mood_needs_the_customers_words() -> None:
    assert ask(chat(("agent", "hello")), q("mood", aspect="level")).verdict == "not_applicable"
    one = chat(("customer", "a"), ("agent", "b"))
    assert ask(one, q("mood", aspect="trend")).verdict == "not_applicable"


@pytest.mark.parametrize(
    ("text", "options", "verdict", "quote"),
    [
        ("your case is CS-1234, thank you", {}, "yes", "CS-1234"),
        ("your case is cs-1234", {}, "yes", "cs-1234"),
        ("your case is open", {}, "no", "your case is open"),
        ("café 😀 CS-0001 is yours", {}, "yes", "CS-0001"),
        ("your case is CS-1234", {"wanted": "absent"}, "no", "CS-1234"),
        ("your case is open", {"wanted": "absent"}, "yes", "your case is open"),
    ],
)
def test_a_pattern_is_found_by_its_form(
    text: str, options: dict[str, object], verdict: str, quote: str
) -> None:
    talk = chat(("customer", "CS-9999 is mine"), ("agent", text))
    found = ask(talk, q("pattern", patterns=r"['\bCS-\d{4}\b']", **options))
    assert found.verdict.value == verdict
    assert [piece.quote(talk) for piece in found.evidence] == [quote]


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "(?=b)", "x{99999}"])
def test_a_pattern_that_cannot_be_read_is_refused(pattern: str) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        compile_pattern(pattern)


def test_no_pattern_brings_scoring_to_a_halt() -> None:
    talk = chat(("agent", "a" * 50_000))
    assert ask(talk, q("pattern", patterns="['(a+)+$b']")).verdict == "no"
