"""What happened, in the customer's own words: those that began the task, and what they add."""

from actions.task import WISH, Ask, Choice, Collected

NOTE = "note"
SAID = "*"  # nobody's whole report


def ask_note(question: str, known: Collected) -> Ask:
    """Ask for it; who has said it in their first message need not say it again."""
    said = (Choice("I have said it already", SAID, field=NOTE),) if WISH in known else ()
    return Ask(NOTE, question, said)


def note_of(known: Collected) -> str:
    """All that was said of it."""
    said, added = known.get(WISH), known.get(NOTE)
    parts = [part for part in (said, None if added == SAID else added) if part]
    return "\n".join(dict.fromkeys(parts))
