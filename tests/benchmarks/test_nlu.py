"""The arithmetic of benchmarks/nlu, and what it hands to Rasa."""

from pathlib import Path

import pytest
import yaml

from benchmarks.nlu.__main__ import ROOT, write_config
from benchmarks.nlu.figures import Sample, compare, draw_shots, read_own, read_samples
from core.errors import BadInput


def test_figures_count_rejected_ones_as_wrong_and_foreign_ones_apart() -> None:
    told = ["a", "a", "b", "b", "out_of_scope", "out_of_scope", "out_of_scope"]
    found = ["a", "nlu_fallback", "b", "a", "out_of_scope", "nlu_fallback", "b"]
    figures = compare(told, found, ["a", "a", "b", "a", "a", "a", "b"])
    assert figures.accuracy == pytest.approx(4 / 7)
    assert figures.in_scope_accuracy == pytest.approx(2 / 4)
    assert figures.unrejected_accuracy == pytest.approx(3 / 4)
    assert figures.out_of_scope_recall == pytest.approx(2 / 3)
    assert figures.out_of_scope_precision == pytest.approx(2 / 3)
    assert figures.macro_f1 == pytest.approx((2 * 1 / 4 + 2 * 1 / 4) / 2)


def test_without_foreign_sentences_their_figures_are_none() -> None:
    figures = compare(["a", "a"], ["a", ""], ["a", ""])
    assert figures.out_of_scope_recall is None
    assert figures.out_of_scope_precision is None
    assert figures.in_scope_accuracy == 0.5


def test_without_ours_theirs_are_none() -> None:
    figures = compare(["out_of_scope"], ["a"], ["a"])
    assert (figures.in_scope_accuracy, figures.macro_f1) == (None, None)
    assert figures.accuracy == 0.0


def test_shots_are_as_many_of_each_and_the_same_again() -> None:
    samples = [Sample(f"{intent}{i}", intent) for intent in "ab" for i in range(9)]
    samples.append(Sample("c0", "c"))
    drawn = draw_shots(samples, 3, seed=1)
    assert [each.intent for each in drawn] == ["a"] * 3 + ["b"] * 3 + ["c"]
    assert len(set(drawn)) == 7
    assert drawn == draw_shots(samples, 3, seed=1)
    assert drawn != draw_shots(samples, 3, seed=2)


def test_oos_is_out_of_scope_and_quotes_are_read(tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text('text,intent\n"say ""hi"", please",greet\nwho won,oos\nx,a/b\n')
    assert read_samples(file) == [
        Sample('say "hi", please', "greet"),
        Sample("who won", "out_of_scope"),
        Sample("x", "a_b"),
    ]


@pytest.mark.parametrize("content", ["text,label\nhi,greet\n", "text,intent\n", ""])
def test_a_wrong_file_is_named(content: str, tmp_path: Path) -> None:
    file = tmp_path / "f.csv"
    file.write_text(content)
    with pytest.raises(BadInput, match=r"f\.csv"):
        read_samples(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="there is no file"):
        read_samples(tmp_path / "none.csv")


@pytest.mark.parametrize("given", [None, 0.9])
def test_the_shipped_pipeline_is_what_is_measured(given: float | None, tmp_path: Path) -> None:
    used = write_config(ROOT / "config.yml", tmp_path / "config.yml", given)
    shipped = yaml.safe_load((ROOT / "config.yml").read_text())["pipeline"]
    copied = yaml.safe_load((tmp_path / "config.yml").read_text())["pipeline"]
    assert [each["name"] for each in copied] == [each["name"] for each in shipped]
    (threshold,) = [each["threshold"] for each in copied if "threshold" in each]
    (ours,) = [each["threshold"] for each in shipped if "threshold" in each]
    assert threshold == used == (ours if given is None else given)


def test_a_pipeline_without_a_threshold_is_refused(tmp_path: Path) -> None:
    (tmp_path / "c.yml").write_text("pipeline: [{name: X}]")
    with pytest.raises(BadInput, match="0 components with a threshold"):
        write_config(tmp_path / "c.yml", tmp_path / "d.yml", 0.5)


def test_the_shops_own_sentences_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(
        "nlu:\n- intent: greet\n  examples: |\n    - hi\n    - hello there\n"
        "- regex: number\n  examples: |\n    - x\n"
    )
    assert read_own(tmp_path) == [Sample("hi", "greet"), Sample("hello there", "greet")]
