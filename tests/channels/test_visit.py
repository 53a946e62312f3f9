"""The connection: nothing is lost, nothing comes twice, and nobody else gets in."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
import structlog
from aiohttp import WSMsgType

from channels import crowd, main, pace
from channels.hub import MOST_WAITING, Connection, Hub
from channels.situation import Situation
from channels.web import CROWD
from core.errors import BadSettings, Unavailable
from tests.channels.stage import MENU, Stage, settings_in


async def test_what_was_missed_comes_at_the_next_hello_once(stage: Stage) -> None:
    visitor = stage.visitor()
    await visitor.connect()
    ack = await visitor.say("hello")
    chat = ack["conversation"]
    await visitor.until("turn", role="bot")
    stage.bot.gate = asyncio.Event()
    await visitor.say("second")
    await visitor.socket.close()  # before the answer
    stage.bot.gate.set()
    await stage.settle()

    welcome = await visitor.connect(after={"conversation": chat, "position": 2})
    assert [turn["text"] for turn in welcome["turns"]] == ["bot: second"]
    reloaded = await visitor.connect()
    texts = [turn["text"] for turn in reloaded["turns"]]
    assert texts == ["hello", "bot: hello", "second", "bot: second"]
    assert [turn["position"] for turn in reloaded["turns"]] == [0, 1, 2, 3]
    again = await visitor.say("second", id="m2")  # its acknowledgement had been lost
    assert again["position"] == 2
    assert len(stage.bot.asked) == 2
    await visitor.socket.close()


async def test_what_could_not_be_shown_comes_at_the_next_hello(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = stage.room.place
    async with stage.visitor() as visitor:
        chat = (await visitor.say("agent"))["conversation"]
        told = await visitor.until("turn", role="bot")
        await stage.settle()
        last = {"conversation": chat, "position": told["position"]}
        ann = {"user": "ann", "name": "Ann"}
        await stage.command(chat, "take", ann)
        fails = [True]

        async def place_or_fail(_: object, situation: Situation) -> int | None:
            if fails and fails.pop():
                raise Unavailable("the database did not answer", retryable=True)
            return await place(situation)

        monkeypatch.setattr(type(stage.room), "place", place_or_fail)
        for number in (1, 2):
            words = {**ann, "turn": f"a{number}", "text": f"words {number}"}
            assert (await stage.command(chat, "say", words))[0] == 200
        while not visitor.socket.closed:
            message = await visitor.socket.receive()
            assert "words" not in str(message.data), "the second would hide the first"
        welcome = await visitor.connect(after=last)
    assert [turn["text"] for turn in welcome["turns"]] == ["words 1", "words 2"]


async def test_two_tabs_show_the_same(stage: Stage) -> None:
    async with stage.visitor() as one:
        two = stage.visitor()
        two.token = one.token
        await two.connect()
        await one.say("hello")
        assert (await two.until("turn", role="customer"))["text"] == "hello"
        assert (await two.until("turn", role="bot"))["text"] == "bot: hello"
        assert (await one.until("turn", role="bot"))["text"] == "bot: hello"
        await two.socket.close()


async def test_a_reconnect_after_a_new_conversation_brings_the_end_of_the_old(
    stage: Stage,
) -> None:
    async with stage.visitor() as visitor:
        first = (await visitor.say("hello"))["conversation"]
        await stage.settle()
        await stage.command(first, "close", {"user": "ann"})
        second = (await visitor.say("hello again"))["conversation"]
        await stage.settle()
        welcome = await visitor.connect(after={"conversation": first, "position": 0})
    assert [(turn["conversation"], turn["text"]) for turn in welcome["turns"]] == [
        (first, "bot: hello"),
        (second, "hello again"),
        (second, "bot: hello again"),
    ]


async def test_another_visitor_sees_nothing_of_it(stage: Stage) -> None:
    async with stage.visitor() as one:
        chat = (await one.say("my secret"))["conversation"]
        await stage.settle()
        stranger = stage.visitor()
        for token in (None, "made-up", chat, str(one.token).partition(".")[0]):
            stranger.token = token
            welcome = await stranger.connect(after={"conversation": chat, "position": -1})
            assert (welcome["turns"], welcome["conversation"]) == ([], None)
            assert welcome["token"] not in (one.token, token)
            await stranger.socket.close()


async def test_a_page_of_another_site_is_turned_away(stage: Stage) -> None:
    headers = {"Origin": "https://evil.example"}
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await stage.browser.ws_connect(stage.chat.make_url("/chat"), headers=headers)
    assert caught.value.status == 403


async def test_a_flood_is_slowed_and_a_flood_of_bytes_is_cut(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pace, "BURST", 2.0)
    monkeypatch.setattr(pace, "PER_SECOND", 0.0)
    async with stage.visitor() as visitor:
        for number in range(3):
            await visitor.send({"type": "say", "id": f"f{number}", "text": "spam"})
        refused = await visitor.until("refused", id="f2")
        assert (refused["code"], refused["retry"]) == ("too_fast", True)
        await stage.settle()
    async with stage.visitor() as visitor:
        await visitor.send({"type": "say", "id": "big", "text": "x" * 300_000})
        closed = await visitor.socket.receive()
        assert (closed.type, closed.data) == (WSMsgType.CLOSE, 1009)


async def test_one_address_cannot_take_all_connections(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "MOST_SOCKETS", 2)
    url = stage.chat.make_url("/chat")

    async def connect(address: str) -> aiohttp.ClientWebSocketResponse:
        return await stage.browser.ws_connect(url, headers={"X-Forwarded-For": address})

    opened = [await connect("made up, 203.0.113.7") for _ in range(2)]
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await connect("203.0.113.7")
    assert caught.value.status == 429
    opened.append(await connect("203.0.113.8"))
    await opened.pop(0).close()
    async with asyncio.timeout(10):  # the server notices a moment later
        while stage.chat.app[CROWD].is_full("203.0.113.7"):
            await asyncio.sleep(0.01)
    opened.append(await connect("203.0.113.7"))
    for one in opened:
        await one.close()


async def test_nonsense_is_answered_and_silence_before_hello_is_not(stage: Stage) -> None:
    async with stage.visitor() as visitor:
        for text in ("", "{}", '{"type":"hello"}', '{"type":"say","id":"a:b","text":"x"}'):
            await visitor.socket.send_str(text)
            assert (await visitor.until("refused"))["code"] == "bad_message"
        assert await visitor.ask("still here") == "bot: still here"
    socket_ = await stage.browser.ws_connect(stage.chat.make_url("/chat"))
    await socket_.send_json({"type": "say", "id": "m1", "text": "no hello"})
    closed = await socket_.receive()
    assert (closed.type, closed.data) == (WSMsgType.CLOSE, 1008)


async def test_page_carries_the_promise_and_a_strict_policy(stage: Stage) -> None:
    async with stage.browser.get(stage.chat.make_url("/")) as response:
        page = await response.text()
        policy = response.headers["Content-Security-Policy"]
        tag = response.headers["ETag"]
    assert "Harbour &amp; Pine" in page
    assert "kept for 90 days" in page
    assert "default-src 'none'; script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<script>" not in page
    assert " style=" not in page
    assert "://" not in page.replace("http://www.w3.org", ""), "nothing is fetched from elsewhere"
    url = stage.chat.make_url("/")
    async with stage.browser.get(url, headers={"If-None-Match": tag}) as response:
        assert response.status == 304
    for path, status in [
        ("/health", 200),
        ("/static/chat.js", 200),
        ("/static/chat.html", 404),
        ("/static/..%2Fmain.py", 404),
        ("/metrics", 404),
        ("/live/health", 404),
        ("/chat", 426),
    ]:
        async with stage.browser.get(stage.chat.make_url(path)) as response:
            assert (path, response.status) == (path, status)
            assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_logs_hold_no_words(stage: Stage, capfd: pytest.CaptureFixture[str]) -> None:
    stage.bot.status = 500
    async with stage.visitor() as visitor:
        await visitor.say("canary 7141")
        await stage.settle()
    out, err = capfd.readouterr()
    assert "bot_failed" in out + err
    assert "canary" not in out + err


@pytest.fixture
def logs_restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


@pytest.mark.usefixtures("logs_restored")
async def test_logs_hold_no_words_at_debug(stage: Stage, capfd: pytest.CaptureFixture[str]) -> None:
    main.prepare_logs(settings_in(stage.settings.var, log_level="debug"))
    stage.bot.status = 500
    async with stage.visitor() as visitor:
        await visitor.say("canary 7141")
        await stage.settle()
    logging.getLogger("library").warning("a library warns")
    out, err = capfd.readouterr()
    assert "bot_failed" in err
    assert "a library warns" in err
    assert "canary" not in out + err


async def test_an_unexpected_failure_ends_the_connection_without_words(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("canary 7141")

    async with stage.visitor() as visitor:
        monkeypatch.setattr(type(stage.dialogue), "receive", fail)
        await visitor.send({"type": "say", "id": "m1", "text": "hello"})
        closed = await visitor.socket.receive()
    assert (closed.type, closed.data) == (WSMsgType.CLOSE, 1011)
    out, err = capfd.readouterr()
    assert "visit_failed" in out + err
    assert "canary" not in out + err


def test_a_page_that_lags_too_far_is_cut_off() -> None:
    hub, page = Hub(), Connection("v")
    hub.join(page)
    hub.bind("c1", "v")
    for number in range(MOST_WAITING + 3):
        hub.publish("c1", {"number": number})
    assert not page.is_open
    hub.leave(page)
    assert hub.publish("c1", {}) is False


async def test_serving_opens_both_ports_and_names_one_that_is_taken(tmp_path: Path) -> None:
    chat_port, live_port = _free_port(), _free_port()
    settings = settings_in(
        tmp_path, chat_port=chat_port, live_port=live_port, rasa_urls=("http://127.0.0.1:9",)
    )
    async with main.serving(settings), aiohttp.ClientSession() as browser:
        for port, path in ((chat_port, "/health"), (live_port, "/live/health")):
            async with browser.get(f"http://127.0.0.1:{port}{path}") as response:
                assert await response.json() == {"status": "ok"}
        with pytest.raises(BadSettings, match=str(live_port)):
            async with main.serving(settings):
                pass


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


async def test_a_stopping_server_says_goodbye(stage: Stage) -> None:
    stage.bot.answers["hello"] = MENU
    async with stage.visitor() as visitor:
        await visitor.say("hello")
        await stage.settle()
        stage.room.hub.close()
        while not visitor.socket.closed:
            await visitor.socket.receive()
        assert visitor.socket.close_code == 1001
