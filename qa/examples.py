"""Examples of a question: little conversations with the answer each must get.

examples:
  yes:
    - this call is recorded for training          # the agent's words
    - "A: hello / C: hi / A: we record our calls"  # a conversation
  no:
    - talk: "A: hello / C: is this recorded"
      paused: 4-12
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import yaml

from core.conversation import (
    CallDirection,
    Channel,
    Conversation,
    Event,
    EventKind,
    Role,
    Speech,
    Turn,
    Word,
)
from core.errors import BadInput
from core.evaluation import Verdict
from core.scorecard import Question
from core.spans import TimeSpan, parse_spans
from core.yaml_node import Item

EXAMPLE_KEYS = frozenset({"talk", "channel", "opened_at", "direction", "paused", "held"})
ROLES: Mapping[str, Role] = {
    "A": Role.AGENT, "C": Role.CUSTOMER, "B": Role.BOT, "U": Role.UNKNOWN,
}  # fmt: skip
WORDS_PER_SECOND = 2.5  # a usual telephone pace; the rules need times, not exact ones
GAP = 0.5  # seconds between two turns
_MARKS = re.compile(r"(?:\A| / )([ACBU]): ?")
_CLOSING = "A: hello / C: hi, a question / A: yes / C: thanks / A: {}"


@dataclass(frozen=True, slots=True)
class Example:
    """A conversation, the question it is an example of, and the answer it must get."""

    question: str
    verdict: Verdict
    conversation: Conversation
    place: str  # file and line


def read_examples(item: Item, question: Question) -> Iterator[Example]:
    """The examples under `item`, whose keys are answers.

    Raises:
        BadInput: of the kind of `item`, naming the file, the line and the key.
    """
    item.check_keys(frozenset(Verdict))
    for name in item.names():
        for child in item.items(name):
            place = f"{child.file}:{child.node.start_mark.line + 1}"
            yield Example(question.id, Verdict(name), _conversation(child, question, place), place)


def _conversation(item: Item, question: Question, place: str) -> Conversation:
    if isinstance(item.node, yaml.ScalarNode):
        return _talk(item, item.value, question, place, None)
    item.check_keys(EXAMPLE_KEYS)
    channel = item.choice("channel", Channel, default=Channel.VOICE)
    made = _talk(item, item.text("talk"), question, place, channel)
    try:
        return replace(
            made,
            opened_at=_moment(item),
            direction=CallDirection(item.text("direction")) if item.has("direction") else None,
            events=(*_events(item, "paused", EventKind.RECORDING_PAUSED),
                    *_events(item, "held", EventKind.HELD)),
        )  # fmt: skip
    except (BadInput, ValueError) as error:
        raise item.wrong("", str(error)) from error


def _talk(
    item: Item, text: str, question: Question, place: str, channel: Channel | None
) -> Conversation:
    """Spoken when it is all in lower case, or asked of calls alone."""
    if not _MARKS.match(text):
        text = (
            _CLOSING.format(text) if question.options.get("window") == "closing" else f"A: {text}"
        )
    lines = lines_of(text)
    if not lines:
        raise item.wrong("", "an example holds no words")
    is_heard = all(words == words.lower() for _, words in lines)
    is_spoken = is_heard or bool(question.channels and Channel.WEB not in question.channels)
    return converse(place, channel or (Channel.VOICE if is_spoken else Channel.WEB), lines)


def lines_of(talk: str) -> list[tuple[Role, str]]:
    """'A: hello / C: hi' as who said what; what is empty is left out."""
    parts = _MARKS.split(talk)[1:]
    pairs = zip(parts[::2], parts[1::2], strict=True)
    return [(ROLES[who], words.strip()) for who, words in pairs if words.strip()]


def converse(name: str, channel: Channel, lines: Sequence[tuple[Role, str]]) -> Conversation:
    """A conversation of these lines; those of a call have times, one after another."""
    turns, clock = [], 0.0
    for number, (role, text) in enumerate(lines):
        speech = _speech(text, clock) if channel is Channel.VOICE else None
        turns.append(Turn(f"t{number}", role, text, speech=speech))
        clock = speech.span.end + GAP if speech else clock
    return Conversation(name, channel, tuple(turns))


def _speech(text: str, start: float) -> Speech:
    step = 1 / WORDS_PER_SECOND
    words = tuple(
        Word(word, TimeSpan(start + at * step, start + (at + 1) * step))
        for at, word in enumerate(text.split())
    )
    return Speech(TimeSpan(start, start + step * len(words)), words=words)


def _moment(item: Item) -> datetime | None:
    return datetime.fromisoformat(item.text("opened_at")) if item.has("opened_at") else None


def _events(item: Item, key: str, kind: EventKind) -> tuple[Event, ...]:
    if not item.has(key):
        return ()
    return tuple(Event(kind, None, span=span) for span in parse_spans(item.text(key)))
