"""The texts with an open licence that mood is learned from, without the marks of their makers.

GoEmotions stands `[NAME]` where it took a name out, and XED cuts words at their apostrophes; a head
would learn those marks in place of the words.
"""

import csv
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from core.errors import BadInput
from language.plain_words import plain_words

SETS = ("goemotions_train", "xed")
_NAMES = (
    "Tom", "Anna", "David", "Mary", "Nick", "Laura", "John", "Sarah", "Paul", "Kate", "Harry",
    "Jane", "Ben", "Lucy", "Michael", "Emma", "George", "Claire", "Jack", "Helen", "Frank",
    "Maria", "Sam", "Ruth", "Peter", "Julia", "Charlie", "Rose", "Henry", "Nora",
)  # fmt: skip
_NAME = re.compile(r"\[(?:NAME|PERSON)\]")
_PLACE = re.compile(r"\[[A-Z]+\]")
_CUT = ((r"\b([Ww]an|[Gg]ot|[Gg]on) (na|ta)\b", r"\1\2"), (r" n't\b", "n't"),
        (r" '(s|m|re|ll|ve|d)\b", r"'\1"))  # fmt: skip
_NO_WORD = re.compile(r"[^\w' ]")
_FILLERS = ("um", "uh", "well", "so", "you know", "like", "I mean", "er", "okay", "yeah")


def read_labelled(path: Path) -> tuple[list[str], list[str]]:
    """Texts and labels of a CSV with the columns text and label.

    Raises:
        BadInput: there is no such file, or a column is missing.
    """
    if not path.is_file():
        raise BadInput(f"there is no file {path}; give the folder of the data with --data")
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        if not {"text", "label"} <= set(rows.fieldnames or ()):
            raise BadInput(f"{path} needs the columns text and label; it has {rows.fieldnames}")
        pairs = [(row["text"], row["label"]) for row in rows]
    return [text for text, _ in pairs], [label for _, label in pairs]


def restored(text: str) -> str:
    """As a person would have written it: a name where one was taken out, words uncut.

    Commas go: in XED they stand where subtitles were cut, more in some moods than in others.
    """
    said = _PLACE.sub("Boston", _NAME.sub(lambda _: _pick(_NAMES, text), text))
    for pattern, whole in _CUT:
        said = re.sub(pattern, whole, said)
    return plain_words(said.replace(",", " ")) or "."


def spoken(text: str) -> str:
    """As a recogniser writes: no marks, in half of the texts a filler, in a fifth a word twice."""
    words = _NO_WORD.sub(" ", text).split()
    if _number(f"filler {text}") % 2:
        words.insert(_number(f"place {text}") % (len(words) + 1), _pick(_FILLERS, text))
    if words and _number(f"again {text}") % 5 == 0:
        twice = _number(f"which {text}") % len(words)
        words.insert(twice, words[twice])
    return " ".join(words) or "um"


def some(texts: Sequence[str], count: int, *, purpose: str) -> list[int]:
    """Places of `count` texts, in their order, the same however the file is sorted."""
    order = sorted(
        range(len(texts)), key=lambda place: (_number(f"{purpose} {texts[place]}"), place)
    )
    return sorted(order[:count])


def _pick(choices: Sequence[str], text: str) -> str:
    return choices[_number(f"pick {text}") % len(choices)]


def _number(text: str) -> int:
    """A number that hangs on the text alone."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
