"""The draws: fair to every conversation, spread over the period, the same for the same seed."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from core.draw import Risk
from core.evaluation import Evaluation, Finding, SentimentTrace, Verdict
from core.scorecard import Criticality, Question, Scorecard, Section
from qa.sampling import (
    Candidate,
    Case,
    draw_risks,
    draw_uniform,
    fatal_noes,
    risks_of,
    to_review_by,
)

MONDAY = datetime(2026, 5, 4, tzinfo=UTC)
CARD = Scorecard(
    "card", 1, "Card",
    (
        Section("talk", "Talk", 100, (
            Question("greeting", "?", 50, "phrase"),
            Question("rude", "?", 50, "absence", criticality=Criticality.FATAL),
        )),
    ),
)  # fmt: skip


def frame(size: int) -> tuple[str, ...]:
    return tuple(f"c{number:03}" for number in range(size))


@pytest.mark.parametrize(
    ("size", "wanted", "drawn", "probability"),
    [(0, 2, 0, 0.0), (10, 0, 0, 0.0), (1, 2, 1, 1.0), (2, 2, 2, 1.0), (10, 4, 4, 0.4)],
)
def test_how_many_are_drawn_with_which_probability(
    size: int, wanted: int, drawn: int, probability: float
) -> None:
    found, chance = draw_uniform(frame(size), wanted, seed="s")
    assert (len(found), chance) == (drawn, probability)
    assert len(set(found)) == drawn
    assert list(found) == sorted(found), "in the order of time"


def test_the_same_seed_gives_the_same_draw_and_another_one_another() -> None:
    first = draw_uniform(frame(50), 3, seed="one")
    assert first == draw_uniform(frame(50), 3, seed="one")
    assert len({draw_uniform(frame(50), 3, seed=f"s{i}")[0] for i in range(40)}) > 10


@pytest.mark.parametrize(("size", "wanted"), [(7, 3), (40, 2), (23, 5)])
def test_every_conversation_has_the_probability_that_is_told(size: int, wanted: int) -> None:
    tries = 8000
    counts: Counter[str] = Counter()
    for number in range(tries):
        found, probability = draw_uniform(frame(size), wanted, seed=str(number))
        counts.update(found)
    expected = tries * probability
    slack = 4.5 * (tries * probability * (1 - probability)) ** 0.5  # one in 100,000 is beyond it
    assert all(abs(counts[name] - expected) < slack for name in frame(size)), counts


@pytest.mark.parametrize(("size", "wanted"), [(40, 4), (41, 4), (100, 7)])
def test_the_drawn_ones_are_spread_evenly(size: int, wanted: int) -> None:
    for number in range(200):
        found, _ = draw_uniform(frame(size), wanted, seed=str(number))
        places = [int(name[1:]) for name in found]
        gaps = [after - before for before, after in pairwise(places)]
        assert max(gaps) - min(gaps) <= 1
        assert places[0] < size / wanted


def case(
    *,
    fatal: str = "yes",
    shift: float | None = None,
    faint: float | None = None,
    is_detractor: bool = False,
    days: float | None = 400,
    card: Scorecard | None = CARD,
    other_first: bool = False,
) -> Case:
    findings = tuple(
        Finding(name, Verdict(verdict), 0.9, "heard")
        for name, verdict in (("greeting", "no"), ("rude", fatal))
    )
    judged = Evaluation(
        "e", "c", "card", 1, findings, MONDAY, 50.0, False, sentiment=SentimentTrace(shift=shift)
    )
    since = None if days is None else MONDAY - timedelta(days=days)
    other = replace(judged, id="o", scorecard="main", findings=findings[:1])
    both = ((judged, card), (other, None)) if other_first else ((judged, card),)
    return Case("c", "user:ann", MONDAY, both, faint, is_detractor, since)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (case(), set()),  # a no to a question that is not fatal is no risk
        (case(fatal="no"), {Risk.FATAL}),
        (case(fatal="unsure"), set()),
        (case(fatal="no", card=None), set()),  # nobody knows any more what was fatal
        (case(shift=-0.3), {Risk.FALLING}),
        (case(shift=-0.29), set()),
        (case(shift=0.8), set()),
        (case(faint=0.34), {Risk.FAINT}),
        (case(faint=1 / 3), set()),
        (case(is_detractor=True), {Risk.DETRACTOR}),
        (case(days=29.9), {Risk.NEW_AGENT}),
        (case(days=30), set()),
        (case(days=None), set()),  # the bot, or nobody knows who
        (case(fatal="no", shift=-0.9, days=0), {Risk.FATAL, Risk.FALLING, Risk.NEW_AGENT}),
    ],
)
def test_risks(known: Case, expected: set[Risk]) -> None:
    assert risks_of(known, new_agent_days=30) == expected


def test_zero_days_make_nobody_new() -> None:
    assert risks_of(case(days=0), new_agent_days=0) == set()


def test_the_fatal_questions_are_named() -> None:
    assert fatal_noes(*case(fatal="no").judged[0]) == ("rude",)
    assert fatal_noes(*case().judged[0]) == ()


def test_a_fatal_answer_of_any_scorecard_is_a_risk_and_reviewed_by_that_one() -> None:
    known = case(fatal="no", other_first=True)
    assert risks_of(known, new_agent_days=30) == {Risk.FATAL}
    assert to_review_by(known) == "card"
    assert to_review_by(case(other_first=True)) == "main", "without one by the main scorecard"


def candidate(name: str, *risks: Risk, agent: str = "ann", hour: int = 0) -> Candidate:
    at = MONDAY + timedelta(hours=hour)
    return Candidate(name, agent, at, MONDAY, frozenset(risks), "card")


FALLING, FATAL, FAINT = Risk.FALLING, Risk.FATAL, Risk.FAINT


@pytest.mark.parametrize(
    ("candidates", "taken", "expected"),
    [
        ([candidate("a")], {}, []),  # no risk
        ([candidate("a", FALLING), candidate("b", FALLING), candidate("c", FALLING)], {}, "ab"),
        ([candidate("late", FALLING, hour=9), candidate("early", FALLING, hour=1)],
         {("ann", MONDAY, FALLING): 1}, ["early"]),
        ([candidate(n, FATAL) for n in "abcd"], {}, "abcd"),  # always
        ([candidate("a", FALLING), candidate("b", FALLING, agent="ben")],
         {("ann", MONDAY, FALLING): 2}, "b"),
        ([candidate("a", FALLING)], {("ann", MONDAY - timedelta(days=7), FALLING): 2}, "a"),
        ([candidate("a", FALLING, FAINT)], {("ann", MONDAY, FALLING): 2}, "a"),  # the other risk
    ],
)  # fmt: skip
def test_risks_are_drawn_up_to_a_number(
    candidates: list[Candidate], taken: dict[tuple[str, datetime, Risk], int], expected: list[str]
) -> None:
    drawn = draw_risks(candidates, taken, most=2)
    assert [one.conversation for one in drawn] == list(expected)
