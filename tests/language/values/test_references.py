"""Order, ticket, return and fitting numbers, typed and spoken, and what is none."""

from collections.abc import Iterator

import pytest

from core.number_shapes import OF_THE_DEMO, NumberShapes, parse_shape
from language.values.references import (
    find_appointment_numbers,
    find_codes,
    find_order_numbers,
    find_return_numbers,
    find_ticket_numbers,
    use_shapes,
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("HP-10442", [("HP-10442", "HP-10442")]),
        ("hp10442", [("HP-10442", "hp10442")]),
        ("hp 10442 please", [("HP-10442", "hp 10442")]),
        ("#10442", [("HP-10442", "10442")]),
        ("EH3 9QQ HP10538", [("HP-10538", "HP10538")]),  # the end of a postcode is no letter of it
        ("EH3 9QQ, HP-10538", [("HP-10538", "HP-10538")]),
        ("Leeds LS1 1AA h p one oh five one seven", [("HP-10517", "h p one oh five one seven")]),
        ("HP\u201110442", [("HP-10442", "HP\u201110442")]),
        ("HP-1O442", [("HP-10442", "HP-1O442")]),  # the letter O
        ("10442, 10517", [("HP-10442", "10442"), ("HP-10517", "10517")]),
        ("sorry, it's 10391 not 10392", [("HP-10391", "10391"), ("HP-10392", "10392")]),
        ("one oh four four two", [("HP-10442", "one oh four four two")]),
        ("oh, one oh four four two", [("HP-10442", "one oh four four two")]),
        ("double four one oh seven", [("HP-44107", "double four one oh seven")]),
        ("forty-four one oh seven", [("HP-44107", "forty-four one oh seven")]),
        ("h p one zero four four two", [("HP-10442", "h p one zero four four two")]),
        ("an hp one oh double four two", [("HP-10442", "hp one oh double four two")]),
        ("aitch pee dash 1 0 4 4 2", [("HP-10442", "aitch pee dash 1 0 4 4 2")]),
        ("h for hotel p as in papa 10442", [("HP-10442", "h for hotel p as in papa 10442")]),
        ("order 104 42", [("HP-10442", "104 42")]),
        (
            "ten thousand four hundred and forty two",
            [("HP-10442", "ten thousand four hundred and forty two")],
        ),
        ("BN1 4GH, 10442", [("HP-10442", "10442")]),
        ("10442 2 chairs", [("HP-10442", "10442")]),
        ("complaint about 10442", [("HP-10442", "10442")]),
        ("return 10442", [("HP-10442", "10442")]),
        ("ten four four two", []),  # as like to be fourteen, four, two
        ("HP-1044", []),
        ("HP-104422", []),
        ("xhp10442", []),
        ("HP10442B", []),
        ("£10442", []),
        ("10442 pounds", []),
        ("10442.50", []),
        ("14/3/27", []),
        ("14-3-27", []),
        ("07700 900123", []),
        ("07700 90012", []),
        ("4111 1111 1111 1111", []),
        ("I have 104 42 things", []),
        ("T-20017", []),
        ("ticket number 20017", []),
        ("appointment 40006", []),
        ("at ten to four on the twenty first", []),
        ("", []),
    ],
)
def test_order_numbers(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.value, one.span.of(text)) for one in find_order_numbers(text)] == found


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("T-20017", ["T-20017"]),
        ("t20017", ["T-20017"]),
        ("my ticket is t 20017", ["T-20017"]),
        ("ticket number 20017", ["T-20017"]),
        ("ticket no. 20017", ["T-20017"]),
        ("T for tango two double oh one seven", ["T-20017"]),
        ("tee two zero zero one seven", ["T-20017"]),
        ("case reference 20017", ["T-20017"]),
        ("ticket twenty thousand and seventeen", ["T-20017"]),
        ("20017", []),
        ("HP-10442", []),
        ("order 10442", []),
        ("R-30021", []),
        ("AT20017", []),
        ("I paid 20017 for my ticket", []),
        ("T-2001", []),
    ],
)
def test_ticket_numbers(text: str, values: list[str]) -> None:
    assert [one.value for one in find_ticket_numbers(text)] == values


