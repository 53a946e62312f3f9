"""Which intent a message has, and whether it is any of ours."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.background import load_background
from bot.components.calibration import Calibration, Columns
from bot.components.clauses import Clause
from bot.components.depths import WIDTH, TwoDepths
from bot.components.featurizer import (
    CLAUSE_VECTORS,
    CLAUSES,
    WHOLE,
    SentenceEncoder,
    vectors_of,
)
from bot.components.lesson import even_draw, words_of
from bot.components.ridge import Reading, Ridge, fit_ridge
from bot.components.signs import read_signs
from core.errors import ModelUnavailable
from language.encoder import find_folder_by_environment

LOG = logging.getLogger(__name__)
OUT_OF_SCOPE = "out_of_scope"
RANKING_LENGTH = 10  # as Rasa's own classifiers tell
MAX_SENTENCES = 20_000  # the matrix of their likenesses takes 1.6 GB then; more are drawn from
FILE = "ridge.npz"
PARTS = "parts"  # of what is told of a message: those that may be wishes of their own


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SentenceClassifier(IntentClassifier, GraphComponent):  # type: ignore[misc]  # Rasa ships no types
    """Kernel ridge regression on sentence vectors, with one threshold for "none of ours".

    A message that is ours with less than `threshold` gets the intent nlu_fallback, above the
    ranking of the intents it resembles, as Rasa's FallbackClassifier does it; that one looks at the
    confidence in one intent, and so takes a message between two of ours for one that is foreign.
    """

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Ridge | None = None,
        intents: tuple[str, ...] = (),
    ) -> None:
        """Untrained, unless a model is given."""
        self._threshold = float(config["threshold"])
        self._seed = int(config["seed"])
        self._model_storage = model_storage
        self._resource = resource
        self._model = model
        self._intents = intents

    @classmethod
    def required_components(cls) -> list[type]:
        """The encoder comes first."""
        return [SentenceEncoder]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold` has its source in config.yml."""
        return {"threshold": 0.5, "seed": 1}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """A threshold is a probability."""
        threshold = config.get("threshold", 0.5)
        if not isinstance(threshold, (int, float)) or not 0.0 <= threshold <= 1.0:
            raise InvalidConfigException(f"threshold is {threshold!r}; it goes from 0 to 1")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  # Rasa's signature
    ) -> SentenceClassifier:
        """As Rasa makes it for training."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the intents of the examples; no examples, no model."""
        examples = [each for each in training_data.intent_examples if each.get(TEXT)]
        labels = [str(each.get(INTENT)) for each in examples]
        kept = even_draw(labels, MAX_SENTENCES, seed=self._seed)
        if len(kept) < len(labels):
            LOG.warning("Trained on %d of %d sentences, drawn evenly.", len(kept), len(labels))
        examples, labels = [examples[i] for i in kept], [labels[i] for i in kept]
        self._intents = tuple(sorted(set(labels)))
        if self._intents:
            self._model = self._fit(vectors_of(examples), labels)
            self._persist(self._model)
        return self._resource

    def _fit(self, vectors: npt.NDArray[np.float32], labels: list[str]) -> Ridge:
        place = {intent: index for index, intent in enumerate(self._intents)}
        encoder = TwoDepths(find_folder_by_environment())
        return fit_ridge(
            vectors,
            np.array([place[label] for label in labels], dtype=np.int64),
            encoder([words_of(each) for each in self._intents]),
            rejecting=place.get(OUT_OF_SCOPE, -1),
            background=encoder([] if OUT_OF_SCOPE in place else load_background()),
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Set each message's intent and ranking; an empty message is never ours."""
        told = [message for message in messages if message.get(TEXT)]
        if self._model is not None and told:
            for message, reading in zip(told, self._read(self._model, told), strict=True):
                self._set(message, reading)
                self._set_signs(message)
                self._set_parts(self._model, message)
        for message in messages:
            if self._model is not None and not message.get(TEXT):
                message.set(INTENT, _foreign(0.0), add_to_output=True)
                message.set(INTENT_RANKING_KEY, [_foreign(0.0)], add_to_output=True)
        return messages

    def _read(self, model: Ridge, told: list[Message]) -> list[Reading]:
        """Each by its wish; one whose wish is none of ours by all of its words.

        'HP-10442 BN1 4GH thx' is an order's number with its postcode, though 'thx' says nothing.
        """
        readings = model.read(vectors_of(told))
        for place, message in enumerate(told):
            whole = message.get(WHOLE)
            if whole is not None and readings[place].in_scope < self._threshold:
                (again,) = model.read(whole()[None, :])
                readings[place] = max(readings[place], again, key=lambda one: one.in_scope)
        return readings

    def _set(self, message: Message, reading: Reading) -> None:
        best = np.argsort(-reading.probabilities, kind="stable")[:RANKING_LENGTH]
        ranking = [
            {"name": self._intents[i], "confidence": float(reading.probabilities[i])} for i in best
        ]
        if reading.in_scope < self._threshold and ranking[0]["name"] != OUT_OF_SCOPE:
            ranking.insert(0, _foreign(reading.in_scope))
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)

    def _set_signs(self, message: Message) -> None:
        """What is signs alone is read from a table; its ranking stays."""
        name = read_signs(str(message.get(TEXT)))
        if name is None:
            return
        sure = {"name": name, "confidence": 1.0} if name in self._intents else _foreign(0.0)
        ranking = message.get(INTENT_RANKING_KEY)
        rest = [one for one in ranking if one["name"] != sure["name"]]
        message.set(INTENT, sure, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [sure, *rest], add_to_output=True)

    def _set_parts(self, model: Ridge, message: Message) -> None:
        """What each of several parts was taken for; one that is none of ours tells nothing."""
        clauses = message.get(CLAUSES)
        if not clauses:
            return
        readings = model.read(message.get(CLAUSE_VECTORS))
        parts = [self._part(each, reading) for each, reading in zip(clauses, readings, strict=True)]
        message.set(PARTS, parts, add_to_output=True)

    def _part(self, clause: Clause, reading: Reading) -> dict[str, Any]:
        best = int(reading.probabilities.argmax())
        chance = float(reading.probabilities[best])
        return {
            "text": clause.text,
            "asks": clause.asks,
            "intent": self._intents[best],
            "confidence": chance if reading.in_scope >= self._threshold else 0.0,
        }

    def _persist(self, model: Ridge) -> None:
        with self._model_storage.write_to(self._resource) as folder:
            np.savez(
                folder / FILE,
                anchors=model.anchors,
                weights=model.weights,
                rejecting=np.array(model.columns.rejecting),
                calibration=np.array(
                    [model.calibration.sharpness, model.calibration.edge, model.calibration.slope]
                ),
                intents=np.array(self._intents),
            )

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003  # Rasa's signature
        **kwargs: Any,  # noqa: ARG003  # Rasa's signature
    ) -> SentenceClassifier:
        """As Rasa makes it for serving; a bot without examples has no file.

        Raises:
            ModelUnavailable: it was trained on vectors of another kind.
        """
        try:
            with model_storage.read_from(resource) as folder:
                model, intents = _load(folder / FILE)
        except (ValueError, FileNotFoundError):
            return cls(config, model_storage, resource)
        if model.anchors.shape[1] != WIDTH:
            raise ModelUnavailable("the bot was trained by an older Parley; run `make train`")
        return cls(config, model_storage, resource, model, intents)


def _foreign(in_scope: float) -> dict[str, Any]:
    return {"name": DEFAULT_NLU_FALLBACK_INTENT_NAME, "confidence": 1.0 - in_scope}


def _load(path: Path) -> tuple[Ridge, tuple[str, ...]]:
    with np.load(path, allow_pickle=False) as stored:
        calibration = Calibration(*(float(each) for each in stored["calibration"]))
        intents = tuple(str(each) for each in stored["intents"])
        columns = Columns(len(intents), int(stored["rejecting"]))
        model = Ridge(stored["anchors"], stored["weights"], columns, calibration)
        return model, intents
