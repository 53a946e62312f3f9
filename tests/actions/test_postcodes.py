"""Two postcodes in one message: the order's, and the new address's."""

import pytest

from actions.fields import ADDRESS, NEW_POSTCODE, POSTCODE
from actions.postcodes import tell_apart
from tests.actions.talk import Talk

OLD, NEW = "EH3 9QQ", "LS1 4AB"


@pytest.mark.parametrize(
    "text",
    [
        "change the address of 10538, EH3 9QQ to 5 Rose Street, Leeds LS1 4AB",
        "deliver to 5 Rose Street, Leeds LS1 4AB, the order is 10538 EH3 9QQ",
        "my postcode was EH3 9QQ and the new one is LS1 4AB, order 10538",
        "the new one is LS1 4AB, the old was EH3 9QQ",
        "from EH3 9QQ to LS1 4AB",
        "it should be LS1 4AB instead of EH3 9QQ",
        "10538 EH3 9QQ, LS1 4AB",
        "EH3 9QQ and LS1 4AB",
    ],
)
def test_two_postcodes(text: str) -> None:
    told = tell_apart(text, {POSTCODE: OLD, NEW_POSTCODE: OLD})
    assert (told[POSTCODE], told[NEW_POSTCODE]) == (OLD, NEW)


def test_one_postcode_is_that_of_what_it_stands_behind() -> None:
    both = {POSTCODE: OLD, NEW_POSTCODE: OLD}
    assert tell_apart("10538 EH3 9QQ", both) == {POSTCODE: OLD}
    with_street = both | {ADDRESS: "5 Rose Street, Leeds"}
    assert POSTCODE not in tell_apart("5 Rose Street, Leeds EH3 9QQ", with_street)
    assert tell_apart("EH3 9QQ or EH3 9QQ", both) == {POSTCODE: OLD}


def test_the_new_one_counts_once_they_are_known() -> None:
    assert tell_apart("from EH3 9QQ to LS1 4AB", {NEW_POSTCODE: OLD}) == {NEW_POSTCODE: NEW}


async def test_all_in_one_sentence(talk: Talk) -> None:
    said = await talk.say(
        "change the delivery address of 10538, EH3 9QQ to 5 Rose Street, Leeds LS1 4AB",
        "change_address",
    )
    assert "HP-10538 delivered to 5 Rose Street, Leeds, LS1 4AB. Shall I?" in said
