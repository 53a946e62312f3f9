"""English words as a dictionary has them: the CMU dictionary inside the package pocketsphinx.

126,000 words (BSD), names and places among them; 12 MB once loaded.
"""

from functools import cache
from importlib.resources import files


@cache
def load_vocabulary() -> frozenset[str]:
    """The words, in small letters; loaded once, 0.1 s."""
    path = files("pocketsphinx") / "model" / "en-us" / "cmudict-en-us.dict"
    with path.open(encoding="utf-8") as lines:
        return frozenset(line.split(maxsplit=1)[0].split("(")[0] for line in lines)


def is_word(word: str) -> bool:
    """Whether a word in small letters is in the dictionary; numbers and short forms are."""
    known = load_vocabulary()
    return word in known or word.isdigit() or word.partition("'")[0] in known
