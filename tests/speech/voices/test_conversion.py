"""The networks that are rebuilt compute what torch's would: checked against plain numpy."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelUnavailable
from speech.voices.conversion import convert_encoder, convert_segmentation, sinc_filters
from speech.voices.running import ahead, load_network
from tests.speech.voices.build import (
    Array,
    as_tensors,
    encoder_weights,
    fake_torch,
    segmentation_weights,
    write_stream_checkpoint,
    write_zip_checkpoint,
)


def _sigmoid(values: Array) -> Array:
    return (1 / (1 + np.exp(-values))).astype(np.float32)


def _last_state(weights: dict[str, Array], mel: Array) -> Array:
    """One LSTM layer as torch's documentation writes it, gates in torch's order."""
    hidden = cell = np.zeros(weights["lstm.weight_hh_l0"].shape[1], dtype=np.float32)
    bias = weights["lstm.bias_ih_l0"] + weights["lstm.bias_hh_l0"]
    for frame in mel:
        gates = weights["lstm.weight_ih_l0"] @ frame + weights["lstm.weight_hh_l0"] @ hidden + bias
        enter, forget, fresh, leave = np.split(gates, 4)
        cell = _sigmoid(forget) * cell + _sigmoid(enter) * np.tanh(fresh)
        hidden = _sigmoid(leave) * np.tanh(cell)
    return hidden


def test_the_encoder_computes_what_torch_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_torch(monkeypatch)
    weights = encoder_weights(hidden=8)
    write_stream_checkpoint(tmp_path / "a.pt", {"model_state": as_tensors(weights)})
    convert_encoder(tmp_path / "a.pt", tmp_path / "a.onnx")
    mels = np.random.default_rng(0).uniform(0, 1, (2, 20, 40)).astype(np.float32)
    found = load_network(tmp_path / "a.onnx").run(None, {"mel": mels})[0]
    for row, mel in zip(found, mels, strict=True):
        raw = weights["linear.weight"] @ _last_state(weights, mel) + weights["linear.bias"]
        np.testing.assert_allclose(row, np.maximum(raw, 0), atol=1e-5)


def test_the_segmentation_gives_probabilities_of_three_voices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_torch(monkeypatch)
    content = {"state_dict": as_tensors(segmentation_weights())}
    write_zip_checkpoint(tmp_path / "a.bin", content)
    convert_segmentation(tmp_path / "a.bin", tmp_path / "a.onnx")
    sound = np.random.default_rng(0).normal(0, 0.1, (2, 1, 80_000)).astype(np.float32)
    network = load_network(tmp_path / "a.onnx")
    found = network.run(None, {"sound": sound})[0]
    assert found.shape == (2, 293, 3)
    assert np.all((found > 0) & (found < 1))
    louder = network.run(None, {"sound": 0.25 * sound})[0]
    np.testing.assert_allclose(found, louder, atol=1e-2)  # each window is brought to one loudness


def test_sinc_filters_pass_their_band() -> None:
    low, band = np.array([[950.0]], dtype=np.float32), np.array([[450.0]], dtype=np.float32)
    times = (2 * np.pi * np.arange(-125, 0) / 16_000)[None].astype(np.float32)
    filters = sinc_filters(low, band, np.hamming(251)[:125].astype(np.float32), times)
    assert filters.shape == (2, 1, 251)
    even, odd = filters[:, 0]
    np.testing.assert_allclose(even, even[::-1], atol=1e-6)
    np.testing.assert_allclose(odd, -odd[::-1], atol=1e-6)
    for taps in (even, odd):  # passes 1000 to 1500 Hz
        response = np.abs(np.fft.rfft(taps, 16_000))
        assert response[1250] > 20 * max(response[500], response[2500])


def test_a_damaged_network_says_how_to_mend_it(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"no network")
    with pytest.raises(ModelUnavailable, match="parley models pull diarization"):
        load_network(tmp_path / "a.onnx")


def test_work_ahead_keeps_the_order_and_does_not_run_away() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(20):
            taken.append(number)
            yield number

    for number, (given, made) in enumerate(ahead(lambda n: n * n, items(), threads=2)):
        assert (given, made) == (number, number * number)
        assert len(taken) <= number + 3
