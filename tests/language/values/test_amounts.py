"""Sums of money, and numbers that are none."""

import pytest

from language.values.amounts import find_amounts


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("£45", [(4500, "GBP", "£45")]),
        ("it was £ 1,200.50 in all", [(120050, "GBP", "£ 1,200.50")]),
        ("£4.5", [(450, "GBP", "£4.5")]),
        ("£1.2k", [(120000, "GBP", "£1.2k")]),
        ("£45 to £60", [(4500, "GBP", "£45"), (6000, "GBP", "£60")]),
        ("45 pounds", [(4500, "GBP", "45 pounds")]),
        ("forty five pounds", [(4500, "GBP", "forty five pounds")]),
        ("forty five pounds fifty", [(4550, "GBP", "forty five pounds fifty")]),
        ("twelve pounds ninety nine", [(1299, "GBP", "twelve pounds ninety nine")]),
        ("three pounds and fifty pence", [(350, "GBP", "three pounds and fifty pence")]),
        ("one hundred and five pounds", [(10500, "GBP", "one hundred and five pounds")]),
        ("45p", [(45, "GBP", "45p")]),
        ("50 pence", [(50, "GBP", "50 pence")]),
        ("45 quid", [(4500, "GBP", "45 quid")]),
        ("two grand", [(200000, "GBP", "two grand")]),
        ("a tenner", [(1000, "GBP", "a tenner")]),
        ("€30", [(3000, "EUR", "€30")]),
        ("1,200 euros", [(120000, "EUR", "1,200 euros")]),
        ("$20", [(2000, "USD", "$20")]),
        ("forty pounds and two chairs", [(4000, "GBP", "forty pounds")]),
        ("45", []),
        ("HP-10442", []),
        ("4 chairs", []),
        ("pounds", []),
        ("£", []),
        ("£10442%", []),
        ("at 4pm", []),
        ("tenner", []),
        ("the grand piano", []),
        ("", []),
    ],
)
def test_amounts(text: str, amounts: list[tuple[int, str, str]]) -> None:
    found = [(one.pence, one.currency, one.span.of(text)) for one in find_amounts(text)]
    assert found == amounts
