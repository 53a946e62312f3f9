"""Reads talks.txt: each talk as it is, and with the words for one question edited out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.conversation import Conversation
from tests.build import call, chat

_MARKED = re.compile(r"\{(\w+)\|([^{}]*)\}")
_ROLES = {"A": "agent", "C": "customer"}


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk as written, with its marks."""

    channel: str
    company: str
    lines: tuple[tuple[str, str], ...]

    @property
    def questions(self) -> frozenset[str]:
        """Questions that some of its words answer with yes."""
        return frozenset(mark[0] for _, text in self.lines for mark in _MARKED.findall(text))

    def without(self, question: str = "") -> Conversation:
        """The conversation, the words marked for `question` left out."""
        lines = []
        for role, text in self.lines:
            plain = _MARKED.sub(lambda m: "" if m[1] == question else m[2], text)
            if plain.strip(" .,:)-"):
                lines.append((role, plain.strip()))
        return call(*lines) if self.channel == "voice" else chat(*lines)


@cache
def load_talks() -> tuple[Talk, ...]:
    """All talks of talks.txt."""
    return tuple(_read(Path(__file__).with_name("talks.txt").read_text(encoding="utf-8")))


def _read(text: str) -> Iterator[Talk]:
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for part in body.split("\n= "):
        head, *lines = part.removeprefix("= ").strip().splitlines()
        channel, company = head.split(" ", 1)
        pairs = [line.split(": ", 1) for line in lines]
        yield Talk(channel, company, tuple((_ROLES[who], said) for who, said in pairs))
