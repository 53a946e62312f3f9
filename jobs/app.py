"""The Celery application: two kinds of news, each with an id and nothing else.

`speech` has one process per model and may be busy for an hour; `quick` never waits behind it.
"""

import functools
import os
from typing import TYPE_CHECKING, Any, Protocol

from celery import Celery  # type: ignore[import-untyped]  # no stubs
from celery.signals import (  # type: ignore[import-untyped]  # no stubs
    setup_logging,
    worker_process_shutdown,
)
from kombu.entity import Queue
from kombu.exceptions import ChannelError, OperationalError

from core.errors import Unavailable
from core.settings import load_settings
from jobs.broker import file_broker
from jobs.logs import speak

if TYPE_CHECKING:
    from jobs.process import Process

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
    _process().transcribe(recording_id, node=task.request.hostname)


def score(task: Any, conversation_id: str) -> None:
    """A conversation is due to be scored."""
    _process().score(conversation_id, node=task.request.hostname)


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
        except (OperationalError, ChannelError, OSError) as error:
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
        except (OperationalError, ChannelError, OSError) as error:
            raise Unavailable(f"the broker does not answer: {error}", retryable=True) from error
        return int(declared.message_count)


@functools.cache
def _process() -> "Process":
    """Made by the first task, so after the fork: the parent stays small and starts quickly."""
    os.environ.update(QUIET)
    from jobs.process import Process  # noqa: PLC0415 -- the recogniser, spaCy: 110 MB, 3 s

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
