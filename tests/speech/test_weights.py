"""Fetching weights, from a stand-in hub on this machine."""

import asyncio
import hashlib
import json
import re
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from core.errors import ModelUnavailable
from core.settings import Settings
from core.weights import PullReport
from speech import weights
from speech.choice import revision
from speech.weights import pull_asr

REVISION = "0123456789abcdef0123456789abcdef01234567"
FILES = {
    "model.bin": b"weights" * 50_000,
    "config.json": b"{}",
    "tokenizer.json": b"{}",
    "vocabulary.json": json.dumps(["t"] * 51_865).encode(),
    "README.md": b"not wanted",
}


class Hub:
    """Serves one repository as the hub does: a listing, and files that may be asked for in part."""

    def __init__(self) -> None:
        self.files = dict(FILES)
        self.ranges: list[str] = []

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/api/models/Systran/faster-whisper-small", self._listing)
        app.router.add_get(f"/Systran/faster-whisper-small/resolve/{REVISION}/{{name}}", self._file)
        return app

    async def _listing(self, _: web.Request) -> web.Response:
        return web.json_response(
            {"sha": REVISION, "siblings": [_sibling(*each) for each in FILES.items()]}
        )

    async def _file(self, request: web.Request) -> web.Response:
        content = self.files[request.match_info["name"]]
        asked = re.match(r"bytes=(\d+)-", request.headers.get("Range", ""))
        if asked is None:
            return web.Response(body=content)
        self.ranges.append(asked[0])
        return web.Response(status=206, body=content[int(asked[1]) :])


def _sibling(name: str, content: bytes) -> dict[str, object]:
    blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
    lfs = {"sha256": hashlib.sha256(content).hexdigest()} if name == "model.bin" else None
    return {"rfilename": name, "size": len(content), "blobId": blob, "lfs": lfs}


def _settings(models: Path, **changes: str) -> Settings:
    changes = {"asr_engine": "faster-whisper", **changes}
    return Settings(_env_file=None, models=models, **changes)  # type: ignore[call-arg, arg-type]


async def _pull(hub: Hub, settings: Settings) -> tuple[PullReport, list[tuple[int, int]]]:
    steps: list[tuple[int, int]] = []
    async with TestServer(hub.app()) as server:
        report = await asyncio.to_thread(
            pull_asr,
            settings,
            lambda _, done, total: steps.append((done, total)),
            hub=str(server.make_url("")),
        )
    return report, steps


async def test_whisper_comes_whole_from_the_hub(tmp_path: Path) -> None:
    report, steps = await _pull(Hub(), _settings(tmp_path))
    (pulled,) = report.models
    names = {path.name for path in pulled.folder.iterdir()}
    assert names == {*FILES, "CARD.md", "weights.json"} - {"README.md"}
    assert (pulled.folder / "model.bin").read_bytes() == FILES["model.bin"]
    assert revision(pulled.folder) == REVISION[:12]
    assert "MIT" in (pulled.folder / "CARD.md").read_text(encoding="utf-8")
    assert (350_000, 350_000) in steps
    assert [path.name for path in tmp_path.iterdir()] == ["faster-whisper-small"]


async def test_a_second_pull_asks_nobody(tmp_path: Path) -> None:
    await _pull(Hub(), _settings(tmp_path))
    report = pull_asr(_settings(tmp_path), _silent, hub="http://127.0.0.1:9")
    assert report.models[0].source == "already here"


async def test_a_broken_off_fetch_goes_on_where_it_was(tmp_path: Path) -> None:
    hub = Hub()
    part = tmp_path / ".fetching-faster-whisper-small" / "model.bin.part"
    part.parent.mkdir()
    part.write_bytes(FILES["model.bin"][:1000])
    report, _ = await _pull(hub, _settings(tmp_path))
    assert hub.ranges == ["bytes=1000-"]
    assert (report.models[0].folder / "model.bin").read_bytes() == FILES["model.bin"]


@pytest.mark.parametrize(
    ("name", "sent", "words"),
    [
        ("model.bin", b"x" * 350_000, "damaged"),
        ("config.json", b"[]", "damaged"),
        ("model.bin", FILES["model.bin"][:9], "broke off at 9 of 350000"),
    ],
)
async def test_a_wrong_file_never_gets_in_place(
    tmp_path: Path, name: str, sent: bytes, words: str
) -> None:
    hub = Hub()
    hub.files[name] = sent
    with pytest.raises(ModelUnavailable, match=words) as caught:
        await _pull(hub, _settings(tmp_path))
    assert caught.value.retryable
    assert not (tmp_path / "faster-whisper-small").exists()


def test_a_server_of_ones_own_needs_no_weights(tmp_path: Path) -> None:
    report = pull_asr(_settings(tmp_path, asr_engine="http"), _silent, hub="http://127.0.0.1:9")
    assert (report.models, report.missed) == ((), ())


def test_no_hub_is_said_with_what_was_tried(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"Tried: http://127\.0\.0\.1:9/Systran") as caught:
        pull_asr(_settings(tmp_path, asr_language="de"), _silent, hub="http://127.0.0.1:9")
    assert "PARLEY_ASR_MODEL" in str(caught.value)


def test_a_folder_of_ones_own_needs_no_hub(tmp_path: Path) -> None:
    own = tmp_path / "own"
    own.mkdir()
    for name, content in FILES.items():
        (own / name).write_bytes(content)
    report = pull_asr(
        _settings(tmp_path / "m", asr_model=str(own)), _silent, hub="http://no.invalid"
    )
    assert report.models[0].folder == own


@pytest.fixture
def carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Small files in place of Moonshine's, as the installed package would hold them."""
    files = {name: name.encode() for name in weights.MOONSHINE_SHA256}
    digests = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    monkeypatch.setattr(weights, "MOONSHINE_SHA256", digests)
    package = tmp_path / "site" / "moonshine_voice"
    (package / "assets" / "tiny-en").mkdir(parents=True)
    (package / "__init__.py").touch()
    for name, content in files.items():
        (package / "assets" / "tiny-en" / name).write_bytes(content)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    return files


def test_moonshine_comes_out_of_its_package(tmp_path: Path, carried: dict[str, bytes]) -> None:
    settings = _settings(tmp_path / "models", asr_engine="auto")
    report = pull_asr(settings, _silent, hub="http://127.0.0.1:9")
    folder = tmp_path / "models" / "moonshine-tiny-en"
    assert [pulled.folder for pulled in report.models] == [folder]
    assert {name: (folder / name).read_bytes() for name in carried} == carried
    assert revision(folder) == "0.0.73"
    assert "does not answer" in report.missed[0]


def test_a_changed_package_is_refused(tmp_path: Path, carried: dict[str, bytes]) -> None:
    changed = tmp_path / "site" / "moonshine_voice" / "assets" / "tiny-en" / "tokenizer.bin"
    changed.write_bytes(b"other")
    with pytest.raises(ModelUnavailable, match=r"tokenizer\.bin .* is not the file"):
        pull_asr(_settings(tmp_path / "models", asr_engine="moonshine"), _silent)
    assert list((tmp_path / "models").iterdir()) == []


def test_moonshine_alone_cannot_serve_german(tmp_path: Path, carried: dict[str, bytes]) -> None:
    settings = _settings(tmp_path / "models", asr_engine="moonshine", asr_language="de")
    with pytest.raises(ModelUnavailable, match="speaks en only"):
        pull_asr(settings, _silent)


def _silent(file: str, done: int, total: int) -> None:
    """Report to nobody."""
