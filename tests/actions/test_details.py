import pytest

from actions.details import OrderDetails, find_details, same_postcode


@pytest.mark.parametrize(
    ("text", "number", "postcode"),
    [
        ("HP-10442", "HP-10442", None),
        ("hp10442", "HP-10442", None),
        ("10442", "HP-10442", None),
        ("it's hp 10442.", "HP-10442", None),
        ("H.P. 10442", "HP-10442", None),
        ("#10442", "HP-10442", None),
        ("SW1A 1AA", None, "SW1A 1AA"),
        ("sw1a1aa", None, "SW1A 1AA"),
        ("m4-1hq", None, "M4 1HQ"),
        ("order 10442, postcode bn1 4gh", "HP-10442", "BN1 4GH"),
        ("BN1 4GH and the number is hp-10442 thanks", "HP-10442", "BN1 4GH"),
        ("hp10442bn14gh", None, None),  # nobody can tell where one ends
        ("HP10 4AA", None, "HP10 4AA"),  # High Wycombe, not an order
        ("HP10 4AA, order HP-10442", "HP-10442", "HP10 4AA"),
        ("1044", None, None),
        ("104422", None, None),
        ("07700 900123", "HP-07700", None),  # the shop does not know it, which the lookup says
        ("call me at 5 pm", None, None),
        ("", None, None),
        ("where is my order", None, None),
        ("I bought 2 lamps in 2024", None, None),
        ("BN1 4G", None, None),
    ],
)
def test_find_details(text: str, number: str | None, postcode: str | None) -> None:
    assert find_details(text) == OrderDetails(number, postcode)


def test_details_without_anything_are_false() -> None:
    assert not OrderDetails()
    assert OrderDetails(postcode="BN1 4GH")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("BN1 4GH", "bn14gh", True), ("BN1 4GH", "BN1 4GJ", False), ("BN1 4GH", "", False)],
)
def test_same_postcode(one: str, other: str, same: bool) -> None:
    assert same_postcode(one, other) is same
