"""Means of what was drawn: right on average, though risky conversations are drawn on purpose."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from core.draw import Risk
from qa.means import Mean, Reviewed, uniform_mean, weighted_mean
from qa.sampling import Candidate, draw_risks, draw_uniform

MONDAY = datetime(2026, 5, 4, tzinfo=UTC)


def population(weeks: int, rng: np.random.Generator) -> list[dict[str, tuple[float, bool]]]:
    """Conversations of one agent by week: score and whether it shows a risk; risky ones score low.

    Busy and quiet weeks differ in their scores too, as they do for people.
    """
    made = []
    for week in range(weeks):
        size = int(rng.integers(8, 60))
        risky = rng.random(size) < 0.15
        scores = np.clip(rng.normal(85 - size / 4 - 45 * risky, 8), 0, 100)
        names = [f"w{week}c{number:02}" for number in range(size)]
        made.append(dict(zip(names, zip(scores, risky, strict=True), strict=True)))
    return made


def review(weeks: list[dict[str, tuple[float, bool]]], seed: str) -> list[Reviewed]:
    """What people would review of it: two by chance and two by risk from each week."""
    found = []
    for number, week in enumerate(weeks):
        begins = MONDAY + timedelta(weeks=number)
        drawn, chance = draw_uniform(list(week), 2, seed=f"{seed}{number}")
        risky = [
            Candidate(name, "ann", begins, begins, frozenset({Risk.FALLING}), "card")
            for name, (_, is_risky) in week.items()
            if is_risky
        ]
        by_risk = {one.conversation for one in draw_risks(risky, {}, most=2)}
        found += [
            Reviewed(week[name][0], chance if name in drawn else None, name in by_risk)
            for name in {*drawn, *by_risk}
        ]
    return found


def test_both_means_are_right_on_average_and_the_plain_one_is_not() -> None:
    weeks = population(13, np.random.default_rng(7))
    truth = float(np.mean([score for week in weeks for score, _ in week.values()]))
    samples = [review(weeks, f"s{number}-") for number in range(2000)]
    told = {
        "uniform": [mean.value for one in samples if (mean := uniform_mean(one))],
        "weighted": [mean.value for one in samples if (mean := weighted_mean(one))],
    }
    for name, values in told.items():
        off = np.mean(values) - truth
        assert abs(off) < 0.3, (name, off)  # points of 100; by chance alone it strays by 0.08
    plain = np.mean([np.mean([each.score for each in one]) for one in samples])
    assert truth - plain > 5, "what people look at looks worse than it is"
    spread = {name: float(np.std(values)) for name, values in told.items()}
    assert spread["weighted"] < spread["uniform"], "the risky ones add what they know"


def test_the_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(11)
    hits = {"uniform": 0, "weighted": 0}
    tries = 200
    for number in range(tries):
        weeks = population(13, rng)
        truth = float(np.mean([score for week in weeks for score, _ in week.values()]))
        drawn = review(weeks, f"t{number}-")
        for name, mean in (("uniform", uniform_mean(drawn)), ("weighted", weighted_mean(drawn))):
            assert mean is not None
            assert mean.low is not None
            assert mean.high is not None
            hits[name] += mean.low <= truth <= mean.high
    assert all(count / tries > 0.85 for count in hits.values()), hits


@pytest.mark.parametrize(
    ("reviewed", "uniform", "weighted"),
    [
        ([], None, None),
        ([Reviewed(80, 0.5, False)], 80, 80),
        ([Reviewed(40, None, True)], None, 40),  # by risk alone: no uniform mean
        ([Reviewed(80, 0.5, False), Reviewed(40, None, True)], 80, (2 * 80 + 40) / 3),
        ([Reviewed(80, 0.5, True), Reviewed(60, 0.5, False)], 70, (80 + 2 * 60) / 3),
        ([Reviewed(80, 0.5, False), Reviewed(50, 0.1, False)], (160 + 500) / 12, 660 / 12),
        ([Reviewed(80, None, False)], None, None),  # picked by hand: no chance is known
    ],
)
def test_means_by_hand(
    reviewed: list[Reviewed], uniform: float | None, weighted: float | None
) -> None:
    for mean, expected in ((uniform_mean(reviewed), uniform), (weighted_mean(reviewed), weighted)):
        if expected is None:
            assert mean is None
        else:
            assert mean is not None
            assert mean.value == pytest.approx(expected)


def test_one_score_by_chance_has_no_interval_and_all_of_them_need_none() -> None:
    assert uniform_mean([Reviewed(80, 0.5, False)]) == Mean(80, None, None, 1)
    everything = [Reviewed(80, 1.0, False), Reviewed(60, 1.0, False)]
    assert uniform_mean(everything) == Mean(70, 70, 70, 2), "the whole period was reviewed"


def test_the_interval_is_the_same_each_time() -> None:
    reviewed = [Reviewed(float(score), 0.2, False) for score in range(40, 100, 5)]
    first = uniform_mean(reviewed)
    assert first == uniform_mean(reviewed)
    assert first is not None
    assert first.low is not None
    assert first.high is not None
    assert first.low < first.value < first.high
