"""Texts in on stdin, out the intent that Rasa's command reader finds in each, or null."""

import json
import sys

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message


def main() -> None:
    domain = Domain.load("domain.yml")
    intents = []
    for text in json.load(sys.stdin):
        message = Message({TEXT: UserMessage(text).text})  # as the NLU converter makes it
        read = YAMLStoryReader.unpack_regex_message(message, domain)
        intents.append((read.get(INTENT) or {}).get("name"))
    sys.stdout.write("\n" + json.dumps(intents) + "\n")


if __name__ == "__main__":
    main()
