"""Recordings fetched: from hosts on the list and nowhere near them, and from object storage."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import fsspec  # type: ignore[import-untyped] # ships no types
import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.test_utils import TestServer
from botocore.exceptions import (  # type: ignore[import-untyped] # ships no types
    EndpointConnectionError,
    NoCredentialsError,
)
from yarl import URL

from core.errors import BadInput, NotFound, ParleyError, Unavailable
from core.hosts import parse_hosts
from core.recording import Mute, Recording
from core.settings import Settings
from core.spans import TimeSpan
from jobs.addresses import check_web, name_of
from jobs.fetching import CheckedResolver, fetch_web
from jobs.ingest import IngestRequest, receive_file, request_of
from jobs.main import ingest_files
from jobs.place import Ears, Place
from store.storage import shown_address, told
from tests.jobs.parrot import Parrot
from tests.jobs.sound import call_file

NOW = datetime.now(UTC)
LIST = "files.example.com, b.example:8443, 127.0.0.1:8000, localhost:8000"


@pytest.mark.parametrize(
    "address",
    [
        "https://files.example.com/a.wav",
        "https://FILES.example.com/a.wav",
        "https://files.example.com:443/a.wav?token=secret",
        "https://b.example:8443/a.wav",
        "http://127.0.0.1:8000/a.wav",
        "http://localhost:8000/a.wav",
    ],
)
def test_hosts_on_the_list_are_asked(address: str) -> None:
    check_web(URL(address), parse_hosts(LIST))


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("http://files.example.com/a.wav", "not a host|only https"),
        ("https://files.example.com:8443/a.wav", "not a host"),
        ("https://example.com/a.wav", "not a host"),
        ("https://x.files.example.com/a.wav", "not a host"),
        ("https://files.example.com.evil.example/a.wav", "not a host"),
        ("https://files.example.com./a.wav", "not a host"),
        ("https://filesXexample.com/a.wav", "not a host"),
        ("https://files.example.com@evil.example/a.wav", "do not belong"),
        ("https://evil.example/files.example.com", "not a host"),
        ("https://user:secret@files.example.com/a.wav", "do not belong"),
        ("https://127.0.0.1/a.wav", "not a host"),
        ("http://127.0.0.1:8001/a.wav", "not a host"),
        ("http://127.0.0.2:8000/a.wav", "not a host"),
        ("http://[::1]:8000/a.wav", "not a host"),
        ("http://2130706433:8000/a.wav", "not a host"),
        ("http://b.example:8443/a.wav", "only https"),
        ("ftp://files.example.com/a.wav", "no address of the web"),
        ("https:///a.wav", "no address of the web"),
        ("//files.example.com/a.wav", "no address of the web"),
        ("javascript:alert(1)", "no address of the web"),
    ],
)
def test_near_misses_are_refused_and_nothing_secret_is_told(address: str, why: str) -> None:
    with pytest.raises(BadInput, match=why) as caught:
        check_web(URL(address), parse_hosts(LIST))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "name", "told"),
    [
        ("https://h.example/d/a.wav", "a.wav", "https://h.example/d/a.wav"),
        ("https://h.example/a.wav?token=s#t", "a.wav", "https://h.example/a.wav"),
        ("https://u:p@h.example/a.wav", "a.wav", "https://h.example/a.wav"),
        ("https://h.example/my%20call.wav", "my call.wav", "https://h.example/my%20call.wav"),
        ("https://h.example/..%2F..%2Fetc%2Fpasswd", "....etcpasswd", None),
        ("https://h.example/a%0ab.wav", "ab.wav", None),
        ("https://h.example/", "recording", None),
        ("https://h.example", "recording", None),
        ("https://h.example/d/", "recording", None),
        ("s3://bucket/2026/a.wav", "a.wav", "s3://bucket/2026/a.wav"),
        ("https://h.example/" + "x" * 300 + ".wav", "x" * 196 + ".wav", None),
    ],
)
def test_a_recording_is_named_by_the_end_of_its_address(
    address: str, name: str, told: str | None
) -> None:
    assert name_of(address) == name
    if told:
        assert shown_address(address) == told


@pytest.mark.parametrize(
    "address",
    ["ftp://h.example/a.wav", "simplecache::https://h.example/a.wav", "zip://a.wav::memory://b.zip",
     "http+unix://x/a.wav", "github://o:r@/a.wav", "reference://a", "sftp://h/a.wav", "://a.wav"],
)  # fmt: skip
def test_other_protocols_are_refused_before_anything_begins(address: str) -> None:
    with pytest.raises(BadInput, match="is not fetched"):
        request_of(address, IngestRequest(Path()))


def test_a_bucket_alone_is_no_file() -> None:
    with pytest.raises(BadInput, match="s3://foo names no file; s3://foo/ stands for all"):
        request_of("s3://foo", IngestRequest(Path()))
    assert request_of("s3://foo/", IngestRequest(Path())).address == "s3://foo/"


def test_storage_without_credentials_says_so() -> None:
    with pytest.raises(Unavailable, match="has no credentials for it"), told("s3://foo/a.wav"):
        raise NoCredentialsError
    with pytest.raises(Unavailable, match="EndpointConnectionError"), told("s3://foo/a.wav"):
        raise EndpointConnectionError(endpoint_url="http://nowhere")


def test_a_path_is_a_path() -> None:
    assert request_of("calls/a:b.wav", IngestRequest(Path())).path == Path("calls/a:b.wav")
    assert request_of("C:/calls/a.wav", IngestRequest(Path())).address is None


@dataclass
class Names(AbstractResolver):
    """Stands in for the name service: what each name means, and how often it was asked."""

    means: dict[str, list[str]]
    asked: list[str] = field(default_factory=list)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        return [
            ResolveResult(
                hostname=host, host=each, port=port, family=family, proto=0,
                flags=socket.AI_NUMERICHOST,
            )
            for each in self.means[host]
        ]  # fmt: skip

    async def close(self) -> None:
        """Nothing is held."""


@pytest.mark.parametrize(
    ("host", "means", "allowed"),
    [
        ("files.example.com", ["93.184.216.34"], True),
        ("files.example.com", ["127.0.0.1"], False),
        ("files.example.com", ["169.254.169.254"], False),
        ("files.example.com", ["93.184.216.34", "10.0.0.7"], False),  # one bad one is enough
        ("files.example.com", ["::ffff:127.0.0.1"], False),
        ("files.example.com", ["fe80::1%eth0"], False),
        ("files.example.com", ["nonsense"], False),
        ("localhost", ["127.0.0.1"], True),
        ("localhost", ["10.0.0.7"], False),
        ("localhost", ["93.184.216.34"], False),
    ],
)
async def test_a_name_may_not_lead_into_the_house(
    host: str, means: list[str], allowed: bool
) -> None:
    resolver = CheckedResolver(parse_hosts(LIST), Names({host: means}))
    if allowed:
        assert [each["host"] for each in await resolver.resolve(host, 443)] == means
        return
    with pytest.raises(BadInput, match="not of the internet"):
        await resolver.resolve(host, 443)


Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Server:
    """A server with recordings; `asked` are the paths that were asked for."""

    call: bytes
    asked: list[str] = field(default_factory=list)
    elsewhere: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        kind = request.path.split("/")[1]
        if kind.isdigit():
            return web.Response(status=int(kind), headers={"Location": self.elsewhere})
        bodies = {"text": b"Dear Sir " * 500, "empty": b"", "large": b"\0" * (2 * 2**20)}
        if kind == "endless":
            return await self._endless(request)
        if kind == "broken":
            return await self._endless(request, most=3)
        return web.Response(body=bodies.get(kind, self.call))

    async def _endless(self, request: web.Request, most: int = 10**9) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Transfer-Encoding": "chunked"})
        await response.prepare(request)
        try:
            for _ in range(most):
                await response.write(b"\0" * 65_536)
        except (ConnectionError, asyncio.CancelledError):
            return response
        assert request.transport is not None
        request.transport.abort()
        return response


@pytest.fixture
async def server(call: Path) -> AsyncIterator[tuple[Server, TestServer]]:
    made = Server(call.read_bytes())
    app = web.Application()
    app.router.add_get("/{path:.*}", made.answer)
    running = TestServer(app)
    await running.start_server()
    yield made, running
    await running.close()


def at(place: Place, running: TestServer, **changes: object) -> Place:
    """The same place, with the server on its list."""
    wanted = {"ingest_hosts": f"127.0.0.1:{running.port}", "max_upload_mib": 1, **changes}
    return replace(place, settings=place.settings.model_copy(update=wanted))


async def fetched(place: Place, address: str, **known: object) -> Recording:
    request = request_of(address, IngestRequest(Path(), **known))  # type: ignore[arg-type]
    return (await receive_file(place, request, now=NOW))[0]


async def test_a_recording_is_fetched_and_known_again(
    place: Place, server: tuple[Server, TestServer], call: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _, running = server
    here = at(place, running)
    caplog.set_level(logging.DEBUG)
    address = f"http://127.0.0.1:{running.port}/calls/monday.wav?token=secret-word"
    recording = await fetched(here, address, agent="Ann")
    assert (recording.name, recording.agent) == ("monday.wav", "Ann")
    assert (place.files.folder / recording.id).read_bytes() == call.read_bytes()
    again, is_new = await receive_file(here, IngestRequest(call), now=NOW)
    assert (again.id, is_new) == (recording.id, False)
    ours = [each.getMessage() for each in caplog.records if each.name != "aiohttp.access"]
    assert "secret-word" not in " ".join(ours)  # the test's own server logs what it is asked


@pytest.mark.parametrize(
    ("path", "error", "why"),
    [
        ("text", BadInput, "is not sound that can be read"),
        ("empty", BadInput, "is empty"),
        ("large", BadInput, "more than 1 MiB"),
        ("endless", BadInput, "larger than 1 MiB"),
        ("broken", Unavailable, "could not be fetched"),
        ("404", BadInput, "answered 404"),
        ("403", BadInput, "answered 403"),
        ("204", BadInput, "answered 204"),
        ("500", Unavailable, "answered 500"),
        ("429", Unavailable, "answered 429"),
    ],
)
async def test_what_cannot_be_used_leaves_nothing_and_tells_no_secret(
    place: Place,
    server: tuple[Server, TestServer],
    path: str,
    error: type[ParleyError],
    why: str,
) -> None:
    _, running = server
    with pytest.raises(error, match=why) as caught:
        await fetched(at(place, running), f"http://127.0.0.1:{running.port}/{path}?token=secret")
    assert "secret" not in str(caught.value)
    assert f"127.0.0.1:{running.port}/{path}" in str(caught.value) or path == "endless"
    assert ".draft" not in str(caught.value)
    assert not list(place.files.folder.glob("*"))


async def test_a_channel_to_mute_is_looked_for_in_what_was_fetched(
    place: Place, server: tuple[Server, TestServer], tmp_path: Path
) -> None:
    made, running = server
    made.call = call_file(tmp_path / "mono.wav", (0, 0.2, 1.0), channels=1).read_bytes()
    mutes = (Mute(TimeSpan(0, 1), 1),)
    with pytest.raises(BadInput, match="no channel 2"):
        await fetched(at(place, running), f"http://127.0.0.1:{running.port}/a.wav", mutes=mutes)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("elsewhere", "why"),
    [
        ("/calls/a.wav", ""),
        ("http://127.0.0.1:{port}/calls/a.wav", ""),
        ("http://127.0.0.1:1/calls/a.wav", "not a host"),
        ("http://169.254.169.254/latest/meta-data", "not a host"),
        ("http://localhost:{port}/calls/a.wav", "not a host"),
        ("file:///etc/passwd", "no address of the web"),
        ("http://user:secret@127.0.0.1:{port}/a.wav", "do not belong"),
        ("http://[bad", "leads nowhere"),
    ],
)
async def test_a_redirect_is_checked_as_if_it_had_been_typed(
    place: Place, server: tuple[Server, TestServer], status: int, elsewhere: str, why: str
) -> None:
    made, running = server
    made.elsewhere = elsewhere.format(port=running.port)
    address = f"http://127.0.0.1:{running.port}/{status}"
    if why:
        with pytest.raises(BadInput, match=why):
            await fetched(at(place, running), address)
        assert made.asked == [f"/{status}"]
    else:
        recording = await fetched(at(place, running), address)
        assert made.asked == [f"/{status}", "/calls/a.wav"]
        assert recording.name == str(status)


async def test_redirects_in_a_circle_end(place: Place, server: tuple[Server, TestServer]) -> None:
    made, running = server
    made.elsewhere = "/302"
    with pytest.raises(BadInput, match="leads on more than 5 times"):
        await fetched(at(place, running), f"http://127.0.0.1:{running.port}/302")
    assert len(made.asked) == 6


async def test_a_listed_name_that_leads_home_is_never_asked(
    place: Place, server: tuple[Server, TestServer]
) -> None:
    made, running = server
    names = Names({"files.example.com": ["127.0.0.1"]})
    settings = place.settings.model_copy(
        update={"ingest_hosts": f"files.example.com:{running.port}"}
    )
    address = f"https://files.example.com:{running.port}/a.wav"
    with pytest.raises(BadInput, match=r"files\.example\.com leads to 127\.0\.0\.1"):
        await fetch_web(settings, place.files, address, resolver=names)
    assert (made.asked, names.asked) == ([], ["files.example.com"])


async def test_a_silent_host_is_given_up(place: Place) -> None:
    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    settings = place.settings.model_copy(
        update={"ingest_hosts": f"127.0.0.1:{port}", "ingest_timeout_seconds": 0.3}
    )
    with pytest.raises(Unavailable, match="could not be fetched") as caught:
        await fetch_web(settings, place.files, f"http://127.0.0.1:{port}/a.wav?token=secret")
    assert caught.value.retryable
    assert "secret" not in str(caught.value)
    silent.close()
    await silent.wait_closed()


async def test_no_list_means_no_host(place: Place) -> None:
    with pytest.raises(BadInput, match="PARLEY_INGEST_HOSTS"):
        await fetched(place, "https://files.example.com/a.wav")


@pytest.fixture
def bucket(call: Path) -> str:
    """A folder in fsspec's memory with two calls and what is none."""
    memory = fsspec.filesystem("memory")
    memory.store.clear()
    memory.pipe("/calls/2026/b.wav", call.read_bytes())
    second = call_file(call.with_name("second.wav"), (0, 0.3, 2.0), seconds=3.0)
    memory.pipe("/calls/2026/a/second.WAV", second.read_bytes())
    memory.pipe("/calls/2026/notes.txt", b"not for us")
    memory.pipe("/calls/2026/.hidden.wav", b"nor this")
    return "memory://calls/2026/"


