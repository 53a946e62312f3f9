"""Trains, stores and loads the classifier as Rasa does; prints its answers, as JSON."""

import json
import logging
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components import classifier
from bot.components.classifier import SentenceClassifier
from bot.components.featurizer import SentenceEncoder
from core.errors import ModelUnavailable

EXAMPLES = {
    "greet": ("hello", "hi there", "good morning", "hey", "good evening to you"),
    "order_status": (
        "where is my order",
        "has my parcel been sent yet",
        "when will my chairs come",
        "track my delivery please",
        "what is the state of my order",
    ),
}
ASKED = ("hello there", "where has my order got to", "what is the square root of 81")
CONFIG = {"threshold": 0.45, "seed": 1}


def answers(classifier: SentenceClassifier, encoder: SentenceEncoder) -> list[Message]:
    messages = [Message({TEXT: text}) for text in ASKED]
    return classifier.process(encoder.process(messages))


def told(messages: list[Message]) -> list[tuple[str, float]]:
    return [(each.get(INTENT)["name"], each.get(INTENT)["confidence"]) for each in messages]


def refusal() -> str:
    try:
        SentenceClassifier.validate_config({"threshold": 2})
    except InvalidConfigException as error:
        return str(error)
    return ""


def warnings_of_thinning(data: TrainingData, storage: LocalModelStorage) -> list[str]:
    """What the log says when only four sentences may be trained on."""
    said: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: said.append(record.getMessage())  # type: ignore[method-assign]
    classifier.LOG.addHandler(handler)
    most, classifier.MAX_SENTENCES = classifier.MAX_SENTENCES, 4
    try:
        SentenceClassifier(CONFIG, storage, Resource("thinned")).train(data)
    finally:
        classifier.MAX_SENTENCES = most
        classifier.LOG.removeHandler(handler)
    return said


def refusal_of_older(storage: LocalModelStorage, context: ExecutionContext) -> str:
    """What is said of a bot whose sentences are vectors of another length."""
    older = Resource("older")
    shape = {"anchors": np.zeros((1, 384)), "weights": np.zeros((1, 1)), "rejecting": -1}
    with storage.write_to(older) as folder:
        np.savez(folder / classifier.FILE, **shape, calibration=np.ones(3), intents=["greet"])
    try:
        SentenceClassifier.load(CONFIG, storage, older, context)
    except ModelUnavailable as error:
        return str(error)
    return ""


def main() -> None:
    """Print the answers before storing and after loading."""
    context = ExecutionContext(GraphSchema({}), node_name="t")
    encoder = SentenceEncoder.create(
        SentenceEncoder.get_default_config(), None, Resource("e"), context
    )
    examples = [
        Message({TEXT: text, INTENT: intent})
        for intent, texts in EXAMPLES.items()
        for text in texts
    ]
    data = encoder.process_training_data(TrainingData(examples))
    with tempfile.TemporaryDirectory() as folder:
        storage, resource = LocalModelStorage(Path(folder)), Resource("classifier")
        trained = SentenceClassifier.create(CONFIG, storage, resource, context)
        trained.train(data)
        thinned, older = warnings_of_thinning(data, storage), refusal_of_older(storage, context)
        loaded = SentenceClassifier.load(CONFIG, storage, resource, context)
        before, after = answers(trained, encoder), answers(loaded, encoder)
        (empty,) = loaded.process(encoder.process([Message({TEXT: ""})]))
    rankings: list[list[dict[str, Any]]] = [each.get("intent_ranking") for each in after]
    seen = {
        "before": told(before),
        "after": told(after),
        "lengths": [len(each) for each in rankings],
        "sums": [
            sum(each["confidence"] for each in ranking if each["name"] != "nlu_fallback")
            for ranking in rankings
        ],
        "empty": empty.get(INTENT)["name"],
        "refused": refusal(),
        "thinned": thinned,
        "older": older,
    }
    print(json.dumps(seen))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main()
