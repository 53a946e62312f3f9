"""What a reader found, and where it stands in the text."""

from dataclasses import dataclass

from core.spans import TextSpan


@dataclass(frozen=True, slots=True)
class Found:
    """A value in the one spelling that is stored, such as 'HP-10442', and its place."""

    value: str
    span: TextSpan


def level(text: str) -> str:
    """Lower case and plain quotes and dashes, sign for sign, so that spans stay true."""
    if text.isascii():
        return text.lower()
    return "".join(_level_sign(sign) for sign in text)


_PLAIN = {"’": "'", "‘": "'", "–": "-", "—": "-", "−": "-", "\u00a0": " ", "\u2011": "-"}


def _level_sign(sign: str) -> str:
    lower = _PLAIN.get(sign) or sign.lower()
    if lower.isdecimal() and not lower.isascii():
        return str(int(lower))
    return lower if len(lower) == 1 else sign
