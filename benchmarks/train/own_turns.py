"""Turns of customers made of our own sentences, for sets with an open licence hold none.

`contact_centre.csv` has the sentences, by the matter they are about, written for this project. A
factual complaint is negative there, a plain wish neutral however politely it is put. Turns are
longer than sentences: an opening, the matter, what happened, a wish. So sentences of one matter are
joined; one that complains makes the whole turn negative, one that praises makes it positive.
"""

import csv
import random
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

SENTENCES = Path(__file__).with_name("contact_centre.csv")
Labelled = tuple[str, str]  # text, label
Key = TypeVar("Key")

OPENINGS = (
    "hi", "hello", "hi there", "good morning", "hey", "hello,", "so", "well,", "um", "ok so",
    "good afternoon,", "hi team", "yes hello", "yeah", "look,", "excuse me", "oh", "and", "right,",
    "dear sirs,", "no,", "yes,", "okay,",
)  # fmt: skip
WISHES = (
    "can you help", "please help", "what can I do", "please advise", "can someone call me",
    "can you look into it", "my number is 07700 900123", "how do I proceed", "what now",
    "the order number is 55120", "any help", "please let me know", "can you sort this out",
    "thanks",
)  # fmt: skip
BETWEEN = (". ", ", ", ". ", " ", " and ", " - ", "... ")
ENDS = ("!", "!!", "...", ".")
SHORT = {"n't": "nt", "I'm": "im", " you ": " u ", " please": " pls", "thank you": "thx"}

# Which parts follow each other, and how often of a hundred. `self` is a sentence with the label of
# the turn, `like` another one of that label, `plain` a neutral one of the same matter.
SHAPES: dict[str, tuple[tuple[tuple[str, ...], int], ...]] = {
    "negative": (
        (("open", "self"), 20), (("plain", "self"), 25), (("self", "plain"), 15),
        (("self", "wish"), 15), (("self", "like"), 15), (("open", "plain", "self", "wish"), 10),
    ),
    "neutral": (
        (("open", "self"), 30), (("self", "wish"), 30), (("self", "plain"), 30),
        (("open", "self", "plain"), 10),
    ),
    "positive": (
        (("open", "self"), 25), (("plain", "self"), 25), (("self", "plain"), 15),
        (("self", "like"), 25), (("open", "self", "plain"), 10),
    ),
}  # fmt: skip


def sentences(path: Path = SENTENCES) -> list[tuple[str, str, str]]:
    """Our sentences: text, label, matter."""
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["text"], row["label"], row["matter"]) for row in csv.DictReader(file)]


def joined(count: int, *, seed: int) -> list[Labelled]:
    """`count` turns made of our sentences; the same seed gives the same ones."""
    draw = random.Random(seed)  # noqa: S311  # examples, no secret
    own = sentences()
    by_label = _grouped((label, text) for text, label, _ in own)
    by_matter = _grouped(((label, matter), text) for text, label, matter in own)
    of_label = {label: [one for one in own if one[1] == label] for label in sorted(SHAPES)}
    made = []
    for _ in range(count):
        label = draw.choice(sorted(SHAPES))
        text, _, matter = draw.choice(of_label[label])
        shapes, shares = zip(*SHAPES[label], strict=True)
        parts = []
        for part in draw.choices(shapes, shares)[0]:
            wanted = "neutral" if part == "plain" else label
            near = by_matter.get((wanted, matter)) or by_label[wanted]
            others = {"open": OPENINGS, "wish": WISHES, "self": (text,)}
            parts.append(draw.choice(others.get(part, near)))
        made.append((_written(_together(parts, draw), draw), label))
    return made


def _grouped(pairs: Iterable[tuple[Key, str]]) -> dict[Key, list[str]]:
    found: dict[Key, list[str]] = {}
    for key, text in pairs:
        found.setdefault(key, []).append(text)
    return found


def _together(parts: list[str], draw: random.Random) -> str:
    said = parts[0].strip()
    for part in parts[1:]:
        said += (" " if said[-1] in ".!?," else draw.choice(BETWEEN)) + part.strip()
    return said


def _written(text: str, draw: random.Random) -> str:
    """As people type: some in small letters, some in capitals, some without marks or in short."""
    kind = draw.random()
    said = text.lower() if kind < 0.25 else text.upper() if kind < 0.3 else text
    if 0.3 <= kind < 0.5:
        said = said[0].upper() + said[1:]
    if draw.random() < 0.15:
        said = "".join(sign for sign in said if sign not in ".,!?'")
    if draw.random() < 0.1:
        for long, short in SHORT.items():
            said = said.replace(long, short)
    return said + draw.choice(ENDS) if draw.random() < 0.12 else said
