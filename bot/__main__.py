"""`python -m bot`: the Rasa server that Parley runs; `rasa run` serves the same model as well."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from bot.without_training import leave_training_out

# One core each: as many servers run as there are cores, and a sentence is too small to share out.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(prog="python -m bot", description=__doc__)
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--model", type=Path, default=Path("models/parley.tar.gz"))
    parser.add_argument("--log-level", default="INFO", choices=["DEBUG", "INFO", "WARNING"])
    asked = parser.parse_args()
    if not asked.model.is_file():
        parser.error(f"there is no model at {asked.model}; train it with `make train`")
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    leave_training_out(asked.model)

    from bot.server import serve  # Rasa is imported after what it shall not import

    serve(asked.model, port=asked.port, log_level=asked.log_level)


if __name__ == "__main__":
    main()
