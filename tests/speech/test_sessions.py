"""A network's pool of memory goes back to the system and the network works on as before."""

import sys
from pathlib import Path

import numpy as np
import pytest

from speech.memory import give_back
from speech.sessions import empty_pool, emptying, load_session
from speech.voices.conversion import convert_segmentation
from tests.speech.voices.build import (
    as_tensors,
    fake_torch,
    segmentation_weights,
    write_zip_checkpoint,
)


@pytest.mark.skipif(sys.platform != "linux", reason="resident memory is read from /proc")
def test_a_pool_is_emptied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_torch(monkeypatch)
    weights = as_tensors(segmentation_weights())
    write_zip_checkpoint(tmp_path / "a.bin", {"state_dict": weights})
    convert_segmentation(tmp_path / "a.bin", tmp_path / "a.onnx")
    session = load_session(tmp_path / "a.onnx")
    sound = np.random.default_rng(0).normal(0, 0.1, (8, 1, 80_000)).astype(np.float32)
    empty = _resident_mb()
    before = session.run(None, {"sound": sound})[0]
    full = _resident_mb()
    empty_pool(session, {"sound": sound[:1]})
    give_back()
    assert full - empty > 30
    assert _resident_mb() - empty < 0.5 * (full - empty)
    np.testing.assert_array_equal(session.run(None, {"sound": sound})[0], before)
    session.run(None, {"sound": sound}, emptying())  # a run may also empty it behind itself
    give_back()
    assert _resident_mb() - empty < 0.5 * (full - empty)


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 2**20
