"""What one worker process keeps from task to task: its event loop, database and model."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any

from core.settings import load_settings
from jobs import steps
from jobs.place import Place, opened
from jobs.running import Ending


class Process:
    """Made after the fork; everything in it opens on first use."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._place: Place | None = None

    def transcribe(self, recording_id: str, *, node: str) -> Ending:
        """Do the step for a recording, in the name of this node."""
        worker = steps.worker_name(node)
        return self._run(lambda place: steps.transcribe(place, recording_id, worker=worker))

    def score(self, conversation_id: str, *, node: str) -> Ending:
        """Do the step for a conversation, in the name of this node."""
        worker = steps.worker_name(node)
        return self._run(lambda place: steps.score(place, conversation_id, worker=worker))

    def close(self) -> None:
        """Give the database back."""
        self._runner.run(self._stack.aclose())
        self._runner.close()

    def _run(self, step: Callable[[Place], Coroutine[Any, Any, Ending]]) -> Ending:
        return self._runner.run(self._in_place(step))

    async def _in_place(self, step: Callable[[Place], Coroutine[Any, Any, Ending]]) -> Ending:
        if self._place is None:
            self._place = await self._stack.enter_async_context(opened(load_settings()))
        return await step(self._place)
