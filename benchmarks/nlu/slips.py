"""Slips of the fingers, made with a seed: what spelling correction is measured on.

One word in three of four letters or more gets one slip: two letters change places, one is lost, one
is doubled, or one becomes its neighbour on the keyboard. Kinds and shares by hand; people who type
on a telephone make fewer of the last kind and more of the others.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.nlu.figures import Sample

SHARE = 1 / 3
_WORD = re.compile(r"(?<![\w@./-])[a-zA-Z]{4,}(?![\w@/-])")
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {
    letter: row[max(0, at - 1) : at] + row[at + 1 : at + 2]
    for row in _ROWS
    for at, letter in enumerate(row)
}


def with_slips(samples: Sequence[Sample], *, seed: int) -> list[Sample]:
    """The samples as hasty people would type them."""
    chance = random.Random(seed)  # noqa: S311 - slips that can be repeated
    return [replace(each, text=_typed(each.text, chance)) for each in samples]


def _typed(text: str, chance: random.Random) -> str:
    return _WORD.sub(lambda word: _slip(word[0], chance), text)


def _slip(word: str, chance: random.Random) -> str:
    if chance.random() >= SHARE:
        return word
    at = chance.randrange(1, len(word) - 1)  # the first letter is seldom wrong
    kind = chance.choice(("swapped", "lost", "doubled", "beside"))
    if kind == "swapped":
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "lost":
        return word[:at] + word[at + 1 :]
    if kind == "doubled":
        return word[:at] + word[at] + word[at:]
    return word[:at] + chance.choice(_BESIDE[word[at].lower()]) + word[at + 1 :]
