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


_OPENERS = (
    r"(?:(?:no|ok|okay|actually|oh|well|sorry|please|right|all right)[\s,.!]+)*+"
    r"(?:(?:never ?mind|nvm|forget (?:it|that))[\s,.!]+)?"
)
_CLOSERS = r"(?:[\s,.!]+(?:please|then|thanks|thank you|instead|now))*+"
_WISH = (
    r"(?:i(?:'?ll| will| want to| would like to|'?d like to) )?(?:rather )?(?:just )?"
    r"(?:(?:can i|can we|could i|let me|let'?s) )?(?:just )?"
)
_TO_BOT = (
    rf"{_WISH}(?:carry on|continue|go on|go back|keep going|try|use|talk|speak|chat|stay|back"
    r"|return|take me back|put me back)"
    r"(?: (?:with|to|on with))? (?:the|your|this) (?:bot|robot|chat ?bot|assistant)"
    r"(?: (?:again|first|instead|then|after all))?"
    r"|(?:the )?bot(?: is fine| will do|)"
)
_GIVES_UP = (
    r"never ?mind(?: (?:that|it|the person|the agent|then))?|nvm|forget (?:it|that|about it)"
    r"|cancel(?: (?:it|that|this|the (?:person|agent|request|wait)))?|stop waiting"
    r"|(?:i )?(?:do not|don'?t) (?:need|want) (?:a|the|any) (?:person|human|agent)"
    r"(?: (?:any ?more|after all|now|any longer))?"
    r"|(?:i(?:'?m| am) )?not waiting(?: (?:any ?more|any longer|for (?:that|this|them)))?"
    rf"|{_WISH}(?:(?:ask|do (?:it|this|that) with|(?:carry|go) on with|stay with"
    r"|(?:talk|speak|chat) (?:to|with)) you|do (?:it|this|that) (?:here|with you))"
    r"(?: (?:again|first|instead|then|after all))?"
    r"|you (?:can |could )?(?:just )?do (?:it|this|that)"
)
_LEAVES = re.compile(rf"{_OPENERS}(?:{_GIVES_UP}|{_TO_BOT}){_CLOSERS}")
_STAYS = re.compile(rf"{_OPENERS}(?:{_TO_BOT}){_CLOSERS}")


def wants_bot(text: str) -> bool:
    """Whether the whole text of one who waits gives up the wait for a person."""
    return len(text) <= LONGEST and _LEAVES.fullmatch(_plain(text)) is not None


def asks_for_bot(text: str) -> bool:
    """Whether the whole text asks for the bot by that name, where it is there already."""
    return len(text) <= LONGEST and _STAYS.fullmatch(_plain(text)) is not None


def asks_for_person(text: str) -> bool:
    """Whether the whole text is a request for a person."""
    words = _plain(text)
    return len(words) <= LONGEST and _REQUEST.fullmatch(words) is not None


def _plain(text: str) -> str:
    """Lower case, one kind of apostrophe and space, no marks at the ends."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").casefold()
    return re.sub(r"\s+", " ", plain).strip(" .!?…\"'")
