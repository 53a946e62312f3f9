"""Whether a customer asks something, in whatever way they begin."""

import re

from language.values.found import level

_LEADS = (
    r"(?:(?:hang on|hold on|wait(?: a (?:moment|minute|sec(?:ond)?))?|one (?:moment|sec(?:ond)?)"
    r"|before (?:that|this|i (?:do|say))|by the way|btw|quick question|just (?:one|a) question|oh"
    r"|ah|u[hm]+|er+m?|so|and|but|also|ok(?:ay)?|hi|hello|hey|sorry|actually|well|first|then|right"
    r"|please|no|yes)\b[\s,.:;!-]*)*"
)
_SUBJECT = (
    r"(?:i|you|u|we|they|he|she|it|this|that|these|those|there|my|your|our|the|somebody|someone"
    r"|anybody|anyone)"
)
_VERBS = (
    r"(?:do|does|did|is|are|was|were|will|would|can|could|shall|should|has|have|had|am|may|might)"
)
_ASKS = re.compile(
    rf"\A\W*{_LEADS}(?:(?:how|what|why|when|where|who|whose|which)(?:'s|'re)?\b"
    rf"|{_VERBS}(?:n't)?\s{_SUBJECT}\b)"
)
_LONGEST = 300  # characters; a question stands at the beginning or at the end of what is said


def is_question(text: str) -> bool:
    """Whether the text is a question: by its sign, its first words, or its verb before its subject.

    'hang on, are you open on Sundays' and 'will I be charged' are, 'it is the wrong colour' is not.
    """
    plain = " ".join(level(text).split())
    return plain.endswith("?") or _ASKS.match(plain[:_LONGEST]) is not None
