"""Talks with their marks: each as it is written, and with the words for one question edited out.

    = voice Harbour & Pine
    A: {greeting|Thank you for calling Harbour & Pine|Yes}, how can I help?
    C: Hello.

`{question|words|instead}` marks words that answer `question` with yes, and what is said in their
place once they are edited out; the last part may be missing.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from core.conversation import Channel, Conversation, JsonValue, Role
from qa.examples import ROLES, converse

_MARKED = re.compile(r"\{(\w+)\|([^{}|]*)(?:\|([^{}|]*))?\}")


@dataclass(frozen=True, slots=True)
class Talk:
    """A talk as written, with its marks."""

    channel: Channel
    company: str
    lines: tuple[tuple[Role, str], ...]

    @property
    def questions(self) -> frozenset[str]:
        """Questions that some of its words answer with yes."""
        return frozenset(mark[0] for _, text in self.lines for mark in _MARKED.findall(text))

    def labels(self) -> dict[str, JsonValue]:
        """What is true of the talk as written: only a hold need not have happened."""
        none: JsonValue = None
        return {"hold": none} | dict.fromkeys(sorted(self.questions), True)

    def without(
        self, question: str = "", *, labels: Mapping[str, JsonValue] | None = None
    ) -> Conversation:
        """The conversation, the words marked for `question` edited out."""
        lines = []
        for role, text in self.lines:
            plain = _MARKED.sub(lambda m: (m[3] or "") if m[1] == question else m[2], text)
            if plain.strip(" .,:)-"):
                lines.append((role, " ".join(plain.split())))
        name = f"{self.company}, without {question}" if question else self.company
        return labelled(name, self.channel, lines, company=self.company, labels=labels or {})


def labelled(
    name: str,
    channel: Channel,
    lines: Sequence[tuple[Role, str]],
    *,
    company: str,
    labels: Mapping[str, JsonValue],
) -> Conversation:
    """A conversation of these lines with what is true of it."""
    made = converse(name, channel, lines)
    return replace(made, variables={"company": company}, labels=labels)


def load_talks(path: Path) -> tuple[Talk, ...]:
    """All talks of a file."""
    return tuple(_read(path.read_text(encoding="utf-8")))


def _read(text: str) -> Iterator[Talk]:
    body = "\n".join(line for line in text.splitlines() if not line.startswith("#"))
    for part in body.split("\n= "):
        head, *lines = part.removeprefix("= ").strip().splitlines()
        channel, company = head.split(" ", 1)
        pairs = [line.split(": ", 1) for line in lines]
        yield Talk(Channel(channel), company, tuple((ROLES[who], said) for who, said in pairs))
