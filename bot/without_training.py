"""Keeping TensorFlow out of a server whose model does not use it.

Rasa 3.6.21 imports TensorFlow in every process for three modules that only training needs: 6 of 11
seconds of CPU at start, and 400 MB. Here they are stood in for by modules that name the same
classes and cannot be used. A model with a component that needs TensorFlow gets all of Rasa.
"""

from __future__ import annotations

import json
import sys
import tarfile
from pathlib import Path
from types import ModuleType

ONLY_TRAINING = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
    "rasa.graph_components.validators.default_recipe_validator": ("DefaultV1RecipeValidator",),
}
# Rasa's components that import TensorFlow, in 3.6.21
NEED_TENSORFLOW = (
    "diet_classifier",
    "response_selector",
    "convert_featurizer",
    "lm_featurizer",
    "ted_policy",
    "unexpected_intent_policy",
)


class OnlyTraining:
    """Stands where a class for training would; a server that trains is started by `rasa`."""

    def __init__(self, *_args: object, **_kwargs: object) -> None:
        raise RuntimeError("this server answers and does not train; train with `rasa train`")


def leave_training_out(model: Path) -> bool:
    """Stand in for what only training needs, before Rasa is imported; False when it is needed."""
    if needs_tensorflow(model):
        return False
    for name, classes in ONLY_TRAINING.items():
        module = ModuleType(name)
        for each in classes:
            setattr(module, each, type(each, (OnlyTraining,), {}))
        sys.modules.setdefault(name, module)
    return True


def needs_tensorflow(model: Path) -> bool:
    """Whether a component that answers imports TensorFlow, by the model's own list."""
    with tarfile.open(model) as archive:
        file = archive.extractfile("metadata.json")
        if file is None:
            return True
        nodes = json.load(file)["predict_schema"]["nodes"].values()
    return any(node["uses"].split(".")[-2] in NEED_TENSORFLOW for node in nodes)
