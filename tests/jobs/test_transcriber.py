"""The engine over HTTP against a stand-in server: slow, busy, broken, wordless."""

import asyncio
import wave
from collections.abc import AsyncIterator, Awaitable, Callable
from io import BytesIO
from typing import cast

import numpy as np
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from core.conversation import Timing
from core.errors import ModelUnavailable
from core.recording import Segment
from core.settings import Settings
from core.spans import TimeSpan
from jobs.place import ears_of
from jobs.transcriber import transcriber
from speech.choice import choose_engine, load_engine
from speech.engines import Engine, Piece

WORDS = [
    {"word": " Hello", "start": 0.5, "end": 0.9},
    {"word": " there.", "start": 0.9, "end": 99.0},  # beyond the piece: cut off at its end
]
FULL = {"text": "Hello there.", "words": WORDS}
Answer = Callable[[int], web.StreamResponse]


class Server:
    """A 20-line recogniser that keeps what it was sent."""

    def __init__(self) -> None:
        self.answer: Answer = lambda _: web.json_response(FULL)
        self.delay = 0.0
        self.forms: list[dict[str, object]] = []
        self.keys: list[str] = []

    async def hear(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        sound = form["file"]
        assert isinstance(sound, web.FileField)
        with sound.file as file:
            self.forms.append({**form, "file": file.read()})
        self.keys.append(request.headers.get("Authorization", ""))
        await asyncio.sleep(self.delay)
        return self.answer(len(self.forms))


@pytest.fixture
async def server() -> AsyncIterator[tuple[Server, str]]:
    stand_in = Server()
    app = web.Application()
    app.router.add_post("/v1/audio/transcriptions", stand_in.hear)
    async with TestServer(app, host="127.0.0.1") as running:
        yield stand_in, str(running.make_url("/v1/audio/transcriptions"))


def _engine(url: str, *, timeout_seconds: float = 60) -> Engine:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        asr_engine="http",
        asr_url=url,
        asr_key="k",
        asr_model="m",
        asr_timeout_seconds=timeout_seconds,
    )
    names, post = settings.names_to_hear, transcriber(settings, pause_seconds=0.01)
    return load_engine(choose_engine(settings), names=names, post=post)


def _piece(channel: int = 1, start: float = 10.0) -> Piece:
    span = TimeSpan(start, start + 2)
    voiced = (TimeSpan(start + 0.4, start + 1.6),)
    return Piece(channel, span, voiced, np.zeros(32_000, dtype=np.float32))


def _hear(engine: Engine, *pieces: Piece) -> Awaitable[tuple[Segment, ...]]:
    def work() -> tuple[Segment, ...]:
        return cast(tuple[Segment, ...], engine.transcribe(pieces or (_piece(),), language="en"))

    return asyncio.to_thread(work)


async def test_words_come_with_the_seconds_of_the_recording(server: tuple[Server, str]) -> None:
    stand_in, url = server
    segment, other = await _hear(_engine(url), _piece(), _piece(0, 50.0))
    assert (segment.channel, segment.text) == (1, "Hello there.")
    assert [word.span for word in segment.words] == [TimeSpan(10.5, 10.9), TimeSpan(10.9, 12.0)]
    assert {word.timing for word in segment.words} == {Timing.HEARD}
    assert other.words[0].span.start == 50.5
    form = stand_in.forms[0]
    assert (form["model"], form["language"]) == ("m", "en")
    assert form["response_format"] == "verbose_json"
    assert "Harbour & Pine" in str(form["prompt"])
    assert stand_in.keys[0] == "Bearer k"
    with wave.open(BytesIO(form["file"])) as sound:  # type: ignore[arg-type]
        assert (sound.getframerate(), sound.getnchannels(), sound.getnframes()) == (
            16_000,
            1,
            32_000,
        )


