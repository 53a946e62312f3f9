"""Keeps and finds readings of texts; what was found, as JSON, to stdout."""

import json
import sys

from bot import known
from bot.known import Understood

READING = {"text": "", "intent": {"name": "thanks"}, "entities": [], "intent_ranking": []}

if __name__ == "__main__":
    texts = json.load(sys.stdin)
    kept = Understood()
    for text in texts:
        kept.keep(text, {**READING, "text": text})
    kept.keep("it quotes", {**READING, "entities": [{"value": "it"}]})
    kept.keep("it says more", {**READING, "words": ["it"]})
    found = {text: kept.find(text) for text in [*texts, "it quotes", "it says more", "never said"]}
    inside = repr(kept.__dict__)
    known.MOST_KEPT = 2
    for text in ("first", "second", "first", "third"):
        if kept.find(text) is None:
            kept.keep(text, {**READING, "text": text})
    left = [text for text in ("first", "second", "third") if kept.find(text)]
    sys.stdout.write("\n" + json.dumps({"found": found, "inside": inside, "left": left}) + "\n")
