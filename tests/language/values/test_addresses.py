"""Street addresses, and sentences that only hold a number or a road."""

import pytest

from language.values.addresses import correct_part, correct_street, find_address


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
        ("12 Harbour Street, Brighton (BN1 4GH)", "12 Harbour Street|Brighton", "BN1 4GH"),
        ("12 Harbour Street is my address, postcode BN1 4GH", "12 Harbour Street", "BN1 4GH"),
        # the postcode of the order before that of the address
        ("order HP-10538, postcode EH3 9QQ, deliver to 12 Rose Street, Leeds LS6 2AB",
         "12 Rose Street|Leeds", "LS6 2AB"),
        ("I'm moving house, send HP-10538 (EH3 9QQ) to 12 Rose Street, Leeds LS6 2AB",
         "12 Rose Street|Leeds", "LS6 2AB"),
        ("my postcode is EH3 9QQ and I live at 5 station road", "5 Station Road", None),
        ("rose cottage ditchling bn6 8tu", "Rose Cottage Ditchling", "BN6 8TU"),
        ("please send it to Mill House, Church Lane, Lewes, BN7 1AA",
         "Mill House|Church Lane|Lewes", "BN7 1AA"),
        ("The Manor House, Lewes BN7 1AA", "The Manor House|Lewes", "BN7 1AA"),
        ("Long Barn, Moor Lane, York YO1 7HH", "Long Barn|Moor Lane|York", "YO1 7HH"),
        ("12 Kingsmead, Bath BA1 2AB", "12 Kingsmead|Bath", "BA1 2AB"),
        ("my new address is 12 kingsmead, bath ba1 2ab", "12 Kingsmead|Bath", "BA1 2AB"),
        ("I've moved, it's 14 New Road, Leeds", "14 New Road|Leeds", None),
        ("12 mile end road, london", "12 Mile End Road|London", None),
        ("8 stratford upon avon road", "8 Stratford upon Avon Road", None),
        # a flat, unit or floor before a named house, or before the number
        ("Flat 2, Rose Cottage, Ditchling BN6 8TU", "Flat 2|Rose Cottage|Ditchling", "BN6 8TU"),
        ("flat 2 rose cottage, ditchling bn6 8tu", "Flat 2 Rose Cottage|Ditchling", "BN6 8TU"),
        ("Unit 4, The Old Mill, Mill Lane, Leeds LS1 4AB",
         "Unit 4|The Old Mill|Mill Lane|Leeds", "LS1 4AB"),
        ("it's flat b, manor house, lewes bn7 1aa", "Flat B|Manor House|Lewes", "BN7 1AA"),
        ("top floor flat, 12 Rose Street, Leeds LS1 4AB",
         "Top Floor Flat|12 Rose Street|Leeds", "LS1 4AB"),
        ("2nd floor, Pine House, Leeds LS1 4AB", "2nd Floor|Pine House|Leeds", "LS1 4AB"),
        ("c/o Smith, 4 Rose Lane, Leeds LS1 4AB", "c/o Smith|4 Rose Lane|Leeds", "LS1 4AB"),
        ("number 14 Harbour Street", "14 Harbour Street", None),
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
        "my road is closed", "at 4 pm", "07700 900123", "the house is cold", "we want flat 2",
        "flat 2 is cold",
    ],
)  # fmt: skip
def test_no_address(text: str) -> None:
    assert find_address(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "I'm moving house, need order HP-10538 (EH3 9QQ) sending somewhere else",
        "I'm moving house, EH3 9QQ",
        "moving house to EH3 9QQ next week",
        "we moved house, my old postcode was EH3 9QQ",
        "I'm on my way",
        "I'm on my way, order HP-10442, LS6 2AB",
        "I have 2 orders and am on my way to LS6 2AB",
        "the shop is close to you",
        "is there a shop close to EH3 9QQ",
        "the drive took an hour",
        "the drive took 2 hours from LS6 2AB",
        "in the first place",
        "why was it late in the first place? BN1 4GH",
        "it's a long way",
        "it is a long way to LS6 2AB",
        "my flat is on the 2nd floor",
        "my flat is on the 2nd floor, EH3 9QQ",
        "flat on the second floor, no lift, BN1 4GH",
        "the house is cold",
        "a nice house, EH3 9QQ",
        "my house is in EH3 9QQ",
        "please leave it at my house, postcode BN1 4GH",
        "2 of them are in the way",
        "there are 3 boxes in the road outside BN1 4GH",
        "it is a 5 minute walk from BN1 4GH",
        "10 minutes drive from LS6 2AB",
        "the driver could not park at BN1 4GH",
        "I will see you in court over these 2 chairs",
        "2 lamps by the road",
        "I paid 40 for a green sofa, close to you",
        "my order of 4 oak chairs is at the wrong place",
        "3 vans could not find a place to park",
        "is your warehouse near BN1 4GH",
        "the greenhouse, BN1 4GH",
        "I want 2 lamps and 1 sofa, EH3 9QQ",
        "at the end of the road",
        "1 star, no way",
        "house",
        "my road is closed, EH3 9QQ",
        "1 in a million way",
        "I ordered 2 things and one is on its way",
        "can 2 men drive it up the hill",
        "order 10538 flat pack, BN1 4GH",
        "it goes to the same place, EH3 9QQ",
        "we are in a new house. BN1 4GH",
        "number 10442 and EH3 9QQ",
        "10442 EH3 9QQ",
        "the full house order, LS6 2AB",
        "send it to the house, BN1 4GH",
        "it's the house opposite, BN1 4GH",
        "send it to the farm BN1 4GH",
        "I waited 3 hours in the hall BN1 4GH",
        "at 4 pm close to BN1 4GH",
        "my order 10538 is for EH3 9QQ, I now live in a cottage",
    ],
)
def test_a_sentence_is_no_address(text: str) -> None:
    assert find_address(text) is None


