"""Which recogniser: by the settings and what is on disk."""

import json
from pathlib import Path

import pytest

from core.errors import ModelUnavailable
from core.settings import Settings
from speech.choice import MOONSHINE_FILES, WHISPER_FILES, choose_engine, revision, whisper_name

MOON = "moonshine-tiny-en"


def _settings(models: Path, **changes: str) -> Settings:
    return Settings(_env_file=None, models=models, **changes)  # type: ignore[call-arg, arg-type]


def _on_disk(models: Path, *names: str, tokens: int = 51_865) -> None:
    for name in names:
        folder = models / name
        folder.mkdir(parents=True)
        for file in MOONSHINE_FILES if name == MOON else WHISPER_FILES:
            (folder / file).touch()
        (folder / "vocabulary.json").write_text(json.dumps(["t"] * tokens), encoding="utf-8")


@pytest.mark.parametrize(
    ("on_disk", "changes", "chosen"),
    [
        ([MOON], {}, "moonshine tiny-en"),
        ([MOON, "faster-whisper-small"], {}, "faster-whisper small"),
        ([MOON, "faster-whisper-tiny"], {}, "faster-whisper tiny"),  # the best that is there
        (["faster-whisper-base", "faster-whisper-medium"], {}, "faster-whisper medium"),
        ([MOON, "faster-whisper-small"], {"asr_engine": "moonshine"}, "moonshine tiny-en"),
        (["faster-whisper-small"], {"asr_language": "de"}, "faster-whisper small"),
        (["faster-whisper-x"], {"asr_model": "me/faster-whisper-x"}, "faster-whisper x"),
    ],
)
def test_choose_engine(
    tmp_path: Path, on_disk: list[str], changes: dict[str, str], chosen: str
) -> None:
    _on_disk(tmp_path, *on_disk)
    assert choose_engine(_settings(tmp_path, **changes)).label == chosen


@pytest.mark.parametrize(
    ("on_disk", "changes", "words"),
    [
        ([], {}, "no speech-to-text model"),
        (["faster-whisper-small"], {"asr_engine": "moonshine"}, "no moonshine model"),
        ([MOON], {"asr_engine": "faster-whisper"}, "no faster-whisper model"),
        # a named engine takes the named model, never another
        (["faster-whisper-tiny"], {"asr_engine": "faster-whisper"}, "no faster-whisper model"),
        ([MOON], {"asr_language": "de"}, "speaks English only, and PARLEY_ASR_LANGUAGE is 'de'"),
    ],
)
def test_choose_engine_names_the_command_that_mends_it(
    tmp_path: Path, on_disk: list[str], changes: dict[str, str], words: str
) -> None:
    _on_disk(tmp_path, *on_disk)
    with pytest.raises(ModelUnavailable, match=words) as caught:
        choose_engine(_settings(tmp_path, **changes))
    assert "parley models pull asr" in str(caught.value)


def test_an_english_whisper_speaks_no_german(tmp_path: Path) -> None:
    _on_disk(tmp_path, "faster-whisper-small.en", tokens=51_864)
    changes = {"asr_model": "small.en", "asr_language": "de"}
    with pytest.raises(ModelUnavailable, match="speaks English only"):
        choose_engine(_settings(tmp_path, **changes))


def test_a_model_half_there_is_not_there(tmp_path: Path) -> None:
    _on_disk(tmp_path, MOON)
    (tmp_path / MOON / "tokenizer.bin").unlink()
    with pytest.raises(ModelUnavailable):
        choose_engine(_settings(tmp_path))


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("small", "small"),
        ("Systran/faster-whisper-small", "small"),
        ("/srv/models/faster-whisper-tiny.en/", "tiny.en"),
    ],
)
def test_whisper_name(given: str, name: str) -> None:
    assert whisper_name(given) == name


def test_revision_is_the_recorded_one(tmp_path: Path) -> None:
    assert revision(tmp_path) == "unrecorded"
    (tmp_path / "weights.json").write_text('{"revision": "abc"}', encoding="utf-8")
    assert revision(tmp_path) == "abc"
    (tmp_path / "weights.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelUnavailable, match="damaged"):
        revision(tmp_path)
