"""The sentence encoder as a featurizer in Rasa's pipeline."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.clauses import clauses_of
from bot.components.corrector import SPELLED
from bot.components.depths import TwoDepths
from bot.components.vectors import KnownVectors
from bot.components.wish import wish_of
from language.encoder import find_folder_by_environment

NAME = "SentenceEncoder"
# Of a message whose values were taken out: makes the vector of all of it, (768,), when called
WHOLE = "whole_vector"
CLAUSES = "clauses"  # of a message of several parts: what may be wishes of their own,
CLAUSE_VECTORS = "clause_vectors"  # and their vectors: (clauses, 768)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):  # type: ignore[misc]  # Rasa ships no types
    """Gives each message its sentence vector: one row of 768 numbers, of length 1."""

    def __init__(self, config: dict[str, Any], name: str) -> None:
        """Load the encoder; it is not part of the trained model, which names it only."""
        super().__init__(name, config)
        self._name = name
        self._stands_for = str(config["long_numbers_are"])
        self._encoder = TwoDepths(find_folder_by_environment(), threads=int(config["threads"]))
        self._known = KnownVectors(self._encoder)

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threads`: one core for each message, as Rasa processes are as many as cores.

        `long_numbers_are`: what a number such as HP-10442 or 10442 in a message is the number of;
        empty where it says nothing.
        """
        return {**DenseFeaturizer.get_default_config(), "threads": 1, "long_numbers_are": ""}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003  # Rasa's signature
        resource: Resource,  # noqa: ARG003  # Rasa's signature
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """As Rasa makes it, for training and for serving."""
        return cls(config, execution_context.node_name)

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Nothing to find fault with beyond what loading finds."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add its vector to each message that has words: that of the wish, and of all of it.

        Where a message has several parts, the vectors of each as well.
        """
        told = self._add_wishes(messages)
        for message in told:
            if self._wish(message) != _words(message):
                message.set(WHOLE, functools.partial(self._whole, message))
            clauses = clauses_of(_words(message))
            if clauses:
                message.set(CLAUSES, clauses)
                bare = [wish_of(each.text, self._stands_for) for each in clauses]
                message.set(CLAUSE_VECTORS, self._known(bare))
        return messages

    def _whole(self, message: Message) -> npt.NDArray[np.float32]:
        (vector,) = self._encoder([_words(message)])
        return np.asarray(vector)

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The wish alone for the examples."""
        self._add_wishes(training_data.training_examples)
        return training_data

    def _add_wishes(self, messages: list[Message]) -> list[Message]:
        told = [message for message in messages if message.get(TEXT)]
        vectors = self._known([self._wish(message) for message in told])
        for message, vector in zip(told, vectors, strict=True):
            message.add_features(self._features(vector))
        return told

    def _wish(self, message: Message) -> str:
        return wish_of(_words(message), self._stands_for)

    def _features(self, vector: npt.NDArray[np.float32]) -> Features:
        return Features(vector[None, :], FEATURE_TYPE_SENTENCE, TEXT, self._name)


def _words(message: Message) -> str:
    """The text, with its spelling put right where it was."""
    return str(message.get(SPELLED) or message.get(TEXT))


def vectors_of(messages: list[Message]) -> npt.NDArray[np.float32]:
    """The sentence vectors that the featurizer gave: (messages, 768)."""
    return np.concatenate([_vector(message) for message in messages])


def _vector(message: Message) -> npt.NDArray[np.float32]:
    _, sentence = message.get_dense_features(TEXT)
    if sentence is None:
        raise ValueError(f"{NAME} must stand before the classifier in config.yml")
    return np.asarray(sentence.features, dtype=np.float32)
