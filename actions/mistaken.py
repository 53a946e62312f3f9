"""A task that was begun by mistake: 'that's not what I asked'."""

import re

_NOT_THAT = re.compile(
    r"\b(?:that|this|it)(?:[’']?s| is| was)\s*n[o’']t\s+(?:what|why|how)\s+(?:i|we)\b"
    r"|\b(?:that|this|it)\s+isn[’']?t\s+(?:what|why|how)\s+(?:i|we)\b"
    r"|\bnot\s+(?:what|why)\s+(?:i|we)\s+(?:ask\w*|meant?|want\w*|said|came|need\w*)\b"
    r"|\b(?:i|we)\s+(?:didn[’']?t|did\s+not|never)\s+(?:ask|say|want|mean)\s+"
    r"(?:you\s+)?(?:(?:for|about|to\s+\w+)\s+)?(?:that|this|it|any|an?)\b"
    r"|\byou(?:[’']?ve|\s+have)?\s+(?:misunderst\w+|got\s+(?:that|it|me)\s+wrong)\b"
    r"|\b(?:i|we)(?:[’']?m|\s+am|\s+was|\s+were)\s+(?:not\s+)?(?:asking|talking)\s+about\b"
    r"|\bwrong\s+(?:question|topic|subject)\b",
    re.IGNORECASE,
)


def is_mistaken(text: str) -> bool:
    """Whether the words say that something else was wished for."""
    return _NOT_THAT.search(text) is not None
