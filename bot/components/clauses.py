"""The parts of a message that may be wishes of their own: 'cancel 44107 and where is 44108'.

Which of them are is for the actions to say, by what each part is taken for. Most messages have one
part, and cost nothing here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

MOST = 4  # parts of a message; who writes more tells a story
LEAST_WORDS = 3  # of a part that asks for nothing
_BREAK = re.compile(
    r"(?:(?<=[.!?;])\s+|\n+|,?\s+(?:and|&|plus)\s+|,?\s+(?=also\b|then\b)|,\s+(?=(?:can|could|where"
    r"|when|what|please|i(?:[’']d| would) like|i (?:want|need)"
    r"|(?:nobody|no[\s-]?one|none of you|you (?:never|keep|kept))\b"
    r"|(?:get|send|find|cancel|change|move|return|book|track|check|tell|give|e-?mail)\s+(?:me|us|my|our"
    r"|an?|the|your))\b))",
    re.IGNORECASE,
)
_LEAD = r"(?:(?:and|also|then|plus|please|so|ok(?:ay)?|hi|hello|hey|well|oh|just|now|but)\b[\s,]*)*"
_ASKS = re.compile(
    rf"\W*{_LEAD}(?:"
    r"(?:where|when|what|which|who|how|why)(?:[’']?s)?\b"
    r"|(?:can|could|would|will|may|shall|should|do|does|did|is|are|has|have)\s+"
    r"(?:i|we|you|u|someone|somebody|there|it|my|our|the|this|that|they)\b"
    r"|(?:i|we)(?:\s+(?:also|just|still|really))*(?:[’']d\s+(?:also\s+)?like|\s+(?:would\s+(?:also\s+)?like|want|wanna|need|have\s+to|must))\b"
    r"|(?:let|tell|give|get|show|help|send|e-?mail|cancel|change|move|return|book|track|find|check"
    r"|call|ring|phone|deliver|refund|update|make|reschedule|rearrange|put|exchange|swap|report|stop"
    r"|arrange|postpone|bring|collect|add|remove|start|look)\b"
    r")",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clause:
    """A part of a message; whether its first words ask for something."""

    text: str
    asks: bool


def clauses_of(text: str) -> tuple[Clause, ...]:
    """The parts of a message that may be wishes of their own; none where there is only one.

    A part of few words that asks for nothing is of the part before it.
    """
    found: list[Clause] = []
    for part in _BREAK.split(text):
        asks = _ASKS.match(part) is not None
        if found and not asks and len(part.split()) < LEAST_WORDS:
            found[-1] = Clause(f"{found[-1].text}, {part}", found[-1].asks)
        elif part.strip():
            found.append(Clause(part, asks))
    return tuple(found) if 2 <= len(found) <= MOST else ()
