"""Figures of mood on labelled texts: what they count, and what they refuse."""

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.qa.sentiment import (
    PARTS,
    as_lines,
    confusion,
    f1,
    half,
    interval,
    measure,
    sentiment,
)
from core.errors import BadInput, ModelUnavailable
from language.lexicon import Vader

ROWS = [
    ("I hate it", "negative"), ("this is awful", "negative"), ("where is gate 12", "neutral"),
    ("it opens at nine", "neutral"), ("I love it", "positive"), ("at nine, great", "neutral"),
]  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "six.csv"
    lines = [f'"{text}",{label}' for text, label in ROWS]
    path.write_text("\n".join(["text,label", *lines]), encoding="utf-8")
    return path


def test_figures_of_a_file_and_of_its_folder(file: Path) -> None:
    (one,) = measure(file, Vader())
    assert (one.n, one.model) == (6, "vader-3.3.2-polite")
    assert one.confusion == ((2, 0, 0), (0, 2, 1), (0, 0, 1))
    assert one.f1 == pytest.approx((1, 0.8, 2 / 3))
    assert one.macro_f1 == pytest.approx((1 + 0.8 + 2 / 3) / 3)
    assert one.interval[0] <= one.macro_f1 <= one.interval[1]
    assert measure(file.parent, Vader()) == [one]
    assert "macro F1 0.822" in as_lines(one)


def test_halves_are_apart_and_together_all(file: Path) -> None:
    counts = [sum(half(text) == part for text, _ in ROWS) for part in PARTS]
    assert all(counts)
    assert [measure(file, Vader(), part)[0].n for part in PARTS] == counts
    assert sum(counts) == len(ROWS)


def test_the_report_is_also_told_as_json(file: Path) -> None:
    (one,) = json.loads(sentiment(file, None, is_lexicon=True, as_json=True))
    assert (one["name"], one["n"], one["confusion"][1]) == ("six", 6, [0, 2, 1])


def test_the_shipped_model_is_not_replaced_by_another_in_silence(file: Path) -> None:
    with pytest.raises(ModelUnavailable, match="parley models pull encoder"):
        sentiment(file, None, is_lexicon=False, as_json=False)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("text,mood\na,neutral\n", "needs the columns text and label"),
        ("text,label\na,angry\n", "the label 'angry'"),
        ("text,label\n", "no row"),
        ("text,label\na\n", "the label 'None'"),
    ],
)
def test_what_cannot_be_measured_is_named(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "one.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=told):
        measure(path, Vader())


def test_nothing_to_measure_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no CSV"):
        measure(tmp_path, Vader())
    with pytest.raises(BadInput, match="there is no file"):
        measure(tmp_path / "absent.csv", Vader())


def test_f1_of_each_label_by_hand() -> None:
    table = confusion(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 1]))
    assert table.tolist() == [[1, 1, 0], [0, 1, 0], [0, 1, 0]]
    assert f1(table) == pytest.approx([2 / 3, 0.5, 0])


def test_an_interval_narrows_with_the_number_of_texts() -> None:
    true = np.array([0, 1, 2, 0, 1, 2, 0, 1, 2, 0])
    told = np.array([0, 1, 2, 0, 1, 1, 0, 1, 2, 1])
    few, many = interval(true, told), interval(np.tile(true, 40), np.tile(told, 40))
    assert many[1] - many[0] < few[1] - few[0]
    assert interval(true, told) == few
