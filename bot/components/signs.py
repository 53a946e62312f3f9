"""Messages of signs alone: a sentence encoder has never seen most of them, and likens all to yes.

The few that people answer with are read from a table; all else without a letter or a digit, such
as "?" and "…", is not understood. language/values/yes_no.py reads the same signs in a form.
"""

from __future__ import annotations

YES_SIGNS = "👍👌✅✔☑❤"
NO_SIGNS = "👎❌✖🚫😡😠🤬😢😭"
AFFIRM, DENY, NOT_UNDERSTOOD = "affirm", "deny", "nlu_fallback"


def read_signs(text: str) -> str | None:
    """The intent of a message that is signs alone; None when it has a letter or a digit."""
    if any(character.isalnum() for character in text):
        return None
    is_yes = any(sign in text for sign in YES_SIGNS)
    is_no = any(sign in text for sign in NO_SIGNS)
    if is_yes is is_no:
        return NOT_UNDERSTOOD
    return AFFIRM if is_yes else DENY
