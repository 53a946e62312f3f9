"""The parts of a message that may be wishes of their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.clauses import MOST, clauses_of


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("cancel 44107 and where is 44108", [("cancel 44107", True), ("where is 44108", True)]),
        ("My sofa is late. Where is it? And can I get a refund?",
         [("My sofa is late.", False), ("Where is it?", True), ("And can I get a refund?", True)]),
        ("the vase arrived broken and I'd like an invoice",
         [("the vase arrived broken", False), ("I'd like an invoice", True)]),
        ("where is my order, please cancel it", [("where is my order", True),
                                                 ("please cancel it", True)]),
        ("I want to cancel 44107, get an invoice for 44108, and find your shop in Leeds",
         [("I want to cancel 44107", True), ("get an invoice for 44108", True),
          ("find your shop in Leeds", True)]),
        ("where is my order, nobody answers my emails",
         [("where is my order", True), ("nobody answers my emails", False)]),
        ("it is late, you never rang me", [("it is late", False), ("you never rang me", False)]),
        ("leave it with the neighbour, nobody else", None),
        ("I want the sofa, the lamp and the rug", None),
        ("return the vase and the lamp", None),  # two words that ask for nothing
        ("where is my order", None),
        ("10442, BN1 4GH", None),
        ("", None),
        ("and", None),
        ("where is it and where is it and where is it and where is it and where is it", None),
    ],
)  # fmt: skip
def test_clauses(text: str, clauses: list[tuple[str, bool]] | None) -> None:
    assert [(each.text, each.asks) for each in clauses_of(text)] == (clauses or [])


@given(st.text())
def test_any_text_has_none_or_a_few(text: str) -> None:
    assert len(clauses_of(text)) in (0, *range(2, MOST + 1))
