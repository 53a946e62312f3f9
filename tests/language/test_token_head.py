"""A head on tokens: what it makes of states, what it keeps in its file, what it refuses."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelUnavailable
from language.token_head import TokenHead, levelled, load_token_head, save_token_head

STATES = np.array([[1, -1, 0], [0, 1, -1], [-1, 0, 1]], dtype=np.float32)
LENGTHS = np.array([2, 1])


def head() -> TokenHead:
    """Three values in a state, two units, one gaze, two labels; small halves, exact in float16."""
    return TokenHead(
        "mood", "1", ("bad", "good"),
        units=np.array([[0.5, 0], [0, 0.5], [0.25, 0]], np.float32),
        unit_bias=np.array([0.5, 0], np.float32),
        gaze=np.array([[1], [0], [-1]], np.float32),
        weights=np.array([[1, 0], [0, 1], [0.5, 0], [0, -1]], np.float32),
        bias=np.array([0, 0.25], np.float32),
        card={"data": "by hand"},
    )  # fmt: skip


def one_by_one(made: TokenHead, states: np.ndarray) -> np.ndarray:
    """The same in plain words, for one text."""
    level = (states - states.mean(axis=1, keepdims=True)) / states.std(axis=1, keepdims=True)
    units = np.maximum(level @ made.units + made.unit_bias, 0)
    odds = np.exp(level @ made.gaze[:, 0])
    seen = (odds[:, None] * units).sum(axis=0) / odds.sum()
    gathered = np.concatenate([seen, units.mean(axis=0)])
    return np.asarray(gathered @ made.weights + made.bias)


def test_texts_are_judged_each_by_its_own_tokens() -> None:
    logits = head().logits(STATES, LENGTHS)
    assert logits.shape == (2, 2)
    np.testing.assert_allclose(logits[0], one_by_one(head(), STATES[:2]), rtol=1e-5)
    np.testing.assert_allclose(logits[1], one_by_one(head(), STATES[2:]), rtol=1e-5)


def test_chances_sum_to_one() -> None:
    chances = head().probabilities(STATES, LENGTHS)
    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=1e-6)
    assert head().logits(STATES[:0], LENGTHS[:0]).shape == (0, 2)


def test_a_state_is_brought_to_mean_0_and_variance_1() -> None:
    level = levelled(np.array([[1, 2, 3], [5, 5, 5]], np.float32))
    np.testing.assert_allclose(level[0], [-1.2247, 0, 1.2247], atol=1e-3)
    assert not level[1].any()  # no spread, and nothing is divided by it


def test_a_head_is_found_again_with_its_card(tmp_path: Path) -> None:
    file, again = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    save_token_head(head(), file)
    save_token_head(head(), again)
    assert file.read_bytes() == again.read_bytes()
    read = load_token_head(file)
    assert (read.name, read.version, read.labels) == ("mood", "1", ("bad", "good"))
    assert dict(read.card) == {"data": "by hand"}
    np.testing.assert_array_equal(
        read.logits(STATES, LENGTHS), head().logits(STATES, LENGTHS)
    )  # fmt: skip


def test_what_is_no_head_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "mood.safetensors"
    with pytest.raises(ModelUnavailable, match=r"mood\.safetensors cannot be read"):
        load_token_head(file)
    file.write_bytes(b"no head")
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        load_token_head(file)


@pytest.mark.parametrize(
    "wrong",
    [
        {"gaze": np.zeros((3, 2), np.float32)},
        {"unit_bias": np.zeros(3, np.float32)},
        {"labels": ("bad", "so-so", "good")},
    ],
)
def test_arrays_that_do_not_fit_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ModelUnavailable, match="do not fit"):
        replace(head(), **wrong)  # type: ignore[arg-type]  # what is tested
