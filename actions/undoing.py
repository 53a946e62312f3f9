"""Taking back what was just done: 'oh no, can you undo that?'.

Nothing is undone by itself: a cancelled order is gone, and whatever else was changed can be changed
once more. So it is said what can be done, and the task that does it is offered.
"""

import re
from collections.abc import Mapping
from typing import Any

from actions.endings import PERSON
from actions.state import State
from actions.task import Button, Result

_UNDO = re.compile(
    r"\b(?:undo|un-?cancel|reverse|revert|reinstate|restore|take\s+(?:it|that|this)\s+back"
    r"|(?:by|a|my)\s+(?:mistake|accident)|put\s+(?:it|that|things)\s+back"
    r"|back\s+(?:to|as|how)\s+(?:it|they|before|what)"
    r"|(?:did\s+not|didn[’']?t|don[’']?t)\s+(?:actually\s+|really\s+)?mean\s+(?:it|that|to|this)"
    r"|should\s+(?:be|have\s+been|read|say)(?!\s+(?:ok|okay|fine|good|here|there|all\s*right|enough))"
    r"|(?:do|did)\s+(?:still\s+)?want\s+it|still\s+want\s+it|changed\s+my\s+mind)\b",
    re.IGNORECASE,
)
_SAYS: Mapping[str, tuple[str, tuple[Button, ...]]] = {
    "cancel_order": (
        "A cancelled order cannot be taken up again, I am sorry. You can place it anew, or one of "
        "our people can see whether it can still be saved.",
        (),
    ),
    "cancel_fitting": (
        "That visit is cancelled, and its time may be taken by now. I can book another one.",
        (Button("Book a fitting", "/book_fitting"),),
    ),
    "change_slot": (
        "The delivery is changed. I can change it once more, to the old time if it is still free.",
        (Button("Change the delivery time", "/change_slot"),),
    ),
    "move_fitting": (
        "The visit is moved. I can move it once more, to the old time if that is still free.",
        (Button("Move the fitting", "/move_fitting"),),
    ),
    "change_address": (
        "The address is changed. Tell me which it should be, and I change it once more.",
        (Button("Change the address", "/change_address"),),
    ),
    "start_return": (
        "The return is started. If you keep the goods, simply do not send them: then nothing is "
        "paid back. One of our people can also take it out of our records.",
        (),
    ),
}


def say_undo(text: str, state: State, outcome: str | None) -> Mapping[str, Any] | None:
    """What can be done about the last task, when the words would take it back; else None."""
    told = _SAYS.get(state.last_task or "")
    if told is None or outcome != Result.RESOLVED.value or not _UNDO.search(text):
        return None
    words, steps = told
    buttons = [{"title": one.title, "payload": one.payload} for one in (*steps, PERSON)]
    return {"text": words, "buttons": buttons}
