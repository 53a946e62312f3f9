"""A message's values beside those known before: a corrected street keeps its town."""

from collections.abc import Mapping

from actions.fields import ADDRESS, NEW_POSTCODE
from actions.task import Collected
from language.values.addresses import correct_number, correct_street


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
    before, postcode = known.get(ADDRESS), known.get(NEW_POSTCODE)
    whole = correct_number(before, said) if before else None
    if whole is None:
        return {}
    return {ADDRESS: whole} | ({NEW_POSTCODE: postcode} if postcode else {})
