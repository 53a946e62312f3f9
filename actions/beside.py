"""A question about the task itself, asked where the task asks: 'and how much do I get back?'.

It is answered and the open question asked again; it is no reason to return something, and no wish
for another task.
"""

import re
from collections.abc import Mapping

from actions.fields import ORDER
from actions.intents import TASKS
from actions.knowledge import ABOUT_TASK as LEADS
from actions.knowledge import ANSWER_IN_BETWEEN, SURE_WITHIN, FindArticle
from actions.reading import Heard
from actions.state import State
from actions.task import CONFIRM, Desk
from actions.tasks.change_slot import SLOT
from actions.tasks.fittings import TIME, fitting_of, say_visit
from actions.tasks.orders import order_of
from actions.wording import say_when
from language.questions import is_question

Says = tuple[Mapping[str, object], ...]

CANCEL_ORDER, CHANGE_SLOT, MOVE_FITTING = "cancel_order", "change_slot", "move_fitting"
LONGEST = 14  # words
_ASKED_AT = (CONFIRM, "item", "reason")
# taken for one of these, a question is none about the task
_ELSEWHERE = frozenset(
    {"ask_person", "never_mind", "go_back", "opening_hours", "bot_challenge", "help", "greet"}
)
_MONEY = re.compile(
    r"\b(?:fees?|charge[ds]?|costs?|free|refund\w*|money|pay|pays|paid|price|back|how much)\b",
    re.IGNORECASE,
)
_SUM = re.compile(  # what the confirmation of a cancelling states itself
    r"\b(?:fees?|charge[ds]?|costs?|free|how much|full|all (?:of )?(?:it|my)|pay anything)\b",
    re.IGNORECASE,
)
_SHORT = re.compile(r"\W*(?:and|so|but)\s+(?:when|how|what|who|where)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d{4}")
_PRESENT = re.compile(
    r"\b(?:what|when|which)\b.{0,40}\b(?:before|now|currently|at the moment|at present|original\w*"
    r"|already|so far|as it stands)\b",
    re.IGNORECASE,
)


async def answer_beside(
    heard: Heard, desk: Desk, state: State, find_article: FindArticle | None
) -> Says | None:
    """What is said before the open question is asked again; None for what is no such question."""
    if heard.is_button or not _is_question(heard.text):
        return None
    if _PRESENT.search(heard.text) and (present := await _say_present(desk, state)) is not None:
        return ({"text": present},)
    if not _is_about_task(heard, state):
        return None
    if state.task == CANCEL_ORDER and _SUM.search(heard.text):
        return ()
    lead = LEADS[state.task or ""]
    found = await find_article(f"{lead}: {heard.text}") if find_article else None
    if found is None or found.score < SURE_WITHIN:
        return None
    return (found.said_in(ANSWER_IN_BETWEEN),)


def _is_question(text: str) -> bool:
    is_short = len(text.split()) <= LONGEST and _NUMBER.search(text) is None
    return is_short and (is_question(text) or _SHORT.match(text) is not None)


def _is_about_task(heard: Heard, state: State) -> bool:
    if state.task not in LEADS or state.asked not in _ASKED_AT or heard.intent in _ELSEWHERE:
        return False
    is_other = heard.intent in TASKS and heard.intent != state.task and heard.is_sure
    return _MONEY.search(heard.text) is not None or not is_other


async def _say_present(desk: Desk, state: State) -> str | None:
    """The time that stands, which the task would change."""
    if state.asked not in (SLOT, TIME, CONFIRM) or ORDER not in state.collected:
        return None
    if state.task == MOVE_FITTING:
        visit = await fitting_of(desk, state.collected)
        return f"As it stands, the fitter comes on {say_visit(visit, desk)}." if visit else None
    order = await order_of(desk, state.collected) if state.task == CHANGE_SLOT else None
    if order is None or order.delivery_on is None:
        return None
    return f"As it stands, it comes {say_when(order)}."
