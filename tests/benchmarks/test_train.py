"""Training the small heads: the command's answers, and that the shipped files come out again."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open

from benchmarks.train import __main__ as command
from benchmarks.train.acts import read_acts
from benchmarks.train.trainers import TRAINERS, Trainer
from core.errors import BadInput
from language.encoder import Encoder, find_folder_by_environment
from language.heads import Head, load_head, save_head


def shift_by(bias: float) -> Head:
    """A head for two classes that only knows its bias."""
    return Head("mood", "1", ("bad", "good"), np.zeros((2, 2), np.float32),
                np.array([bias, 0], np.float32), {"data": "by hand"})  # fmt: skip


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """One trainer named mood, in place of ours, which asks nothing of encoder or data."""
    file = tmp_path / "mood.safetensors"
    monkeypatch.setattr(command, "TRAINERS", {"mood": Trainer(lambda _data, _: shift_by(1), file)})
    monkeypatch.setattr(command, "Encoder", lambda _folder, **given: given)
    return file


def test_a_head_is_written_with_its_card_and_found_again(
    known: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["mood"]) == 0
    assert load_head(known).card["data"] == "by hand"
    assert command.main(["mood", "--check"]) == 0
    assert "the same bytes" in capsys.readouterr().out


def test_another_head_than_the_shipped_one_is_told(
    known: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_head(shift_by(2), known)
    assert command.main(["mood", "--check"]) == 1
    assert "not the same" in capsys.readouterr().out
    assert load_head(known).bias[0] == 2  # looked at, not written over


def test_missing_data_are_named(
    known: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(data: Path, _encode: object) -> Head:
        raise BadInput(f"there is no file {data}/one.csv")

    monkeypatch.setattr(command, "TRAINERS", {"mood": Trainer(fail, known)})
    assert command.main(["mood", "--data", "absent"]) == 2
    assert "absent/one.csv" in capsys.readouterr().err
    assert not known.exists()


def test_every_trained_head_is_shipped_with_a_card() -> None:
    for name, trainer in TRAINERS.items():
        assert set(card_of(trainer.file)) & {"trained_on", "made_of"}, name
        assert "date" in card_of(trainer.file), name


def card_of(file: Path) -> Mapping[str, str]:
    """Of a shipped file, whatever it holds besides."""
    if file.suffix == ".json":
        return dict(json.loads(file.read_text(encoding="utf-8"))["card"])
    with safe_open(file, framework="np") as opened:
        return dict(json.loads(opened.metadata()["card"]))


@pytest.mark.weights
@pytest.mark.parametrize("side", ["agent", "customer"])
def test_training_again_gives_the_same_bytes_and_what_is_shipped(side: str, tmp_path: Path) -> None:
    """The heads that train in seconds; `--check` tries the others, some of which take minutes.

    Against the shipped file what is told is compared, since vectors in int8 differ a little between
    processors, and then bytes do.
    """
    first, second = tmp_path / "first", tmp_path / "second"
    for file in (first, second):
        assert command.main([f"{side}_acts", "--to", str(file)]) == 0
    assert first.read_bytes() == second.read_bytes()
    fresh, shipped = load_head(first), load_head(TRAINERS[f"{side}_acts"].file)
    vectors = Encoder(find_folder_by_environment())(read_acts(side)[0])
    told = [head.logits(vectors).argmax(axis=1) for head in (fresh, shipped)]
    assert fresh.labels == shipped.labels
    assert (told[0] == told[1]).mean() > 0.97
