"""What a caller hears who says nothing, or is not understood: four rungs, the last is a person."""

from dataclasses import dataclass
from enum import StrEnum

from channels.phone.menu import Menu, say_menu, say_titles


class Rung(StrEnum):
    """How the caller is helped on; each is one further down than the one before."""

    REPROMPT = "reprompt"
    REPHRASE = "rephrase"
    KEYPAD = "keypad"
    PERSON = "person"


RUNGS = (Rung.REPROMPT, Rung.REPHRASE, Rung.KEYPAD, Rung.PERSON)

SILENT = "Sorry, I did not hear anything."
MISHEARD = "Sorry, I did not catch that."
PRESS_ZERO = "For a person, press 0. To hear this again, press star."


@dataclass(frozen=True, slots=True)
class Misses:
    """Silences and misheard answers in a row; whatever is understood begins anew."""

    silences: int = 0
    misheard: int = 0

    def silent(self) -> "Misses":
        """One more silence."""
        return Misses(self.silences + 1, self.misheard)

    def missed(self) -> "Misses":
        """One more answer that nothing was made of."""
        return Misses(self.silences, self.misheard + 1)

    @property
    def rung(self) -> Rung:
        """Where the caller is, after at least one miss."""
        return RUNGS[min(max(self.silences, self.misheard), len(RUNGS)) - 1]


def say_rung(rung: Rung, *, is_silent: bool, question: str, menu: Menu, digits: int | None) -> str:
    """What is said on a rung above a person.

    Args:
        question: the last prompt as it was said.
    """
    sorry = SILENT if is_silent else MISHEARD
    if rung is Rung.REPROMPT:
        return f"{sorry} {question}"
    if rung is Rung.REPHRASE:
        asked = question.removesuffix(say_titles(menu)).strip()  # they are said once, at the end
        return f"{sorry} {_short(asked)} {_ways(menu, digits)}".strip()
    return f"{sorry} {_by_key(question, menu, digits)} {PRESS_ZERO}"


def _short(question: str) -> str:
    """The last sentence that asks, without what led up to it."""
    sentences = [
        part.strip() for part in question.replace("? ", "?\n").replace(". ", ".\n").split("\n")
    ]
    asking = [sentence for sentence in sentences if sentence.endswith("?")]
    return asking[-1] if asking else sentences[-1]


def _ways(menu: Menu, digits: int | None) -> str:
    """How it may be answered."""
    if digits is not None:
        return "You can say the digits one by one, or key them in."
    return say_titles(menu) or say_menu(menu) or "A few words are enough."


def _by_key(question: str, menu: Menu, digits: int | None) -> str:
    if digits is not None:
        return f"Please key in the {digits} digits, then press hash."
    if menu.options:
        return f"Please use the keys of your telephone. {say_menu(menu)}".strip()
    return _short(question)
