"""Heads: written and read back, chances that sum to one, and files that are none."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelUnavailable
from language.heads import Head, load_head, save_head

WEIGHTS = np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 0.5]], dtype=np.float32)
BIAS = np.array([0.1, -0.2, 0.0], dtype=np.float32)


def head() -> Head:
    return Head("mood", "1", ("bad", "so-so", "good"), WEIGHTS, BIAS, {"data": "by hand"})


def test_a_head_is_read_as_it_was_written(tmp_path: Path) -> None:
    save_head(head(), tmp_path / "one.safetensors")
    save_head(head(), tmp_path / "two.safetensors")
    first, second = ((tmp_path / f"{name}.safetensors").read_bytes() for name in ("one", "two"))
    assert first == second
    read = load_head(tmp_path / "one.safetensors")
    assert (read.name, read.version, read.labels) == ("mood", "1", ("bad", "so-so", "good"))
    assert read.card["data"] == "by hand"
    assert np.array_equal(read.weights, WEIGHTS) and np.array_equal(read.bias, BIAS)


def test_chances_sum_to_one_and_follow_the_scores() -> None:
    features = np.array([[3.0, 0.0], [0.0, 200.0], [0.0, 0.0]], dtype=np.float32)
    chances = head().probabilities(features)
    assert chances.shape == (3, 3)
    assert np.allclose(chances.sum(axis=1), 1)
    assert [int(row.argmax()) for row in chances] == [0, 1, 0]
    odds = chances[0, 0] / chances[0, 2]
    assert np.isclose(np.log(odds), head().logits(features)[0] @ [1, 0, -1], atol=1e-4)


@pytest.mark.parametrize("content", [b"", b"{}", b"\x08\0\0\0\0\0\0\0{}      "])
def test_a_file_that_is_no_head_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.safetensors"
    path.write_bytes(content)
    with pytest.raises(ModelUnavailable, match="broken"):
        load_head(path)
    with pytest.raises(ModelUnavailable, match="absent"):
        load_head(tmp_path / "absent.safetensors")


def test_labels_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ModelUnavailable, match="do not fit"):
        Head("mood", "1", ("bad", "good"), WEIGHTS, BIAS, {})
