"""A customer's words, kept from being read as a command.

Rasa reads `/intent@0.9{"slot": "value"}` in a message's text as that intent at confidence 1.0,
after `str.strip`, which also removes Unicode spaces (YAMLStoryReader.unpack_regex_message, 3.6.21).
`EXTERNAL: ` is its mark of a message that no customer wrote (rasa.core.constants).
"""

import re
import unicodedata

_COMMAND = "/"
_FRACTION_SLASH = "\N{FRACTION SLASH}"  # looks the same, means nothing to Rasa
_EXTERNAL = re.compile(r"EXTERNAL\s*:", re.IGNORECASE)


def plain_words(text: str) -> str:
    """The same words, in a form that Rasa takes for nothing but words."""
    start = _first_visible(text)
    body = text[start:]
    if body.startswith(_COMMAND):
        slashes = len(body) - len(body.lstrip(_COMMAND))
        body = _FRACTION_SLASH * slashes + body[slashes:]
    return _EXTERNAL.sub("EXTERNAL ", body).rstrip()


def _first_visible(text: str) -> int:
    """Where the first character stands that is neither a space nor a control or format sign."""
    for index, character in enumerate(text):
        if not character.isspace() and unicodedata.category(character)[0] not in "CZ":
            return index
    return len(text)
