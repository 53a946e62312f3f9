"""`python -m benchmarks.nlu --train F.csv --test F.csv`: how well the shipped pipeline understands.

config.yml is trained on the first file and asked the second, through Rasa, in Rasa's environment.
Rows of the intent `oos` in the training file become the intent out_of_scope, as the shop's own
bot has it; `--no-oos` leaves them out, and then only the threshold rejects.
`--slips SEED` misspells the test sentences as hasty people do (slips.py).
Without `--train` it is the shop's own bot that is examined: the sentences of data/nlu.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from benchmarks.nlu.figures import (
    OUT_OF_SCOPE,
    Figures,
    Sample,
    compare,
    draw_shots,
    read_own,
    read_samples,
)
from benchmarks.nlu.slips import with_slips
from core.errors import BadInput, ParleyError, Unavailable

ROOT = Path(__file__).resolve().parents[2]
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
QUIET = {"RASA_TELEMETRY_ENABLED": "false", "DO_NOT_TRACK": "1", "PYTHONWARNINGS": "ignore"}


@dataclass(frozen=True, slots=True)
class Run:
    """One training and its examination."""

    trained_on: int
    intents: int
    trained_on_foreign: int
    tested_on: int
    threshold: float
    figures: Figures
    ms_per_message: float
    training_seconds: float


def main() -> int:
    """Print the figures; 2 when a file or the Rasa environment is wrong."""
    options = _options()
    try:
        training = read_samples(options.train) if options.train else read_own(ROOT / "data/nlu")
        if options.no_oos:
            training = [each for each in training if each.intent != OUT_OF_SCOPE]
        if options.shots:
            training = draw_shots(training, options.shots, seed=options.seed)
        test = read_samples(options.test)
        if options.slips is not None:
            test = with_slips(test, seed=options.slips)
        run = examine(training, test, options.threshold)
    except ParleyError as error:
        print(error, file=sys.stderr)  # noqa: T201 - a command line
        return 2
    print(json.dumps(asdict(run)) if options.json else as_text(run))  # noqa: T201 - as above
    return 0


def examine(training: Sequence[Sample], test: Sequence[Sample], threshold: float | None) -> Run:
    """Train the shipped pipeline on the one, have it understand the other.

    Raises:
        Unavailable: Rasa is not installed, or failed; the end of its log is told.
    """
    answers, used = understand(training, [each.text for each in test], threshold)
    found, nearest = zip(*answers["found"], strict=True)
    return Run(
        trained_on=len(training),
        intents=len({each.intent for each in training} - {OUT_OF_SCOPE}),
        trained_on_foreign=sum(each.intent == OUT_OF_SCOPE for each in training),
        tested_on=len(test),
        threshold=used,
        figures=compare([each.intent for each in test], found, nearest),
        ms_per_message=answers["ms_per_message"],
        training_seconds=answers["training_seconds"],
    )


def understand(
    training: Sequence[Sample], messages: Sequence[str], threshold: float | None = None
) -> tuple[dict[str, Any], float]:
    """What inside.py tells of the messages, and the threshold in force.

    Raises:
        Unavailable: Rasa is not installed, or failed; the end of its log is told.
    """
    with tempfile.TemporaryDirectory(prefix="parley-nlu-") as name:
        folder = Path(name)
        used = write_config(ROOT / "config.yml", folder / "config.yml", threshold)
        _write(folder / "training.json", _training_data(training))
        _write(folder / "messages.json", list(messages))
        _run_rasa(folder)
        return json.loads((folder / "answers.json").read_text(encoding="utf-8")), used


def write_config(shipped: Path, copy: Path, threshold: float | None) -> float:
    """Copy the shipped pipeline, with another threshold if one is given; the one in force.

    Raises:
        BadInput: the shipped pipeline has not exactly one component with a threshold.
    """
    config = yaml.safe_load(shipped.read_text(encoding="utf-8"))
    owners = [each for each in config["pipeline"] if "threshold" in each]
    if len(owners) != 1:
        raise BadInput(f"{shipped} has {len(owners)} components with a threshold, not one")
    if threshold is not None:
        owners[0]["threshold"] = threshold
    copy.write_text(yaml.safe_dump(config), encoding="utf-8")
    return float(owners[0]["threshold"])


def as_text(run: Run) -> str:
    """The figures, a line each."""
    shares = [(name.replace("_", " "), share) for name, share in asdict(run.figures).items()]
    lines = [
        f"trained on {run.trained_on} sentences of {run.intents} intents, of which "
        f"{run.trained_on_foreign} out of scope; tested on {run.tested_on}",
        *(f"{name:24} {'-' if share is None else f'{share:.2%}'}" for name, share in shares),
        f"{'threshold':24} {run.threshold}",
        f"{'ms per message':24} {run.ms_per_message:.1f}",
        f"{'training seconds':24} {run.training_seconds:.1f}",
    ]
    return "\n".join(lines)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.nlu", description=__doc__)
    parser.add_argument("--train", type=Path, help="CSV: text,intent; else data/nlu")
    parser.add_argument("--test", type=Path, required=True, help="CSV: text,intent; oos is foreign")
    parser.add_argument("--threshold", type=float, help="in place of the shipped one")
    parser.add_argument("--shots", type=int, help="train on so many sentences per intent")
    parser.add_argument("--seed", type=int, default=1, help="of the draw of shots")
    parser.add_argument("--slips", type=int, metavar="SEED", help="misspell the test sentences")
    parser.add_argument("--no-oos", action="store_true", help="train without rows of oos")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


def _training_data(samples: Sequence[Sample]) -> object:
    examples = [{"text": each.text, "intent": each.intent} for each in samples]
    return {"rasa_nlu_data": {"common_examples": examples}}


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def _run_rasa(folder: Path) -> None:
    if not RASA_PYTHON.exists():
        raise Unavailable("the Rasa environment is missing; run `make rasa`", retryable=False)
    command = [str(RASA_PYTHON), "-m", "benchmarks.nlu.inside", str(folder)]
    done = subprocess.run(  # noqa: S603 - our own words
        command, cwd=ROOT, env=os.environ | QUIET, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise Unavailable(f"Rasa failed:\n{done.stderr[-2000:]}", retryable=False)


if __name__ == "__main__":
    raise SystemExit(main())