def test_a_number_asked_for_needs_no_letters() -> None:
    assert [one.value for one in find_ticket_numbers("20017", is_asked=True)] == ["T-20017"]
    assert find_ticket_numbers("HP-20017", is_asked=True) == ()
    assert find_ticket_numbers("order 10442", is_asked=True) == ()


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("R-30021", ["R-30021"]),
        ("return number r30021, any news", ["R-30021"]),
        ("refund reference 30021", ["R-30021"]),
        ("r for romeo three double oh two one", ["R-30021"]),
        ("romeo 30021", ["R-30021"]),
        ("return 30021", ["R-30021"]),
        ("30021", []),
        ("T-30021", []),
        ("PR-30021", []),
        ("R-300211", []),
        ("your 30021", []),
        ("R 3002", []),
        ("HP-10391", []),
        ("£30021 refund", []),
        ("fitting 30021", []),
    ],
)
def test_return_numbers(text: str, values: list[str]) -> None:
    assert [one.value for one in find_return_numbers(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("F-40006", ["F-40006"]),
        ("f40006", ["F-40006"]),
        ("appointment F 40006 please", ["F-40006"]),
        ("my fitting number is 40006", ["F-40006"]),
        ("eff four double oh oh six", ["F-40006"]),
        ("foxtrot four zero zero zero six", ["F-40006"]),
        ("booking 40006", ["F-40006"]),
        ("f for freddie 40006", ["F-40006"]),
        ("40006", []),
        ("HP-40006", []),
        ("of 40006", []),
        ("F-400066", []),
        ("order 40006", []),
        ("40006 is my fitting", []),
        ("F-4000", []),
    ],
)
def test_appointment_numbers(text: str, values: list[str]) -> None:
    assert [one.value for one in find_appointment_numbers(text)] == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("482913", ["482913"]),
        ("482 913", ["482913"]),
        ("482-913", ["482913"]),
        ("the code is 482913.", ["482913"]),
        ("four eight two nine one three", ["482913"]),
        ("it's forty eight twenty nine thirteen", ["482913"]),
        ("double four oh nine one three", ["440913"]),
        ("4 8 2 9 1 3 thanks", ["482913"]),
        ("4829133", []),
        ("48291", []),
        ("HP-482913", []),
        ("a4829133", []),
        ("£482913", []),
        ("07700 900123", []),
        ("21/11/26", []),
        ("oh oh oh oh oh oh", []),
        ("", []),
    ],
)
def test_codes(text: str, values: list[str]) -> None:
    assert [one.value for one in find_codes(text)] == values


LONG = ("AC-1000123", "ORD/1234567", "RMA-123456", "V12345678")
BARE = ("123456", "20017", "R-30021", "F-40006")
TEN = ("1000123456", "T-20017", "R-30021", "F-40006")


@pytest.fixture
def house(request: pytest.FixtureRequest) -> Iterator[None]:
    """A house whose order, ticket, return and fitting numbers look like these examples."""
    use_shapes(NumberShapes(*map(parse_shape, request.param)))
    yield
    use_shapes(OF_THE_DEMO)


@pytest.mark.parametrize(
    ("house", "text", "orders", "tickets", "returns", "visits"),
    [
        (LONG, "ac1000123 please", ["AC-1000123"], [], [], []),
        (LONG, "1000123", ["AC-1000123"], [], [], []),
        (LONG, "a c one double oh oh one two three", ["AC-1000123"], [], [], []),
        (LONG, "10442", [], [], [], []),
        (LONG, "HP-10442", [], [], [], []),
        (LONG, "ORD/1234567, any news?", [], ["ORD/1234567"], [], []),
        (LONG, "ord 1234567", [], ["ORD/1234567"], [], []),
        (LONG, "my record 1234567", ["AC-1234567"], [], [], []),
        (LONG, "rma-123456 and ord-1234567", [], ["ORD/1234567"], ["RMA-123456"], []),
        (LONG, "move v12345678", [], [], [], ["V12345678"]),
        (BARE, "123456", ["123456"], [], [], []),
        (BARE, "ticket 20017", [], ["20017"], [], []),
        (BARE, "20017", [], [], [], []),
        (TEN, "1000123456", ["1000123456"], [], [], []),
        (TEN, "100 012 3456", ["1000123456"], [], [], []),
        (TEN, "ring me on 0113496000", [], [], [], []),
        (TEN, "order 0113496000", ["0113496000"], [], [], []),
        (TEN, "ring +4477009004", [], [], [], []),
        (TEN, "07700 900456", [], [], [], []),
        (TEN, "4111 1111 1111 1111", [], [], [], []),
    ],
    indirect=["house"],
)
@pytest.mark.usefixtures("house")
def test_numbers_of_another_house(
    text: str, orders: list[str], tickets: list[str], returns: list[str], visits: list[str]
) -> None:
    assert [one.value for one in find_order_numbers(text)] == orders
    assert [one.value for one in find_ticket_numbers(text)] == tickets
    assert [one.value for one in find_return_numbers(text)] == returns
    assert [one.value for one in find_appointment_numbers(text)] == visits
