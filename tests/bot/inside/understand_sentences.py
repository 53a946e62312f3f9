"""Exercises bot.components.ridge beside its definition and prints what it saw, as JSON."""

import json
from typing import Any

import numpy as np

from bot.components import ridge
from bot.components.ridge import Ridge, even_draw, fit_ridge, words_of

INTENTS = 4
EACH = 6


def sentences(seed: int) -> tuple[Any, Any, Any]:
    """Unit vectors around four directions, their labels, and the directions as names."""
    chance = np.random.default_rng(seed)
    centres = np.linalg.qr(chance.normal(size=(16, 16)))[0][:INTENTS]
    labels = np.repeat(np.arange(INTENTS), EACH)
    vectors = centres[labels] + 0.2 * chance.normal(size=(len(labels), 16))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), labels, centres.astype(np.float32)


def solved(anchors: Any, targets: Any, asked: Any) -> Any:
    """Kernel ridge as the textbook has it."""
    likeness = np.exp(-ridge.WIDTH * ((anchors[:, None] - anchors[None]) ** 2).sum(axis=2))
    weights = np.linalg.solve(likeness + ridge.RIDGE * np.eye(len(anchors)), targets)
    return np.exp(-ridge.WIDTH * ((asked[:, None] - anchors[None]) ** 2).sum(axis=2)) @ weights


def left_out_errors() -> tuple[float, float]:
    """How far the closed forms are from training anew without each sentence."""
    vectors, labels, names = sentences(1)
    anchors = np.concatenate([vectors, names])
    targets = np.eye(INTENTS, dtype=np.float32)[np.concatenate([labels, np.arange(INTENTS)])]
    ridges = ridge.even_ridges(targets.argmax(axis=1))
    inverse = ridge._inverse(ridge.kernel(anchors, anchors), ridges)
    count = len(vectors)
    closed = ridge._leave_one_out(inverse, targets, count)
    closed_without = ridge._leave_out_names(inverse, targets, count)[1]
    keep = [np.arange(len(anchors)) != i for i in range(count)]
    slow = [solved(anchors[k], targets[k], vectors[[i]])[0] for i, k in enumerate(keep)]
    bare = [k & (np.arange(len(anchors)) < count) for k in keep]
    slow_without = [solved(anchors[k], targets[k], vectors[[i]])[0] for i, k in enumerate(bare)]
    return (
        float(np.abs(closed - np.array(slow)).max()),
        float(np.abs(closed_without - np.array(slow_without)).max()),
    )


def trained(seed: int = 1, *, rejecting: int = -1, wrong_names: bool = False) -> Ridge:
    """A model of the four directions; wrong names are those of the next intent."""
    vectors, labels, names = sentences(seed)
    return fit_ridge(
        vectors, labels, np.roll(names, 1, axis=0) if wrong_names else names, rejecting=rejecting
    )


def main() -> None:
    """Print it all."""
    vectors, labels, _ = sentences(1)
    model, again = trained(), trained()
    readings = model.read(vectors)
    foreign = -vectors.mean(axis=0, keepdims=True)
    rejected = trained(rejecting=3)
    of_three, of_fourth = rejected.read(vectors[labels < 3]), rejected.read(vectors[labels == 3])
    seen = {
        "left_out": left_out_errors(),
        "right": float(np.mean([r.probabilities.argmax() for r in readings] == labels)),
        "sums": [float(r.probabilities.sum()) for r in readings],
        "ours": min(r.in_scope for r in readings),
        "foreign": model.read(foreign / np.linalg.norm(foreign))[0].in_scope,
        "same": bool((model.weights == again.weights).all()),
        "anchors": len(model.anchors),
        "anchors_wrong_names": len(trained(wrong_names=True).anchors),
        "rejecting": [min(r.in_scope for r in of_three), max(r.in_scope for r in of_fourth)],
        "ridges": [float(each) for each in ridge.even_ridges(np.array([0] * 8 + [1] * 2))],
        "words": [words_of(name) for name in ("order_status", "cardArrival", "a-b?", "42")],
        "draw": even_draw(["a"] * 8 + ["b"] * 2 + ["c"], 6, seed=1),
        "draw_again": even_draw(["a"] * 8 + ["b"] * 2 + ["c"], 6, seed=1),
    }
    print(json.dumps(seen))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main()
