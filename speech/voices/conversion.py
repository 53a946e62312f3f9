"""The two published networks, rebuilt for onnxruntime from their weights alone.

Compared with the originals in torch on a call of 245 s: the largest difference of a probability
was 2e-5, of an embedding's coordinate 1e-6.
"""

from pathlib import Path

import numpy as np

from speech.voices.checkpoint import Array, Arrays, load_arrays
from speech.voices.graph import LEAK, Graph, Port

SAMPLE_RATE_HZ = 16_000
SINC_STRIDE = 10  # samples, as the 2022 model was trained
LOWEST_HZ, NARROWEST_HZ = 50.0, 50.0  # of a sinc filter, Ravanelli and Bengio (2018)
POOL = 3


def convert_segmentation(checkpoint: Path, path: Path) -> None:
    """pyannote's PyanNet of 2022: SincNet, LSTM both ways, two linear layers, a sigmoid.

    The network maps `sound`, shape (windows, 1, samples), to (windows, frames, 3).

    Source: Bredin and Laurent, End-to-end speaker segmentation (2021).
    """
    weights = load_arrays(checkpoint, "state_dict")
    graph = Graph()
    value = _sincnet(graph, weights, graph.normalized("sound", weights, "sincnet.wav_norm1d"))
    value = graph.node("Transpose", [value], perm=[2, 0, 1])  # (frames, windows, 60)
    for layer in range(_layers(weights)):
        value = graph.lstm(value, weights, layer, both_ways=True)
    value = graph.node("Transpose", [value], perm=[1, 0, 2])  # (windows, frames, 256)
    for number in range(2):
        value = graph.linear(value, weights, f"linear.{number}")
        value = graph.node("LeakyRelu", [value], alpha=LEAK)
    value = graph.node("Sigmoid", [graph.linear(value, weights, "classifier")])
    graph.save(
        path,
        given=Port("sound", ("windows", 1, "samples")),
        made=Port(value, ("windows", "frames", 3)),
    )


def convert_encoder(checkpoint: Path, path: Path) -> None:
    """Resemblyzer's encoder: three LSTM layers over a mel spectrogram, the last state to a vector.

    The network maps `mel`, shape (stretches, 160, 40), to (stretches, 256), not yet unit length.

    Source: Wan et al., Generalized end-to-end loss for speaker verification (2018).
    """
    weights = load_arrays(checkpoint, "model_state")
    graph = Graph()
    value = graph.node("Transpose", ["mel"], perm=[1, 0, 2])  # (frames, stretches, 40)
    for layer in range(_layers(weights)):
        value = graph.lstm(value, weights, layer, both_ways=False)
    value = graph.node("Gather", [value, graph.weight(np.array(-1))], axis=0)  # (stretches, 256)
    value = graph.node("Relu", [graph.linear(value, weights, "linear")])
    graph.save(
        path,
        given=Port("mel", ("stretches", "frames", 40)),
        made=Port(value, ("stretches", 256)),
    )


def sinc_filters(low: Array, band: Array, window: Array, times: Array) -> Array:
    """SincNet's band-pass filters, even ones then odd ones, shape (80, 1, taps).

    Args:
        low: learned lower edges in Hz, shape (40, 1), before their least value is added.
        band: learned widths in Hz, likewise.
        window: the left half of a Hamming window, shape (125,).
        times: 2π × seconds of the left half's taps, shape (1, 125).

    Source: Ravanelli and Bengio, SincNet (2018), eq. 4; the pairs as in Loweimi et al. (2019).
    """
    bottom = LOWEST_HZ + np.abs(low)
    top = np.clip(bottom + NARROWEST_HZ + np.abs(band), LOWEST_HZ, SAMPLE_RATE_HZ / 2)
    width = top - bottom  # (40, 1)
    at_low, at_high = bottom @ times, top @ times  # (40, 125)
    even = (np.sin(at_high) - np.sin(at_low)) / (times / 2) * window
    odd = (np.cos(at_low) - np.cos(at_high)) / (times / 2) * window
    filters = np.concatenate(
        [
            np.hstack([even, 2 * width, even[:, ::-1]]) / (2 * width),
            np.hstack([odd, 0 * width, -odd[:, ::-1]]) / (2 * width),
        ]
    )  # (80, 251)
    return filters[:, None].astype(np.float32)


def _sincnet(graph: Graph, weights: Arrays, sound: str) -> str:
    """(windows, 1, samples) to (windows, 60, frames)."""
    bank = "sincnet.conv1d.0.filterbank."
    parts = (weights[f"{bank}{part}"] for part in ("low_hz_", "band_hz_", "window_", "n_"))
    filters = graph.weight(sinc_filters(*parts))
    value = graph.node("Abs", [graph.node("Conv", [sound, filters], strides=[SINC_STRIDE])])
    value = _rest_of_layer(graph, weights, value, 0)
    for number in (1, 2):
        name = f"sincnet.conv1d.{number}"
        kernel, bias = (graph.weight(weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        value = _rest_of_layer(graph, weights, graph.node("Conv", [value, kernel, bias]), number)
    return value


def _rest_of_layer(graph: Graph, weights: Arrays, value: str, number: int) -> str:
    pooled = graph.node("MaxPool", [value], kernel_shape=[POOL], strides=[POOL])
    norm = graph.normalized(pooled, weights, f"sincnet.norm1d.{number}")
    return graph.node("LeakyRelu", [norm], alpha=LEAK)


def _layers(weights: Arrays) -> int:
    return sum(name.startswith("lstm.weight_hh_") for name in weights if "reverse" not in name)
