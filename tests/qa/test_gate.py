"""The gate: shut until numbers open it, and what counts."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.calibration import AskedQuestion, DoubleScore, Picked
from qa.gate import Gate, Requirement, gate, least_found, most_said
from tests.calibrating import asked, double_score, scale, scores

GREETING, FATAL = asked(), asked("no_prohibited", is_fatal=True)
Pairs = Sequence[tuple[str, str, int]]


def stands(question: AskedQuestion, pairs: Pairs, picked: Picked = Picked.RANDOM) -> Gate:
    return gate(question, scores(question, pairs, picked=picked))


@pytest.mark.parametrize(
    ("pairs", "is_open", "missing"),
    [
        ([], False, "0 of 50 double-scored"),
        ([("yes", "yes", 25), ("no", "no", 24)], False, "49 of 50 double-scored"),
        ([("yes", "yes", 25), ("no", "no", 25)], True, ""),
        ([("yes", "yes", 24), ("no", "no", 23), ("yes", "no", 3)], True, ""),
        ([("yes", "yes", 22), ("no", "no", 20), ("yes", "no", 8)], False, "lower bound of kappa"),
        ([("yes", "yes", 500)], False, "kappa cannot be told yet"),  # one answer throughout
        ([("yes", "yes", 57), ("no", "no", 3)], False, "lower bound of kappa"),  # 3 noes of 60
        ([("yes", "yes", 300), ("yes", "no", 200)], False, "lower bound of kappa"),
    ],
)
def test_numbers_alone_open_it(pairs: Pairs, is_open: bool, missing: str) -> None:
    found = stands(GREETING, pairs)
    assert found.is_open is is_open
    assert missing in "; ".join(map(str, found.missing))
    assert bool(found.missing) is not is_open


def test_what_is_missing_is_told_in_figures() -> None:
    pairs = [("yes", "yes", 20), ("no", "no", 15), ("yes", "no", 2), ("no", "yes", 1)]
    found = stands(GREETING, pairs)
    assert found.agreement.kappa.low == pytest.approx(0.5706, abs=5e-5)
    assert found.told == "38 of 50 double-scored; lower bound of kappa 0.57 of 0.60"


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (0.5999, "lower bound 0.59 of 0.60"),  # never rounded up to what is needed
        (0.6, "lower bound 0.60 of 0.60"),
        (-0.051, "lower bound −0.06 of 0.60"),
        (None, "lower bound cannot be told yet, 0.60 is needed"),
    ],
)
def test_a_bound_is_never_told_higher_than_it_is(found: float | None, told: str) -> None:
    assert str(Requirement("lower bound", found, 0.6)) == told


@pytest.mark.parametrize(
    ("noes_found", "noes_missed", "false_noes", "is_open"),
    [
        (72, 0, 0, False),
        (73, 0, 0, True),  # the least that is enough
        (73, 1, 0, False),
        (120, 1, 0, True),
        (30, 0, 0, False),
        (73, 0, 400, False),  # finds all by crying wolf: kappa keeps it shut
    ],
)
def test_a_fatal_question_needs_recall_as_well(
    noes_found: int, noes_missed: int, false_noes: int, is_open: bool
) -> None:
    pairs = [
        ("no", "no", noes_found), ("yes", "no", noes_missed),
        ("no", "yes", false_noes), ("yes", "yes", 100),
    ]  # fmt: skip
    found = stands(FATAL, pairs)
    assert found.is_open is is_open
    assert found.detection is not None
    assert found.detection.recall.whole == noes_found + noes_missed
    assert stands(GREETING, pairs).detection is None


def test_how_many_noes_a_fatal_question_needs() -> None:
    assert least_found(0.95) == 73


def test_it_closes_again_when_the_numbers_fall() -> None:
    good = list(scores(GREETING, [("yes", "yes", 30), ("no", "no", 30)]))
    bad = list(scores(GREETING, [("yes", "no", 25)], first=100))
    assert gate(GREETING, good).is_open
    assert not gate(GREETING, good + bad).is_open


def test_an_unsure_machine_counts_neither_way() -> None:
    pairs = [("yes", "yes", 25), ("no", "no", 25), ("unsure", "no", 40)]
    found = stands(GREETING, pairs)
    assert (found.n, found.unsure, found.is_open) == (50, 40, True)
    few = stands(GREETING, [("yes", "yes", 20), ("no", "no", 20), ("unsure", "yes", 40)])
    assert (few.n, few.is_open) == (40, False)


def test_a_person_who_cannot_tell_disagrees_with_a_machine_that_can() -> None:
    found = stands(GREETING, [("yes", "yes", 25), ("no", "no", 25), ("yes", "unsure", 10)])
    assert found.n == 60
    assert found.agreement.raw.part == 50
    assert found.agreement.table.categories == ("yes", "no", "unsure")


def test_what_was_drawn_by_risk_is_left_out() -> None:
    """The machine's own noes would find every no that it found."""
    pairs = [("no", "no", 80), ("yes", "yes", 80)]
    by_risk = stands(FATAL, pairs, picked=Picked.RISK)
    assert (by_risk.n, by_risk.by_risk, by_risk.is_open) == (0, 160, False)
    drawn = stands(FATAL, pairs, picked=Picked.UNIFORM)
    assert (drawn.n, drawn.by_risk, drawn.is_open) == (160, 0, True)
    assert drawn.picked == {Picked.UNIFORM: 160}


