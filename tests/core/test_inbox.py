"""Values in canned answers, and what people write about skills, queues and capacity."""

import pytest

from core.errors import BadInput
from core.handoff import REASONS, told_reason
from core.inbox import (
    Filled,
    check_placeholders,
    fill,
    read_capacity,
    read_queue_name,
    read_skills,
)


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("Hello {customer}.", Filled("Hello Maya.", ())),
        ("{agent} of {company}", Filled("Ann of {company}", ("company",))),
        ("{order}, {order} and {customer}", Filled("{order}, {order} and Maya", ("order",))),
        ("{Order} {Customer} {ORDER}", Filled("{Order} Maya {ORDER}", ("order",))),
        ("{} {name} {{customer}}", Filled("{} {name} {Maya}", ())),
        ("no braces", Filled("no braces", ())),
    ],
)
def test_values_are_filled_in_and_missing_ones_named(text: str, filled: Filled) -> None:
    assert fill(text, {"customer": "Maya", "agent": "Ann", "order": None, "company": ""}) == filled


def test_a_value_with_braces_is_not_filled_again() -> None:
    assert fill("{customer}", {"customer": "{agent}", "agent": "Ann"}).text == "{agent}"


@pytest.mark.parametrize(
    ("text", "unknown"),
    [("{order}: {nonsense}", "{nonsense}"), ("{order number}", "{order number}"), ("{}", "{}")],
)
def test_a_value_that_does_not_exist_is_refused(text: str, unknown: str) -> None:
    with pytest.raises(BadInput, match=f"no value {unknown}. There are: {{customer}}, {{order}}"):
        check_placeholders(text)


@pytest.mark.parametrize("text", ["{customer} {Order} {AGENT}", "no braces", "a { b", "{ c"])
def test_known_values_are_kept_in_any_letters(text: str) -> None:
    check_placeholders(text)


def test_no_two_reasons_are_called_alike() -> None:
    assert len(set(REASONS.values())) == len(REASONS)
    assert told_reason("asked_for_person") == "Asked for a person"
    assert (told_reason("of_its_own"), told_reason(None)) == ("of its own", "")


@pytest.mark.parametrize(
    ("words", "skills"),
    [("", ()), (" Returns,  billing ,,RETURNS ", ("billing", "returns")), ("a  b", ("a b",))],
)
def test_skills_are_read_from_words(words: str, skills: tuple[str, ...]) -> None:
    assert read_skills(words) == skills


@pytest.mark.parametrize(
    ("words", "number"), [("", None), (" ", None), ("0", 0), ("3", 3), (" 20 ", 20)]
)
def test_a_capacity_is_read(words: str, number: int | None) -> None:
    assert read_capacity(words) == number


@pytest.mark.parametrize("words", ["-1", "21", "two", "1.5", "9" * 30])
def test_a_capacity_that_nobody_has_is_refused(words: str) -> None:
    with pytest.raises(BadInput, match="from 0 to 20"):
        read_capacity(words)


def test_too_much_is_refused() -> None:
    with pytest.raises(BadInput, match="more than the 20"):
        read_skills(",".join(f"skill {n}" for n in range(21)))
    with pytest.raises(BadInput, match="too long"):
        read_skills("x" * 41)
    with pytest.raises(BadInput, match="a name"):
        read_queue_name("  ")
