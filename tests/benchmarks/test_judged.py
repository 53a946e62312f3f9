"""The figures of judgements and of satisfaction, on a few conversations made by hand."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from benchmarks.qa import __main__ as command
from benchmarks.qa.judged import Row as Judged
from benchmarks.qa.judged import figures, judgements, read_rows
from benchmarks.qa.satisfaction import Row
from benchmarks.qa.satisfaction import figures as satisfied
from benchmarks.qa.satisfaction import read_rows as read_satisfied
from benchmarks.train.acts import read_acts
from benchmarks.train.resolution import train_resolution
from benchmarks.train.talks import read_conversations
from core.errors import BadInput
from core.evaluation import Verdict
from qa.vectors import Floats, Vectors

LINES = [
    {
        "id": f"d{number}", "channel": "web",
        "labels": {"resolved": label, "goal": "book", "satisfaction": [3, 4]},
        "turns": [
            {"role": "customer", "text": "please book it"},
            {"role": "agent", "text": text},
        ],
    }
    for number, (label, text) in enumerate(
        [(True, "your table is booked"), (False, "we have no table left"), (None, "hm")]
    )
]  # fmt: skip


def encode(texts: Sequence[str]) -> Floats:
    rows = np.full((len(texts), 384), 384**-0.5)
    return np.asarray(rows, dtype=np.float32)


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    file = tmp_path / "talks.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in LINES), encoding="utf-8")
    return file


def test_only_labelled_conversations_are_counted(talks: Path) -> None:
    rows = read_rows(
        judgements()["resolution"], read_conversations(talks), Vectors(encode)
    )  # fmt: skip
    assert [row.truth for row in rows] == [True, False]
    assert {row.model for row in rows} == {"resolution-1"}


def test_without_the_encoder_signs_answer_and_the_figures_say_so(talks: Path) -> None:
    rows = read_rows(judgements()["resolution"], read_conversations(talks), None)
    assert figures(rows)["answered_by"] == {"resolution signs": 2}


def test_precision_counts_what_was_said_and_the_rest_is_unsure() -> None:
    said = [
        (0.9, Verdict.YES, True), (0.8, Verdict.YES, False), (0.1, Verdict.NO, False),
        (0.5, Verdict.UNSURE, True),
    ]  # fmt: skip
    rows = [
        Judged(f"g{place}", chance, verdict, truth, "m")
        for place, (chance, verdict, truth) in enumerate(said)
    ]
    values = figures(rows)
    assert values["auc"] == 0.75
    assert values["yes"]["precision"] == 0.5
    assert values["no"]["precision"] == 1.0
    assert values["yes_or_no"]["precision"] == pytest.approx(2 / 3)
    assert values["unsure"] == 0.25


def test_satisfaction_is_compared_with_the_raters_mean(talks: Path) -> None:
    rows = read_satisfied(read_conversations(talks), Vectors(encode))
    assert [row.truth for row in rows] == [3.5, 3.5, 3.5]


def test_satisfaction_tells_order_and_both_halves() -> None:
    rows = [Row((n, 9.0 - n), float(n), float(n), n - 0.5, n + 0.5, float(n)) for n in range(10)]
    values = satisfied(rows)
    assert values["spearman"] == pytest.approx(1)
    assert values["in_range"] == 1
    assert values["one_rater_with_the_others"] == pytest.approx(-1)
    assert [half["n"] for half in values["halves"]] == [5, 5]


@pytest.mark.parametrize("what", ["resolution", "satisfaction"])
def test_files_without_the_label_are_told(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps({**LINES[0], "labels": {}}), encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["qa", what, "--data", str(file)])
    monkeypatch.setattr("benchmarks.qa.satisfaction.Encoder", lambda _folder: encode)
    with pytest.raises(SystemExit):
        command.main()
    assert "label" in capsys.readouterr().err


def test_sentences_of_acts_are_each_told_once_and_belong_to_a_side() -> None:
    for side in ("agent", "customer"):
        texts, acts = read_acts(side)
        assert len(texts) == len(set(texts)) == len(acts)
        assert min(acts.count(act) for act in set(acts)) >= 10, side


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"star_dev\.jsonl"):
        train_resolution(tmp_path, encode)
