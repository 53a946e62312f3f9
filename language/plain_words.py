"""Signs as words: what a text says beside its words, for models that have seen words alone.

Emoji by their Unicode names, faces of punctuation, hashtags cut at their capitals; web addresses
and @names, which say nothing of how somebody feels, are left out.
"""

import html
import re
import unicodedata

_FACES = {
    ":)": "smile", ":-)": "smile", "=)": "smile", ":D": "laughing", ":-D": "laughing",
    "xD": "laughing", ";)": "wink", ";-)": "wink", ":P": "playful", ":p": "playful", "<3": "love",
    ":(": "sad", ":-(": "sad", "=(": "sad", ":'(": "crying", ":/": "annoyed", ":-/": "annoyed",
}  # fmt: skip
_ALTERNATIVES = "|".join(sorted(map(re.escape, _FACES), key=len, reverse=True))
_FACE = re.compile(rf"(?<!\w)(?:{_ALTERNATIVES})(?!\w)")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
_MENTION = re.compile(r"(?<!\w)@\w+")
_HASHTAG = re.compile(r"#(\w+)")
_CAPITAL_INSIDE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DRAWN_OUT = re.compile(r"([a-zA-Z])\1{2,}")  # 'sooo'
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")  # as some exports of messages write a character
_BEFORE_STOP = re.compile(r"\s+([.,!?'])")
_DULL = re.compile(r"\b(?:sign|face with|face|heavy black)\b")  # of Unicode's names
_FIRST_SIGN = 0x2000  # no letter of a living language in use lies between here and CJK


def plain_words(text: str) -> str:
    """The text with signs as words, on one line; a text of words alone stays as it is."""
    said = html.unescape(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text))
    said = _MENTION.sub(" ", _ADDRESS.sub(" ", said)).replace("’", "'")
    said = _HASHTAG.sub(lambda found: _CAPITAL_INSIDE.sub(" ", found[1]), said)
    said = _FACE.sub(lambda found: f" {_FACES[found[0]]} ", said)
    if not said.isascii():
        said = _named(said)
    said = _DRAWN_OUT.sub(r"\1\1", said)
    return _BEFORE_STOP.sub(r"\1", " ".join(said.split()))


def _named(text: str) -> str:
    """The text with each emoji's name in its place; one repeated counts once."""
    written: list[str] = []
    last = ""
    for sign in text:
        kind = unicodedata.category(sign) if ord(sign) > _FIRST_SIGN else ""
        if kind not in ("So", "Sk", "Mn", "Cf"):  # pictures, skin tones, joiners
            written.append(sign)
            last = ""
            continue
        if kind == "So" and sign != last:
            name = _DULL.sub("", unicodedata.name(sign, "").lower())
            written.append(f" {name} ")
        last = sign
    return "".join(written)
