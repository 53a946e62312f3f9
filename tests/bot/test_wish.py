import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.components.wish import wish_of


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("book a fitter for 10538, postcode EH3 9QQ", "book a fitter for order"),
        ("where is HP-10442, BN1 4GH?", "where is order?"),
        (
            "Return the lamp of #10386 please; my postcode's ne17ru",
            "Return the lamp of order please",
        ),
        ("deliver HP 10538 (EH3 9QQ) to another address", "deliver order to another address"),
        ("cancel my order number 10442", "cancel order"),
        ("cancel order HP-10442", "cancel order"),
        ("HP-10517 LS6 2AB cancel", "order cancel"),
        ("return HP-10391 M4 1HQ", "return order"),
        ("change my e-mail to anna@example.com", "change my e-mail to"),
        ("ring me on 07700 900123 tomorrow", "ring me on tomorrow"),
        # hardly more than values: as they are
        ("HP-10442", "HP-10442"),
        ("hp 10442", "hp 10442"),
        ("order 10442 postcode M1 4BT", "order 10442 postcode M1 4BT"),
        ("sorry, it’s 10391 not 10392", "sorry, it’s 10391 not 10392"),
        ("my e-mail is anna@example.com", "my e-mail is anna@example.com"),
        ("HP-10442 BN1 4GH thx", "HP-10442 BN1 4GH thx"),
        # no such values: as they are
        ("cancel F-40001", "cancel F-40001"),
        ("it cost £10000 in 2024", "it cost £10000 in 2024"),
        ("I want 12345.50 back", "I want 12345.50 back"),
        ("what is 100000% of 3", "what is 100000% of 3"),
        ("is the code 123 right", "is the code 123 right"),
        ("shops near BN1", "shops near BN1"),
        ("what is a postcode", "what is a postcode"),
        ("", ""),
    ],
)
def test_what_is_wished_for(text: str, wish: str) -> None:
    assert wish_of(text, "order") == wish


def test_a_number_that_stands_for_nothing_is_left_out() -> None:
    assert wish_of("cancel order 10442 now") == "cancel order now"
    assert wish_of("cancel A.(b) 10442", "A.(b)") == "cancel A.(b)"


@given(st.text(max_size=200))
def test_something_is_left_of_every_text(text: str) -> None:
    assert wish_of(text) == text or any(sign.isalpha() for sign in wish_of(text))