def test_another_wording_inherits_nothing() -> None:
    found = list(scores(GREETING, [("yes", "yes", 30), ("no", "no", 30)]))
    assert gate(GREETING, found).is_open
    assert gate(replace(GREETING, digest="other"), found).n == 0


def test_several_people_on_one_conversation_are_one() -> None:
    def three(name: str, machine: str, *people: str) -> list[DoubleScore]:
        return [
            double_score(GREETING, name, machine, answer, by=f"p{number}")
            for number, answer in enumerate(people)
        ]

    found = gate(
        GREETING,
        [
            *three("c1", "yes", "yes", "yes", "no"),
            *three("c2", "yes", "no", "no", "yes"),
            *three("c3", "yes", "yes", "no"),  # a tie counts against the machine
            *three("c4", "no", "no", "yes"),
        ],
    )
    assert found.n == 4
    assert found.agreement.table.categories == ("yes", "no")
    assert found.agreement.table.counts == ((1, 2), (1, 0))


def test_the_machines_latest_answer_counts() -> None:
    found = gate(
        GREETING,
        [
            double_score(GREETING, "c1", "no", "yes", by="sue", minutes=0),
            double_score(GREETING, "c1", "yes", "yes", by="sam", minutes=5),
        ],
    )
    assert found.agreement.raw.part == 1


@pytest.mark.parametrize(
    ("answers", "against", "expected"),
    [
        (("yes",), "yes", "yes"),
        (("yes", "no"), "yes", "no"),
        (("yes", "no"), "no", "yes"),
        (("yes", "no", "yes"), "yes", "yes"),
        (("unsure", "no"), "yes", "unsure"),
    ],
)
def test_most_people(answers: tuple[str, ...], against: str, expected: str) -> None:
    assert most_said(answers, against=against) == expected


def test_a_near_miss_on_a_scale_is_half_a_hit() -> None:
    near = [("1", "2", 10), ("2", "2", 15), ("4", "4", 15), ("5", "4", 10), ("5", "5", 5)]
    far = [("1", "5", 10), ("2", "2", 15), ("4", "4", 15), ("5", "1", 10), ("5", "5", 5)]
    one, other = stands(scale(), near), stands(scale(), far)
    assert one.agreement.raw.part == other.agreement.raw.part
    assert (one.agreement.kappa.value or 0) > 0.6 > (other.agreement.kappa.value or 0)
    assert "weighted kappa" in one.told


def test_what_does_not_apply_lies_off_the_scale() -> None:
    found = stands(scale(), [("5", "not_applicable", 5), ("5", "5", 20), ("1", "1", 20)])
    assert found.agreement.table.categories == ("1", "5", "not_applicable")
    assert found.agreement.raw.part == 40
