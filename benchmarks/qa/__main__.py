"""`python -m benchmarks.qa WHAT --data PATH`: figures of the shipped rules.

resolution, annoyed, calm: area under the ROC curve of the chance of yes against the label, and
how often yes and no are right. satisfaction: rank correlation with what raters gave. sentiment:
macro F1 of the mood of texts with labels, of a CSV (text, label) or a folder of them. near: how
alike the turns of unrelated dialogues come to the near forms of each question, once turns that say
the thing outright are left out. conduct: precision, recall and F1 of the questions of conduct;
without --data on what is kept in benchmarks/qa/conduct. paraphrase, speed, hearing: see README.md.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.qa.conduct.report import conduct
from benchmarks.qa.hearing import hearing
from benchmarks.qa.judged import judged
from benchmarks.qa.paraphrase import paraphrase
from benchmarks.qa.satisfaction import satisfaction
from benchmarks.qa.sentiment import PARTS, sentiment
from benchmarks.qa.speed import speed
from core.conversation import Conversation, Role
from core.errors import ParleyError
from core.exchange import from_exchange
from language.pipeline import Pipeline
from qa.ahead import GROUP
from qa.cards import load_scorecard
from qa.rules.base import texts

JUDGED = ("resolution", "annoyed", "calm")
STEPS = (0.60, 0.64, 0.68, 0.72, 0.76, 0.80)


def conversations(path: Path) -> Iterator[Conversation]:
    """The conversations of a JSONL file in the exchange format."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield from_exchange(json.loads(line))


def near(path: Path) -> str:
    """For each question, how many unlike turns reach each likeness."""
    pipeline, card = Pipeline(), load_scorecard("service")
    spoken = {t.text for talk in conversations(path) for t in talk.turns if t.role is Role.AGENT}
    readings = [pipeline.read(text) for text in sorted(spoken)]
    lines = [f"{len(readings)} turns; reaching {', '.join(f'{step:.2f}' for step in STEPS)}"]
    for question in card.questions:
        outright = texts(question, "phrases") + texts(question, "loose") + texts(question, "first")
        others = [one for one in readings if not pipeline.find(one, outright)]
        phrases = texts(question, "near")
        best = [
            max((found.likeness for phrase in phrases if (found := one.near(phrase))), default=0.0)
            for one in others
        ]
        counts = ", ".join(str(sum(value >= step for value in best)) for step in STEPS)
        if phrases:
            lines.append(f"{question.id}: {counts} of {len(others)}")
    return "\n".join(lines)


def main() -> None:
    """Read the arguments and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.qa")
    others = ("satisfaction", "sentiment", "near", "conduct", "paraphrase", "speed", "hearing")
    parser.add_argument("what", choices=(*JUDGED, *others))
    parser.add_argument("--data", type=Path)
    parser.add_argument("--count", type=int, default=10_000, help="speed: conversations")
    parser.add_argument(
        "--ahead",
        type=int,
        default=GROUP,
        help="speed: conversations whose words are read together, 16 as `parley score` does",
    )
    parser.add_argument(
        "--plain", type=Path, metavar="PYTHON", help="speed: one with sentence-transformers"
    )
    parser.add_argument("--part", choices=PARTS, help="sentiment: one half of the texts")
    parser.add_argument("--lexicon", action="store_true", help="sentiment: without the encoder")
    parser.add_argument(
        "--json", action="store_true", help="conduct, sentiment, judgements: the figures as JSON"
    )
    parser.add_argument("--company", help="conduct: its name, where conversations do not say it")
    given = parser.parse_args()
    if given.data is None and given.what != "conduct":
        parser.error("--data is needed")
    try:
        sys.stdout.write(run(given) + "\n")
    except (ParleyError, OSError) as error:
        parser.error(str(error))


def run(given: argparse.Namespace) -> str:
    """The figures of what was asked for."""
    runs: dict[str, Callable[[], str]] = {
        **{name: partial(judged, name, given.data, as_json=given.json) for name in JUDGED},
        "conduct": lambda: _conduct(given),
        "satisfaction": lambda: satisfaction(given.data, as_json=given.json),
        "sentiment": lambda: _sentiment(given),
        "hearing": lambda: _hearing(given.data),
        "speed": lambda: speed(given.data, given.count, given.plain, given.ahead),
        "near": lambda: near(given.data),
        "paraphrase": lambda: paraphrase(given.data),
    }
    return runs[given.what]()


def _conduct(given: argparse.Namespace) -> str:
    house = {"company": given.company} if given.company else {}
    return conduct(given.data, house, as_json=given.json)


def _sentiment(given: argparse.Namespace) -> str:
    return sentiment(given.data, given.part, is_lexicon=given.lexicon, as_json=given.json)


def _hearing(path: Path) -> str:
    return hearing(sorted(path.iterdir()) if path.is_dir() else [path])


if __name__ == "__main__":
    main()
