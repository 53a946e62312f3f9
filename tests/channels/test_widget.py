"""The widget without a browser: what is sent, to whom, how much of it, and how fast."""

import html
import re
import shutil
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest
import yaml

from channels import crowd
from channels.chat_page import PAGES, ChatPage, Look, colour_style, read_look
from channels.copy_routes import CODES
from channels.crowd import Crowd
from channels.files import squeeze
from channels.interface import CATALOGUE, interface_in, shipped_interfaces
from channels.web import FILES
from store.copies import CopyState, Reason
from tests.channels.stage import Stage, settings_in, staging

MOST_SCRIPT = 30 * 1024  # bytes as they are sent, before any compression
SITES = ("https://shop.example", "https://*.shop.example")


async def fetch(stage: Stage, path: str) -> tuple[int, str, Mapping[str, str]]:
    async with stage.browser.get(stage.chat.make_url(path)) as response:
        return response.status, await response.text(), response.headers


async def test_script_of_our_own_is_small_and_no_library(stage: Stage) -> None:
    sent = [file.body for file in stage.chat.app[FILES].values() if "script" in file.content_type]
    assert len(sent) == len(list(PAGES.glob("*.js"))) - 1  # widget.js is sent by its own route
    _, widget, _ = await fetch(stage, "/widget.js")
    sent.append(widget.encode())
    assert sum(map(len, sent)) <= MOST_SCRIPT
    for source in sent:
        for module in re.findall(rb"""(?:import|from)\s*\(?["']([^"']+)""", source):
            assert re.fullmatch(rb"\./\w+\.js", module), "only modules of our own"
        assert b"eval(" not in source
        assert b"innerHTML" not in source


async def test_the_frame_is_for_named_sites_alone(tmp_path: Path, empty_database: Path) -> None:
    for origins, ancestors in [((), "'none'"), (SITES, " ".join(SITES))]:
        var = tmp_path / str(len(origins))
        var.mkdir()
        shutil.copy(empty_database, var / "parley.db")
        async with staging(var, widget_origins=origins) as stage:
            status, page, headers = await fetch(stage, "/widget")
            policy = headers["Content-Security-Policy"]
            assert status == 200
            assert policy.endswith(f"frame-ancestors {ancestors}")
            assert "unsafe" not in policy
            assert "X-Frame-Options" not in headers, "it knows no list, and some obey it first"
            assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert 'id="close"' in page
            _, alone, headers = await fetch(stage, "/")
            assert headers["Content-Security-Policy"].endswith("frame-ancestors 'none'")
            assert headers["X-Frame-Options"] == "DENY"
            assert 'id="close"' not in alone
            _, _, headers = await fetch(stage, "/widget.js")
            assert headers["Cross-Origin-Resource-Policy"] == "cross-origin"
            assert headers["Content-Type"].startswith("text/javascript")


async def test_the_page_comes_in_the_look_that_is_asked_for(stage: Stage) -> None:
    _, page, _ = await fetch(stage, "/widget?language=ar-EG&theme=dark&colour=F2C14E")
    assert '<html lang="ar" dir="rtl" class="framed">' in page
    assert 'href="/static/dark.css" media="all"' in page
    assert 'href="/colour/f2c14e.css"' in page
    _, page, _ = await fetch(stage, '/widget?language="><script>&theme=x&colour=red')
    assert '<html lang="en" dir="ltr" class="framed">' in page
    assert 'media="(prefers-color-scheme: dark)"' in page
    assert "/colour/" not in page
    status, style, _ = await fetch(stage, "/colour/f2c14e.css")
    assert (status, "--pine: #f2c14e;" in style, "--on-pine: #000000;" in style) == (
        200,
        True,
        True,
    )
    assert (await fetch(stage, "/colour/red.css"))[0] == 404


@pytest.mark.parametrize(
    ("query", "look"),
    [
        ({}, Look()),
        ({"language": "DE-at", "theme": "light"}, Look("de", "light")),
        ({"language": "xx", "theme": "", "colour": "#12345"}, Look()),
        ({"colour": "#ABCDEF"}, Look(colour="abcdef")),
        ({"colour": "abcdef;}"}, Look()),
    ],
)
def test_look_of_an_address(query: dict[str, str], look: Look) -> None:
    assert read_look(query) == look


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's ratio, computed by its own definition."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("step", range(0, 256, 17))
def test_every_colour_can_be_read_on(step: int) -> None:
    for red in (0, step, 255):
        for blue in (0, 127, 255):
            style = colour_style(f"{red:02x}{step:02x}{blue:02x}.css")
            assert style is not None
            told = dict(re.findall(r"--([\w-]+): (#\w{6})", style.body.decode()))
            assert contrast(told["pine"], told["on-pine"]) >= 4.5
            assert contrast(told["pine-strong"], told["on-pine"]) >= 4.5


def test_every_language_has_the_same_words_and_places() -> None:
    raw = yaml.safe_load(CATALOGUE.read_text(encoding="utf-8"))

    def shape(told: dict[str, dict[str, str]]) -> dict[str, list[str]]:
        return {
            f"{part}.{key}": sorted(re.findall(r"{\w+}", text))
            for part in ("page", "script", "launcher", "mail")
            for key, text in told[part].items()
        }

    for tag, told in raw.items():
        assert shape(told) == shape(raw["en"]), tag
        assert told["direction"] in ("ltr", "rtl")
        empty = [
            f"{part}.{key}"
            for part in ("page", "script", "launcher", "mail")
            for key, text in told[part].items()
            if not text.strip()
        ]
        assert empty == [], tag


