"""A stand-in for S3 on loopback: moto's server, with the faults that networks and storage have."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from secrets import token_hex
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import fsspec  # type: ignore[import-untyped] # ships no types
import pytest
import s3fs  # type: ignore[import-untyped] # ships no types
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

Answer = Iterable[bytes]
Fault = Callable[["Storage", WSGIEnvironment, StartResponse], Answer]
# Seconds, for a busy machine; no second try, which takes long.
PATIENCE = {"connect_timeout": 5, "read_timeout": 15, "retries": {"total_max_attempts": 1}}
HASTY_SECONDS = 0.3  # how long is waited for a slow answer, in place of 15
SLOW_SECONDS = 1.0


@dataclass
class Storage:
    """The server; requests whose method is in `methods` meet `fault`, after `spared` more."""

    inner: Any = field(default_factory=lambda: DomainDispatcherApplication(create_backend_app))
    fault: Fault | None = None
    methods: frozenset[str] = frozenset()
    spared: int = 0
    seen: list[str] = field(default_factory=list)

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Answer:
        method = environ["REQUEST_METHOD"]
        self.seen.append(method)
        if self.fault is None or method not in self.methods:
            return self.answer(environ, start)
        if self.spared > 0:
            self.spared -= 1
            return self.answer(environ, start)
        return self.fault(self, environ, start)

    def answer(self, environ: WSGIEnvironment, start: StartResponse) -> Answer:
        """What S3 would say."""
        answer: Answer = self.inner(environ, start)
        return answer

    def fail(self, fault: Fault, *methods: str, spared: int = 0) -> None:
        """From now on."""
        self.fault, self.methods, self.spared = fault, frozenset(methods), spared

    def mend(self) -> None:
        """All is well again."""
        self.fault = None


def refusing(status: str, code: str) -> Fault:
    """An answer of S3's own, such as 500 and InternalError."""

    def fault(_: Storage, environ: WSGIEnvironment, start: StartResponse) -> Answer:
        _read_all(environ)
        start(status, [("Content-Type", "application/xml")])
        if environ["REQUEST_METHOD"] == "HEAD":
            return [b""]
        return [f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()]

    return fault


def slow(storage: Storage, environ: WSGIEnvironment, start: StartResponse) -> Answer:
    """An answer that comes when nobody waits for it any more; nothing was done."""
    time.sleep(SLOW_SECONDS)
    return refusing("503 Slow Down", "ServiceUnavailable")(storage, environ, start)


def cut(storage: Storage, environ: WSGIEnvironment, start: StartResponse) -> Answer:
    """Half an answer to who reads, and none to who writes; then the connection is gone."""
    line: socket.socket = environ["werkzeug.socket"]
    if environ["REQUEST_METHOD"] != "GET":
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0) // 2)
        line.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError
    whole = b"".join(storage.answer(environ, start))

    def half() -> Iterator[bytes]:
        yield whole[: len(whole) // 2]
        line.shutdown(socket.SHUT_RDWR)

    return half()


def lost(storage: Storage, environ: WSGIEnvironment, start: StartResponse) -> Answer:
    """What was asked for is done, and the answer does not come through."""
    b"".join(storage.answer(environ, start))
    environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


def _read_all(environ: WSGIEnvironment) -> None:
    """What was sent, so that who sent it gets to hear the answer."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


@pytest.fixture(scope="session")
def storage_server() -> Iterator[tuple[Storage, str]]:
    """The server and its address."""
    storage = Storage()
    server = make_server("127.0.0.1", 0, storage, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield storage, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    s3fs.S3FileSystem.clear_instance_cache()  # a client takes half a second, so tests share them


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of its own for a test."""

    storage: Storage
    url: str
    options: dict[str, Any]

    def fail(self, fault: Fault, *methods: str, spared: int = 0) -> None:
        """From now on."""
        hurry = {"read_timeout": HASTY_SECONDS} if fault is slow else {}
        self.options["config_kwargs"] = PATIENCE | hurry
        self.storage.fail(fault, *methods, spared=spared)

    def mend(self) -> None:
        """All is well again."""
        self.options["config_kwargs"] = PATIENCE
        self.storage.mend()

    @property
    def name(self) -> str:
        """Without the folder."""
        return self.url.removeprefix("s3://").partition("/")[0]

    def client(self) -> Any:
        """Another client than Parley's, to look at what is there."""
        return fsspec.filesystem("s3", use_listings_cache=False)

    def names(self) -> list[str]:
        """All that is kept."""
        return sorted(path.rpartition("/")[2] for path in self.client().find(self.url))

    def read(self, name: str) -> bytes:
        """One file."""
        found: bytes = self.client().cat_file(f"{self.url}/{name}")
        return found

    def unfinished(self) -> list[str]:
        """What uploads are of that have parts there, and never ended."""
        return [each["Key"] for each in self._uploads()]

    def began(self) -> datetime:
        """When the first of them began."""
        first: datetime = min(each["Initiated"] for each in self._uploads())
        return first

    def _uploads(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.client().list_multipart_uploads(self.name)
        return found


@pytest.fixture
def bucket(
    storage_server: tuple[Storage, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Bucket]:
    """An empty folder of a bucket; credentials and address come as a house gives them."""
    storage, address = storage_server
    for name, value in {
        "AWS_ENDPOINT_URL": address,
        "AWS_ACCESS_KEY_ID": "key-of-the-house",
        "AWS_SECRET_ACCESS_KEY": "secret-of-the-house",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }.items():
        monkeypatch.setenv(name, value)
    options: dict[str, Any] = {"config_kwargs": PATIENCE}
    monkeypatch.setitem(fsspec.config.conf, "s3", options)
    name = f"house-{token_hex(6)}"
    made = Bucket(storage, f"s3://{name}/recordings", options)
    made.client().mkdir(name)
    yield made
    storage.mend()
