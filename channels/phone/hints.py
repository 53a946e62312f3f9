"""Words that the recogniser is told to expect: how customers ask, what is offered now, our names.

Source: Twilio, "TwiML Voice: Gather", `hints`: up to 500 phrases of at most 100 characters, and the
class tokens for spelled numbers.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

import yaml

NLU = Path(__file__).parents[2] / "data" / "nlu" / "tasks.yml"
ALWAYS = ("operator", "repeat", "slower", "yes", "no", "talk to a person")
CLASSES = ("$OOV_CLASS_ALPHANUMERIC_SEQUENCE", "$OOV_CLASS_DIGIT_SEQUENCE")
LONGEST_WORDS, PER_INTENT = 5, 4  # short requests, a few of each: all intents stay below 150
MOST, LONGEST = 200, 100  # well below Twilio's 500; each is sent with every prompt


@cache
def shipped_phrases(path: Path = NLU) -> tuple[str, ...]:
    """The first short examples of each intent that customers come for; none without the file."""
    if not path.is_file():
        return ()
    top = yaml.safe_load(path.read_text(encoding="utf-8"))
    found: list[str] = []
    for intent in top.get("nlu", ()):
        lines = [line.strip("- ").rstrip("?.!") for line in str(intent["examples"]).splitlines()]
        short = [line for line in lines if _fits(line)]
        found += short[:PER_INTENT]
    return tuple(dict.fromkeys(found))


def hints(names: Sequence[str], offered: Iterable[str], *, digits: int | None) -> str:
    """All hints of one prompt, parted by commas, what is offered now first.

    Args:
        names: of the house and its products.
        digits: not None when a number is awaited.
    """
    classes = CLASSES if digits is not None else CLASSES[:1]
    phrases = (*offered, *ALWAYS, *names, *shipped_phrases())
    plain = [phrase.replace(",", " ").strip()[:LONGEST] for phrase in phrases]
    return ",".join(dict.fromkeys([*classes, *(one for one in plain if one)][:MOST]))


def _fits(line: str) -> bool:
    is_short = 1 <= len(line.split()) <= LONGEST_WORDS and len(line) <= LONGEST
    return is_short and not any(sign.isdigit() or sign in "[]{}()," for sign in line)
