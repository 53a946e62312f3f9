"""Work in the background that is awaited at the end, and whose failures are logged."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import structlog

log: Any = structlog.get_logger()


@dataclass(eq=False, slots=True)
class Tasks:
    """Runs coroutines; keeps hold of them until they end."""

    _running: set[asyncio.Task[None]] = field(default_factory=set)

    def start(self, work: Coroutine[Any, Any, None], *, about: str) -> None:
        """Run `work` in the background; `about` is an id for the log."""
        task = asyncio.create_task(_guarded(work, about))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finish(self) -> None:
        """Wait until all that runs now is done."""
        while self._running:
            await asyncio.gather(*self._running)

    async def stop(self) -> None:
        """End everything; what was not done is found again at the next start."""
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


async def _guarded(work: Coroutine[Any, Any, None], about: str) -> None:
    try:
        await work
    except Exception as error:  # noqa: BLE001  # the outermost frame of a task
        log_failure("task_failed", error, about=about)


def log_failure(event: str, error: Exception, **names: str) -> None:
    """Log an exception by type and place: its message may quote a customer."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = f"{frame.tb_frame.f_code.co_filename}:{frame.tb_lineno}" if frame else "?"
    log.error(event, error=type(error).__name__, place=place, **names)
