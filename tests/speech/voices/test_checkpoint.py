"""Checkpoints are read without torch, and nothing in them is run."""

import os
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.errors import ModelUnavailable
from speech.voices.checkpoint import load_arrays
from tests.speech.voices.build import (
    as_tensors,
    fake_torch,
    write_stream_checkpoint,
    write_zip_checkpoint,
)

Write = Callable[[Path, dict[str, Any]], None]
ARRAYS = {
    "a.weight": np.arange(6, dtype=np.float32).reshape(2, 3),
    "a.bias": np.array([1.5], dtype=np.float32),
}


@pytest.fixture(autouse=True)
def _torch(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_torch(monkeypatch)


@pytest.mark.parametrize("write", [write_zip_checkpoint, write_stream_checkpoint])
def test_arrays_come_back_as_they_were_written(tmp_path: Path, write: Write) -> None:
    write(tmp_path / "a.pt", {"state": as_tensors(ARRAYS), "epoch": 3})
    found = load_arrays(tmp_path / "a.pt", "state")
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found[name], array)


class Villain:
    """Pickles as a call of a function."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("write", [write_zip_checkpoint, write_stream_checkpoint])
def test_a_hostile_checkpoint_runs_nothing(tmp_path: Path, write: Write) -> None:
    target = tmp_path / "made"
    content = {"villain": Villain(target), "state": as_tensors(ARRAYS)}
    write(tmp_path / "a.pt", content)
    assert load_arrays(tmp_path / "a.pt", "state").keys() == ARRAYS.keys()
    assert not target.exists()
    with zipfile.ZipFile(tmp_path / "b.pt", "w") as archive:
        archive.writestr("archive/data.pkl", pickle.dumps({"villain": Villain(target)}))
    with pytest.raises(ModelUnavailable, match="holds no weights"):
        load_arrays(tmp_path / "b.pt", "state")
    assert not target.exists()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"not weights", b"\x80\x02}."])
def test_what_is_no_checkpoint_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pt").write_bytes(content)
    with pytest.raises(ModelUnavailable):
        load_arrays(tmp_path / "a.pt", "state")


def test_a_cut_off_checkpoint_is_refused(tmp_path: Path) -> None:
    write_stream_checkpoint(tmp_path / "a.pt", {"state": as_tensors(ARRAYS)})
    whole = (tmp_path / "a.pt").read_bytes()
    for length in range(0, len(whole), 7):
        (tmp_path / "a.pt").write_bytes(whole[:length])
        with pytest.raises(ModelUnavailable):
            load_arrays(tmp_path / "a.pt", "state")
