"""Judges: numbers of a conversation, forests and files, which turns weigh, and how limits speak."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier

from benchmarks.train.fitting import grow_forest
from core.errors import ModelUnavailable
from qa.judges.cite import judge_talk
from qa.judges.digest import digest, measure_names, read_talk
from qa.judges.forest import LEAF, Forest, halved, unpack_forest
from qa.judges.judge import Judge, Limits, Linear, Mix, load_judge
from qa.judges.shipped import shipped_judge
from qa.judges.sides import PERSON
from qa.judges.tone import TONES, tone_of
from qa.vectors import Floats, Vectors
from tests.build import chat

ANGRY, FINE, DIMENSIONS = 0, 1, 384


def encode(texts: Sequence[str]) -> Floats:
    """'angry' along the first axis, all else along the second."""
    rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, text in enumerate(texts):
        rows[row, ANGRY if "angry" in text else FINE] = 1.0
    return rows


def by_hand(*, last: int | None = None) -> Judge:
    """Says yes by how angry the customer's turns are; its forest always says a half."""
    count = len(measure_names())
    meaning = np.zeros(4 * DIMENSIONS, dtype=np.float32)
    meaning[2 * DIMENSIONS + ANGRY] = 8.0  # the customer's mean
    nothing, one = np.zeros(count, np.float32), np.ones(count, np.float32)
    linear = Linear(
        meaning, np.zeros_like(meaning), nothing, nothing, one,
        np.array([5.0], np.float32), np.array([-2.0], np.float32),
    )  # fmt: skip
    leaf = Forest(
        np.array([LEAF], np.int16), np.array([0.5], np.float32),
        np.array([0], np.int32), np.array([0], np.int32),
    )  # fmt: skip
    return Judge("hand", "1", linear, leaf, Mix(1.0, 0.0, 0.0), Limits(0.8, 0.2), {}, last)


TALK = chat(
    ("customer", "hello"),
    ("agent", "what is it"),
    ("customer", "I am angry"),
    ("agent", "noted"),
    ("bot", "beep"),
    ("customer", "fine"),
)


def test_a_digest_has_a_number_for_every_measure() -> None:
    made = digest(read_talk(TALK, Vectors(encode)))
    assert made.measures.shape == (len(measure_names()),)
    assert len(set(measure_names())) == len(measure_names())
    assert made.meaning.shape == (4 * DIMENSIONS,)
    measures = dict(zip(measure_names(), made.measures, strict=True))
    assert measures["both customer_last"] == 1
    assert measures["agent turns"] == pytest.approx(np.log1p(3))  # the bot serves, too


def test_sides_may_be_people_alone_and_turns_the_last_ones() -> None:
    vectors = Vectors(encode)
    assert len(read_talk(TALK, vectors, PERSON).house.turns) == 2
    last = read_talk(TALK, vectors, last=3)
    assert [turn.text for turn in last.house.turns] == ["noted", "beep"]
    assert [turn.text for turn in last.customer.turns] == ["fine"]


def test_only_the_turns_that_are_read_are_encoded() -> None:
    vectors = Vectors(encode)
    read_talk(TALK, vectors, last=2)
    assert vectors.encoded == 2


def test_a_conversation_of_one_side_is_still_a_row_of_finite_numbers() -> None:
    for talk in (chat(("customer", "hello")), chat(("agent", "hello"))):
        made = digest(read_talk(talk, Vectors(encode)))
        assert np.isfinite(made.measures).all()
        assert np.isfinite(made.meaning).all()


def test_the_turn_without_which_the_chance_falls_is_cited() -> None:
    judged = judge_talk(by_hand(), read_talk(TALK, Vectors(encode)), {})
    heaviest = judged.speaking_for(yes=True)[0]
    assert heaviest.turn.text == "I am angry"
    assert all(weight.effect < 0 for weight in judged.speaking_for(yes=False))


def test_signs_raise_the_chance_and_their_turn_is_cited() -> None:
    talk = read_talk(chat(("agent", "done"), ("customer", "ok")), Vectors(encode))
    without, with_sign = (judge_talk(by_hand(), talk, signs) for signs in ({}, {"t0": 3.0}))
    assert with_sign.chance > without.chance + 0.3
    assert with_sign.speaking_for(yes=True)[0].turn.text == "done"


def test_a_judge_is_kept_in_a_file_to_the_last_bit(tmp_path: Path) -> None:
    judge = shipped_judge("resolution")
    judge.save(tmp_path / "one.safetensors")
    again = load_judge(tmp_path / "one.safetensors")
    again.save(tmp_path / "two.safetensors")
    first, second = ((tmp_path / f"{name}.safetensors").read_bytes() for name in ("one", "two"))
    assert first == second
    assert again.limits == judge.limits
    assert again.last == judge.last
    rows = [digest(read_talk(TALK, Vectors(encode)))]
    assert again.chances(rows, [1.0]) == judge.chances(rows, [1.0])


def test_a_damaged_file_is_told_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(b"no judge")
    with pytest.raises(ModelUnavailable, match=r"bad\.safetensors"):
        load_judge(path)


def test_a_forest_says_what_the_library_that_grew_it_says() -> None:
    dice = np.random.default_rng(3)
    rows = halved(dice.normal(size=(200, 6)))
    wanted = rows[:, 0] + rows[:, 3] > 0
    made = grow_forest(rows, wanted, leaf=3)
    trees = ExtraTreesClassifier(
        len(made.roots), min_samples_leaf=3, max_features=0.2, class_weight="balanced",
        random_state=1,
    ).fit(rows, wanted)  # fmt: skip
    theirs = trees.predict_proba(rows)[:, 1]
    # Thresholds are halved here, so a row next to one may fall on the other side.
    assert np.abs(made.chances(rows) - theirs).mean() < 0.005
    again = unpack_forest(made.packed())
    for name in ("feature", "number", "right", "roots"):
        assert np.array_equal(getattr(again, name), getattr(made, name)), name


def test_a_forest_whose_arrays_do_not_fit_is_refused() -> None:
    forest = by_hand().forest
    with pytest.raises(ModelUnavailable, match="do not fit"):
        replace(forest, number=np.zeros(2, np.float32))


@pytest.mark.parametrize(
    ("text", "tone", "count"),
    [
        ("Thanks, thanks, thanks!", "thanks", 2),  # a third tells nothing more
        ("WHY is it not done?!", "shouts", 1),
        ("WHY is it not done?!", "insists", 1),
        ("it is ok", "lower_case", 1),
        ("It’s ridiculous", "dislike", 1),
        ("the transcript", "swear", 0),  # no word within a word
    ],
)
def test_tones_are_counted(text: str, tone: str, count: int) -> None:
    assert tone_of(text)[TONES.index(tone)] == count


@pytest.mark.parametrize("name", ["resolution", "annoyed"])
def test_a_shipped_judge_is_small_and_says_its_figures(name: str) -> None:
    judge = shipped_judge(name)
    assert {"trained_on", "date", "area", "unsure", "limits_of_use"} <= set(judge.card)
    path = Path("qa/heads", f"{name}.safetensors")
    assert path.stat().st_size < 100_000
