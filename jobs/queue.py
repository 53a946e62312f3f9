"""`python -m jobs.queue QUEUE NODE PARENT`: the Celery worker of one queue."""

import os
import signal
import sys
import threading
import time
from typing import Any

from celery.signals import worker_ready  # type: ignore[import-untyped]  # no stubs

from jobs.app import app

WATCH_SECONDS = 1.0


def main(queue: str, node: str, parent: int) -> None:
    """Work until SIGTERM, or until the program that started this one is gone."""

    def watch(**_: Any) -> None:  # after the pool has forked: a thread would not come along
        threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()

    worker_ready.connect(watch, weak=False)
    app.worker_main(
        [
            "--quiet",
            "worker",
            f"--queues={queue}",
            f"--hostname={node}",
            "--concurrency=1",  # one process holds one model
            "--pool=prefork",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
    )


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
