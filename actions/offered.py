"""Choosing in words what a button of the last answer offers: 'yes please', 'the first one'."""

from collections.abc import Sequence
from dataclasses import dataclass

from rasa_sdk import Tracker

from actions.conversation import asked_about, last_buttons
from actions.intents import TASKS
from actions.task import Result
from language.values.choices import choose

ASK_PERSON, CALL_BACK = "ask_person", "call_back"  # either way a person; offered as a pair
# After these ends the words before the buttons offer what the buttons do: "you can return it"
_OFFERING = frozenset({Result.REFUSED.value, Result.FAILED.value})


@dataclass(frozen=True, slots=True)
class Offered:
    """A button of the bot's last answer: what stands on it, and the intent that it begins."""

    title: str
    intent: str


def steps_of(tracker: Tracker) -> tuple[Offered, ...]:
    """What the bot's last answer offered to begin, in the order of its buttons."""
    found = [Offered(title, payload.lstrip("/")) for title, payload in last_buttons(tracker)]
    return tuple(one for one in found if one.intent in (*TASKS, ASK_PERSON))


def chosen_in_words(tracker: Tracker, text: str) -> str | None:
    """The intent of the one button that the words name, by its place or by what stands on it."""
    steps = steps_of(tracker)
    number = choose(text, [one.title for one in steps]) if text else None
    return None if number is None else steps[number].intent


def meant_by_yes(tracker: Tracker) -> tuple[str, ...]:
    """What a yes to the last answer begins: all that it offered, without a person beside a task."""
    asked = asked_about(tracker)
    if asked is not None:
        return (asked,)
    if tracker.slots.get("outcome") not in _OFFERING:
        return ()
    steps = [one.intent for one in steps_of(tracker)]
    tasks = [name for name in steps if name in TASKS and name != CALL_BACK]
    return tuple(tasks or steps)


def which_of_these(steps: Sequence[Offered]) -> dict[str, object]:
    """Asking which of the offered is wanted, with the same buttons."""
    buttons = [{"title": one.title, "payload": f"/{one.intent}"} for one in steps]
    return {"response": "utter_which_of_these", "buttons": buttons}
