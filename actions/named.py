"""A choice that is written out instead of pressed: 'later days', 'I said it already'."""

import re
from collections.abc import Sequence

from actions.task import Choice
from actions.tasks.notes import NOTE, SAID
from language.values.found import level

# In answer to "what happened?", of who told it when they began
_SAID_IT = re.compile(
    r"\W*(?:yes|yeah|yep|no|that[’']?s (?:it|all)|as i (?:just )?(?:said|told you|wrote)"
    r"|(?:i(?:[’']ve| have)? )?(?:just |already )*(?:said|told you|wrote|explained)"
    r"(?: it| that| you)?"
    r"(?: already| above| before)?|see above|nothing(?: else| more)?)(?: please| thanks?)?\W*",
    re.IGNORECASE,
)


def written_on(text: str, asked: str, choices: Sequence[Choice]) -> Choice | None:
    """The choice whose button says just this; for a report, also "I said it already" in short."""
    plain = level(text).strip(" .,!")
    said = next((choice for choice in choices if choice.value == SAID), None)
    if asked == NOTE and said is not None and _SAID_IT.fullmatch(text):
        return said
    found = [choice for choice in choices if level(choice.title).strip(" .,!") == plain]
    return found[0] if len(found) == 1 else None
