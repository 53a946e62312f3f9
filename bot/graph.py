"""Running the nodes of a loaded model one after another.

Rasa hands each run to Dask's scheduler, which plans it anew: 1 ms a run, and a turn has four.
The nodes and their inputs are Rasa's own; only the plan is kept.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.interface import GraphRunner


class StraightRunner:
    """Runs what `loaded` holds, in the order in which each node's inputs are ready."""

    def __init__(self, loaded: GraphRunner) -> None:
        self._nodes = loaded._instantiated_nodes
        self._schema: GraphSchema = loaded._graph_schema
        self._plans: dict[str, list[tuple[str, tuple[str, ...]]]] = {}

    @property
    def components(self) -> list[Any]:
        """What the nodes run: featurizers, classifiers, policies, the ensemble."""
        return [node._component for node in self._nodes.values()]

    def run(self, inputs: dict[str, Any], targets: list[str]) -> dict[str, Any]:
        """As GraphRunner.run, for one target."""
        (target,) = targets
        done = {name: (name, value) for name, value in inputs.items()}
        for name, needs in self._plan(target):
            done[name] = self._nodes[name](*[done[need] for need in needs])
        return dict([done[target]])

    def _plan(self, target: str) -> list[tuple[str, tuple[str, ...]]]:
        if target not in self._plans:
            self._plans[target] = _order(self._schema.minimal_graph_schema([target]))
        return self._plans[target]


def _order(schema: GraphSchema) -> list[tuple[str, tuple[str, ...]]]:
    """The nodes with their needs, none before what it needs."""
    waiting = {name: tuple(node.needs.values()) for name, node in schema.nodes.items()}
    ordered: list[tuple[str, tuple[str, ...]]] = []
    while waiting:
        ready = [name for name, needs in waiting.items() if not waiting.keys() & needs]
        if not ready:
            raise GraphRunError("the model's graph has a circle")
        ordered += [(name, waiting.pop(name)) for name in ready]
    return ordered
