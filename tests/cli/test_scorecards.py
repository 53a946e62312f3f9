"""`parley scorecards`: from a file to use and back to a file."""

from pathlib import Path

from tests.cli.shell import parley
from tests.qa.test_cards import GOOD


def test_a_form_goes_from_a_file_to_use_and_back(tmp_path: Path) -> None:
    (tmp_path / "small.yml").write_text(GOOD)
    done = parley(tmp_path, "scorecards", "check", "small.yml")
    assert done.status == 0 and "small, version 1, 1 questions" in done.out
    assert parley(tmp_path, "scorecards", "add", "small.yml").out == "small, version 1: draft\n"
    done = parley(tmp_path, "scorecards", "activate", "small", "1")
    assert done.out == "small, version 1: in use\n"
    assert parley(tmp_path, "scorecards", "export", "small").out == GOOD
    csv = parley(tmp_path, "scorecards", "export", "small", "--as", "csv").out
    (tmp_path / "small.csv").write_text(csv.replace('"close"', "x"))
    done = parley(tmp_path, "scorecards", "add", "small.csv", "--use")
    assert done.status == 1 and "cannot be changed" in done.err
    done = parley(tmp_path, "scorecards", "list")
    assert "small" in done.out and "active" in done.out and "shipped" in done.out
    assert parley(tmp_path, "scorecards", "retire", "small", "1").status == 0
    assert parley(tmp_path, "scorecards", "retire", "service", "1").status == 2
    assert parley(tmp_path, "scorecards", "export", "small", "9").status == 2


def test_a_renamed_question_stops_a_version(tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text(GOOD)
    second = GOOD.replace("version: 1", "version: 2").replace("id: close", "id: goodbye")
    (tmp_path / "two.yml").write_text(second)
    assert parley(tmp_path, "scorecards", "add", "one.yml", "--use").status == 0
    done = parley(tmp_path, "scorecards", "add", "two.yml", "--use")
    assert done.status == 2 and "was: close" in done.err
    done = parley(tmp_path, "scorecards", "list")
    assert "small                      2" not in done.out  # nothing is half stored
