import pytest

from bot.components.signs import NO_SIGNS, YES_SIGNS, read_signs
from language.values.yes_no import read_yes_no


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        *[(sign, "affirm") for sign in YES_SIGNS],
        *[(sign, "deny") for sign in NO_SIGNS],
        ("👍🏽", "affirm"),
        ("❤️ ❤️", "affirm"),
        ("😡😡!", "deny"),
        ("👍👎", "nlu_fallback"),
        ("🙂", "nlu_fallback"),
        ("🛋️🛋️", "nlu_fallback"),
        ("?", "nlu_fallback"),
        ("…", "nlu_fallback"),
        ("", "nlu_fallback"),
        ("👍 10442", None),
        ("2️⃣", None),
        ("нет", None),
        ("yes 👍", None),
    ],
)
def test_signs_alone(text: str, intent: str | None) -> None:
    assert read_signs(text) == intent


def test_a_form_reads_the_same_signs() -> None:
    assert [sign for sign in YES_SIGNS if read_yes_no(sign) is not True] == []
    assert [sign for sign in NO_SIGNS if read_yes_no(sign) is not False] == []
