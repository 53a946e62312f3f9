"""Street addresses, and sentences that only hold a number or a road."""

import pytest

from language.values.addresses import find_address


@pytest.mark.parametrize(
    ("text", "lines", "postcode"),
    [
        ("12 Harbour Street, Brighton BN1 4GH", "12 Harbour Street|Brighton", "BN1 4GH"),
        ("12 harbour street brighton bn1 4gh", "12 Harbour Street|Brighton", "BN1 4GH"),
        ("flat 3, 40 Pine Road, Leeds LS6 2AB", "Flat 3|40 Pine Road|Leeds", "LS6 2AB"),
        ("flat 3 40 pine road leeds ls6 2ab", "Flat 3 40 Pine Road|Leeds", "LS6 2AB"),
        ("my new address is 22a castle lane, cardiff", "22a Castle Lane|Cardiff", None),
        ("send it to forty two pine road leeds l s six two a b", "42 Pine Road|Leeds", "LS6 2AB"),
        ("The Old Mill, Mill Lane, Lewes BN7 1AA", "The Old Mill|Mill Lane|Lewes", "BN7 1AA"),
        ("we moved to Rose Cottage, Church Lane, Ditchling BN6 8TU",
         "Rose Cottage|Church Lane|Ditchling", "BN6 8TU"),
        ("9 The Green\nLewes\nBN7 1AA", "9 The Green|Lewes", "BN7 1AA"),
        ("it's 8 Park View and the postcode is BN1 4GH", "8 Park View", "BN1 4GH"),
        ("12-14 High St, York YO1 7HH", "12-14 High St|York", "YO1 7HH"),
        ("no, 14 Harbour Street", "14 Harbour Street", None),
        ("I live at 5 station road", "5 Station Road", None),
        ("12 Harbour Street, Brighton, please", "12 Harbour Street|Brighton", None),
        ("8 stratford upon avon road", "8 Stratford upon Avon Road", None),
    ],
)  # fmt: skip
def test_addresses(text: str, lines: str, postcode: str | None) -> None:
    found = find_address(text)
    assert found is not None
    assert ("|".join(found.lines), found.postcode) == (lines, postcode)
    assert found.span.of(text)


@pytest.mark.parametrize(
    "text",
    [
        "", "HP-10442", "4 chairs", "order 10442 LS6 2AB", "10442, LS6 2AB", "BN1 4GH",
        "I want 2 chairs by the road", "deliver on 14 March please", "3 weeks on the road",
        "one two three four five", "I have 3 orders going to BN1 4GH", "the second one",
        "my road is closed", "at 4 pm", "07700 900123", "the house is cold",
    ],
)  # fmt: skip
def test_no_address(text: str) -> None:
    assert find_address(text) is None
