"""`parley surveys check`, and what doctor says of the rules."""

from pathlib import Path

import pytest

from cli.surveys import summary, told
from core.survey_file import parse_survey_rules
from tests.cli.shell import parley

GOOD = "ask:\n- {after: task, tasks: [order_status], questions: [csat], share: {web: 0.5}}\n"
BAD = "cap_days: -1\nask:\n- {after: noon, questions: [csat]}\n"


def test_check_says_what_the_rules_mean(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(GOOD)
    done = parley(tmp_path, "surveys", "check", "mine.yml")
    assert done.status == 0
    assert "mine.yml: well" in done.out
    assert "after a resolved task (order_status): csat; 50% of web" in done.out
    assert "a customer is asked at most once in 30 days" in done.out


def test_check_tells_all_that_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "mine.yml").write_text(BAD)
    done = parley(tmp_path, "surveys", "check", "mine.yml")
    assert done.status == 2
    assert "mine.yml:1: cap_days" in done.err
    assert "mine.yml:3: ask[0].after" in done.err
    assert parley(tmp_path, "surveys", "check", "none.yml").status == 2


def test_check_without_a_file_reads_what_is_in_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no cap" in parley(tmp_path, "surveys", "check").out, "the demo shop's"
    (tmp_path / "mine.yml").write_text(GOOD)
    monkeypatch.setenv("PARLEY_SURVEYS", "mine.yml")
    assert "50% of web" in parley(tmp_path, "surveys", "check").out


def test_doctor_reports_the_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "3 rules, a customer is asked as often" in parley(tmp_path, "doctor").out
    (tmp_path / "mine.yml").write_text(BAD)
    monkeypatch.setenv("PARLEY_SURVEYS", "mine.yml")
    out = parley(tmp_path, "doctor").out
    assert "off  surveys" in out
    assert "→ mine.yml:1: cap_days" in out


def test_one_rule_and_no_cap_are_said_in_words() -> None:
    rules = parse_survey_rules(f"cap_days: 0\n{GOOD}", "f.yml")
    assert summary(rules) == "1 rule, a customer is asked as often as it applies"
    assert "ces of 3 or less makes an alert, due in 24 h" in list(told(rules))
