"""The showrooms, which are made up, and how far they are from a postcode."""

import re
from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from core.shop import StoreNearby, normalise_postcode
from store.shop.areas import AREAS

EARTH_RADIUS_MILES = 3958.8  # mean radius (IUGG)
HOURS = "Monday to Saturday 9 am to 6 pm, Sunday 10 am to 4 pm"  # as knowledge/showrooms.md


@dataclass(frozen=True, slots=True)
class Showroom:
    """A shop one can walk into; `place` is degrees north and east."""

    name: str
    address: str
    postcode: str
    place: tuple[float, float]


SHOWROOMS = (
    Showroom("Harbour & Pine Brighton", "4 Pinewharf Lane, Brighton", "BN1 9HP", (50.8, -0.1)),
    Showroom("Harbour & Pine Bristol", "21 Harbourpine Walk, Bristol", "BS1 9HP", (51.5, -2.6)),
    Showroom("Harbour & Pine Leeds", "Unit 6, Pinecross Yard, Leeds", "LS1 9HP", (53.8, -1.5)),
    Showroom("Harbour & Pine Edinburgh", "33 Pinehaven Row, Edinburgh", "EH1 9HP", (56.0, -3.2)),
)


def stores_near(postcode: str) -> tuple[StoreNearby, ...]:
    """The showrooms, nearest first; in their own order, without miles, for an unknown area.

    Miles are as the crow flies from about the middle of the postcode's area, in whole miles.
    """
    centre = _centre(postcode)
    if centre is None:
        return tuple(_nearby(room, None) for room in SHOWROOMS)
    away = sorted(
        ((miles_between(centre, room.place), room) for room in SHOWROOMS), key=lambda one: one[0]
    )
    return tuple(_nearby(room, float(max(1, round(miles)))) for miles, room in away)


def miles_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance (haversine) between two places in degrees."""
    (north, east), (other_north, other_east) = map(_radians, (one, other))
    square = (
        sin((other_north - north) / 2) ** 2
        + cos(north) * cos(other_north) * sin((other_east - east) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(square))


def _radians(place: tuple[float, float]) -> tuple[float, float]:
    return radians(place[0]), radians(place[1])


def _centre(postcode: str) -> tuple[float, float] | None:
    letters = re.match(r"[A-Z]{1,2}(?=\d)", normalise_postcode(postcode))
    return AREAS.get(letters[0]) if letters else None


def _nearby(room: Showroom, miles: float | None) -> StoreNearby:
    return StoreNearby(room.name, room.address, room.postcode, HOURS, miles)
