"""Every field's reader, with near misses, and what a change of it makes void."""

from datetime import UTC, datetime

import pytest

from actions.choosing import choose_from
from actions.fields import FIELDS, MAX_NOTE, resting_on
from actions.reading import is_bare
from actions.task import Choice

NOW = datetime(2025, 6, 5, 9, tzinfo=UTC)  # a Thursday


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("order", "HP-10442", "HP-10442"),
        ("order", "hp 10442 please", "HP-10442"),
        ("order", "it is 10391, not 10392", "HP-10391"),
        ("order", "not 10392 but 10391", "HP-10391"),
        ("order", "I said 10392, I meant 10391", "HP-10391"),
        ("order", "1044", None),
        ("order", "104421", None),
        ("order", "T-20017", None),
        ("order", "", None),
        ("postcode", "bn14gh", "BN1 4GH"),
        ("postcode", "B N 1 4 G H", "BN1 4GH"),
        ("postcode", "BN1", None),
        ("postcode", "HP-10442", None),
        ("code", "123456", "123456"),
        ("code", "it is 123 456.", "123456"),
        ("code", "12345", None),
        ("code", "1234567", None),
        ("code", "HP-123456", None),
        ("proof", "I don't have the postcode", "code"),
        ("proof", "i do not know the post code", "code"),
        ("proof", "send me a code instead", "code"),
        ("proof", "I don’t remember the postcode", "code"),
        ("proof", "the postcode is BN1 4GH", None),
        ("proof", "I do not have my order number", None),
        ("proof", "code", None),
        ("return", "R-30001", "R-30001"),
        ("return", "HP-30001", None),
        ("ticket", "how far is T-20017?", "T-20017"),
        ("ticket", "20017", None),
        ("fitting", "f 40006", "F-40006"),
        ("fitting", "R-40006", None),
        ("day", "next Tuesday", "2025-06-10/2025-06-10"),
        ("day", "the 14th", "2025-06-14/2025-06-14"),
        ("day", "HP-10442", None),
        ("day", "4 chairs", None),
        ("hours", "in the afternoon", "12:00/18:00"),
        ("hours", "after four", "16:00/"),
        ("hours", "four chairs", None),
        ("address", "5 Example Road, Leeds LS6 2AB", "5 Example Road, Leeds"),
        ("address", "LS6 2AB", None),
        ("address", "somewhere else", None),
        ("new_postcode", "5 Example Road, Leeds ls62ab", "LS6 2AB"),
        ("new_postcode", "Leeds", None),
        ("note", "  a leg is off ", "a leg is off"),
        ("note", " \n", None),
        ("reason", "too wide", "too wide"),
        ("item", "the lamp", None),  # only ever chosen from a list
        ("slot", "the second one", None),
        ("confirm", "yes", None),
    ],
)
def test_a_field_is_read(name: str, text: str, value: str | None) -> None:
    assert FIELDS[name].read(text, NOW) == value


def test_a_note_is_kept_short() -> None:
    assert len(FIELDS["note"].read("x" * 20_000, NOW) or "") == MAX_NOTE


@pytest.mark.parametrize(
    ("changed", "void"),
    [
        ({"order"}, {"confirm", "code", "proof", "slot", "time", "item", "lost", "account"}),
        ({"day"}, {"confirm", "slot", "time"}),  # the time of day that was said still counts
        ({"slot"}, {"confirm", "day", "hours"}),
        ({"slot", "day"}, {"confirm", "time", "hours"}),
        ({"address"}, {"confirm", "new_postcode"}),
        ({"address", "new_postcode"}, {"confirm"}),
        ({"return"}, {"confirm", "order"}),
        ({"note"}, {"confirm"}),
        ({"confirm"}, set()),
    ],
)
def test_a_change_makes_void_what_rests_on_it(changed: set[str], void: set[str]) -> None:
    assert resting_on(changed) == void


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("10442", True),
        ("sorry, I meant HP-10517", True),
        ("my order number is 10517", True),
        ("no, the 14th of June please", True),
        ("cancel order 10517", False),
        ("where is HP-10517", False),
        ("I want to return 10517", False),
    ],
)
def test_a_value_is_told_from_a_wish(text: str, bare: bool) -> None:
    assert is_bare(text) is bare


def moment(day: int, start: int, end: int) -> Choice:
    at, until = (datetime(2025, 6, day, hour, tzinfo=UTC) for hour in (start, end))
    return Choice(f"{at:%A} {day} June, {start} to {end}", f"{day} {start}", at, until)


TIMES = [moment(9, 8, 12), moment(9, 12, 16), moment(10, 8, 12), moment(10, 12, 16)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", "9 12"),
        ("number 3", "10 8"),
        ("the second one", "9 12"),
        ("the second", "9 12"),  # the 2nd is a date too, but none of these
        ("the last one", "10 12"),
        ("Tuesday afternoon", "10 12"),
        ("Monday morning please", "9 8"),
        ("the 10th after twelve", "10 12"),
        ("not Monday, in the afternoon", "10 12"),
        ("not Tuesday", None),  # two are left
        ("9", None),  # no button has that number
        ("0", None),
        ("Tuesday", None),  # two of them
        ("in the afternoon", None),
        ("Wednesday", None),
        ("Tuesday evening", None),
        ("any of them", None),
        ("blue", None),
        ("", None),
    ],
)
def test_a_time_is_chosen(text: str, value: str | None) -> None:
    found = choose_from(text, TIMES, now=NOW)
    assert (found and found.value) == value


@pytest.mark.parametrize(("text", "value"), [("not Monday", "10 8"), ("Monday is no good", "10 8")])
def test_a_day_that_is_refused_leaves_the_other(text: str, value: str) -> None:
    found = choose_from(text, TIMES[1:3], now=NOW)
    assert (found and found.value) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("the vase", "glass vase"),
        ("wall shlef", "wall shelf"),
        ("1", "glass vase"),
        ("all of it", "*"),
        ("the vase or the shelf", None),
        ("the lamp", None),
    ],
)
def test_an_item_is_chosen(text: str, value: str | None) -> None:
    items = [Choice(item, item) for item in ("glass vase", "wall shelf")]
    found = choose_from(text, [*items, Choice("All of it", "*")], now=NOW)
    assert (found and found.value) == value
