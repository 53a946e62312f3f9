"""What follows on the last task and says no wish of its own: 'and the other one?', 'and in York?'.

Such words name nothing but another thing for the same wish, so they are read as the wish itself.
"""

import re
from datetime import UTC, datetime

from actions.fields import AREA, FIELDS, ORDER, REFERENCES
from actions.intents import TASKS
from actions.task import Task

_LEADS = re.compile(
    r"\W*(?:(?:ok(?:ay)?|right|thanks?|thank you|great|cool|good|lovely|perfect|hm+|oh|yes|no)\b"
    r"\W*)*"
    r"(?:(?:and|but)\s+)?(?:(?:now|also|then)\s+)?"
    r"(?:what\s+(?:about|of)|how\s+about|same\s+(?:again\s+|thing\s+)?(?:for|with|in)|do\s+the\s+same"
    r"|and|also|plus|now|then)\b",
    re.IGNORECASE,
)
_TRAILS = re.compile(r"\b(?:too|as well|also|instead)\W*$", re.IGNORECASE)
ANOTHER = re.compile(
    r"\b(?:(?:an|my |the )?other|different|second|new)\s+(?:order|one|parcel|purchase|delivery)\b",
    re.IGNORECASE,
)
NOT_MINE = re.compile(
    r"\b(?:not|n[’']t|isnt|wasnt)\s+(?:my|mine|the\s+right|the\s+one\s+i)\b"
    r"|\b(?:wrong|somebody\s+else[’']?s|someone\s+else[’']?s)\s+(?:order|one|parcel)\b",
    re.IGNORECASE,
)
# What stands around the thing that is named, and wishes nothing
_AROUND = frozenset(
    word
    for line in (
        "a about again also an and any as at but by do for from good great have how i in is it",
        "lovely me mine my near nearest no now of oh ok okay on one order other our perfect please",
        "right same second so thank thanks that the then there thing this to too want was well",
        "what with yes you your around number hp ones parcel delivery postcode town shop store",
    )
    for word in line.split()
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_OF_IT = re.compile(r"\b(?:that|it|this|them|those|these|they)\b", re.IGNORECASE)
LONGEST_MORE = 6  # words
LONGEST_LEANING = 9  # words
MOST_OWN = 3  # words of a name: 'and in Newcastle upon Tyne?'
_COURTESIES = frozenset({"thanks", "goodbye", "affirm", "deny", "greet", "never_mind"})
_THINGS = (ORDER, *REFERENCES)
CERTAIN = 0.8  # of a confidence: 'and cancel 10538' is a wish of its own


def is_more_of_it(text: str) -> bool:
    """Whether a short message only adds to the question before it: 'and on Sundays?'."""
    return _LEADS.match(text) is not None and len(text.split()) <= LONGEST_MORE


def speaks_of_it(text: str) -> bool:
    """Whether a short question has its matter from what was said before: 'how much is that?'."""
    return _OF_IT.search(text) is not None and len(text.split()) <= LONGEST_MORE


def leans_on(text: str) -> bool:
    """Whether a question leans on the thing that is spoken of: 'and when is it on my account?'."""
    is_short = len(text.split()) <= LONGEST_LEANING
    return is_short and (_LEADS.match(text) is not None or _OF_IT.search(text) is not None)


def follows_on(text: str, intent: str | None, confidence: float, last: Task) -> bool:
    """Whether the words ask for the last task once more, with another order, ticket or place.

    `intent` is what they were taken for: a sure wish for another task is none of the last.
    """
    if not (_LEADS.match(text) or _TRAILS.search(text)):
        return False
    if intent in TASKS and intent != last.name and confidence >= CERTAIN:
        return False
    own = [word for word in _WORD.findall(text) if word.lower() not in _AROUND]
    if AREA in last.fields:
        return bool(own) and len(own) <= MOST_OWN and intent not in _COURTESIES
    if ORDER in last.fields and ANOTHER.search(text):
        return not own
    now = datetime.now(UTC)  # none of these is a time
    named = [name for name in _THINGS if name in last.fields and FIELDS[name].read(text, now)]
    return bool(named) and len(own) <= 1
