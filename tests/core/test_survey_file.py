"""The file of survey rules: what it says, and every way in which it can be wrong."""

from pathlib import Path

import pytest

from core.conversation import Channel
from core.errors import BadSurveys, NotFound
from core.survey import SurveyKind
from core.survey_file import load_survey_rules, parse_survey_rules
from core.survey_rules import Detractors, Trigger

WHOLE = """\
cap_days: 14
late_answer_hours: 48
ask:
  - after: task
    tasks: [order_status]
    questions: [csat, ces]
    share: {web: 0.5, sms: 1}
  - after: person
    questions: [nps]
    share: 0.25
why: {csat: 3}
detractors:
  nps: {at_most: 4, hours: 2.5}
  ces: {at_most: 2}
wording: {csat: "How were we?"}
"""
ASK = "ask: [{after: task, questions: [csat]}]\n"


def test_every_key_is_read() -> None:
    rules = parse_survey_rules(WHOLE, "house.yml")
    task, person = rules.ask
    assert (rules.cap_days, rules.late_answer_hours) == (14, 48)
    assert (task.after, task.questions) == (Trigger.TASK, (SurveyKind.CSAT, SurveyKind.CES))
    assert task.tasks == {"order_status"}
    assert task.share == {Channel.WEB: 0.5, Channel.SMS: 1}
    assert person.share == dict.fromkeys(Channel, 0.25)
    assert rules.why == {SurveyKind.CSAT: 3}
    assert rules.detractors == {
        SurveyKind.NPS: Detractors(4, 2.5),
        SurveyKind.CES: Detractors(2, 24),
    }
    assert rules.wording == {SurveyKind.CSAT: "How were we?"}


def test_what_is_left_out_is_as_the_domain_says() -> None:
    rules = parse_survey_rules(ASK, "house.yml")
    assert (rules.cap_days, rules.late_answer_hours, rules.why) == (30, 72, {})
    assert rules.ask[0].share == dict.fromkeys(Channel, 1.0)
    assert {kind: rule.at_most for kind, rule in rules.detractors.items()} == {
        SurveyKind.CSAT: 2,
        SurveyKind.CES: 3,
        SurveyKind.NPS: 6,
    }
    assert {rule.hours for rule in rules.detractors.values()} == {24}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "f.yml:1: the file is empty"),
        ("[]", "f.yml:1: survey rules: keys were expected"),
        ("ask: [", "f.yml:1: not YAML: "),
        ("PK\n\x1a\x00", "f.yml:2: this is no text file"),
        ("cap_days: 30", "f.yml:1: survey rules: the key 'ask' is missing"),
        ("ask: []", "f.yml:1: ask: a list was expected"),
        ("ask: [3]", "f.yml:1: ask[0]: keys were expected"),
        ("ask:\n- questions: [csat]", "f.yml:2: ask[0]: the key 'after' is missing"),
        ("ask:\n- after: task", "f.yml:2: ask[0]: the key 'questions' is missing"),
        ("ask:\n- after: lunch\n  questions: [csat]", "f.yml:2: ask[0].after: 'lunch' is not one"),
        ("ask:\n- after: call\n  questions: [smile]", "f.yml:3: ask[0].questions: 'smile' is not"),
        ("ask:\n- after: call\n  questions: [why]", "f.yml:2: ask[0]: why follows a low score"),
        ("ask:\n- after: call\n  questions: [ces, ces]", "f.yml:2: ask[0]: each question is"),
        (
            "ask:\n- after: call\n  tasks: [complain]\n  questions: [ces]",
            "f.yml:2: ask[0]: tasks belong",
        ),
        (
            "ask:\n- after: task\n  tasks: [cancel_order, order_state]\n  questions: [ces]",
            "f.yml:3: ask[0].tasks: 'order_state' is no task; order_status was meant?",
        ),
        ("ask:\n- after: call\n  questions: [ces]\n  share: 1.1", "f.yml:4: ask[0].share: a share"),
        (
            "ask:\n- after: call\n  questions: [ces]\n  share: {fax: 1}",
            "f.yml:4: ask[0].share.fax: unknown key",
        ),
        (
            "ask:\n- after: call\n  questions: [ces]\n  share: {web: -1}",
            "f.yml:4: ask[0].share.web: a share",
        ),
        (f"{ASK}cap_days: 1.5", "f.yml:2: cap_days: a whole number"),
        (f"{ASK}cap_days: soon", "f.yml:2: cap_days: a number was expected"),
        (f"{ASK}late_answer_hours: 0", "f.yml:2: late_answer_hours: more than 0"),
        (f"{ASK}why: {{csat: 6}}", "f.yml:2: why.csat: csat goes from 1 to 5"),
        (f"{ASK}why: {{nps: 2.5}}", "f.yml:2: why.nps: nps goes from 0 to 10 in whole"),
        (f"{ASK}why: {{why: 2}}", "f.yml:2: why.why: unknown key"),
        (f"{ASK}detractors: {{ces: 3}}", "f.yml:2: detractors.ces: keys were expected"),
        (f"{ASK}detractors: {{ces: {{hours: 3}}}}", "f.yml:2: detractors.ces: the key 'at_most'"),
        (
            f"{ASK}detractors: {{ces: {{at_most: 3, hours: 0}}}}",
            "f.yml:2: detractors.ces.hours: more than 0",
        ),
        (f"{ASK}wording: {{csat: ''}}", "f.yml:2: wording.csat: a text was expected"),
        (f"{ASK}wording: {{csat: {'x' * 301}}}", "f.yml:2: wording.csat: at most 300 characters"),
        (f"{ASK}ask: 2", "f.yml:2: ask: given twice"),
        (f"{ASK}cap: 2", "f.yml:2: cap: unknown key; known are ask, cap_days"),
    ],
)
def test_each_error_names_file_line_and_key(text: str, complaint: str) -> None:
    with pytest.raises(BadSurveys) as caught:
        parse_survey_rules(text, "f.yml")
    assert str(caught.value).startswith(complaint)
    assert "\n" not in str(caught.value)


def test_all_errors_are_told_at_once_from_top_to_bottom() -> None:
    text = "cap_days: -1\nask:\n- after: noon\n  questions: [fun]\nwhy: {csat: 9}\nmood: 3\n"
    with pytest.raises(BadSurveys) as caught:
        parse_survey_rules(text, "f.yml")
    found = [line.split(": ")[0:2] for line in str(caught.value).splitlines()]
    assert found == [
        ["f.yml:1", "cap_days"],
        ["f.yml:3", "ask[0].after"],
        ["f.yml:4", "ask[0].questions"],
        ["f.yml:5", "why.csat"],
        ["f.yml:6", "mood"],
    ]


def test_the_shipped_rules_are_well_and_the_demo_has_no_cap() -> None:
    rules = load_survey_rules()
    assert rules.cap_days == 0
    asked = {rule.after for rule in rules.ask}
    assert asked == set(Trigger) - {Trigger.HUNG_UP}  # nobody is written to unasked


def test_a_file_is_named_in_its_errors(tmp_path: Path) -> None:
    file = tmp_path / "mine.yml"
    with pytest.raises(NotFound, match=r"mine\.yml"):
        load_survey_rules(file)
    file.write_text("ask: 1")
    with pytest.raises(BadSurveys, match=r"mine\.yml:1: ask"):
        load_survey_rules(str(file))
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(BadSurveys, match="cannot be read"):
        load_survey_rules(file)
