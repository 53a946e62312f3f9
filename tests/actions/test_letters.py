"""What the embedded shop writes to its customers reads well as text and as HTML."""

from datetime import date

import pytest

from actions.letters import Letters, say_money
from core.shop import Order, OrderStatus

ORDER = Order(
    "HP-1", "BN1 4GH", "R. <b>Sample</b>", ("a <lamp>", "oak table"), OrderStatus.PACKED,
    date(2025, 6, 1), None, address="12 Sample Terrace",
)  # fmt: skip


def test_an_invoice_is_readable_as_text_and_as_html() -> None:
    letter = Letters("Harbour & Pine").invoice(ORDER, (5900, 129900), "a@example.com", key="k")
    lines = letter.text.splitlines()
    assert [line.split() for line in lines if "£" in line] == [
        ["a", "<lamp>", "£59.00"],
        ["oak", "table", "£1,299.00"],
        ["Total", "£1,358.00"],
    ]
    assert "1 June 2025" in letter.text
    assert "12 Sample Terrace" in letter.text
    assert "<b>" not in letter.html
    assert "a &lt;lamp&gt;" in letter.html
    assert "Harbour &amp; Pine" in letter.html


def test_an_order_without_prices_has_no_total() -> None:
    letter = Letters("Harbour & Pine").invoice(ORDER, None, "a@example.com", key="k")
    assert letter.text.count("not on file") == 3
    assert "£" not in letter.text


@pytest.mark.parametrize(
    ("pence", "said"), [(0, "£0.00"), (5, "£0.05"), (99999, "£999.99"), (129900, "£1,299.00")]
)
def test_money_is_said_as_people_write_it(pence: int, said: str) -> None:
    assert say_money(pence) == said
