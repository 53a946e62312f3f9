"""Trains, stores and loads the corrector; prints what is told of misspelt and double messages."""

import json
import tempfile
from pathlib import Path

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.classifier import SentenceClassifier
from bot.components.corrector import SpellingCorrector
from bot.components.featurizer import SentenceEncoder
from tests.bot.inside.store_classifier import CONFIG, EXAMPLES

ASKED = ("whre is my pacrel", "good mornign to you", "hello there")
BOTH = "good morning to you and where is my order"


def main() -> None:
    """Print what each message is told to say, and what its parts were taken for."""
    context = ExecutionContext(GraphSchema({}), node_name="t")
    encoder = SentenceEncoder.create(
        SentenceEncoder.get_default_config(), None, Resource("e"), context
    )
    examples = [
        Message({TEXT: text, INTENT: intent})
        for intent, texts in EXAMPLES.items()
        for text in texts
    ]
    with tempfile.TemporaryDirectory() as folder:
        storage, words = LocalModelStorage(Path(folder)), Resource("words")
        corrector = SpellingCorrector.create({}, storage, words, context)
        corrector.train(TrainingData(examples))
        loaded = SpellingCorrector.load({}, storage, words, context)
        empty = SpellingCorrector.load({}, storage, Resource("none"), context)
        classifier = SentenceClassifier.create(CONFIG, storage, Resource("c"), context)
        classifier.train(encoder.process_training_data(TrainingData(examples)))
    messages = [Message({TEXT: text}) for text in (*ASKED, BOTH)]
    found = classifier.process(encoder.process(loaded.process(messages)))
    seen = {
        "spelled": [each.get("spelled") for each in found],
        "texts": [each.get(TEXT) for each in found],
        "intents": [each.get(INTENT)["name"] for each in found],
        "parts": found[-1].get("parts"),
        "told": sorted(found[0].as_dict(only_output_properties=True)),
        "untrained": empty.process([Message({TEXT: ASKED[0]})])[0].get("spelled"),
    }
    print(json.dumps(seen))  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main()