@pytest.mark.parametrize(
    ("address", "correction", "whole"),
    [
        ("14 Rose Street, Leeds", "41 Rose Street", "41 Rose Street, Leeds"),
        ("Flat 3, 14 Rose Street, Leeds", "41 Rose Street", "Flat 3, 41 Rose Street, Leeds"),
        ("Flat 3, 14 Rose Street, Leeds", "2 Pine Road", "2 Pine Road, Leeds"),
        ("14 Rose Street, Leeds", "Flat 3, 14 Rose Street", "Flat 3, 14 Rose Street, Leeds"),
        ("14 Rose Street", "41 Rose Street", "41 Rose Street"),
        ("14 Rose Street, Leeds", "2 Pine Road, York", None),  # another town
        ("14 Rose Street, Leeds", "Rose Cottage", None),
    ],
)
def test_a_corrected_street_keeps_its_town(
    address: str, correction: str, whole: str | None
) -> None:
    assert correct_street(address, correction) == whole


@pytest.mark.parametrize(
    ("address", "correction", "whole"),
    [
        ("14 Rose Street, Leeds", "sorry its 41 not 14", "41 Rose Street, Leeds"),
        ("14 Rose Street, Leeds", "sorry, 41 not 14", "41 Rose Street, Leeds"),
        ("14 Rose Street, Leeds", "not 14 but 41", "41 Rose Street, Leeds"),
        ("14 Rose Street, Leeds", "oh wait it should be number 41", "41 Rose Street, Leeds"),
        ("14 Rose Street, Leeds", "forty one, not fourteen", "41 Rose Street, Leeds"),
        ("14 Rose Street, Leeds", "its flat 3 by the way", "Flat 3, 14 Rose Street, Leeds"),
        ("Flat 2, 14 Rose Street, Leeds", "sorry, flat 3", "Flat 3, 14 Rose Street, Leeds"),
        ("Flat 2, 14 Rose Street, Leeds", "3 not 2", "Flat 3, 14 Rose Street, Leeds"),
        ("14 Rose Street, Leeds", "41 not 15", None),  # there is no 15
        ("Flat 14, 14 Rose Street", "41 not 14", None),  # which of the two
        ("14 Rose Street, Leeds", "41", None),
        ("14 Rose Street, Leeds", "sorry, 2 chairs", None),
        ("Rose Cottage, Leeds", "sorry, its 41", None),
    ],
)
def test_a_part_of_an_address_is_put_right(
    address: str, correction: str, whole: str | None
) -> None:
    assert correct_part(address, correction) == whole
