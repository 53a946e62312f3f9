"""How alike two words sound: an edit distance over phones in which like sounds cost little."""

from collections.abc import Sequence
from functools import cache

from rapidfuzz.distance import Levenshtein

VOWELS = frozenset(
    [
        *("AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY"),
        *("UH", "UW"),
    ]
)
# What one is misheard as the other costs little: same place, voiced or not; nasals; liquids.
# Source of the groups: Miller and Nicely, Perceptual confusions among English consonants (1955).
_LIKE = tuple(
    frozenset(group.split())
    for group in (
        *("P B", "T D", "K G", "F V", "S Z", "SH ZH", "CH JH", "TH DH", "M N", "N NG"),
        *("F TH", "V DH", "B V", "S SH", "CH SH", "L R", "W V", "T K", "P T", "P K", "S TH"),
    )
)
_LIKE_VOWELS = tuple(
    frozenset(group.split())
    for group in (
        *("IH IY", "IH EH", "EH AE", "AH AE", "AH IH", "AH EH", "AA AO", "AA AH", "UH UW", "AO OW"),
        *("ER AH", "EY EH", "AH UH", "AW AA", "ER AO", "OY AO"),
    )
)
_ALIKE = 0.35  # cost of a pair above; any two vowels cost more, two other sounds a whole edit
_VOWEL_FOR_VOWEL = 0.6
_WEAK = {"AH": 0.4, "IH": 0.4, "HH": 0.5, "ER": 0.6, "R": 0.7, "Y": 0.5, "T": 0.7, "D": 0.7}


def least_unlikeness(one: Sequence[str], other: Sequence[str]) -> float:
    """What `unlikeness` cannot be below: every edit costs at least that of two like sounds."""
    return _ALIKE * Levenshtein.distance(one, other) / max(len(one), len(other), 1)


def unlikeness(one: Sequence[str], other: Sequence[str]) -> float:
    """Edits that make one the other, over the longer one's phones: 0 the same, 1 nothing alike."""
    row = [0.0]
    for phone in other:
        row.append(row[-1] + _lost(phone))
    for mine in one:
        above, row = row, [row[0] + _lost(mine)]
        for place, theirs in enumerate(other, start=1):
            changed = above[place - 1] + _changed(mine, theirs)
            row.append(min(above[place] + _lost(mine), row[-1] + _lost(theirs), changed))
    return row[-1] / max(len(one), len(other), 1)


def _lost(phone: str) -> float:
    return _WEAK.get(phone, 1.0)


@cache
def _changed(one: str, other: str) -> float:
    if one == other:
        return 0.0
    pair = {one, other}
    if any(pair <= group for group in (*_LIKE, *_LIKE_VOWELS)):
        return _ALIKE
    return _VOWEL_FOR_VOWEL if pair <= VOWELS else 1.0