@pytest.mark.parametrize("answer", [{"text": "hello there"}, {"text": "hello there", "words": []}])
async def test_without_words_times_are_found_here_and_marked_so(
    server: tuple[Server, str], answer: dict[str, object]
) -> None:
    stand_in, url = server
    stand_in.answer = lambda _: web.json_response(answer)
    (segment,) = await _hear(_engine(url))
    assert segment.text == "hello there"
    assert {word.timing for word in segment.words} <= {Timing.ALIGNED, Timing.INTERPOLATED}
    assert all(10 <= word.span.start <= word.span.end <= 12 for word in segment.words)


async def test_nothing_heard_is_none(server: tuple[Server, str]) -> None:
    stand_in, url = server
    stand_in.answer = lambda _: web.json_response({"text": " "})
    assert await _hear(_engine(url)) == cast(tuple[Segment, ...], (None,))


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_busy_and_broken_servers_are_asked_again(
    server: tuple[Server, str], status: int
) -> None:
    stand_in, url = server
    stand_in.answer = lambda n: web.json_response(FULL) if n > 2 else web.Response(status=status)
    (segment,) = await _hear(_engine(url))
    assert segment.text == "Hello there."
    assert len(stand_in.forms) == 3


@pytest.mark.parametrize(
    ("answer", "tries", "retryable", "words"),
    [
        (web.Response, 4, True, "answered 500, 4 times"),
        (lambda status: web.Response(status=401), 1, False, "answered 401; look at PARLEY_ASR_URL"),
        (lambda status: web.Response(status=404), 1, False, "answered 404"),
        (
            lambda status: web.Response(status=302, headers={"Location": "http://127.0.0.1:9/"}),
            1,
            False,
            "answered 302",
        ),
        (lambda status: web.Response(text="<html>"), 1, False, "but not as /v1/audio"),
        (lambda status: web.json_response([1]), 1, False, "but not as /v1/audio"),
        (lambda status: web.json_response({"words": [{}]}), 1, False, "but not as /v1/audio"),
    ],
)
async def test_what_does_not_mend_is_told(
    server: tuple[Server, str],
    answer: Callable[..., web.StreamResponse],
    tries: int,
    retryable: bool,
    words: str,
) -> None:
    stand_in, url = server
    stand_in.answer = lambda _: answer(status=500)
    with pytest.raises(ModelUnavailable, match=words) as failure:
        await _hear(_engine(url))
    assert failure.value.retryable is retryable
    assert len(stand_in.forms) == tries


async def test_a_slow_server_is_given_up(server: tuple[Server, str]) -> None:
    stand_in, url = server
    stand_in.delay = 0.3
    with pytest.raises(ModelUnavailable, match="did not answer") as failure:
        await _hear(_engine(url, timeout_seconds=0.05))
    assert failure.value.retryable


async def test_nobody_there() -> None:
    with pytest.raises(ModelUnavailable, match="did not answer"):
        await _hear(_engine("http://127.0.0.1:9/v1/audio/transcriptions"))


def test_a_worker_listens_by_the_server_of_the_settings() -> None:
    settings = Settings(
        _env_file=None,  # type: ignore[call-arg]
        asr_engine="http",
        asr_url="http://127.0.0.1:9/v1/audio/transcriptions",
        asr_model="m",
    )
    assert ears_of(settings).engine.describe().label == "http m (remote)"


@pytest.mark.parametrize("url", ["file:///etc/hostname", "127.0.0.1:8000", "ftp://a.example/"])
def test_only_addresses_of_the_web_are_taken(url: str) -> None:
    with pytest.raises(ValueError, match="no address of the web"):
        Settings(_env_file=None, asr_url=url)  # type: ignore[call-arg]


def test_no_address_is_told_before_anything_is_heard() -> None:
    settings = Settings(_env_file=None, asr_engine="http")  # type: ignore[call-arg]
    with pytest.raises(ModelUnavailable, match="PARLEY_ASR_URL names no server"):
        choose_engine(settings)
