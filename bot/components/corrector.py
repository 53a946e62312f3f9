"""Spelling, as the first component of Rasa's pipeline."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.spelling import Speller, gather_words
from language.encoder import find_folder_by_environment, known_words

SPELLED = "spelled"  # of a message: its text with misspelt words put right, where there are any
FILE = "words.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class SpellingCorrector(GraphComponent):  # type: ignore[misc]  # Rasa ships no types
    """Gives each misspelt message its text put right; the text itself stays as it was written."""

    def __init__(
        self, model_storage: ModelStorage, resource: Resource, lexicon: Mapping[str, int]
    ) -> None:
        """Untrained with an empty lexicon, which puts nothing right."""
        self._model_storage = model_storage
        self._resource = resource
        self._speller = _speller(lexicon)

    @staticmethod
    def required_packages() -> list[str]:
        """What is looked for before training."""
        return ["rapidfuzz"]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003  # Rasa's signature
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  # Rasa's signature
    ) -> SpellingCorrector:
        """As Rasa makes it for training."""
        return cls(model_storage, resource, {})

    def train(self, training_data: TrainingData) -> Resource:
        """Learn which words the bot's sentences have."""
        lexicon = gather_words(str(each.get(TEXT)) for each in _told(training_data.intent_examples))
        self._speller = _speller(lexicon)
        with self._model_storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(lexicon, sort_keys=True), encoding="utf-8")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Put right what is misspelt."""
        for message in _told(messages):
            text = str(message.get(TEXT))
            spelled = self._speller.correct(text)
            if spelled != text:
                message.set(SPELLED, spelled, add_to_output=True)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The examples as well, so that what is learned is what will be read."""
        self.process(training_data.training_examples)
        return training_data

    @classmethod
    def load(
        cls,
        config: dict[str, Any],  # noqa: ARG003  # Rasa's signature
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  # Rasa's signature
        **kwargs: Any,  # noqa: ARG003  # Rasa's signature
    ) -> SpellingCorrector:
        """As Rasa makes it for serving; a bot without examples has no file."""
        try:
            with model_storage.read_from(resource) as folder:
                lexicon = json.loads((folder / FILE).read_text(encoding="utf-8"))
        except (ValueError, FileNotFoundError):
            lexicon = {}
        return cls(model_storage, resource, lexicon)


def _told(messages: list[Message]) -> list[Message]:
    return [message for message in messages if message.get(TEXT)]


def _speller(lexicon: Mapping[str, int]) -> Speller:
    return Speller(lexicon, known_words(find_folder_by_environment()) if lexicon else ())
