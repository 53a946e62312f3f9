"""Made networks, checkpoints and scenes: small, random where nothing hangs on it, never trained."""

import io
import pickle
import struct
import sys
import zipfile
from collections import OrderedDict
from pathlib import Path
from types import ModuleType
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pytest

from core.spans import TimeSpan
from speech.voices.encoder import Embeddings
from speech.voices.segmentation import FRAME, FRAMES, OVERLAP, Scene, frame_of, start_frame
from speech.voices.stretches import Links
from speech.voices.windows import Windows

Array = npt.NDArray[np.float32]


class Storage:
    """Stands for torch's storage in a pickle: its key, and its numbers."""

    def __init__(self, key: str, numbers: Array) -> None:
        self.key, self.numbers = key, numbers.astype("<f4").ravel()


class FloatStorage:
    """Its type."""


class _Pickler(pickle.Pickler):
    def persistent_id(self, obj: Any) -> Any:
        if isinstance(obj, Storage):
            return ("storage", FloatStorage, obj.key, "cpu", len(obj.numbers))
        return None


def fake_torch(patch: pytest.MonkeyPatch) -> None:
    """Let pickles name what torch's own pickles name, without torch."""
    module = ModuleType("torch._utils")

    def _rebuild_tensor_v2(*_: object) -> None:
        raise AssertionError("is never called while a checkpoint is written")

    _rebuild_tensor_v2.__module__ = "torch._utils"
    _rebuild_tensor_v2.__qualname__ = "_rebuild_tensor_v2"
    vars(module)["_rebuild_tensor_v2"] = _rebuild_tensor_v2
    patch.setitem(sys.modules, "torch", ModuleType("torch"))
    patch.setitem(sys.modules, "torch._utils", module)


