"""A street that is put right keeps its town and postcode; a new address brings its own."""

import pytest

from actions.correcting import new_values
from actions.task import Collected

KNOWN = {"address": "14 Rose Street, Leeds", "new_postcode": "LS6 2AB", "order": "HP-10538"}


@pytest.mark.parametrize(
    ("told", "news"),
    [
        ({"address": "41 Rose Street"},
         {"address": "41 Rose Street, Leeds", "new_postcode": "LS6 2AB"}),
        ({"address": "41 Rose Street", "new_postcode": "LS6 2AB"},
         {"address": "41 Rose Street, Leeds", "new_postcode": "LS6 2AB"}),
        ({"address": "41 Rose Street, Otley", "new_postcode": "LS6 2AB"},
         {"address": "41 Rose Street, Otley", "new_postcode": "LS6 2AB"}),
        ({"address": "2 Pine Road, York"}, {"address": "2 Pine Road, York"}),
        ({"address": "41 Rose Street", "new_postcode": "YO1 7HH"},
         {"address": "41 Rose Street", "new_postcode": "YO1 7HH"}),
        ({"address": "14 Rose Street, Leeds", "order": "HP-10539"}, {"order": "HP-10539"}),
        ({"new_postcode": "YO1 7HH"}, {"new_postcode": "YO1 7HH"}),
        ({}, {}),
    ],
)  # fmt: skip
def test_what_is_told_anew(told: dict[str, str], news: dict[str, str]) -> None:
    assert new_values(told, Collected(KNOWN)) == news


def test_the_first_address_is_taken_as_it_is() -> None:
    assert new_values({"address": "41 Rose Street"}, Collected()) == {"address": "41 Rose Street"}
