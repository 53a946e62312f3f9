"""A handoff's summary cut in two for the eye: what is known, and the customer's own words."""

from dataclasses import dataclass

LAST_WORDS = "Last words: "  # how channels/handover.py ends a summary that quotes somebody


@dataclass(frozen=True, slots=True)
class Brief:
    """What an agent reads first; `words` is a quote with its marks, or empty."""

    known: str
    words: str


def brief_of(summary: str | None) -> Brief:
    """The two parts of a summary; one that quotes nobody is all of it known."""
    known, mark, words = (summary or "").partition(f"{LAST_WORDS}“")
    if not mark or not words.endswith("”"):
        return Brief(summary or "", "")
    return Brief(known.strip(), f"“{words}")
