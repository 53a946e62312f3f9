"""The embedded broker: Celery's messages as files in `var/queue`, none ever read half written.

kombu's own filesystem transport writes a message, and its table of queues, in place; a reader
that comes in between finds half of it. Here each is written under another name and renamed.
"""

import fcntl
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import TRANSPORT_ALIASES, filesystem
from kombu.transport.filesystem import exchange_queue_t
from kombu.utils.json import dumps, loads

URL = "parley-files://localhost"
POLLING_SECONDS = 0.5  # a look at an empty folder costs 20 microseconds


class FileChannel(filesystem.Channel):
    """kombu's filesystem channel with whole writes; one folder for messages in and out."""

    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # its bases disagree
        name = f"{time.time_ns():020d}_{secrets.token_hex(8)}.{queue}.msg"
        _write(self._folder / name, payload)

    def _get(self, queue: str, timeout: Any = None) -> Any:
        del timeout  # kombu looks again by itself
        for path in self._messages(queue):
            try:
                text = path.read_text(encoding="utf-8")
                path.unlink()  # only one of several readers succeeds
            except FileNotFoundError:
                continue
            return loads(text)  # type: ignore[no-untyped-call]  # of kombu
        raise Empty

    def _size(self, queue: str) -> int:
        return len(self._messages(queue))

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        file: Path = self._exchange_file(exchange)  # type: ignore[no-untyped-call]  # of kombu
        bound = exchange_queue_t(routing_key or "", pattern or "", queue or "")
        with _locked(file.with_suffix(".lock")):
            table = self.get_table(exchange)  # type: ignore[no-untyped-call]  # of kombu
            if bound not in table:
                _write(file, [bound, *table])

    @property
    def _folder(self) -> Path:
        return Path(self.data_folder_in)

    def _messages(self, queue: str) -> list[Path]:
        """Oldest first: names begin with the nanosecond they were written in."""
        found = self._folder.glob(f"[!.]*.{queue}.msg")
        return sorted(path for path in found if path.name.partition(".")[2] == f"{queue}.msg")


class FileTransport(filesystem.Transport):
    """What Celery is given as its broker by default."""

    Channel = FileChannel


def file_broker(folder: Path) -> dict[str, Any]:
    """Celery's settings for messages in `folder`, which is made."""
    TRANSPORT_ALIASES["parley-files"] = f"{__name__}:{FileTransport.__name__}"
    control = folder / "control"
    control.mkdir(parents=True, exist_ok=True)
    options = {
        "data_folder_in": str(folder),
        "data_folder_out": str(folder),
        "control_folder": str(control),
        "polling_interval": POLLING_SECONDS,
    }
    return {"broker_url": URL, "broker_transport_options": options}


def _write(path: Path, value: Any) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        text: str = dumps(value)  # type: ignore[no-untyped-call]  # of kombu
        draft.write_text(text, encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise ChannelError(f"the queue in {path.parent} cannot be written: {error}") from error


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
