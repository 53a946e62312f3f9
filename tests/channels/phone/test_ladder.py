"""Silence and misheard answers lead down four rungs."""

from channels.phone.ladder import Misses, Rung, say_rung
from channels.phone.menu import NO_MENU, say_titles
from tests.channels.phone.test_menu import START


def test_each_miss_is_one_rung_further_down() -> None:
    misses, rungs = Misses(), []
    for _ in range(5):
        misses = misses.silent()
        rungs.append(misses.rung)
    assert rungs == [Rung.REPROMPT, Rung.REPHRASE, Rung.KEYPAD, Rung.PERSON, Rung.PERSON]
    assert Misses().missed().missed().silent().rung is Rung.REPHRASE


def test_what_is_said_on_each_rung() -> None:
    question = "Hello, I am a computer. How can I help?"

    def said(rung: Rung, *, is_silent: bool = True, digits: int | None = None) -> str:
        menu = START if digits is None else NO_MENU
        return say_rung(rung, is_silent=is_silent, question=question, menu=menu, digits=digits)

    assert said(Rung.REPROMPT) == f"Sorry, I did not hear anything. {question}"
    assert said(Rung.REPHRASE, is_silent=False) == (
        "Sorry, I did not catch that. How can I help? "
        "You can say: where is my order, or return something."
    )
    assert "For where is my order, press 1." in said(Rung.KEYPAD)
    assert said(Rung.KEYPAD).endswith("For a person, press 0. To hear this again, press star.")
    assert said(Rung.KEYPAD).count("person") == 1
    assert "key in the 5 digits" in said(Rung.KEYPAD, digits=5)


def test_what_may_be_said_is_said_once() -> None:
    question = f"Nobody could answer. I can call you back. {say_titles(START)}"
    said = say_rung(Rung.REPHRASE, is_silent=True, question=question, menu=START, digits=None)
    assert said == f"Sorry, I did not hear anything. I can call you back. {say_titles(START)}"
