"""The Celery application: two kinds of news, each with an id and nothing else.

`speech` has one process per model and may be busy for an hour; `quick` never waits behind it.
"""

import asyncio
import functools
import os
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any, Protocol

from celery import Celery  # type: ignore[import-untyped]  # no stubs
from celery.signals import (  # type: ignore[import-untyped]  # no stubs
    setup_logging,
    worker_process_shutdown,
)
from kombu.entity import Queue
from kombu.exceptions import ChannelError, OperationalError

from core.errors import Unavailable
from core.settings import load_settings
from jobs import steps
from jobs.broker import file_broker
from jobs.logs import speak
from jobs.place import Place, opened
from jobs.running import Ending

SPEECH, QUICK = "speech", "quick"
TRANSCRIBE, SCORE = "jobs.transcribe", "jobs.score"
QUEUE_OF = {TRANSCRIBE: SPEECH, SCORE: QUICK}
QUIET = {  # no library tells its maker anything
    "PYANNOTE_METRICS_ENABLED": "0",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}


def configuration() -> dict[str, Any]:
    """Celery's settings; read when they are first needed, not at import."""
    settings = load_settings()
    broker: dict[str, Any] = {"broker_url": settings.broker_url}
    if not settings.broker_url:
        broker = file_broker(settings.var / "queue")
    return {
        **broker,
        "task_queues": (_queue(SPEECH), _queue(QUICK)),
        "task_default_queue": QUICK,
        "task_routes": {task: {"queue": queue} for task, queue in QUEUE_OF.items()},
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_acks_late": True,
        "worker_prefetch_multiplier": 1,
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "broker_connection_retry_on_startup": True,
        "enable_utc": True,
    }


def transcribe(task: Any, recording_id: str) -> None:
    """A recording is due to be heard."""
    worker = steps.worker_name(task.request.hostname)
    _process().run(lambda place: steps.transcribe(place, recording_id, worker=worker))


def score(task: Any, conversation_id: str) -> None:
    """A conversation is due to be scored."""
    worker = steps.worker_name(task.request.hostname)
    _process().run(lambda place: steps.score(place, conversation_id, worker=worker))


class Post(Protocol):
    """The way news travels."""

    def send(self, task: str, subject: str) -> None:
        """Tell that `subject` (an id) is due."""

    def waiting(self, task: str) -> int:
        """How many pieces of news of this kind nobody has taken yet."""


class CeleryPost:
    """News by Celery's broker."""

    def send(self, task: str, subject: str) -> None:
        """Tell that `subject` (an id) is due.

        Raises:
            Unavailable: the broker does not answer.
        """
        try:
            app.send_task(task, (subject,), queue=QUEUE_OF[task], retry=False)
        except (OperationalError, ChannelError) as error:
            raise Unavailable(f"the broker took no message: {error}", retryable=True) from error

    def waiting(self, task: str) -> int:
        """How many pieces of news of this kind nobody has taken yet.

        Raises:
            Unavailable: the broker does not answer.
        """
        try:
            with app.connection_for_write() as connection:
                declared = connection.default_channel.queue_declare(
                    queue=QUEUE_OF[task], durable=True, auto_delete=False
                )
        except (OperationalError, ChannelError) as error:
            raise Unavailable(f"the broker does not answer: {error}", retryable=True) from error
        return int(declared.message_count)


class Process:
    """What one worker process keeps from task to task: its event loop, database and model."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()
        self._place: Place | None = None

    def run(self, work: Callable[[Place], Coroutine[Any, Any, Ending]]) -> Ending:
        """Do one step in this process's place."""
        return self._runner.run(self._run(work))

    async def _run(self, work: Callable[[Place], Coroutine[Any, Any, Ending]]) -> Ending:
        if self._place is None:
            self._place = await self._stack.enter_async_context(opened(load_settings()))
        return await work(self._place)

    def close(self) -> None:
        """Give the database back."""
        self._runner.run(self._stack.aclose())
        self._runner.close()


@functools.cache
def _process() -> Process:
    """Made by the first task, so after the fork."""
    os.environ.update(QUIET)
    return Process()


def _queue(name: str) -> Queue:
    return Queue(name, routing_key=name)  # type: ignore[no-untyped-call]  # of kombu


def _close(**_: Any) -> None:
    if _process.cache_info().currsize:
        _process().close()


def _speak(**_: Any) -> None:
    speak(load_settings().log_level)


app = Celery("parley", set_as_current=False)
app.add_defaults(configuration)
app.task(transcribe, name=TRANSCRIBE, bind=True)
app.task(score, name=SCORE, bind=True)
setup_logging.connect(_speak)
worker_process_shutdown.connect(_close)
