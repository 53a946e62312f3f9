"""Writing down a small network for onnxruntime: nodes in a row, each feeding the next."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from speech.voices.checkpoint import Array, Arrays

OPSET = 17
IR_VERSION = 8  # of that opset; onnxruntime reads it and all newer ones
_GATES = (0, 3, 1, 2)  # torch keeps input, forget, cell, output; ONNX wants i, o, f, c
LEAK = 0.01  # torch's leaky_relu


class Port(NamedTuple):
    """An input or output: its name, and its shape, free axes by name."""

    name: str
    shape: tuple[str | int, ...]


class Graph:
    """A graph under construction; every method adds a node and gives its output's name."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._weights: list[onnx.TensorProto] = []

    def node(self, kind: str, inputs: Sequence[str], **attributes: Any) -> str:
        """Any node with one output."""
        output = f"{kind.lower()}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def weight(self, numbers: Any) -> str:
        """A constant."""
        name = f"weight_{len(self._weights)}"
        self._weights.append(numpy_helper.from_array(np.array(numbers, order="C"), name))
        return name

    def linear(self, value: str, weights: Arrays, name: str) -> str:
        """torch's Linear over the last axis."""
        product = self.node("MatMul", [value, self.weight(weights[f"{name}.weight"].T)])
        return self.node("Add", [product, self.weight(weights[f"{name}.bias"])])

    def normalized(self, value: str, weights: Arrays, name: str) -> str:
        """torch's InstanceNorm1d with its affine part."""
        scale, bias = (self.weight(weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.node("InstanceNormalization", [value, scale, bias], epsilon=1e-5)

    def lstm(self, value: str, weights: Arrays, layer: int, *, both_ways: bool) -> str:
        """One layer of torch's LSTM: (time, batch, in) to (time, batch, hidden or twice that)."""
        ends = ("", "_reverse") if both_ways else ("",)
        names = [f"l{layer}{end}" for end in ends]
        inner = np.stack([_gates(weights[f"lstm.weight_ih_{name}"]) for name in names])
        outer = np.stack([_gates(weights[f"lstm.weight_hh_{name}"]) for name in names])
        biases = np.stack([_biases(weights, name) for name in names])
        hidden = outer.shape[2]
        found = self.node(
            "LSTM",
            [value, self.weight(inner), self.weight(outer), self.weight(biases)],
            hidden_size=hidden,
            direction="bidirectional" if both_ways else "forward",
        )  # (time, directions, batch, hidden)
        by_batch = self.node("Transpose", [found], perm=[0, 2, 1, 3])
        return self.node("Reshape", [by_batch, self.weight(np.array([0, 0, len(names) * hidden]))])

    def save(self, path: Path, *, given: Port, made: Port) -> None:
        """Write the model, whose input is `given` and whose output is `made`."""
        graph = helper.make_graph(
            self._nodes,
            path.stem,
            [helper.make_tensor_value_info(given.name, TensorProto.FLOAT, given.shape)],
            [helper.make_tensor_value_info(made.name, TensorProto.FLOAT, made.shape)],
            self._weights,
        )
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
        onnx.checker.check_model(model)
        path.write_bytes(model.SerializeToString())


def _gates(stacked: Array) -> Array:
    """Torch's four gates in the order that ONNX wants them."""
    parts = np.split(stacked, 4)
    return np.concatenate([parts[number] for number in _GATES])


def _biases(weights: Arrays, name: str) -> Array:
    return np.concatenate(
        [_gates(weights[f"lstm.bias_ih_{name}"]), _gates(weights[f"lstm.bias_hh_{name}"])]
    )
