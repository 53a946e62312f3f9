"""Opens new tracker databases, each by several processes at once; prints the failures as JSON."""

import json
import multiprocessing
import sys
import tempfile
from pathlib import Path

from bot.tables import open_database

PROCESSES = 6
ROUNDS = 25


def main() -> None:
    """Open so many databases that a race between two of the processes shows."""
    failures = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            failures += _open_at_once(f"sqlite:///{Path(folder)}/{number}.db")
    sys.stdout.write(json.dumps(failures) + "\n")


def _open_at_once(url: str) -> list[str]:
    start = multiprocessing.Barrier(PROCESSES)
    failures = multiprocessing.SimpleQueue()
    processes = [
        multiprocessing.Process(target=_open, args=(url, start, failures)) for _ in range(PROCESSES)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    found = []
    while not failures.empty():
        found.append(failures.get())
    return found


def _open(url: str, start: object, failures: object) -> None:
    start.wait()
    try:
        open_database(url).dispose()
    except Exception as error:  # noqa: BLE001  # whatever it is, the test shows it
        failures.put(repr(error))


if __name__ == "__main__":
    main()
