"""Moonshine's vocabulary, and words out of its tokens.

`tokenizer.bin` is a list of byte strings: a length (one byte below 128, else two: the low seven
bits, then the rest), then the bytes. Words begin with SentencePiece's mark; bytes that no token
covers are tokens of one byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.errors import ModelUnavailable
from speech.greedy import Token

WORD_MARK = "\u2581".encode()  # ▁, in place of a space
UNUSED = b"<<ST_"  # tokens the authors reserved
SPECIAL = 3  # <unk>, <s>, </s> come first and are never text


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word and the mean probability of its tokens."""

    text: str
    probability: float


def load_vocabulary(path: Path) -> tuple[bytes, ...]:
    """Read `tokenizer.bin`.

    Raises:
        ModelUnavailable: the file breaks off.
    """
    content = path.read_bytes()
    entries: list[bytes] = []
    place = 0
    while place < len(content):
        length, place = content[place], place + 1
        if length >= 128 and place < len(content):
            length, place = length - 128 + content[place] * 128, place + 1
        if place + length > len(content):
            raise ModelUnavailable(f"{path} breaks off; run `parley models pull asr`")
        entries.append(content[place : place + length])
        place += length
    return tuple(entries)


def words_of(tokens: Sequence[Token], vocabulary: Sequence[bytes]) -> tuple[HeardWord, ...]:
    """Join tokens into words at SentencePiece's marks."""
    groups: list[list[Token]] = []
    for token in tokens:
        if token.id < SPECIAL or vocabulary[token.id].startswith(UNUSED):
            continue
        if not groups or vocabulary[token.id].startswith(WORD_MARK):
            groups.append([])
        groups[-1].append(token)
    words = (_word(group, vocabulary) for group in groups)
    return tuple(word for word in words if any(letter.isalnum() for letter in word.text))


def _word(group: Sequence[Token], vocabulary: Sequence[bytes]) -> HeardWord:
    content = b"".join(vocabulary[token.id] for token in group)
    text = content.replace(WORD_MARK, b"").decode("utf-8", errors="replace").strip()
    return HeardWord(text, sum(token.probability for token in group) / len(group))
