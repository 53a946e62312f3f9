"""Digits and letters said in any of their ways read back the same."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from language.numbers import DIGITS, TEENS, TENS, find_numbers
from language.values.found import level
from language.values.references import find_order_numbers
from language.values.spoken import ALPHABET, find_digits, find_runs, tokens_of

NAMES = {str(value): [word for word in DIGITS if DIGITS[word] == value] for value in range(10)}
PAIRS = {str(value): word for word, value in TEENS.items() if value > 10}
PAIRS |= {str(ten): word for word, ten in TENS.items()}
PAIRS |= {str(ten + int(unit)): f"{word} {names[0]}" for word, ten in TENS.items()
          for unit, names in NAMES.items() if unit != "0"}  # fmt: skip


@st.composite
def said(draw: st.DrawFn) -> tuple[str, str]:
    """A string of digits, and one of the ways to say it."""
    digits = draw(st.text("0123456789", min_size=2, max_size=16))
    words, at, after_round = list[str](), 0, False
    while at < len(digits):
        ways = [(draw(st.sampled_from(NAMES[digits[at]])), 1), (digits[at], 1)]
        for count, name in ((2, "double"), (3, "triple"), (3, "treble")):
            if digits[at : at + count] == digits[at] * count and not after_round:
                ways.append((f"{name} {draw(st.sampled_from(NAMES[digits[at]]))}", count))
        if digits[at : at + 2] in PAIRS:
            ways.append((PAIRS[digits[at : at + 2]], 2))
        if digits[at] != "0" and digits[at + 1 : at + 3] == "00":
            ways.append((f"{NAMES[digits[at]][0]} hundred", 3))
        if after_round:  # 'twenty' and then 'four' would be twenty-four
            ways = [way for way in ways if DIGITS.get(way[0].split()[0], 0) == 0]
        word, length = draw(st.sampled_from(ways))
        words.append(word)
        after_round = word in TENS
        at += length
    return digits, draw(st.sampled_from([" ", ", ", " um "])).join(words)


@given(said())
def test_digits_read_back_the_same(pair: tuple[str, str]) -> None:
    digits, words = pair
    # nothing but "oh" is an exclamation
    told = set(words.replace(",", " ").split()) - {"um"}
    assume(digits.strip("0") or not told <= {"oh", "double", "triple", "treble"})
    assert [run.signs for run in find_digits(words)] == [digits]


@given(st.text("0123456789", min_size=5, max_size=5), st.data())
def test_an_order_number_spelled_reads_back(digits: str, data: st.DataObject) -> None:
    words = " ".join(data.draw(st.sampled_from(NAMES[digit])) for digit in digits)
    assert [one.value for one in find_order_numbers(f"hp {words}")] == [f"HP-{digits}"]


@given(st.lists(st.sampled_from(sorted(ALPHABET)), min_size=1, max_size=8))
def test_the_spelling_alphabet_is_read(words: list[str]) -> None:
    (run,) = find_runs(" ".join(words))
    assert run.signs == "".join(ALPHABET[word] for word in words)


@given(st.text(max_size=80))
def test_places_lie_in_the_text(text: str) -> None:
    assert len(level(text)) == len(text)
    for token in tokens_of(text):
        assert token.span.of(level(text)) == token.text
    for run in find_runs(text):
        assert len(run.signs) == len(run.places) == len(run.groups)
        assert run.span(0, len(run.signs)).of(text)


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("double you", ["W"]),
        ("double u one", ["W1"]),
        ("b for bravo", ["B"]),
        ("m as in mother", ["M"]),
        ("b for november", ["B", "N"]),  # no explanation
        ("x-ray", ["X"]),
        ("ten thousand and six", ["10006"]),
        ("nine hundred and forty two", ["942"]),
        ("nine hundred one two", ["90012"]),
        ("forty-two", ["42"]),
        ("ten four", ["t4"]),
        ("oh dear", ["o"]),
        ("it is my", []),
        ("hello there", []),
        ("", []),
    ],
)
def test_runs(text: str, signs: list[str]) -> None:
    assert [run.signs for run in find_runs(text)] == signs


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("ten four", ["10", "4"]),
        ("twenty four", ["24"]),
        ("treble four", ["444"]),
        ("one hundred four", ["104"]),
        ("fourteen two", ["14", "2"]),
        ("twenty zero", ["20", "0"]),
    ],
)
def test_numbers_do_not_add_what_was_said_apart(text: str, values: list[str]) -> None:
    assert [number.value for number in find_numbers(text.split())] == values
