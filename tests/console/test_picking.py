"""Evidence from a form's ticks: first to last word of each turn, and nothing that is not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.picking import AT_ONCE, pick_page, picked, turned
from core.errors import BadInput
from core.evaluation import Evidence
from core.spans import TextSpan
from tests.build import chat

TALK = chat(("agent", "hello, this is Ann"), ("customer", "  my\tlamp  broke "), ("agent", ""))


def cited(*pieces: tuple[str, int, int]) -> tuple[Evidence, ...]:
    return tuple(Evidence(turn, TextSpan(start, end)) for turn, start, end in pieces)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([], ()),
        (["csrf", "answer", "comment", "w", "w.1", "t.x", "e.0.0.1", "w.0.0.-1"], ()),
        (["w.0.0.6"], cited(("t0", 0, 6))),
        (["w.0.7.11", "w.0.15.18"], cited(("t0", 7, 18))),  # what lies between counts
        (["w.0.15.18", "w.0.7.11"], cited(("t0", 7, 18))),
        (["t.1"], cited(("t1", 0, 17))),
        (["w.1.2.4", "w.0.0.6"], cited(("t0", 0, 6), ("t1", 2, 4))),  # in the conversation's order
        (["w.0.0.6", "t.0"], cited(("t0", 0, 18))),
    ],
)
def test_ticks_become_evidence(fields: list[str], expected: tuple[Evidence, ...]) -> None:
    assert picked(dict.fromkeys(fields, "on"), TALK) == expected


@pytest.mark.parametrize("field", ["w.3.0.1", "t.3", "w.0.0.19", "w.0.4.4", "w.0.5.4", "w.2.0.1"])
def test_what_is_not_in_the_conversation_is_refused(field: str) -> None:
    with pytest.raises(BadInput, match="reload the page"):
        picked({field: "on"}, TALK)


def test_a_whole_conversation_is_no_evidence() -> None:
    long = chat(*[("agent", "hello")] * 30)
    with pytest.raises(BadInput, match="21 turns are too many"):
        picked({f"t.{n}": "on" for n in range(21)}, long)


def test_words_and_their_characters_are_those_of_the_text() -> None:
    page = pick_page(TALK, cited(("t1", 2, 9)))
    texts = [[tick.text for tick in turn.ticks] for turn in page.turns]
    assert texts == [["hello,", "this", "is", "Ann"], ["my", "lamp", "broke"], []]
    assert [tick.is_ticked for tick in page.turns[1].ticks] == [True, True, False]
    assert page.turns[1].ticks[1].field == "w.1.5.9"
    assert (page.before, page.after, page.elsewhere) == (None, None, ())


def test_a_long_conversation_begins_at_its_evidence_and_keeps_what_is_elsewhere() -> None:
    long = chat(*[("agent", "hello there")] * 150)
    page = pick_page(long, cited(("t70", 0, 5)))
    assert (page.first, page.before, page.after) == (60, 0, 120)
    assert len(page.turns) == AT_ONCE
    other = turned({"show": "120"}, long, cited(("t70", 0, 5)))
    assert (other.first, other.after, len(other.turns)) == (120, None, 30)
    assert other.elsewhere == ("w.70.0.5",)
    for odd in ("-1", "x", "999", "9" * 20):
        assert turned({"show": odd}, long, ()).first == 0


@given(text=st.text(max_size=60), first=st.integers(0, 9), last=st.integers(0, 9))
def test_any_two_words_of_any_text_make_a_quote_that_is_there(
    text: str, first: int, last: int
) -> None:
    talk = chat(("customer", text))
    ticks = pick_page(talk, ()).turns[0].ticks
    chosen = {tick.field: "on" for n, tick in enumerate(ticks) if n in (first, last)}
    for piece in picked(chosen, talk):
        quote = piece.quote(talk)
        assert quote in text
        assert quote.split()[0] == quote[: len(quote.split()[0])], "it begins with a word"
        again = [tick.is_ticked for tick in pick_page(talk, (piece,)).turns[0].ticks]
        assert again.count(True) >= len(chosen)