async def test_object_storage_gives_one_recording(place: Place, bucket: str, call: Path) -> None:
    recording = await fetched(place, f"{bucket}b.wav")
    assert recording.name == "b.wav"
    assert (place.files.folder / recording.id).read_bytes() == call.read_bytes()


async def test_a_folder_in_object_storage_stands_for_its_sound_files(
    settings: Settings, bucket: str, call: Path
) -> None:
    like = IngestRequest(Path())
    wanted = [request_of(each, like) for each in (bucket, f"file://{call.parent}/call.wav")]
    outcomes = await ingest_files(settings, wanted, lambda *_: None, ears=Ears(Parrot))
    assert [(each.file, each.status, each.duplicate) for each in outcomes] == [
        ("memory://calls/2026/a/second.WAV", "scored", False),
        ("memory://calls/2026/b.wav", "scored", False),
        (f"file://{call.parent}/call.wav", "scored", True),
    ]


@pytest.mark.parametrize(
    ("address", "error", "why"),
    [
        ("memory://calls/2026/none.wav", NotFound, "is not there"),
        ("memory://calls/2026", BadInput, "cannot be read|is not there"),
        ("memory://calls/2026/notes.txt", BadInput, "is not sound"),
        ("file:///nowhere/a.wav", NotFound, "is not there"),
    ],
)
async def test_what_object_storage_has_not_is_told(
    place: Place, bucket: str, address: str, error: type[ParleyError], why: str
) -> None:
    with pytest.raises(ParleyError, match=why) as caught:
        await fetched(place, address)
    assert isinstance(caught.value, error | NotFound)
    assert not list(place.files.folder.glob("*"))


async def test_an_object_that_is_too_large_is_refused(place: Place, bucket: str) -> None:
    fsspec.filesystem("memory").pipe("/calls/large.wav", b"\0" * (2 * 2**20))
    small = replace(place, settings=place.settings.model_copy(update={"max_upload_mib": 1}))
    with pytest.raises(BadInput, match="more than 1 MiB"):
        await fetched(small, "memory://calls/large.wav")


async def test_an_empty_folder_is_told(settings: Settings, bucket: str) -> None:
    wanted = [request_of("memory://calls/1999/", IngestRequest(Path()))]
    (outcome,) = await ingest_files(settings, wanted, lambda *_: None, ears=Ears(Parrot))
    assert outcome.status == "failed"
    assert "holds no sound files" in (outcome.error or "") or "not there" in (outcome.error or "")


async def test_storage_that_is_not_installed_names_its_package(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(scheme: str) -> object:
        raise ImportError(scheme)

    monkeypatch.setattr(fsspec, "get_filesystem_class", absent)
    with pytest.raises(BadInput, match="pip install gcsfs"):
        await fetched(place, "gs://bucket/a.wav")
