"""Evidence as a person types it: a turn's number, words of the transcript, or both."""

import re
from collections.abc import Iterator

from core.conversation import Conversation
from core.errors import BadInput
from core.evaluation import Evidence
from core.spans import TextSpan

MOST = 10  # pieces of evidence for one answer
_NUMBER = re.compile(r"(\d{1,6})\s*(?::\s*(.*))?\Z", re.DOTALL)


def read_citations(typed: str, conversation: Conversation) -> tuple[Evidence, ...]:
    """One piece of evidence a line: '7' (the whole turn), '7: the words', or the words alone.

    Raises:
        BadInput: there is no such turn, the words do not stand there, or in several turns.
    """
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise BadInput(f"{len(lines)} pieces of evidence are too many; {MOST} are the most.")
    return tuple(_citation(line, conversation) for line in lines)


def _citation(line: str, conversation: Conversation) -> Evidence:
    numbered = _NUMBER.match(line)
    if numbered is None:
        return _anywhere(line, conversation)
    number, words = int(numbered[1]), (numbered[2] or "").strip()
    if not 1 <= number <= len(conversation.turns):
        raise BadInput(f"There is no turn {number}; the last is {len(conversation.turns)}.")
    turn = conversation.turns[number - 1]
    if not words:
        return Evidence(turn.id, TextSpan(0, len(turn.text)))
    span = _span(words, turn.text)
    if span is None:
        raise BadInput(f"“{words[:60]}” does not stand in turn {number}, word for word.")
    return Evidence(turn.id, span)


def _anywhere(words: str, conversation: Conversation) -> Evidence:
    found = list(_all(words, conversation))
    if not found:
        raise BadInput(f"“{words[:60]}” does not stand in the transcript, word for word.")
    if len(found) > 1:
        turns = ", ".join(str(number) for number, _ in found[:5])
        raise BadInput(f"“{words[:60]}” stands in turns {turns}; put a turn's number before it.")
    return found[0][1]


def _all(words: str, conversation: Conversation) -> Iterator[tuple[int, Evidence]]:
    for number, turn in enumerate(conversation.turns, start=1):
        span = _span(words, turn.text)
        if span is not None:
            yield number, Evidence(turn.id, span)


def _span(words: str, text: str) -> TextSpan | None:
    """Where the words stand, whatever their capitals and spaces; quotation marks are left off."""
    plain = words.strip("“”\"' ")
    if not plain:
        return None
    spaced = r"\s+".join(map(re.escape, plain.split()))
    met = re.search(spaced, text, re.IGNORECASE)
    return None if met is None else TextSpan(met.start(), met.end())
