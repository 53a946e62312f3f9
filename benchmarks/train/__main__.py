"""`python -m benchmarks.train NAME [--data FOLDER] [--to FILE | --check]`: make a shipped head."""

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks.train.trainers import TRAINERS, Trained
from core.errors import ParleyError
from language.encoder import Encoder, find_folder_by_environment

THREADS, BATCH = 2, 32  # of the encoder; others give vectors with other last digits


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, write, say what came out; 1 when `--check` finds another file, 2 for bad input."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.train")
    parser.add_argument("name", choices=sorted(TRAINERS))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--to", type=Path, help="where to write; the shipped file if not given")
    parser.add_argument("--check", action="store_true", help="only compare with the shipped file")
    given = parser.parse_args(arguments)
    trainer = TRAINERS[given.name]
    try:
        encoder = Encoder(
            find_folder_by_environment(), threads=THREADS, batch=BATCH, layers=trainer.layers
        )
        with threadpool_limits(1):  # sums of several threads differ in the last digits
            head = trainer.train(given.data, encoder)
    except (ParleyError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(json.dumps(dict(head.card), indent=2) + "\n")
    if given.check:
        return _compare(head, trainer.file)
    head.save(given.to or trainer.file)
    return 0


def _compare(head: Trained, shipped: Path) -> int:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, shipped.name)
        head.save(made)
        is_same = made.read_bytes() == shipped.read_bytes()
    sys.stdout.write(f"{shipped.name}: {'the same' if is_same else 'not the same'} bytes\n")
    return 0 if is_same else 1


if __name__ == "__main__":
    sys.exit(main())
