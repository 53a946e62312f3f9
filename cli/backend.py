"""What `parley doctor` finds of the back end: does it answer as its document says."""

import asyncio

from actions.backends import open_backend
from core.errors import ParleyError
from core.settings import Settings
from store.database import open_database

DOCUMENT = "docs/backend.openapi.yml"


def look_at_backend(settings: Settings) -> tuple[str, str]:
    """What was found by asking for one order, and what to do about it; the latter is empty when
    all is well. It may be there or not: the example is of the settings.
    """
    asked = f"GET /orders/{settings.order_number}"
    try:
        found = asyncio.run(_find_order(settings))
    except ParleyError as error:
        return f"{asked}: {error}", f"{DOCUMENT} says what it answers; docs/backend.md explains it"
    if found is None:
        return f"{asked}: there is none, which is an answer", ""
    if found != settings.order_number:
        return (
            f"{asked}: the order that came is called {found}",
            "let it be called as PARLEY_ORDER_NUMBER shows, or set that to an example of yours",
        )
    return f"{asked}: an order, as it should be", ""


async def _find_order(settings: Settings) -> str | None:
    """The number of the order of the example, as the back end writes it."""
    database = await open_database(settings)
    try:
        async with open_backend(settings, database) as backend:
            order = await backend.find_order(settings.order_number)
            return None if order is None else order.number
    finally:
        await database.close()
