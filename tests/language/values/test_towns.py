"""Towns by name, and words that are only spelled like them."""

import pytest

from language.values.towns import TOWNS, find_town
from store.shop.areas import AREAS


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("is there a shop near Leeds", "LS1"),
        ("London", "EC1A"),
        ("I'm in London", "EC1A"),
        ("north london please", "EC1A"),
        ("closest store to Stoke-on-Trent?", "ST1"),
        ("I live in Kings Lynn", "PE30"),
        ("um, newcastle upon tyne", "NE1"),
        ("any showrooms around bath", "BA1"),
        ("Reading", "RG1"),
        ("the brighton one", "BN1"),
        ("and the Leeds showroom?", "LS1"),
        ("the reading lamp", None),
        ("the bath one is chipped", None),
        ("do you sell bath towels", None),
        ("I am looking to bath towels", None),
        ("I was reading about your shops", None),
        ("where can I see bath mats in person", None),
        ("at Derby Road", None),
        ("well, wells up", None),
        ("Paris", None),
        ("Leedsville", None),
        ("", None),
    ],
)
def test_a_town(text: str, district: str | None) -> None:
    found = find_town(text)
    assert (found.value if found else None) == district
    if found:
        assert text[found.span.start : found.span.end].lower().replace("-", " ")[:4] in str(TOWNS)


def test_every_town_lies_in_an_area_that_the_shop_knows() -> None:
    unknown = {
        town: district
        for town, district in TOWNS.items()
        if district.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ").rstrip("0123456789") not in AREAS
    }
    assert unknown == {}
