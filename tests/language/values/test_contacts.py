"""E-mail addresses and phone numbers, typed and spoken."""

import pytest

from language.values.contacts import find_emails, find_phones, say_phone, without_phones


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Anna.Smith@Example.com, thanks", [("anna.smith@example.com", "Anna.Smith@Example.com")]),
        ("a_b+shop@mail.example.co.uk", [("a_b+shop@mail.example.co.uk",) * 2]),
        ("anna dot smith at example dot com", [("anna.smith@example.com",
                                               "anna dot smith at example dot com")]),
        ("my email is anna at example dot co dot uk", [("anna@example.co.uk",
                                                       "anna at example dot co dot uk")]),
        ("j smith four two at g mail dot com", [("jsmith42@gmail.com",
                                                "j smith four two at g mail dot com")]),
        ("a n n a at hot mail dot com", [("anna@hotmail.com", "a n n a at hot mail dot com")]),
        ("anna(at)example.com", [("anna@example.com", "anna(at)example.com")]),
        ("anna [at] example [dot] com", [("anna@example.com", "anna [at] example [dot] com")]),
        ("sam underscore lee at my dash shop dot org",
         [("sam_lee@my-shop.org", "sam underscore lee at my dash shop dot org")]),
        ("double u jones at example dot com", [("wjones@example.com",
                                               "double u jones at example dot com")]),
        ("lee oh double seven at example dot com", [("lee077@example.com",
                                                    "lee oh double seven at example dot com")]),
        ("it's sam plus shop at example dot com", [("sam+shop@example.com",
                                                   "sam plus shop at example dot com")]),
        ("meet me at the office", []),
        ("I am at home. Come over", []),
        ("anna@example", []),
        ("anna@@example.com", []),
        ("@anna", []),
        ("anna..smith@example.com", []),
        ("look at that dot", []),
        ("bob at the shop", []),
        ("", []),
    ],
)  # fmt: skip
def test_emails(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.value, one.span.of(text)) for one in find_emails(text)] == found


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("07700 900123", ["+447700900123"]),  # Ofcom's numbers for fiction
        ("07700900123", ["+447700900123"]),
        ("+44 7700 900123", ["+447700900123"]),
        ("+44 (0)7700 900123", ["+447700900123"]),
        ("my number is 020 7946 0018 thanks", ["+442079460018"]),
        ("(01632) 960 001", ["+441632960001"]),
        ("07700900123 and 01632 960001", ["+447700900123", "+441632960001"]),
        ("+1 415 555 0132", ["+14155550132"]),
        ("oh double seven double oh nine hundred one two three", ["+447700900123"]),
        ("zero seven seven zero zero nine zero zero four five six", ["+447700900456"]),
        ("plus four four seven seven double oh nine hundred four five six", ["+447700900456"]),
        ("oh one six three two nine six oh treble oh", ["+441632960000"]),
        ("0161 496 0000", ["+441614960000"]),
        ("01204 55555", []),  # of nine digits, and none of those there are
        ("01204 615555", ["+441204615555"]),
        ("07700 900 88", []),  # a digit short
        ("it's 07700 90012", []),
        ("07700 900 8811", []),  # one too many
        ("+44 7700 90088", []),
        ("020 7946 018", []),
        ("oh double seven double oh nine hundred double eight", []),
        ("04700 900123", []),
        ("+47 22 12 34 56", ["+4722123456"]),
        ("+49 30 901820", ["+4930901820"]),
        ("+1 415 555 013", []),
        ("order 10442", []),
        ("HP-10442", []),
        ("4111 1111 1111 1111", []),
        ("12/03/2027", []),
        ("2026-11-21", []),
        ("123456", []),
        ("0123", []),
        ("one two three four five", []),
        ("", []),
    ],
)
def test_phones(text: str, values: list[str]) -> None:
    assert [one.value for one in find_phones(text)] == values


def test_a_phone_of_another_region() -> None:
    assert [one.value for one in find_phones("(415) 555-0132", region="US")] == ["+14155550132"]
    assert [one.value for one in find_phones("030 90182000", region="DE")] == ["+493090182000"]


def test_a_phone_is_cited() -> None:
    text = "ring plus four four seven seven double oh nine hundred four five six please"
    (found,) = find_phones(text)
    assert found.span.of(text).startswith("plus four four")
    assert found.span.of(text).endswith("five six")


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("07700 900123 at four", "  at four"),
        ("020 7946 0018 or 07700 900123, at 3", "  or  , at 3"),
        ("after four", "after four"),
        ("HP-10442", "HP-10442"),
    ],
)
def test_the_digits_of_phone_numbers_are_taken_out(text: str, rest: str) -> None:
    assert without_phones(text) == rest


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("+447700900456", "07700 900456"),
        ("+442079460018", "020 7946 0018"),
        ("+441632960001", "01632 960001"),
        ("+14155550132", "+1 415-555-0132"),
        ("+4930901820", "+49 30 901820"),
        ("07700 900456", "07700 900456"),  # as it was stored
        ("web", "web"),
        ("", ""),
    ],
)
def test_a_phone_is_said_as_people_say_it(number: str, said: str) -> None:
    assert say_phone(number) == said
