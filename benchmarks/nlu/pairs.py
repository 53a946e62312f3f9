"""`python -m benchmarks.nlu.pairs`: how often both of two wishes in one message are found.

Pairs of sentences of shop_blind.csv, drawn with a seed and joined by "and"; and each sentence of
one wish, and messages of one matter told at length (shop_stories.csv), which must not be split.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from actions.intents import TASKS
from actions.wishes import wishes_of
from benchmarks.nlu.__main__ import ROOT, understand
from benchmarks.nlu.figures import Sample, read_own, read_samples

BLIND = Path(__file__).with_name("shop_blind.csv")
STORIES = Path(__file__).with_name("shop_stories.csv")
PAIRS = 300

Json = dict[str, Any]  # what Rasa tells of a part, or of an intent in the ranking


def draw_pairs(samples: Sequence[Sample], count: int, *, seed: int) -> list[tuple[Sample, Sample]]:
    """Pairs of wishes for different tasks."""
    chance = random.Random(seed)  # noqa: S311 - a draw that can be repeated
    wishes = [each for each in samples if each.intent in TASKS]
    pairs: list[tuple[Sample, Sample]] = []
    while len(pairs) < count:
        one, other = chance.choice(wishes), chance.choice(wishes)
        if one.intent != other.intent:
            pairs.append((one, other))
    return pairs


def find_wishes(texts: Sequence[str]) -> list[tuple[str, ...]]:
    """The intents of each message's wishes; none where it is read as one wish."""
    answers, _ = understand(read_own(ROOT / "data/nlu"), texts)
    told = zip(answers["parts"], answers["rankings"], strict=True)
    return [_found(parts, ranking) for parts, ranking in told]


def _found(parts: Sequence[Json], ranking: Sequence[Json]) -> tuple[str, ...]:
    chances = {str(each["name"]): float(each["confidence"]) for each in ranking}
    return tuple(wish.intent for wish in wishes_of(parts, chances))


def main() -> int:
    """Print both shares."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu.pairs", description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--misses", action="store_true", help="list what went wrong")
    options = parser.parse_args()
    samples, stories = read_samples(BLIND), read_samples(STORIES)
    pairs = draw_pairs(samples, PAIRS, seed=options.seed)
    joined = [f"{one.text.rstrip(' .!')} and {other.text}" for one, other in pairs]
    alone = [each.text for each in (*samples, *stories)]
    found = find_wishes([*joined, *alone])
    wanted = [(one.intent, other.intent) for one, other in pairs]
    right = sum(each == pair for each, pair in zip(found, wanted, strict=False))
    read = sum(bool(each) for each in found[:PAIRS])
    split = [(text, each) for text, each in zip(alone, found[PAIRS:], strict=True) if each]
    lines = [
        f"{PAIRS} pairs: both wishes found {right / PAIRS:.1%}, "
        f"two others {(read - right) / PAIRS:.1%}",
        f"{len(samples)} sentences and {len(stories)} stories of one wish: {len(split)} split",
    ]
    if options.misses:
        lines += [f"{text!r} is split: {each}" for text, each in split]
        lines += [
            f"{text!r}: {pair}, found {each}"
            for text, pair, each in zip(joined, wanted, found, strict=False)
            if each != pair
        ]
    print("\n".join(lines))  # noqa: T201 - a command line
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
