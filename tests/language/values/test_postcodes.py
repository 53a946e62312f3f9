"""British postcodes, typed and spoken, and what only looks like one."""

import pytest

from language.values.postcodes import find_postcodes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("BN1 4GH", [("BN1 4GH", "BN1 4GH")]),
        ("bn14gh", [("BN1 4GH", "bn14gh")]),
        ("m4-1hq", [("M4 1HQ", "m4-1hq")]),
        ("it's sw1a 1aa.", [("SW1A 1AA", "sw1a 1aa")]),
        ("10442, LS6 2AB", [("LS6 2AB", "LS6 2AB")]),
        ("BN1 4GH not LS6 2AB", [("BN1 4GH", "BN1 4GH"), ("LS6 2AB", "LS6 2AB")]),
        ("HP10 4AB", [("HP10 4AB", "HP10 4AB")]),  # High Wycombe
        ("b for bravo n one four g h", [("BN1 4GH", "b for bravo n one four g h")]),
        ("bravo november one four golf hotel", [("BN1 4GH", "bravo november one four golf hotel")]),
        ("s double u one a one double a", [("SW1A 1AA", "s double u one a one double a")]),
        ("the postcode is e h three nine double q", [("EH3 9QQ", "e h three nine double q")]),
        ("LS six two a b", [("LS6 2AB", "LS six two a b")]),
        ("a m four one h q", [("M4 1HQ", "m four one h q")]),
        ("c f ten one e p", [("CF10 1EP", "c f ten one e p")]),
        ("one oh four four two b n one four g h", [("BN1 4GH", "b n one four g h")]),
        ("g oscar one two a b", []),
        ("p oh one five a b", [("PO1 5AB", "p oh one five a b")]),
        ("BN1 4G", []),
        ("BN 4GH", []),
        ("QQ1 1AA", []),
        ("HP-10442", []),
        ("at 10 to 4", []),
        ("it is 12 my way", []),
        ("M4 1pm", []),
        ("flat b4 2nd floor", []),
        ("so one five two a b", []),
        ("BN1 4GHX", []),
        ("14 March", []),
        ("", []),
    ],
)
def test_postcodes(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.value, one.span.of(text)) for one in find_postcodes(text)] == found
