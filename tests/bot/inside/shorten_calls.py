"""Shortens what goes to and comes from an action server; each case of stdin, as JSON, to stdout."""

import json
import sys

from bot.calls import drop_unchanged, shorten

if __name__ == "__main__":
    cases = json.load(sys.stdin)
    result = {
        "shortened": [shorten(tracker) for tracker in cases["trackers"]],
        "answers": [
            drop_unchanged(answer, slots, frozenset(quiet))
            for answer, slots, quiet in cases["answers"]
        ],
    }
    sys.stdout.write("\n" + json.dumps(result) + "\n")
