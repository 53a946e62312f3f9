"""A plain request for a person, understood without the bot, so that it works when it is away.

Only what is nothing but such a request counts; a sentence that mentions a person goes to the bot,
which knows more ways to ask (data/nlu, `ask_person`). Every repetition is possessive or can end in
one way only: anybody on the network may send any text here.
"""

import re
import unicodedata

TALK_TO_A_PERSON = "Talk to a person"
ASK_PERSON, CALL_BACK = "/ask_person", "/call_back"  # intents of domain.yml, as buttons send them
LONGEST = 200  # characters; a longer text tells a story, and the bot reads stories

_POLITE = (
    r"(?:(?:please|ok|okay|hi|hello|hey|yes|no|just|actually|sorry|can|could|may|i|we|you|i'?d"
    r"|let me|want|need|wish|have|would|like|love|rather|to|now|stop|this)[\s,.!]+)*+"
)
_KIND = r"(?:(?:real|live|actual|human|proper|customer service|customer services|sales)\s+)*"
_NAMED = (
    r"(?:person|human(?: being)?|agent|operator|representative|rep|advis[oe]r|colleague"
    r"|member of staff|manager|supervisor)"
)
_WHO = rf"(?:(?:a|an|the|one of your|your|any)\s+)?{_KIND}{_NAMED}s?"
_ANYONE = rf"(?:{_WHO}|someone|somebody|anyone|customer services?|people|staff)"
_REAL = r"(?:\s+(?:real|human|else|at (?:the )?(?:shop|company)))?"
_THANKS = r"(?:[\s,]+(?:please|now|instead|today|thanks|thank you))*+"
_TAIL = rf"{_THANKS}(?:[\s,]+about\s.+)?"
_TALK = r"(?:talk|speak|chat)(?:ing)?\s+(?:to|with)"
_CONNECT = (
    r"(?:(?:put|pass|transfer|connect|hand|switch|forward)\s+(?:me\s+)?(?:(?:through|over|on)\s+)?"
    r"(?:to|with)|(?:get|give|find|fetch|call)\s+me)"
)
_REQUEST = re.compile(
    rf"{_POLITE}(?:"
    rf"{_TALK}\s+{_ANYONE}{_REAL}{_TAIL}"
    rf"|{_CONNECT}\s+{_ANYONE}{_REAL}{_TAIL}"
    rf"|(?:is there\s+)?{_ANYONE}{_REAL}\s+(?:that\s+)?(?:i|we)\s+(?:can|could)\s+(?:talk|speak)\s+"
    rf"(?:to|with){_TAIL}"
    rf"|{_WHO}{_THANKS}"
    rf"|customer services?(?:\s+please)?"
    rf")"
)


def asks_for_person(text: str) -> bool:
    """Whether the whole text is a request for a person."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    words = re.sub(r"\s+", " ", plain).strip(" .!?…\"'")
    return len(words) <= LONGEST and _REQUEST.fullmatch(words) is not None
