"""What a person typed, made fit to be stored: checked, cleaned and without card numbers."""

import unicodedata

from core.errors import BadInput
from language.cards import mask_cards

_KEPT = "\n\t"


def accept_words(text: str, *, limit: int) -> str:
    """The text as it is stored and read by everybody, bot included.

    Control characters and halves of characters are dropped: databases and terminals choke on them.

    Raises:
        BadInput: nothing is left, or it is longer than `limit`; it is never cut.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    words = "".join(sign for sign in plain if sign in _KEPT or not _is_unfit(sign)).strip()
    if all(unicodedata.category(sign)[0] in "CZ" for sign in words):
        raise BadInput("The message is empty.")
    if len(words) > limit:
        raise BadInput(
            f"The message has {len(words):,} characters; at most {limit:,} can be sent at once. "
            "Please shorten it or send it in parts."
        )
    return mask_cards(words)


def _is_unfit(sign: str) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs")
