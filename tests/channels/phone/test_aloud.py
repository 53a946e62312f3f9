"""Written words are made fit for the ear."""

import pytest

from channels.phone.aloud import MORE, MOST_CHARACTERS, aloud, shortened


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Order HP-10442 is on its way.", "Order H P, 1 0 4 4 2 is on its way."),
        ("Your ticket is T-20017.", "Your ticket is T, 2 0 0 1 7."),
        ("It costs £1,299.00.", "It costs 1299 pounds."),
        ("Postage is £3.50 or £0.80.", "Postage is 3 pounds 50 or 80 pence."),
        ("That is £1.", "That is 1 pound."),
        ("On Friday 6 June, 4 pm.", "On Friday the 6th of June, 4 pm."),
        ("On Tuesday 1 December from 9.30 am", "On Tuesday the 1st of December from 9 30 am"),
        ("At 9.05 am", "At 9 oh 5 am"),
        ("On Monday 22 March and 13 May", "On Monday the 22nd of March and the 13th of May"),
        ("Delivered 2026-12-02.", "Delivered the 2nd of December."),
        ("We ring 07700 900456.", "We ring 0 7 7 0 0, 9 0 0 4 5 6."),
        ("To BN1 4GH.", "To B N 1, 4 G H."),
        ("Sent to a***@example.com.", "Sent to a at example dot com."),
        ("Sent to r…@example.com.", "Sent to r and so on, at example dot com."),
        ("**Bold** and `code`", "Bold and code"),
        ("See [our page](https://shop.example/x) first", "See our page first"),
        ("Yes.\n\nReturns: https://shop.example/help/returns\n\nAll right?", "Yes. All right?"),
        ("Two things:\n- a lamp\n- a bed", "Two things: a lamp. a bed"),
        ("my card is ████ gone", "my card is gone"),
        ("“Oak & pine” tables…", "Oak and pine tables."),
        ("You have 12 days and 2 lamps.", "You have 12 days and 2 lamps."),
        ("Code 482913 lasts", "Code 4 8 2 9 1 3 lasts"),
    ],
)
def test_aloud(written: str, spoken: str) -> None:
    assert aloud(written) == spoken


def test_shortened_ends_with_a_sentence_and_says_that_there_is_more() -> None:
    long = "This is a sentence of some length. " * 40
    cut = shortened(long)
    assert len(cut) <= MOST_CHARACTERS + len(MORE) + 1
    assert cut.endswith(f"some length. {MORE}")
    assert shortened("Short.") == "Short."
