"""Exercises bot.components.ridge beside its definition and prints what it saw, as JSON."""

import json
from typing import Any

import numpy as np

from bot.components import lesson, ridge
from bot.components.background import load_background
from bot.components.lesson import even_draw, words_of
from bot.components.ridge import Ridge, fit_ridge

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
    likeness = np.exp(-ridge.STEEPNESS * ((anchors[:, None] - anchors[None]) ** 2).sum(axis=2))
    weights = np.linalg.solve(likeness + lesson.RIDGE * np.eye(len(anchors)), targets)
    return np.exp(-ridge.STEEPNESS * ((asked[:, None] - anchors[None]) ** 2).sum(axis=2)) @ weights


def left_out_errors() -> tuple[float, float]:
    """How far the closed forms are from training anew without each sentence."""
    vectors, labels, names = sentences(1)
    learnt = lesson.gather(vectors, labels, names, -1, vectors[:0])
    anchors, targets, count = learnt.vectors, learnt.targets, len(vectors)
    inverse = ridge.invert(ridge.kernel(anchors, anchors), learnt.ridges)
    weights = inverse @ targets
    closed = ridge.fit_without(learnt, inverse, weights, np.arange(0)).left_out
    after = np.arange(count, len(anchors))
    closed_without = ridge.fit_without(learnt, inverse, weights, after).left_out
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


def with_background() -> dict[str, Any]:
    """Three of the directions are ours; of the background half is like us, half like the fourth."""
    vectors, labels, names = sentences(1)
    ours, rejecting = labels < 3, vectors[labels == 3]
    background = vectors[(labels == 0) | (labels == 3)]
    background = background + 0.03 * np.random.default_rng(2).normal(size=background.shape)
    background = (background / np.linalg.norm(background, axis=1, keepdims=True)).astype(np.float32)
    bare = fit_ridge(vectors[ours], labels[ours], names[:3])
    model = fit_ridge(vectors[ours], labels[ours], names[:3], background=background)
    readings = model.read(rejecting)
    return {
        "kept": len(model.anchors) - len(bare.anchors),
        "before": float(np.mean([r.in_scope for r in bare.read(rejecting)])),
        "after": float(np.mean([r.in_scope for r in readings])),
        "ours": min(r.in_scope for r in model.read(vectors[ours])),
        "told": len(readings[0].probabilities),
    }


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
        "ridges": [float(each) for each in lesson.even_ridges(np.array([0] * 8 + [1] * 2))],
        "words": [words_of(name) for name in ("order_status", "cardArrival", "a-b?", "42")],
        "background": with_background(),
        "requests": len(load_background()),
        "draw": even_draw(["a"] * 8 + ["b"] * 2 + ["c"], 6, seed=1),
        "draw_again": even_draw(["a"] * 8 + ["b"] * 2 + ["c"], 6, seed=1),
    }
    print(json.dumps(seen))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main()
