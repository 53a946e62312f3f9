"""What is said in place of written words, and that it is still written somewhere."""

import ast
import re
from pathlib import Path

import pytest
import yaml

from actions import identify
from channels import call_back
from channels.phone.sayings import Saying, Sayings, compiled, load_sayings, shipped_sayings
from core.errors import BadSettings
from core.number_shapes import OF_THE_DEMO, NumberShapes, parse_shape
from language.values.references import use_shapes

ROOT = Path(__file__).parents[3]


def _level(text: str) -> str:
    return " ".join(re.sub(r"\{[a-z_]+\}", "{}", text).split())


def _written() -> set[str]:
    """All texts of the responses, and all strings of the programs that write to customers."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    found = {_level(one["text"]) for many in domain["responses"].values() for one in many}
    for room in ("actions", "channels", "core"):
        for file in (ROOT / room).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    found.add(_level(node.value))
    return found


def test_every_written_text_is_still_written_somewhere() -> None:
    composed = {
        _level(v) for m in (identify, call_back) for v in vars(m).values() if type(v) is str
    }
    lost = [s.written for s in load_sayings() if _level(s.written) not in _written() | composed]
    assert lost == []


@pytest.mark.parametrize(
    ("written", "spoken", "digits"),
    [
        (
            "What is your order number? It starts with HP and has five digits, such as HP-10442.",
            "What is your order number? Say or key in its five digits.",
            5,
        ),
        (
            "I cannot find an order HP-10442 with that postcode. Please check both and send them "
            "again.",
            "I cannot find an order H P, 1 0 4 4 2 with that postcode. What is the order number? "
            "Say or key in its five digits.",
            5,
        ),
        (
            "Within 30 days.\n\nReturns: https://shop.example/help/returns\n\nWas this what you "
            "needed?",
            "Within 30 days. Was this what you needed?",
            None,
        ),
        ("Something else.", "Something else.", None),
    ],
)
def test_speak(written: str, spoken: str, digits: int | None) -> None:
    said = shipped_sayings().speak(written)
    assert (said.words, said.digits) == (spoken, digits)


@pytest.mark.parametrize(
    ("ticket", "written", "words", "digits"),
    [
        ("T-20017", "What is your order number? It has seven digits, such as 1000123.",
         "What is your order number? Say or key in its seven digits.", 7),
        ("C-200170", "What is the number of your ticket, such as C-200170? If you do not have it "
         "at hand, the number of your order will do.",
         "What is the number of your ticket, or of your order? Say or key in its six or seven "
         "digits.", 7),
    ],
)  # fmt: skip
def test_as_many_keys_as_the_house_has_digits(
    ticket: str, written: str, words: str, digits: int
) -> None:
    others = map(parse_shape, (ticket, "R-30021", "F-40006"))
    use_shapes(NumberShapes(parse_shape("1000123"), *others))
    said = shipped_sayings().speak(written)
    use_shapes(OF_THE_DEMO)
    assert (said.words, said.digits) == (words, digits)


def test_a_name_that_comes_twice_means_the_same_words() -> None:
    sayings: Sayings = compiled([Saying("{a} and {a}", "twice {a}")])
    assert sayings.speak("tea and tea").words == "twice tea"
    assert sayings.speak("tea and milk").words == "tea and milk"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("sayings:\n  - written: a\n    sya: b\n", ":3: sayings[0].sya: unknown key"),
        ("sayings:\n  - written: a\n    say: '{b}'\n", ":3: sayings[0].say: {b} stands in no"),
        ("sayings:\n  - written: a\n    digits: orders\n", ":3: sayings[0].digits: a number"),
        ("sayings:\n  - written: a\n    say: '{digits}'\n    digits: 4\n", ":3: sayings[0].say: "),
        ("sayings: []\n", "a list was expected"),
    ],
)
def test_a_wrong_file_is_named_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "sayings.yml"
    path.write_text(text)
    with pytest.raises(BadSettings) as caught:
        load_sayings(path)
    assert complaint in str(caught.value)
