"""The encoder: what it answers, and what it says when its weights are not there."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import ModelUnavailable
from core.settings import Settings
from language import encoder as module
from language.encoder import DIMENSIONS, FILES, Encoder, find_folder, find_folder_by_environment

SENTENCES = (
    "where is my order",
    "has my parcel been sent yet?",
    "the weather is lovely in Lisbon today",
    "",
    "🙂🙂🙂",
    "word " * 2_000,
)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    settings = Settings()
    folder = find_folder(settings.models, settings.encoder_model)
    if not (folder / FILES[0]).is_file():
        pytest.skip("the encoder is not in models/; run `parley models pull encoder`")
    return Encoder(folder)


@pytest.mark.weights
def test_vectors_are_float32_of_length_one(encoder: Encoder) -> None:
    vectors = encoder(SENTENCES)
    assert vectors.shape == (len(SENTENCES), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(SENTENCES)), abs=1e-5)


@pytest.mark.weights
def test_no_texts_give_no_vectors(encoder: Encoder) -> None:
    assert encoder([]).shape == (0, DIMENSIONS)


@pytest.mark.weights
def test_like_sentences_have_like_vectors(encoder: Encoder) -> None:
    order, parcel, weather = encoder(SENTENCES[:3])
    assert order @ parcel > 0.4
    assert order @ weather < 0.2


@pytest.mark.weights
def test_company_changes_little_and_repetition_nothing(encoder: Encoder) -> None:
    """int8 with padding beside it: the same direction, whatever comes in the same batch."""
    together = encoder(SENTENCES)
    alone = np.concatenate([encoder([each]) for each in SENTENCES])
    assert np.einsum("ij,ij->i", together, alone).min() > 0.999
    assert (encoder(SENTENCES) == together).all()


@pytest.mark.weights
def test_order_of_texts_is_kept_over_batches(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 2)
    vectors = encoder(SENTENCES)
    for index in (0, 2, 5):
        assert vectors[index] @ encoder([SENTENCES[index]])[0] > 0.999


@pytest.mark.weights
def test_only_the_beginning_of_a_long_text_is_read(encoder: Encoder) -> None:
    first, other = encoder(["word " * 2_000 + "fish", "word " * 2_000 + "invoice"])
    assert (first == other).all()


@pytest.mark.weights
def test_fewer_layers_read_the_same_tokens_otherwise(encoder: Encoder) -> None:
    lower = Encoder(find_folder_by_environment(), layers=3)
    whole, part = encoder.read(SENTENCES[:4]), lower.read(SENTENCES[:4])
    assert part.lengths.tolist() == whole.lengths.tolist() == [6, 9, 9, 2]
    assert part.states.shape == whole.states.shape == (26, DIMENSIONS)
    assert np.abs(part.states - whole.states).mean() > 0.1
    alone = lower.read(SENTENCES[1:2]).states
    assert np.abs(part.states[6:15] - alone).mean() < 0.01


def test_missing_weights_are_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"model\.bin.*parley models pull encoder"):
        Encoder(tmp_path)


def test_damaged_weights_are_said_to_be_damaged(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_text("{}")
    for layers in (3, 6):
        with pytest.raises(ModelUnavailable, match="damaged; run `parley models pull encoder`"):
            Encoder(tmp_path, layers=layers)


@pytest.mark.parametrize(
    ("named", "folder"), [("", Path("m/encoder")), ("/own/place", Path("/own/place"))]
)
def test_the_settings_say_where_it_is(
    named: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert find_folder(Path("m"), named) == folder
    monkeypatch.setenv("PARLEY_MODELS", "m")
    monkeypatch.setenv("PARLEY_ENCODER_MODEL", named)
    assert module.find_folder_by_environment() == folder
