"""The embedded broker: whole messages, each taken once, in the order they were sent."""

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from kombu.connection import Connection
from kombu.exceptions import ChannelError

from jobs.app import QUICK, SPEECH, configuration
from jobs.broker import file_broker
from jobs.logs import Wordless


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "queue"


@pytest.fixture
def channel(folder: Path) -> Iterator[Any]:
    with connect(folder) as connection:
        yield connection.default_channel


def connect(folder: Path) -> Any:
    broker = file_broker(folder)
    options = broker["broker_transport_options"]
    return Connection(broker["broker_url"], transport_options=options)  # type: ignore[no-untyped-call]  # of kombu


def taken(channel: Any, queue: str) -> list[Any]:
    found = []
    while channel._size(queue):
        found.append(channel._get(queue))
    return found


def test_messages_come_in_order_and_to_their_own_queue(channel: Any) -> None:
    for number in range(3):
        channel._put(SPEECH, {"body": number})
    channel._put(QUICK, {"body": "other"})
    assert channel._size(SPEECH) == 3
    assert [message["body"] for message in taken(channel, SPEECH)] == [0, 1, 2]
    assert channel._get(QUICK) == {"body": "other"}


def test_queue_whose_name_ends_alike_is_another(channel: Any) -> None:
    channel._put("quick.slow", {"body": 1})
    channel._put("slow", {"body": 2})
    assert taken(channel, "slow") == [{"body": 2}]


def test_draft_is_not_a_message(channel: Any, folder: Path) -> None:
    (folder / ".00000000000000000001_ab.speech.msg.12ab").write_text('{"body": ')
    (folder / ".00000000000000000001_ab.speech.msg").write_text('{"body": ')
    assert channel._size(SPEECH) == 0


def test_many_readers_and_writers_lose_and_double_nothing(folder: Path) -> None:
    found: list[int] = []

    def write(begin: int) -> None:
        with connect(folder) as connection:
            for number in range(begin, begin + 100):
                connection.default_channel._put(SPEECH, {"body": number, "fill": "x" * 5000})

    def read() -> None:
        with connect(folder) as connection:
            while len(found) < 200:
                found.extend(message["body"] for message in taken_or_none(connection))

    def taken_or_none(connection: Any) -> list[Any]:
        try:
            return [connection.default_channel._get(SPEECH)]
        except Empty:
            return []

    threads = [threading.Thread(target=write, args=(begin,)) for begin in (0, 100)]
    threads += [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == list(range(200))


def test_table_of_queues_is_whole_after_many_bind_at_once(folder: Path) -> None:
    def bind(number: int) -> None:
        with connect(folder) as connection:
            connection.default_channel._queue_bind("news", f"key{number}", "", f"queue{number}")

    threads = [threading.Thread(target=bind, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    table = json.loads((folder / "control" / "news.exchange").read_text())
    assert sorted(queue for _, _, queue in table) == [f"queue{number}" for number in range(8)]


def test_full_disk_is_an_error_and_leaves_no_draft(
    channel: Any, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ChannelError, match="No space left"):
        channel._put(SPEECH, {"body": 1})
    assert [path.name for path in folder.iterdir()] == ["control"]


def test_settings_choose_the_broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARLEY_VAR", str(tmp_path))
    embedded = configuration()
    assert embedded["broker_url"].startswith("parley-files:")
    assert (tmp_path / "queue").is_dir()
    monkeypatch.setenv("PARLEY_BROKER_URL", "redis://127.0.0.1/0")
    assert configuration()["broker_url"] == "redis://127.0.0.1/0"
    for made in (embedded, configuration()):
        assert made["accept_content"] == ["json"]
        assert made["task_ignore_result"]
        assert made["task_acks_late"]
        assert made["worker_prefetch_multiplier"] == 1


def test_unforeseen_error_is_logged_without_its_words() -> None:
    words = "my card is " + str(4000 + 111)
    try:
        raise ValueError(words)
    except ValueError as error:
        record = logging.LogRecord(
            "celery", logging.ERROR, "x.py", 1, "failed: %s", (error,), (ValueError, error, None)
        )
    line = Wordless("%(message)s").format(record)
    assert "ValueError" in line
    assert "4111" not in line
