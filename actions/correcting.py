"""A message's values beside those known before: a corrected street keeps its town."""

from collections.abc import Mapping
from datetime import datetime

from actions.fields import ADDRESS, NEW_POSTCODE, WHEN
from actions.task import Collected
from language.values.addresses import (
    correct_number,
    correct_part,
    correct_street,
    town_before,
    with_town,
)
from language.values.moments import find_moment
from language.values.postcodes import find_postcodes
from language.values.towns import find_town

DATE = len("2026-11-24")


def new_values(told: Mapping[str, str], known: Collected) -> dict[str, str]:
    """What is told anew; 'sorry, it's 41 Rose Street' keeps the town and the postcode known."""
    news = {name: value for name, value in told.items() if known.get(name) != value}
    before, postcode = known.get(ADDRESS), known.get(NEW_POSTCODE)
    if ADDRESS not in news or not before or told.get(NEW_POSTCODE, postcode) != postcode:
        return news
    whole = correct_street(before, news[ADDRESS])
    if whole is None and NEW_POSTCODE not in told:
        return news
    news[ADDRESS] = whole or news[ADDRESS]
    return news | {NEW_POSTCODE: postcode} if postcode else news


def part_of_address(said: str, known: Collected) -> dict[str, str]:
    """The address with the house number that was said in place of its own: '43' of 'no, 43'."""
    before = known.get(ADDRESS)
    return _put_right(correct_number(before, said) if before else None, known)


def corrected_address(text: str, known: Collected) -> dict[str, str]:
    """The address with a part of it put right: 'sorry, its 41 not 14', 'its flat 3 by the way'."""
    before = known.get(ADDRESS)
    return _put_right(correct_part(before, text) if before else None, known)


def town_beside(text: str, known: Collected) -> dict[str, str]:
    """The address with its town, said where its postcode is asked for: 'Edinburgh, EH10 4AX'."""
    before, postcodes, town = known.get(ADDRESS), find_postcodes(text), find_town(text)
    name = town.span.of(text) if town else None
    if postcodes:
        name = town_before(text, postcodes[0].span.start)
    whole = with_town(before, name) if before and name else None
    return {} if whole is None else {ADDRESS: whole}


def _put_right(whole: str | None, known: Collected) -> dict[str, str]:
    postcode = known.get(NEW_POSTCODE)
    if whole is None:
        return {}
    return {ADDRESS: whole} | ({NEW_POSTCODE: postcode} if postcode else {})


def whole_call(
    told: Mapping[str, str], text: str, known: Collected, now: datetime
) -> dict[str, str]:
    """The time of a call of which only the day, or only the hour, was said anew."""
    before, news = known.get(WHEN), told.get(WHEN)
    moment = find_moment(text, now=now, is_asked=True) if before and news else None
    if moment is None or before is None or news is None:
        return dict(told)
    has_day, has_hours = moment.first is not None, bool(moment.earliest or moment.latest)
    if has_day is has_hours:
        return dict(told)
    day, hours = (news, before) if has_day else (before, news)
    return {**told, WHEN: "/".join(map(_joined, *_ends(day, hours)))}


def _ends(day: str, hours: str) -> tuple[list[str], list[str]]:
    """The day of a window and the hours of another, for both of their ends."""
    first = day.partition("/")[0][:DATE]
    start, _, end = hours.partition("/")
    return [first, first], [start, end]


def _joined(day: str, moment: str) -> str:
    return f"{day}{moment[DATE:]}" if moment else ""
