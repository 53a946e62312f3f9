"""Asking which of two things was meant."""

from collections.abc import Mapping, Sequence
from typing import Any

from actions.endings import PERSON
from actions.intents import nearest, phrase_of, title_of


def which_is_meant(ranking: Sequence[str]) -> Mapping[str, Any]:
    """The question with the two likeliest and a person as buttons; without two, for other words."""
    meant = nearest(ranking)
    if len(meant) < 2:
        return {"response": "utter_rephrase"}
    buttons = [{"title": title_of(name), "payload": f"/{name}"} for name in meant]
    buttons.append({"title": PERSON.title, "payload": PERSON.payload})
    first, second = (phrase_of(name) for name in meant)
    return {
        "response": "utter_did_you_mean", "buttons": buttons, "first": first, "second": second
    }  # fmt: skip
