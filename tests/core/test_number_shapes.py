"""Numbers by their example: what is one, what is told of it, and what clashes."""

import pytest

from core.errors import BadInput, BadSettings
from core.number_shapes import OF_THE_DEMO, NumberShapes, parse_shape
from core.settings import load_settings


@pytest.mark.parametrize(
    ("example", "of", "told"),
    [
        ("HP-10442", "HP-12345", "starts with HP and has five digits, such as HP-10442"),
        ("AC1000123", "AC12345", "starts with AC and has seven digits, such as AC1000123"),
        ("ORD/123456", "ORD/12345", "starts with ORD and has six digits, such as ORD/123456"),
        ("001234567890", "12345", "has twelve digits, such as 001234567890"),
    ],
)
def test_a_shape_is_told_by_its_example(example: str, of: str, told: str) -> None:
    shape = parse_shape(example)
    assert shape.of("12345") == of
    assert shape.told == told


@pytest.mark.parametrize(
    "example", ["", "HP", "HP-1044", "hp-10442", "HP 10442", "-10442", "HP-10442-1", "ABCDE-12345",
                "1234567890123", "A1B2C3", "HP-１２３４５", "HP-10442\n"]
)  # fmt: skip
def test_what_cannot_be_read_is_none(example: str) -> None:
    with pytest.raises(BadInput, match="write an example such as"):
        parse_shape(example)


def test_two_kinds_with_the_same_letters_are_not_told_apart() -> None:
    order, ticket = parse_shape("A-12345"), parse_shape("A-1234567")
    with pytest.raises(BadInput, match="two kinds of numbers begin with A"):
        NumberShapes(order, ticket, parse_shape("R-30021"), parse_shape("F-40006"))


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"ORDER_NUMBER": "AC-12"}, "PARLEY_ORDER_NUMBER: .*'AC-12' is no number"),
        ({"ORDER_NUMBER": "AC-1234567"}, "^PARLEY_BACKEND_URL: without it the embedded shop runs"),
        (
            {"ORDER_NUMBER": "T-12345", "BACKEND_URL": "http://127.0.0.1:1"},
            "^PARLEY_ORDER_NUMBER, .*: two kinds of numbers begin with T",
        ),
    ],
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], wrong: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(f"PARLEY_{name}", value)
    with pytest.raises(BadSettings, match=wrong):
        load_settings()


def test_numbers_of_ones_own_come_with_a_back_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().number_shapes == OF_THE_DEMO
    monkeypatch.setenv("PARLEY_ORDER_NUMBER", "HP-99999")  # another example of the same
    assert load_settings().number_shapes.is_like(OF_THE_DEMO)
    monkeypatch.setenv("PARLEY_ORDER_NUMBER", "AC-1000123")
    monkeypatch.setenv("PARLEY_BACKEND_URL", "http://127.0.0.1:1")
    assert load_settings().number_shapes.order.digits == 7
