"""What the embedded shop writes to its customers; each letter as text and as simple HTML."""

from dataclasses import dataclass
from html import escape

from core.shop import Order
from mail.letter import Letter

CODE_MINUTES = 10  # store.codes.CODE_LASTS, in words


@dataclass(frozen=True, slots=True)
class Letters:
    """Letters of one company."""

    company: str

    def invoice(self, order: Order, prices: tuple[int, ...] | None, to: str, *, key: str) -> Letter:
        """A copy of an order's invoice: its items, what each cost, and the total."""
        known = ["not on file"] * len(order.items) if prices is None else map(say_money, prices)
        total = "not on file" if prices is None else say_money(sum(prices))
        lines = list(zip(order.items, known, strict=True))
        bill_to = "\n".join(
            part for part in (order.customer_name, order.address, order.postcode) if part
        )
        width = max(len(item) for item in (*order.items, "Total")) + 2
        table = "\n".join(
            f"{item:<{width}}{price:>12}" for item, price in [*lines, ("Total", total)]
        )
        rows = "".join(_row(item, price) for item, price in lines)
        facts = f"Order {order.number} of {order.ordered_on.day} {order.ordered_on:%B %Y}"
        return Letter(
            to,
            f"Your invoice for order {order.number}",
            f"{self.company}\n\nInvoice (copy)\n{facts}\n\n{bill_to}\n\n{table}\n\n"
            "Prices include VAT.\n",
            f"<h1>{escape(self.company)}</h1><h2>Invoice (copy)</h2><p>{escape(facts)}</p>"
            f"<p>{escape(bill_to).replace(chr(10), '<br>')}</p>"
            f"<table>{rows}{_row('Total', total, 'th')}</table><p>Prices include VAT.</p>",
            key,
        )

    def code(self, code: str, to: str, *, key: str) -> Letter:
        """A one-time code."""
        return self._plain(
            to,
            "Your code",
            f"Your code for the chat with {self.company} is {code}.",
            f"It works once, in the next {CODE_MINUTES} minutes, in that chat only. "
            "If it was not you who asked for it, you need do nothing.",
            key=key,
        )

    def contact_changed(self, what: str, to: str, *, key: str) -> Letter:
        """Told to the address that was on file before."""
        return self._plain(
            to,
            "Your contact details are being changed",
            f"In a chat with {self.company} you asked us to change your {what}.",
            "If it was not you, please answer this e-mail or ring us at once.",
            key=key,
        )

    def _plain(self, to: str, subject: str, *paragraphs: str, key: str) -> Letter:
        return Letter(
            to,
            f"{subject} ({self.company})",
            "\n\n".join((*paragraphs, self.company)) + "\n",
            "".join(f"<p>{escape(each)}</p>" for each in (*paragraphs, self.company)),
            key,
        )


def say_money(pence: int) -> str:
    """Pence as people write them: 129900 → '£1,299.00'."""
    return f"£{pence // 100:,}.{pence % 100:02d}"


def _row(name: str, price: str, cell: str = "td") -> str:
    left, right = f'<{cell} align="left">', f'<{cell} align="right">'
    return f"<tr>{left}{escape(name)}</{cell}>{right}{price}</{cell}></tr>"
