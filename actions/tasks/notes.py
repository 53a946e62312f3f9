"""What happened, in the customer's own words: those that began the task, and what they add."""

from actions.task import WISH, Ask, Choice, Collected

NOTE = "note"
LEAST_TOLD = 8  # words; "I want to make a complaint please" has seven, and tells nothing yet
SAID = "*"  # nobody's whole report
PICTURES = "pictures are in conversation {conversation}"  # for the people who answer the ticket


def ask_note(question: str, known: Collected, *, more: str | None = None) -> Ask:
    """Ask for it; who has said it in their first message need not say it again.

    `more` is asked of them in place of the question.
    """
    has_told = len((known.get(WISH) or "").split()) >= LEAST_TOLD
    said = (Choice("I have said it already", SAID, field=NOTE),) if has_told else ()
    return Ask(NOTE, more if said and more else question, said)


def note_of(known: Collected) -> str:
    """All that was said of it."""
    said, added = known.get(WISH), known.get(NOTE)
    parts = [part for part in (said, None if added == SAID else added) if part]
    return "\n".join(dict.fromkeys(parts))
