"""Keys out of buttons, and buttons out of keys and words."""

import pytest

from channels.phone.menu import Menu, menu_of, say_menu, say_titles
from store.buttons import Button


def buttons(*pairs: tuple[str, str]) -> list[Button]:
    return [Button(f"b{n}", "t", title, payload) for n, (title, payload) in enumerate(pairs)]


START = menu_of(
    buttons(
        ("Where is my order?", "/order_status"),
        ("Talk to a person", "/ask_person"),
        ("Return something", "/start_return"),
    )
)
CSAT = menu_of(
    buttons(
        *((f"{n} – poor", f"survey:csat:{n}") for n in range(1, 6)), ("Skip", "survey:csat:skip")
    )
)
NPS = menu_of(
    buttons(*((str(n), f"survey:nps:{n}") for n in range(11)), ("Skip", "survey:nps:skip"))
)


@pytest.mark.parametrize(
    ("menu", "keys", "payload"),
    [
        (START, "1", "/order_status"),
        (START, "2", "/start_return"),
        (START, "0", "/ask_person"),
        (START, "3", None),
        (CSAT, "5", "survey:csat:5"),
        (CSAT, "9", "survey:csat:skip"),
        (CSAT, "0", None),
        (NPS, "0", "survey:nps:0"),
        (NPS, "10", "survey:nps:10"),
        (NPS, "11", None),
    ],
)
def test_keyed(menu: Menu, keys: str, payload: str | None) -> None:
    found = menu.keyed(keys)
    assert (found.payload if found else None) == payload


@pytest.mark.parametrize(
    ("menu", "text", "payload"),
    [
        (START, "where is my order", "/order_status"),
        (START, "Return something.", "/start_return"),
        (START, "the second one", "/start_return"),
        (START, "I broke it", None),
        (START, "where is my order one oh four four two", None),
        (CSAT, "the second one", None),
    ],
)
def test_said(menu: Menu, text: str, payload: str | None) -> None:
    found = menu.said(text)
    assert (found.payload if found else None) == payload


def test_what_is_said_of_a_menu() -> None:
    assert say_menu(START) == ("For where is my order, press 1. For return something, press 2.")
    assert say_menu(CSAT) == "Press a key from 1 to 5. To skip it, press 9."
    assert say_titles(START) == "You can say: where is my order, or return something."
    assert say_titles(menu_of(buttons(("Yes", "/affirm"), ("No", "/deny")))) == ""
    assert (NPS.longest_key, NPS.has_zero, START.longest_key) == (2, True, 1)
