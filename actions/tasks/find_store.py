"""Find a shop one can walk into, near a postcode or by the name of its town."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from actions.fields import AREA
from actions.task import Ask, Choice, Collected, Desk, Outcome, Result
from core.shop import StoreNearby

EVERY = "*"
NEARBY = 40.0  # miles; within an hour's drive a second shop may suit better than the nearest
QUESTION = "What is your postcode or town? Then I can say which of our shops is nearest."


@dataclass(frozen=True, slots=True)
class FindStore:
    """Tells where the shops are and when they are open; asks for nothing personal."""

    name: str = "find_store"
    fields: tuple[str, ...] = (AREA,)
    is_personal: bool = False

    async def next(self, desk: Desk, known: Collected) -> Ask | None:
        """Near which postcode."""
        if AREA in known:
            return None
        stores = await desk.backend.stores_near("")
        towns = tuple(Choice(store.name, store.postcode) for store in stores)
        return Ask(AREA, QUESTION, (*towns, Choice("All of them", EVERY)))

    async def finish(self, desk: Desk, known: Collected) -> Outcome:
        """Tell them, nearest first."""
        area = known[AREA]
        stores = await desk.backend.stores_near("" if area == EVERY else area)
        here = [replace(store, miles=None) for store in stores if store.postcode == area]
        text = say_stores(_without_own_miles(here or _near(stores), area))
        if not here and area != EVERY and (not stores or stores[0].miles is None):
            text = f"I do not know where {area} is, so these are all of our shops.\n\n{text}"
        return Outcome(Result.RESOLVED, text)


def _without_own_miles(stores: Sequence[StoreNearby], area: str) -> list[StoreNearby]:
    """The stores, those of the postcode's own area without miles.

    Of an area as of a town only the middle is known, and that may be as far away as the shop is.
    """
    return [
        replace(store, miles=None) if _letters(store.postcode) == _letters(area) else store
        for store in stores
    ]


def _letters(postcode: str) -> str:
    """The area of a postcode: 'EH' of 'EH2 3HT'."""
    found = re.match(r"[A-Z]+", postcode.upper())
    return found[0] if found else ""


def say_stores(stores: Sequence[StoreNearby]) -> str:
    """One paragraph a shop: name, address, distance, hours."""
    return "\n\n".join(_say(store) for store in stores)


def _near(stores: Sequence[StoreNearby]) -> Sequence[StoreNearby]:
    """The nearest, and another that is near too; all of them when nobody knows how far they are."""
    if not stores or stores[0].miles is None:
        return stores
    return (stores[0], *(one for one in stores[1:2] if one.miles and one.miles <= NEARBY))


def _say(store: StoreNearby) -> str:
    away = f", about {store.miles:.0f} miles away" if store.miles is not None else ""
    away = away.replace("about 1 miles", "about a mile")
    return f"{store.name}, {store.address}, {store.postcode}{away}. Open {store.hours}."


TASK = FindStore()
