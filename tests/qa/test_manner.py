"""How a conversation went between both sides: the measures, the judge of them, and its file."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.train.fitting import fit_logistic, fit_signed
from core.conversation import Conversation
from core.errors import ModelUnavailable
from language.encoder import Encoder, find_folder_by_environment
from qa.judges import manner_judge
from qa.judges.cite import judge_manner
from qa.judges.digest import Talk, read_talk
from qa.judges.manner import SIGNS, manner
from qa.judges.manner_judge import load_manner_judge
from qa.judges.shipped import shipped_manner_judge
from qa.judges.sides import PERSON
from qa.vectors import Floats, Vectors
from tests.build import chat

DIMENSIONS = 384
CURT = chat(
    ("customer", "hello, do they allow dogs?"),
    ("agent", "name"),
    ("customer", "I am Ben. I asked whether they allow dogs"),
    ("agent", "what day"),
    ("customer", "You did not answer. Do they allow dogs or not?"),
    ("agent", "what day"),
    ("customer", "this is useless"),
    ("agent", "Sorry, I do not understand."),
)
KIND = chat(
    ("customer", "hello, do they allow dogs?"),
    ("agent", "Yes, dogs are welcome there! Could I have your name, please?"),
    ("customer", "Great! I am Ben"),
    ("agent", "Thank you, Ben. Your viewing is booked for Tuesday at ten."),
    ("customer", "Wonderful, thank you so much!"),
    ("agent", "You are welcome! Is there anything else I can do for you?"),
    ("customer", "No, that is all, thanks!"),
    ("agent", "Goodbye, and have a good day."),
)


def encode(texts: Sequence[str]) -> Floats:
    """Each first word has an axis of its own, by its letters."""
    rows = np.zeros((len(texts), DIMENSIONS), dtype=np.float32)
    for row, text in enumerate(texts):
        rows[row, sum(map(ord, text.split()[0])) % DIMENSIONS] = 1.0
    return rows


def read(talk: Conversation) -> Talk:
    """Both sides, the agent a person."""
    return read_talk(talk, Vectors(encode), PERSON)


def measure(talk: Talk, name: str) -> float:
    """One of the measures."""
    return float(manner(talk)[list(SIGNS).index(name)])


@pytest.mark.parametrize(
    ("name", "curt", "kind"),
    [
        ("agent short", 0.75, 0.0),
        ("agent lower case", 0.75, 0.0),
        ("agent without full stop", 0.75, 0.0),
        ("agent sorry", 0.25, 0.0),
        ("agent polite", 0.0, 1.0),
        ("agent exclaims", 0.0, 0.5),
        ("agent repeats", np.log1p(1), 0.0),
        ("agent repeats in a row", np.log1p(1), 0.0),
        ("customer exclaims", 0.0, np.log1p(3)),
        ("customer exclaims at the end", 0.0, 1.0),
        ("customer thanks turns", 0.0, np.log1p(2)),
        ("customer never thanks", 1.0, 0.0),
        ("turns", np.log1p(8), np.log1p(8)),
    ],
)
def test_what_is_counted(name: str, curt: float, kind: float) -> None:
    assert measure(read(CURT), name) == pytest.approx(curt, abs=1e-6)
    assert measure(read(KIND), name) == pytest.approx(kind, abs=1e-6)


def test_a_reply_is_the_turn_right_behind_and_another_role_in_between_is_none() -> None:
    alike = chat(("customer", "dogs may come?"), ("agent", "dogs may come"))
    apart = chat(("customer", "dogs may come?"), ("customer", "hello"), ("agent", "dogs may come"))
    assert measure(read(alike), "answers likeness") == 1.0
    assert measure(read(apart), "replies likeness") == 0.0
    left_out = read(apart).without("customer", 1)
    assert measure(left_out, "answers likeness") == 1.0


def test_a_side_without_turns_is_still_finite() -> None:
    for talk in (chat(("customer", "hello")), chat(("agent", "hello"))):
        assert np.isfinite(manner(read(talk))).all()


def test_the_file_is_kept_to_the_last_bit(tmp_path: Path) -> None:
    judge = shipped_manner_judge()
    judge.save(tmp_path / "one.safetensors")
    again = load_manner_judge(tmp_path / "one.safetensors")
    again.save(tmp_path / "two.safetensors")
    shipped = Path("qa/heads/calm.safetensors").read_bytes()
    assert shipped == (tmp_path / "one.safetensors").read_bytes()
    assert shipped == (tmp_path / "two.safetensors").read_bytes()
    assert len(shipped) < 10_000
    assert {"trained_on", "date", "area", "unsure", "tried", "limits_of_use"} <= set(again.card)


def test_no_weight_goes_against_its_direction() -> None:
    ways = np.array(tuple(SIGNS.values()))
    weights = shipped_manner_judge().weights
    assert (weights * ways >= 0).all()
    assert (weights != 0).sum() > 20


def test_a_judge_of_other_measures_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped_manner_judge().save(tmp_path / "calm.safetensors")
    monkeypatch.setattr(manner_judge, "SIGNS", {"something else": 1})
    with pytest.raises(ModelUnavailable, match=r"other measures.*benchmarks\.train calm"):
        load_manner_judge(tmp_path / "calm.safetensors")


def test_a_damaged_file_is_told_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "bad.safetensors"
    path.write_bytes(b"no judge")
    with pytest.raises(ModelUnavailable, match=r"bad\.safetensors"):
        load_manner_judge(path)


def test_a_feature_against_its_sign_is_left_out_and_the_rest_fitted_again() -> None:
    dice = np.random.default_rng(5)
    rows = dice.normal(size=(400, 3))
    wanted = (rows[:, 0] - rows[:, 1] + dice.normal(size=400) > 0).astype(float)
    weights, bias = fit_signed(rows, wanted, 1.0, (1, 1, 0))
    alone, bias_alone = fit_logistic(rows[:, [0, 2]], wanted, 1.0)
    assert weights[1] == 0.0
    assert np.allclose(weights[[0, 2]], alone)
    assert bias == pytest.approx(bias_alone)


@pytest.mark.weights
def test_a_curt_agent_who_answers_nothing_is_told_from_a_kind_one() -> None:
    vectors = Vectors(Encoder(find_folder_by_environment()))
    curt, kind = (
        judge_manner(shipped_manner_judge(), read_talk(talk, vectors, PERSON))
        for talk in (CURT, KIND)
    )
    assert kind.chance > curt.chance + 0.1
    assert kind.speaking_for(yes=True)
    assert curt.speaking_for(yes=False)
