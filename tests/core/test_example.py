"""A snippet is a few turns in a row, and nothing of the sound beside them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.conversation import Conversation
from core.errors import BadInput
from core.example import Example, check_snippet, heard_of, said_in
from core.spans import TimeSpan
from tests.build import call, chat

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CALL = replace(
    call(
        ("agent", "hello how can I help you"),  # 0.0 to 2.4
        ("customer", "my lamp came broken today"),  # 2.9 to 4.9
        ("agent", "oh I am so sorry to hear that"),  # 5.4 to 8.6
        ("customer", "thank you"),
    ),
    recording="r1",
)
CHAT = chat(*[("agent", "hello")] * 30)
LONG = replace(call(("agent", "word " * 600), ("customer", "yes")), recording="r2")


def test_the_seconds_are_those_of_the_turns() -> None:
    whole = check_snippet(CALL, "t1", "t2", None)
    assert whole is not None
    assert [whole.start, whole.end] == pytest.approx([2.9, 8.6])
    assert check_snippet(CALL, "t1", "t2", TimeSpan(2.88, 8.62)) == whole, "tenths are typed"
    chosen = TimeSpan(3.0, 8.0)
    assert check_snippet(CALL, "t1", "t2", chosen) == chosen
    assert [turn.id for turn in said_in(CALL, "t1", "t2")] == ["t1", "t2"]


@pytest.mark.parametrize(
    "span, words",
    [
        (None, ["my lamp came broken today", "oh I am so sorry to hear that"]),
        (TimeSpan(3.35, 6.5), ["lamp came broken today", "oh I am"]),
        (TimeSpan(2.9, 4.9), ["my lamp came broken today", ""]),
    ],
)
def test_no_word_is_shown_that_does_not_play(span: TimeSpan | None, words: list[str]) -> None:
    assert [heard_of(turn, span) for turn in said_in(CALL, "t1", "t2")] == words
    assert heard_of(CHAT.turns[0], span) == "hello"


def test_what_has_no_sound_has_no_seconds() -> None:
    assert check_snippet(CHAT, "t0", "t3", None) is None
    assert check_snippet(replace(CALL, recording=None), "t0", "t1", None) is None


@pytest.mark.parametrize(
    "talk, first, last, span, message",
    [
        (CALL, "t2", "t1", None, "in their order"),
        (CALL, "t1", "nothing", None, "in their order"),
        (CALL, "nothing", "t1", None, "in their order"),
        (CALL, "t1", "t2", TimeSpan(2.0, 8.0), "from second 2.9 to 8.6"),
        (CALL, "t1", "t2", TimeSpan(3.0, 8.7), "from second 2.9 to 8.6"),
        (CALL, "t1", "t2", TimeSpan(3.0, 3.2), "no snippet"),
        (LONG, "t0", "t0", None, "no snippet"),
        (CHAT, "t0", "t25", None, "26 turns"),
        (CHAT, "t0", "t1", TimeSpan(0, 1), "no sound"),
    ],
)
def test_what_is_no_snippet_is_refused(
    talk: Conversation, first: str, last: str, span: TimeSpan | None, message: str
) -> None:
    with pytest.raises(BadInput, match=message):
        check_snippet(talk, first, last, span)


@pytest.mark.parametrize(
    "changes",
    [{"title": ""}, {"title": "x" * 101}, {"why": " "}, {"why": "x" * 2001}, {"skill": ""}],
)
def test_an_example_says_what_is_good_about_it(changes: dict[str, object]) -> None:
    made = Example("x1", "c1", "t1", "t2", None, "Sorry first", "Empathy", "At once.", "sam", NOW)
    assert not made.is_published
    with pytest.raises(BadInput):
        replace(made, **changes)  # type: ignore[arg-type] # fields of an example
