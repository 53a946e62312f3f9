"""A hold is asked for and thanked for: by words, by the telephone's own events, by silence."""

from dataclasses import replace

import pytest

from core.conversation import Event, EventKind
from core.spans import TimeSpan
from tests.build import call, conversation, turn
from tests.qa.judging import find, verdict


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("A: may i put you on hold / C: sure / A: thank you for holding", "yes"),
        ("A: i'll put you on hold if that's okay / C: sure / A: thanks for waiting", "yes"),
        ("A: do you mind holding / C: no / A: thanks for holding", "yes"),
        ("A: may i put you on hold / C: no i can't / A: right, it is two pounds", "not_applicable"),
        ("A: please hold / C: ok / A: thank you for holding", "no"),
        ("A: may i put you on hold / C: sure / A: it is two pounds", "no"),
        ("A: please hold, thank you for waiting / C: ok / A: it is two pounds", "no"),
        ("A: hello / C: may i put you on hold / A: yes / C: thanks for holding", "not_applicable"),
        ("A: may i put you on hold / C: sure", "unsure"),
        # two holds, the second without a word: the worse one counts
        ("A: may i put you on hold / C: sure / A: thank you for holding / C: and the other / "
         "A: hold please / C: ok / A: it is two pounds", "no"),
    ],
)  # fmt: skip
def test_hold_is_judged_by_words(lines: str, expected: str) -> None:
    assert verdict(lines, "hold", channel="voice") == expected


def test_hold_heard_unclearly_is_yes_only_with_thanks_after_it() -> None:
    heard = "C: hi / A: may i play shoe on a brief hold / C: sure / A: {}"
    assert verdict(heard.format("thank you for holding"), "hold", channel="voice") == "yes"
    assert verdict(heard.format("it is two pounds"), "hold", channel="voice") == "unsure"


def test_hold_of_the_telephone_without_a_request_is_no() -> None:
    held = Event(EventKind.HELD, None, span=TimeSpan(4.0, 60.0))
    rude = replace(call(("agent", "let me see"), ("customer", "ok")), events=(held,))
    found = find(rude, "hold")
    assert (found.verdict.value, found.reason) == ("no", "on hold at 0:04 without being asked")
    assert found.evidence[0].quote(rude) == "let me see"
    asked = call(("agent", "may i put you on hold"), ("customer", "sure"))
    late = turn("agent", "thank you for holding", start=61.0, id="t9")
    kind = replace(asked, turns=(*asked.turns, late), events=(held,))
    assert find(kind, "hold").verdict.value == "yes"


@pytest.mark.parametrize(("begin", "expected"), [(12.0, "not_applicable"), (45.0, "unsure")])
def test_long_silence_after_one_moment_goes_to_a_person(begin: float, expected: str) -> None:
    talk = conversation(
        turn("agent", "hello", start=0.0), turn("customer", "hi", start=1.0),
        turn("agent", "one moment please", start=2.0), turn("agent", "here it is", start=begin),
        channel="voice",
    )  # fmt: skip
    assert find(talk, "hold").verdict.value == expected
