"""`python -m benchmarks.qa WHAT --data PATH`: figures of the shipped rules.

WHAT is resolution, near, conduct, sentiment, paraphrase, speed or hearing.

resolution: area under the ROC curve of the probability against the label `resolved`, and how
often yes and no are right. near: how alike the turns of unrelated dialogues come to the near
forms of each question, once turns that say the thing outright are left out. conduct: precision,
recall and F1 of the questions of conduct; without --data on what is kept in benchmarks/qa/conduct.
sentiment: macro F1 of the mood of texts with labels, of a CSV (text, label) or a folder of them.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.qa.conduct.report import conduct
from benchmarks.qa.hearing import hearing
from benchmarks.qa.paraphrase import paraphrase
from benchmarks.qa.sentiment import PARTS, sentiment
from benchmarks.qa.speed import speed
from core.conversation import Conversation, Role
from core.errors import BadInput, ParleyError
from core.evaluation import Verdict
from core.exchange import from_exchange
from language.pipeline import Pipeline
from qa.cards import load_scorecard
from qa.rules.base import texts
from qa.scoring import evaluate

STEPS = (0.60, 0.64, 0.68, 0.72, 0.76, 0.80)


def conversations(path: Path) -> Iterator[Conversation]:
    """The conversations of a JSONL file in the exchange format."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield from_exchange(json.loads(line))


def resolution(path: Path) -> str:
    """One line of figures."""
    pipeline, card, now = Pipeline(), load_scorecard("service"), datetime.now(UTC)
    rows: list[tuple[float, bool, Verdict]] = []
    for talk in conversations(path):
        label = talk.labels.get("resolved")
        made = evaluate(talk, card, pipeline=pipeline, now=now, variables={"company": "Company"})
        found = made.finding("resolution")
        if isinstance(label, bool) and found and found.probability is not None:
            rows.append((found.probability, label, found.verdict))
    said_yes = [label for _, label, verdict in rows if verdict is Verdict.YES]
    said_no = [label for _, label, verdict in rows if verdict is Verdict.NO]
    return (
        f"n {len(rows)}, AUC {area([(p, label) for p, label, _ in rows]):.3f}, "
        f"yes {len(said_yes)} of which right {share(said_yes):.2f}, "
        f"no {len(said_no)} of which right {1 - share(said_no):.2f}, "
        f"unsure {1 - (len(said_yes) + len(said_no)) / max(1, len(rows)):.2f}"
    )


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


def area(rows: list[tuple[float, bool]]) -> float:
    """Area under the ROC curve; ties count half."""
    good = [chance for chance, label in rows if label]
    bad = [chance for chance, label in rows if not label]
    wins = sum((g > b) + 0.5 * (g == b) for g in good for b in bad)
    return wins / (len(good) * len(bad)) if good and bad else 0.5


def share(labels: list[bool]) -> float:
    """Share of true ones; 0 of none."""
    return sum(labels) / len(labels) if labels else 0.0


def main() -> None:
    """Read the arguments and write the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.qa")
    parser.add_argument(
        "what",
        choices=("resolution", "near", "conduct", "sentiment", "paraphrase", "speed", "hearing"),
    )
    parser.add_argument("--data", type=Path)
    parser.add_argument("--count", type=int, default=10_000, help="speed: conversations")
    parser.add_argument(
        "--plain", type=Path, metavar="PYTHON", help="speed: one with sentence-transformers"
    )
    parser.add_argument("--json", action="store_true", help="conduct, sentiment: as JSON")
    parser.add_argument("--part", choices=PARTS, help="sentiment: one half of the texts")
    parser.add_argument("--lexicon", action="store_true", help="sentiment: without the encoder")
    parser.add_argument("--company", help="conduct: its name, where conversations do not say it")
    given = parser.parse_args()
    if given.what == "conduct":
        house = {"company": given.company} if given.company else {}
        try:
            sys.stdout.write(conduct(given.data, house, as_json=given.json) + "\n")
        except (BadInput, OSError) as error:
            parser.error(str(error))
        return
    if given.data is None:
        parser.error("--data is needed")
    if given.what == "sentiment":
        try:
            told = sentiment(given.data, given.part, is_lexicon=given.lexicon, as_json=given.json)
        except (ParleyError, OSError) as error:
            parser.error(str(error))
        sys.stdout.write(told + "\n")
        return
    if given.what == "hearing":
        sounds = sorted(given.data.iterdir()) if given.data.is_dir() else [given.data]
        sys.stdout.write(hearing(sounds) + "\n")
        return
    if given.what == "speed":
        try:
            sys.stdout.write(speed(given.data, given.count, given.plain) + "\n")
        except (BadInput, OSError) as error:
            parser.error(str(error))
        return
    runs = {"resolution": resolution, "near": near, "paraphrase": paraphrase}
    run = runs[given.what]
    sys.stdout.write(run(given.data) + "\n")


if __name__ == "__main__":
    main()
