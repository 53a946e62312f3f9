"""The option or the known name that a customer means, and when none is clear."""

import pytest

from language.values.choices import choose
from language.values.matching import find_name, find_names

SLOTS = ("Tuesday 24 November, 8 to 12", "Wednesday 25 November, 12 to 4",
         "Thursday 26 November, 8 to 12")  # fmt: skip
PARTS = ("8 to 12", "12 to 4")
ITEMS = ("oak bedside table", "reading lamp", "brass floor lamp")
PRICES = ("Chair £45", "Chair £60", "Chair £80")
DAYS = ("2 March", "3 March")
TOWNS = ("Brighton", "Leeds", "Edinburgh", "Manchester")


@pytest.mark.parametrize(
    ("text", "options", "place"),
    [
        ("the second one", SLOTS, 1),
        ("2", SLOTS, 1),
        ("one", SLOTS, 0),
        ("number two", SLOTS, 1),
        ("option 3 please", SLOTS, 2),
        ("I'll take the first one please", SLOTS, 0),
        ("the last one", SLOTS, 2),
        ("the middle one", SLOTS, 1),
        ("weds please", SLOTS, 1),
        ("the 25th", SLOTS, 1),
        ("the twenty fifth", SLOTS, 1),
        ("I want the one on thursday", SLOTS, 2),
        ("Wednesday 25 November, 12 to 4", SLOTS, 1),
        ("not the first one, the second", SLOTS, 1),
        ("not the first", PARTS, 1),
        ("not the reading lamp, the bedside table", ITEMS, 0),
        ("thursday rather than tuesday", SLOTS, 2),
        ("not the reading lamp", ITEMS, None),
        ("the earlier one", PARTS, 0),
        ("later", PARTS, 1),
        ("8 to 12", PARTS, 0),
        ("the morning", PARTS, 0),
        ("after 2", PARTS, 1),
        ("after four", ("Morning (8 to 12)", "Afternoon (12 to 4)", "Evening (5 to 8)"), 2),
        ("the reading lamp", ITEMS, 1),
        ("beadside tabel", ITEMS, 0),
        ("the 60 pound one", PRICES, 1),
        ("forty five pounds", PRICES, 0),
        ("the £50 one", PRICES, None),
        ("cheapest", PRICES, 0),
        ("the most expensive", PRICES, 2),
        ("the 60 one", PRICES, 1),
        ("the earlier one", SLOTS, None),  # of three
        ("8 to 12", SLOTS, None),  # two have it
        ("tuesday or wednesday", SLOTS, None),
        ("the first or the second", SLOTS, None),
        ("friday", SLOTS, None),
        ("one more thing", SLOTS, None),
        ("4", ("red", "blue"), None),
        ("0", SLOTS, None),
        ("the lamp", ITEMS, None),
        ("both", ITEMS, None),
        ("the blue one", ITEMS, None),
        ("2", DAYS, None),  # the second, or 2 March
        ("the second", DAYS, None),
        ("chair", PRICES, None),
        ("morning", SLOTS, None),
        ("", SLOTS, None),
        ("the first", (), None),
    ],
)
def test_choose(text: str, options: tuple[str, ...], place: int | None) -> None:
    assert choose(text, options) == place


@pytest.mark.parametrize(
    ("text", "names", "name"),
    [
        ("Leeds", TOWNS, "Leeds"),
        ("the leeds shop", TOWNS, "Leeds"),
        ("edinbrugh please", TOWNS, "Edinburgh"),
        ("Manchestr", TOWNS, "Manchester"),
        ("brigton", TOWNS, "Brighton"),
        ("the bedside table is broken", ITEMS, "oak bedside table"),
        ("tables", ITEMS, "oak bedside table"),
        ("readin lamp", ITEMS, "reading lamp"),
        ("the lamp for the floor", ITEMS, "brass floor lamp"),
        ("table", ("table", "side table"), "table"),
        ("lamp", ITEMS, None),
        ("Leeds or Brighton", TOWNS, None),
        ("London", TOWNS, None),
        ("hair", ("chair", "sofa"), None),
        ("lambs", ("lamp", "sofa"), None),
        ("", TOWNS, None),
        ("Leeds", (), None),
    ],
)
def test_find_name(text: str, names: tuple[str, ...], name: str | None) -> None:
    found = find_name(text, names)
    assert (found.value if found else None) == name


def test_a_name_is_cited() -> None:
    text = "it is about the readin lamp I bought"
    found = find_name(text, ITEMS)
    assert found is not None
    assert found.span.of(text) == "readin lamp"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("lex@mail.example", None),
        ("it's phone@shop.example", None),
        ("https://x.example/phone", None),
        ("www.mail.example", None),
        ("shop.example/phone", None),
        ("my e-mail", 0),
        ("phone, not lex@mail.example", 1),
    ],
)
def test_nothing_is_chosen_inside_an_email_address_or_a_link(text: str, place: int | None) -> None:
    assert choose(text, ["My e-mail address", "My phone number"]) == place


@pytest.mark.parametrize(
    ("text", "place"), [("HP-10442", 0), ("hp-10443 please", 1), ("T-10443", None)]
)
def test_an_order_number_chooses_only_the_option_that_has_it(text: str, place: int | None) -> None:
    assert choose(text, ["HP-10442, oak table", "HP-10443, pine desk"]) == place


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("one of the dining chairs and the table", ("ash dining table", "dining chair")),
        ("the chair, the table", ("ash dining table", "dining chair")),
        ("the table plus one chair please", ("ash dining table", "dining chair")),
        ("one of the dining chairs", ()),  # one alone is for find_name
        ("send back the chair and keep the table", ()),
        ("the chair, but not the table", ()),
        ("dining, dining", ()),
        ("", ()),
    ],
)  # fmt: skip
def test_find_names_of_several(text: str, named: tuple[str, ...]) -> None:
    found = find_names(text, ("ash dining table", "dining chair"))
    assert set(found) == set(named)
