"""What a session found: who agreed, where people differ, and what counts in no figure."""

from dataclasses import replace

from core.calibration import AskedQuestion, Consensus, Item, Picked, Sheet
from core.conversation import Channel
from qa.comparison import QuestionResult, compare
from tests.calibrating import NOW, asked, calibration_session, finding, scale, sheet

GREETING = asked()


def item(name: str, verdict: str = "yes", picked: Picked = Picked.RANDOM) -> Item:
    return Item(name, picked, (finding("greeting", verdict, "heard"),))


def result(
    items: list[Item], sheets: list[Sheet], *, question: AskedQuestion = GREETING, **more: object
) -> QuestionResult:
    session = calibration_session([question], *items)
    channels = {each.conversation: Channel.WEB for each in items}
    (found,) = compare(session, sheets, more.get("decided", ()), channels)  # type: ignore[arg-type] # what the test gives
    return found


def test_two_people_and_the_machine() -> None:
    items = [item("c1", "yes"), item("c2", "no"), item("c3", "no"), item("c4", "unsure")]
    sheets = [
        sheet("c1", "sam", greeting="yes"), sheet("c1", "sue", greeting="yes"),
        sheet("c2", "sam", greeting="no"), sheet("c2", "sue", greeting="no"),
        sheet("c3", "sam", greeting="yes"), sheet("c3", "sue", greeting="no"),
        sheet("c4", "sam", greeting="yes"), sheet("c4", "sue", greeting="yes"),
    ]  # fmt: skip
    found = result(items, sheets)
    assert [each.do_people_differ for each in found.compared] == [False, False, True, False]
    assert [each.does_machine_differ for each in found.compared] == [False, False, True, False]
    assert (found.machine.raw.part, found.machine.raw.whole, found.machine_unsure) == (2, 3, 1)
    assert (found.people.n, found.people.pairs.part, found.people.pairs.whole) == (4, 3, 4)
    assert found.people_differ == 1
    assert found.cohen is not None
    assert found.cohen.value == 0.5  # 3 of 4, chance 1/2
    assert found.detection is None


def test_drafts_and_those_who_had_seen_the_score_count_in_no_figure() -> None:
    sheets = [
        sheet("c1", "sam", greeting="yes", is_draft=True),
        sheet("c1", "sue", greeting="no", had_seen=True),
        sheet("c1", "ida", greeting="yes"),
    ]
    found = result([item("c1")], sheets)
    (line,) = found.compared
    assert [(each.person, each.had_seen) for each in line.given] == [("sue", True), ("ida", False)]
    assert line.most == "yes"
    assert line.do_people_differ, "they are still shown"
    assert (found.machine.raw.part, found.machine.raw.whole) == (1, 1)
    assert (found.people.n, found.people_differ) == (0, 0)
    assert found.cohen is None


def test_a_session_closed_early_has_no_data_where_nobody_was() -> None:
    found = result([item("c1"), item("c2")], [])
    assert [each.most for each in found.compared] == [None, None]
    assert found.machine.raw.value is None
    assert found.machine.kappa.value is None
    assert found.people.alpha.value is None


def test_a_question_is_left_out_where_the_form_does_not_ask_it() -> None:
    calls_only = replace(GREETING, channels=frozenset({Channel.VOICE}))
    session = calibration_session([calls_only], item("c1"), item("c2"))
    channels = {"c1": Channel.WEB, "c2": Channel.VOICE}
    (found,) = compare(session, [], [], channels)
    assert [each.conversation for each in found.compared] == ["c2"]


def test_a_consensus_stands_beside_its_conversation() -> None:
    decided = Consensus("c2", "greeting", "no", "the name is missing", "sam", NOW)
    found = result([item("c1"), item("c2")], [], decided=[decided])
    assert [each.consensus for each in found.compared] == [None, decided]


def test_a_fatal_question_has_recall_and_precision() -> None:
    fatal = replace(GREETING, is_fatal=True)
    items = [item("c1", "no"), item("c2", "yes"), item("c3", "no")]
    sheets = [sheet(name, "sam", greeting=answer)
              for name, answer in (("c1", "no"), ("c2", "no"), ("c3", "yes"))]  # fmt: skip
    found = result(items, sheets, question=fatal)
    assert found.detection is not None
    assert (found.detection.recall.part, found.detection.recall.whole) == (1, 2)
    assert (found.detection.precision.part, found.detection.precision.whole) == (1, 2)


def test_three_people_have_alpha_and_no_kappa_of_two() -> None:
    answers = {"sam": ("yes", "no", "no"), "sue": ("yes", "no", "yes"), "ida": ("yes", "no", "no")}
    sheets = [
        sheet(f"c{number}", person, greeting=answer)
        for person, given in answers.items()
        for number, answer in enumerate(given)
    ]
    found = result([item(f"c{number}") for number in range(3)], sheets)
    assert found.cohen is None
    assert found.people.raters == 3
    assert found.people.alpha.value is not None


def test_marks_that_differ_by_one_are_near() -> None:
    def of(pairs: list[tuple[str, str]]) -> float:
        items = [Item(f"c{n}", Picked.RANDOM, ()) for n in range(len(pairs))]
        sheets = [
            sheet(f"c{n}", person, warmth=mark)
            for n, pair in enumerate(pairs)
            for person, mark in zip(("sam", "sue"), pair, strict=True)
        ]
        cohen = result(items, sheets, question=scale()).cohen
        assert cohen is not None
        return cohen.value or 0.0

    assert of([("1", "2"), ("5", "4"), ("2", "2")]) > of([("1", "5"), ("5", "1"), ("2", "2")])
