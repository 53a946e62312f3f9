"""Turns cut into words and marked evidence: every character once, in order."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.transcript import chunks_of, shown_turns
from core.conversation import Role, Turn
from core.evaluation import Evidence, Finding, Verdict
from core.spans import TextSpan
from tests.build import call, chat, turn


def flat(made: Turn, *marks: tuple[int, int, str]) -> str:
    """Words in [], marked pieces as {text:findings}."""
    shown = ""
    for chunk in chunks_of(made, [(TextSpan(start, end), name) for start, end, name in marks]):
        inside = "".join(
            f"{{{piece.text}:{'+'.join(piece.findings)}}}" if piece.findings else piece.text
            for piece in chunk.pieces
        )
        shown += f"[{inside}]" if chunk.span else inside
    return shown


@pytest.mark.parametrize(
    "marks, shown",
    [
        ((), "[my] [name] [is] [Ann]"),
        (((3, 7, "a"),), "[my] [{name:a}] [is] [Ann]"),
        (((0, 7, "a"),), "[{my:a}]{ :a}[{name:a}] [is] [Ann]"),
        (((5, 9, "a"),), "[my] [na{me:a}]{ :a}[{i:a}s] [Ann]"),
        (((3, 7, "a"), (3, 7, "b")), "[my] [{name:a+b}] [is] [Ann]"),
        (((3, 7, "a"), (5, 10, "b")), "[my] [{na:a}{me:a+b}]{ :b}[{is:b}] [Ann]"),
        (((7, 7, "a"),), "[my] [name] [is] [Ann]"),
    ],
)
def test_a_spoken_turn_is_cut_at_words_and_evidence(
    marks: tuple[tuple[int, int, str], ...], shown: str
) -> None:
    assert flat(turn("agent", "my name is Ann", start=0), *marks) == shown


def test_a_written_turn_is_cut_at_evidence_alone() -> None:
    assert flat(turn("customer", "it broke!"), (3, 8, "a")) == "it {broke:a}!"
    assert flat(turn("customer", ""), (0, 0, "a")) == ""


spans = st.tuples(st.integers(0, 40), st.integers(0, 40)).map(lambda pair: tuple(sorted(pair)))


@given(st.text(max_size=40), st.lists(spans, max_size=5), st.booleans())
def test_no_character_is_lost_or_doubled(
    text: str, marks: list[tuple[int, int]], is_spoken: bool
) -> None:
    made = turn("agent", text, start=0.0 if is_spoken else None)
    marked = [(TextSpan(start, end), "q") for start, end in marks]
    chunks = chunks_of(made, marked)
    assert "".join(piece.text for chunk in chunks for piece in chunk.pieces) == text


def test_evidence_marks_its_own_turn_alone() -> None:
    spoken = call(("agent", "hello there"), ("customer", "hello there"))
    finding = Finding("greeting", Verdict.YES, 1, "", (Evidence("t1", TextSpan(0, 5)),))
    shown = shown_turns(spoken, [finding])
    marked = [[p.findings for c in one.chunks for p in c.pieces if p.findings] for one in shown]
    assert marked == [[], [("greeting",)]]


@pytest.mark.parametrize(
    "made, agent, who",
    [
        (turn("agent", "x"), None, "Agent"),
        (turn("agent", "x"), "Ann", "Ann"),
        (replace(turn("agent", "x"), author="Ben"), "Ann", "Ben"),
        (turn("customer", "x"), "Ann", "Customer"),
        (turn("bot", "x"), "Ann", "Bot"),
        (turn("unknown", "x", start=1.0), None, "channel 2"),
        (turn("unknown", "x"), None, "Speaker"),
    ],
)
def test_speakers_are_named(made: Turn, agent: str | None, who: str) -> None:
    spoken = replace(chat((Role.BOT, "x")), turns=(made,), agent=agent)
    assert shown_turns(spoken)[0].who == who
