"""The shop that the benchmark's customers have bought from: the demo shop, and an order a task."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from core.shop import Order, OrderStatus
from store.shop import seed_demo
from store.shop.orders import add_order

FIRST = 20001  # far above the demo shop's numbers
POSTCODES = ("BN1 4GH", "LS6 2AB", "EH3 9QQ", "M4 1HQ", "CF10 1EP", "BS1 5TR", "S1 2HE")
ITEMS = {"glass vase": 3900, "reading lamp": 5900}  # pence
CUSTOMER, NAME = "C-1001", "R. Sample"  # of the demo shop, with an e-mail address
AHEAD, AGO = timedelta(days=90), timedelta(days=2)  # the first is past every window on offer


@dataclass(slots=True)
class Stock:
    """Orders, each made for one scene of one conversation."""

    today: date
    orders: list[Order] = field(default_factory=list)

    def order(self, status: OrderStatus) -> Order:
        """A new one in this state."""
        number = FIRST + len(self.orders)
        made = Order(
            f"HP-{number}",
            POSTCODES[number % len(POSTCODES)],
            NAME,
            tuple(ITEMS),
            status,
            self.today - timedelta(days=7),
            self.today + (AHEAD if status is OrderStatus.PLACED else -AGO),
            "8 to 12",
            customer=CUSTOMER,
            address="12 Sample Terrace, Brighton",
            total_pence=sum(ITEMS.values()),
        )
        self.orders.append(made)
        return made

    async def put_in(self, transaction: AsyncSession) -> None:
        """Open the shop with all that was made so far."""
        await seed_demo(transaction, today=self.today)
        for order in self.orders:
            await add_order(transaction, order, prices=tuple(ITEMS.values()))