class Tensor:
    """A tensor as torch pickles it: a view into a storage."""

    def __init__(self, numbers: Array, key: str) -> None:
        self.storage, self.numbers = Storage(key, numbers), numbers

    def __reduce__(self) -> tuple[Any, ...]:
        strides = tuple(each // 4 for each in np.zeros(self.numbers.shape, np.float32).strides)
        rebuild = sys.modules["torch._utils"]._rebuild_tensor_v2
        return rebuild, (self.storage, 0, self.numbers.shape, strides, False, OrderedDict())


def write_zip_checkpoint(path: Path, content: dict[str, Any]) -> None:
    """As torch has written since 1.6."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", _pickled(content))
        for tensor in _tensors(content):
            archive.writestr(f"archive/data/{tensor.storage.key}", tensor.storage.numbers.tobytes())


def write_stream_checkpoint(path: Path, content: dict[str, Any]) -> None:
    """As torch wrote before."""
    with path.open("wb") as file:
        for header in (0x1950A86A20F9469CFC6C, 1001, {"little_endian": True}):
            pickle.dump(header, file, protocol=2)
        file.write(_pickled(content))
        _write_storages(file, _tensors(content))


def _write_storages(file: BinaryIO, tensors: list[Tensor]) -> None:
    pickle.dump([tensor.storage.key for tensor in tensors], file, protocol=2)
    for tensor in tensors:
        file.write(struct.pack("<q", tensor.numbers.size) + tensor.storage.numbers.tobytes())


def _pickled(content: dict[str, Any]) -> bytes:
    buffer = io.BytesIO()
    _Pickler(buffer, protocol=2).dump(content)
    return buffer.getvalue()


def _tensors(content: dict[str, Any]) -> list[Tensor]:
    found = (each for part in content.values() if isinstance(part, dict) for each in part.values())
    return [each for each in found if isinstance(each, Tensor)]


def as_tensors(arrays: dict[str, Array]) -> dict[str, Tensor]:
    """Arrays as a checkpoint holds them."""
    return {name: Tensor(each, str(number)) for number, (name, each) in enumerate(arrays.items())}


def segmentation_weights(seed: int = 0, *, hidden: int = 8, layers: int = 2) -> dict[str, Array]:
    """PyanNet's weights with a narrow LSTM."""
    rng = np.random.default_rng(seed)
    times = 2 * np.pi * np.arange(-125, 0) / 16_000
    weights: dict[str, npt.NDArray[np.floating[Any]]] = {
        "sincnet.wav_norm1d.weight": np.ones(1),
        "sincnet.wav_norm1d.bias": np.zeros(1),
        "sincnet.conv1d.0.filterbank.low_hz_": rng.uniform(0, 3000, (40, 1)),
        "sincnet.conv1d.0.filterbank.band_hz_": rng.uniform(20, 900, (40, 1)),
        "sincnet.conv1d.0.filterbank.window_": np.hamming(251)[:125],
        "sincnet.conv1d.0.filterbank.n_": times[None],
    }
    for number, (given, made) in enumerate([(1, 80), (80, 60), (60, 60)]):
        if number:
            name = f"sincnet.conv1d.{number}"
            weights[f"{name}.weight"] = rng.normal(0, 0.05, (made, given, 5))
            weights[f"{name}.bias"] = np.zeros(made)
        weights[f"sincnet.norm1d.{number}.weight"] = np.ones(made)
        weights[f"sincnet.norm1d.{number}.bias"] = np.zeros(made)
    weights |= lstm_weights(rng, 60, hidden, layers, both_ways=True)
    for number, given in enumerate([2 * hidden, hidden]):
        weights[f"linear.{number}.weight"] = rng.normal(0, 0.3, (hidden, given))
        weights[f"linear.{number}.bias"] = np.zeros(hidden)
    weights["classifier.weight"] = rng.normal(0, 0.3, (3, hidden))
    weights["classifier.bias"] = np.zeros(3)
    return {name: np.asarray(each, dtype=np.float32) for name, each in weights.items()}


def encoder_weights(seed: int = 0, *, hidden: int = 256) -> dict[str, Array]:
    """The voice encoder's weights with one layer."""
    rng = np.random.default_rng(seed)
    weights = lstm_weights(rng, 40, hidden, 1, both_ways=False)
    weights["linear.weight"] = rng.normal(0, 0.3, (256, hidden)).astype(np.float32)
    weights["linear.bias"] = np.full(256, 0.1, dtype=np.float32)
    return weights


def lstm_weights(
    rng: np.random.Generator, given: int, hidden: int, layers: int, *, both_ways: bool
) -> dict[str, Array]:
    """As torch names them."""
    weights = {}
    ends = ("", "_reverse") if both_ways else ("",)
    for layer in range(layers):
        size = given if layer == 0 else hidden * len(ends)
        for end in ends:
            name = f"l{layer}{end}"
            weights[f"lstm.weight_ih_{name}"] = rng.normal(0, 0.3, (4 * hidden, size))
            weights[f"lstm.weight_hh_{name}"] = rng.normal(0, 0.3, (4 * hidden, hidden))
            weights[f"lstm.bias_ih_{name}"] = rng.normal(0, 0.3, 4 * hidden)
            weights[f"lstm.bias_hh_{name}"] = rng.normal(0, 0.3, 4 * hidden)
    return {name: each.astype(np.float32) for name, each in weights.items()}


def scene(said: list[tuple[float, float, int]], duration: float) -> Scene:
    """What perfect windows would say of who speaks when: (start, end, which voice)."""
    frames = frame_of(duration) + FRAMES + 1
    tracks = np.zeros((3, frames), dtype=np.float32)
    for start, end, voice in said:
        tracks[voice, frame_of(start) : frame_of(end)] = 1.0
    change = np.zeros(frames, dtype=np.float32)
    for start, _, _ in said[1:]:
        change[frame_of(start)] = 0.5
    count = max(1, int((duration - 5.0) / 0.5) + 2)
    starts = np.array([start_frame(number) for number in range(count)])
    rows = [np.pad(tracks, ((0, 0), (0, FRAMES)))[:, at : at + FRAMES].T for at in starts]
    ordered = np.sort(tracks, axis=0)
    windows = Windows()
    for start, row in zip(starts, rows, strict=True):
        windows.add(int(start), (row * 255).astype(np.uint8))
    return Scene(ordered[-1], change, ordered[-2] >= OVERLAP, windows)


def voices(count: int, *, apart: float = 1.0, seed: int = 0) -> Array:
    """Unit vectors that share a part, as real voices do, and differ in another."""
    rng = np.random.default_rng(seed)
    shared = rng.normal(size=256)
    made = shared + apart * rng.normal(size=(count, 256))
    unit: Array = (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)
    return unit


def heard(owners: list[int], ideal: Array, *, noise: float = 0.02, seed: int = 1) -> Embeddings:
    """A second of each voice in `owners`, a little off its ideal."""
    rng = np.random.default_rng(seed)
    vectors = ideal[owners] + noise * rng.normal(size=(len(owners), 256))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return Embeddings(vectors.astype(np.float32), np.ones(len(owners), dtype=np.float32))


NO_LINKS = Links(
    np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.float32)
)


def span(start: float, end: float) -> TimeSpan:
    """A span of time."""
    return TimeSpan(start, end)


FRAME_SECONDS = FRAME