def test_every_word_of_the_page_is_used() -> None:
    script = "\n".join(path.read_text(encoding="utf-8") for path in PAGES.glob("*.js"))
    html = (PAGES / "chat.html").read_text(encoding="utf-8")
    english = shipped_interfaces()["en"]
    told = set(re.findall(r'say\("(\w+)"', script)) | {
        *("bot", "closed", "waiting"),  # by who holds it
        *("connecting", "connected", "reconnecting"),  # by the state of the line
        *(key for key in ("over", "left") if f'say("{key}"' in script),
        *(f"mail_{told}" for told in (CopyState.WAITING, CopyState.SENT, *Reason)),
        *(f"mail_{code}" for _, code in CODES.values()),
    }
    assert told == set(english.script)
    assert set(re.findall(r"words\.(\w+)", html)) == set(english.page)
    launcher = (PAGES / "widget.js").read_text(encoding="utf-8")
    assert set(re.findall(r"words\.(\w+)", launcher)) - {"dir"} == set(english.launcher)


def test_an_unknown_language_is_english() -> None:
    for tag, language in [("pt", "en"), ("", "en"), ("de_AT", "en"), ("AR-eg", "ar")]:
        assert interface_in(tag).language == language


def test_a_company_cannot_end_the_script(tmp_path: Path) -> None:
    name = 'A </script><b>"\\ & ${x} `'
    sent = ChatPage(settings_in(tmp_path, company=name)).widget.body.decode()
    assert "</script>" not in sent
    assert "\\u003c/script>\\u003cb>" in sent


@pytest.mark.parametrize("openers", [("Is <b> open?", "Ring me"), ()])
def test_an_empty_page_offers_what_the_house_says(tmp_path: Path, openers: tuple[str, ...]) -> None:
    page = ChatPage(settings_in(tmp_path, openers=openers)).page(Look()).body.decode()
    offered = re.findall(r"data-opener disabled>(.*?)</button>", page)
    assert [html.unescape(one) for one in offered] == list(openers)
    assert ("begin with one of these" in page) is bool(openers)


def test_all_pages_of_one_address_share_a_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "WORDS", (2.0, 0.0))
    monkeypatch.setattr(crowd, "CONNECTIONS", (1.0, 0.0))
    monkeypatch.setattr(crowd, "MOST_ADDRESSES", 2)
    met = Crowd()
    assert met.pace(None) is None
    first, again = met.pace("8.8.8.8"), met.pace("8.8.8.8")
    assert first is not None
    assert first is again
    assert [first.allows() for _ in range(3)] == [True, True, False]
    assert [met.may_connect("8.8.8.8"), met.may_connect("8.8.8.8")] == [True, False]
    assert [met.may_connect(None) for _ in range(3)] == [True] * 3
    other = met.pace("9.9.9.9")
    assert other is not None
    assert other.allows()
    met.pace("7.7.7.7")  # the third: the one that was silent longest is forgotten
    assert met.pace("8.8.8.8") is not first


async def test_an_address_that_floods_is_slowed_over_new_connections(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "WORDS", (1.0, 0.0))
    headers = {"X-Forwarded-For": "203.0.113.9"}
    url = stage.chat.make_url("/chat")
    codes = []
    for number in range(2):
        async with stage.browser.ws_connect(url, headers=headers) as socket:
            await socket.send_json({"type": "hello", "token": None, "after": None})
            await socket.receive_json()
            await socket.send_json({"type": "say", "id": f"m{number}", "text": "hello"})
            answer = await socket.receive_json()
            codes.append(answer.get("code", answer["type"]))
    await stage.settle()
    assert codes[0] != "too_fast"
    assert codes[1] == "too_fast"


async def test_an_address_that_connects_too_often_is_refused(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "CONNECTIONS", (1.0, 0.0))
    url = stage.chat.make_url("/chat")
    headers = {"X-Forwarded-For": "203.0.113.10"}
    async with stage.browser.ws_connect(url, headers=headers):
        pass
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await stage.browser.ws_connect(url, headers=headers)
    assert caught.value.status == 429


async def test_who_waits_is_told_their_place_as_others_come_and_go(stage: Stage) -> None:
    ann = {"user": "ann", "name": "Ann"}
    async with stage.visitor() as one, stage.visitor() as two:
        first = (await one.say("agent"))["conversation"]
        state = await one.until("state", holder="waiting")
        assert state["place"] == 1
        second = (await two.say("agent"))["conversation"]
        state = await two.until("state", holder="waiting")
        assert state["place"] == 2
        await stage.settle()
        await stage.command(first, "take", ann)
        assert (await two.until("place"))["place"] == 1
        assert (await one.until("state", holder="person"))["place"] is None
        await two.socket.close()
        welcome = await two.connect()
        assert (welcome["state"]["place"], welcome["conversation"]) == (1, second)
        await stage.command(first, "transfer", {"user": "ann", "to": None})
        assert (await one.until("state", holder="waiting"))["place"] == 2


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("  let last = null; // the last turn", b"let last=null;"),
        ("// all of it", b""),
        ('say("a; // b");', b'say("a; // b");'),
        ('say("a"); // it\'s kept', b'say("a");'),
        ("fetch(`http://${ host }  x`);", b"fetch(`http://${ host }  x`);"),
        ('const x = /[/]"  /.test(y) // "', b'const x=/[/]"  /.test(y)'),
        ("let one = 1\nlet two = one\n++two", b"let one=1\nlet two=one\n++two"),
    ],
)
def test_comments_are_not_sent_and_no_string_is_cut(line: str, sent: bytes) -> None:
    assert squeeze(line) == sent
