"""Which of the offered choices words mean."""

from collections.abc import Sequence
from datetime import datetime

from actions.task import Choice
from language.values.choices import choose


def choose_from(text: str, choices: Sequence[Choice], *, now: datetime) -> Choice | None:
    """The one choice that is meant; None when none or several are."""
    place = choose(text, [choice.title for choice in choices])
    return None if place is None else choices[place]
