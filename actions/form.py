"""The one form: reads each message of a running task, asks what is missing, and finishes.

Rasa calls `validate_task_form` once a message. It also does the work at the end of a task, in the
same call: every call costs the customer time, and a value that the shop refuses at the last moment
is asked for again without the form having ended in between. No events leave a message to
data/rules.yml, which answers it and comes back (`was_interrupted`) or leaves the form.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import asked_about, was_interrupted
from actions.course import RESUME, Step, advance, ask_resume, end, say_ask, say_outcome
from actions.endings import DECLINED, PERSON
from actions.fields import FIELDS, ORDER, REFERENCES, resting_on
from actions.identify import SENT, TRIED
from actions.intents import title_of
from actions.meant import which_is_meant
from actions.other_languages import say_other_language
from actions.reading import (
    Heard,
    asks_something,
    guess_task,
    hear,
    read_answer,
    read_early,
    refuses_person,
    wants_other_task,
)
from actions.state import State, read_state
from actions.subjects import meant_intent
from actions.task import (
    ABOUT,
    ATTEMPT,
    CONFIRM,
    MEANT,
    NO,
    WISH,
    YES,
    Button,
    Collected,
    Desk,
    Outcome,
    Result,
    Task,
)
from language.values.corrections import value_after_no

Events = list[dict[str, Any]]

CALL_BACK = "call_back"
LEAVES = frozenset({"ask_person", "never_mind"})
ASIDES = frozenset(
    {"greet", "bot_challenge", "help", "thanks", "opening_hours", "ask_article", "goodbye"}
)
LONGEST_ASIDE = 6  # words; a longer "thanks, …" in answer to "what happened?" is the answer
LONGEST_WISH = 300  # characters; who begins with more has told a story, not chosen
# among what is collected, but no answer to go back to
UNGIVEN = (TRIED, SENT, WISH, MEANT, ABOUT, ATTEMPT)
OTHERS = 2  # tasks that are offered beside a person, as where no task runs (issue 3)
PATIENCE = 2  # answers in a row that told nothing, before a person is offered

NOTHING_BEFORE = "There is nothing before this to go back to."
WHAT_INSTEAD = (
    "I could not tell what that should replace. Please say all of it, such as the whole address or "
    "day and time, or a plain no to leave everything as it is."
)
OFFER_PERSON = "I still could not read that. You can try again, or I can get you a person."
_ANOTHER = re.compile(
    r"\b(?:(?:an|my |the )?other|different|second|new)\s+(?:order|one|parcel|purchase|delivery)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class TaskForm:
    """Runs the tasks of actions/tasks/; `open_desk` takes a conversation's and a turn's id."""

    tasks: Mapping[str, Task]
    open_desk: Callable[[str, str], Desk]

    async def validate(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
    ) -> Events:
        """Take a message of the customer; no events leave it to the rules."""
        state = read_state(tracker.slots)
        is_open = tracker.slots.get("requested_slot") is not None
        heard = hear(tracker)
        meant = meant_intent(heard.intent, heard.text, state.subject)
        if meant != heard.intent:
            heard = replace(heard, intent=meant, confidence=1.0)
        desk = self.open_desk(tracker.sender_id, heard.turn)
        if not is_open:
            offered = asked_about(tracker) if heard.intent == "affirm" else None
            if offered is not None:
                heard = replace(heard, intent=offered, confidence=1.0)
            step = await self._begin(heard, desk, replace(state, paused=()).ended(None))
        elif was_interrupted(tracker):
            step = await self._ask_again(desk, state)
        else:
            told = self._read(heard, desk, state)
            if _is_for_the_rules(heard, state, told):
                return []
            step = await self._take(heard, desk, state, told)
        for message in step.says:
            dispatcher.utter_message(**message)
        if step.state.asked is not None:  # so that an open survey takes no answer of this question
            dispatcher.utter_message(json_message={"parley": "asks", "field": step.state.asked})
        return step.state.events()

    async def _begin(self, heard: Heard, desk: Desk, state: State) -> Step:
        """Begin what the message asks for, with what it tells already."""
        name = heard.intent if heard.intent != "give_details" else guess_task(heard, desk.now)
        task = self.tasks.get(name or "")
        if task is not None and name == heard.intent and not (heard.is_button or heard.is_sure):
            return Step(state.ended(None), (which_is_meant(heard.ranking),))
        if task is None:  # a bare value of nothing, or a button whose question is long gone
            return Step(state.ended(None), ({"response": "utter_rephrase"},))
        known = Collected(read_early(heard, [f for f in task.fields if FIELDS[f].eager], desk.now))
        if ORDER in task.fields and ORDER not in known:
            known = await _with_known_order(heard, desk, state, known)
        if heard.text:
            known = known.with_values({WISH: heard.text[:LONGEST_WISH]})
        if task.name == CALL_BACK and state.unsettled:
            known = known.with_values({ABOUT: "; ".join(state.unsettled.values())})
        fresh = State(
            paused=state.paused,
            last_order=state.last_order,
            last_subject=state.subject,
            unsettled=state.unsettled,
        )
        state = replace(fresh, task=task.name, collected=known)
        return await advance(task, desk, state)

    def _read(self, heard: Heard, desk: Desk, state: State) -> dict[str, str]:
        task = self.tasks.get(state.task or "")
        return read_answer(heard, state, task.fields if task else (), desk.now)

    async def _take(self, heard: Heard, desk: Desk, state: State, told: Mapping[str, str]) -> Step:
        """Take an answer, a correction, a step back, or the wish for something else."""
        task = self.tasks.get(state.task or "")
        if wants_other_task(heard, state, told):
            is_dropped = told.get(CONFIRM) == NO
            return await self._begin(heard, desk, state if is_dropped else state.pausing())
        if heard.intent == "go_back" and heard.is_plain and (not told or _is_aside(heard, state)):
            return await self._go_back(desk, state)
        if RESUME in told:
            return await self._resume(desk, state, is_wanted=told[RESUME] == YES)
        if told and task is not None:
            known = state.collected.without(*resting_on(set(told))).with_values(told)
            return await advance(task, desk, replace(state, collected=known, misread=0))
        if heard.is_button or heard.intent == state.task:  # an old button, or the same wish again
            return await self._ask_again(desk, state)
        return await self._not_read(heard, desk, state)

    async def _ask_again(self, desk: Desk, state: State, *says: Mapping[str, Any]) -> Step:
        """Ask what is open; looked up anew, since the shop may have changed meanwhile."""
        task = self.tasks.get(state.task or "")
        if task is not None:
            return await advance(task, desk, state, says)
        ask = ask_resume(state.paused[-1].task)
        return Step(state.asking(ask, desk.turn), (*says, say_ask(ask, desk.turn)))

    async def _not_read(self, heard: Heard, desk: Desk, state: State) -> Step:
        other = say_other_language(heard.text)
        if other is not None:
            return await self._ask_again(desk, state, other)
        state = replace(state, misread=state.misread + 1)
        if state.misread < PATIENCE:
            is_part = state.asked == CONFIRM and value_after_no(heard.text) is not None
            unread = WHAT_INSTEAD if is_part else FIELDS[state.asked or ""].unread
            return await self._ask_again(desk, state, {"text": unread})
        others = [name for name in heard.ranking if name in self.tasks and name != state.task]
        meant = [Button(title_of(name) or name, f"/{name}") for name in others[:OTHERS]]
        offer = say_outcome(Outcome(Result.FAILED, OFFER_PERSON, (*meant, PERSON)))
        return await self._ask_again(desk, state, *offer)

    async def _go_back(self, desk: Desk, state: State) -> Step:
        """Forget the latest value and ask for it again."""
        given = [name for name in state.collected if name not in UNGIVEN]
        task = self.tasks.get(state.task or "")
        if not given or task is None:
            return await self._ask_again(desk, state, {"text": NOTHING_BEFORE})
        void = {given[-1], *resting_on({given[-1]})}
        known = state.collected.without(*void, *UNGIVEN)
        return await advance(task, desk, replace(state, collected=known, misread=0))

    async def _resume(self, desk: Desk, state: State, *, is_wanted: bool) -> Step:
        """Go on with the task that was put aside last, or leave it."""
        *kept, last = state.paused
        state = State(
            paused=tuple(kept),
            last_order=state.last_order,
            last_subject=state.subject,
            unsettled=state.unsettled,
        )
        if not is_wanted:
            return end(last.task, DECLINED, desk, state)
        state = replace(state, task=last.task, collected=last.collected)
        return await advance(self.tasks[last.task], desk, state)


def _is_aside(heard: Heard, state: State) -> bool:
    """Whether a short message is none of an answer that takes whatever is said."""
    return FIELDS[state.asked or ""].free and len(heard.text.split()) <= LONGEST_ASIDE


def _is_for_the_rules(heard: Heard, state: State, told: Mapping[str, str]) -> bool:
    """Whether data/rules.yml answers the message: it leaves the form, or is aside of it."""
    leaves = heard.intent in LEAVES and heard.is_plain and not refuses_person(heard.text)
    is_aside = heard.intent in ASIDES
    if told.get(state.asked or "") in [choice.value for choice in state.choices()]:
        return False  # "I changed my mind" is a reason to return something
    if not FIELDS[state.asked or ""].free:
        return leaves or (is_aside and not told)
    is_long = len(heard.text.split()) > LONGEST_ASIDE
    if heard.intent == "ask_person":
        return leaves
    return (leaves and not is_long) or (is_aside and (asks_something(heard.text) or not is_long))


async def _with_known_order(heard: Heard, desk: Desk, state: State, known: Collected) -> Collected:
    """With the order that is spoken of, when the customer has shown it to be theirs today."""
    if any(name in known for name in REFERENCES):
        return known
    interrupted = state.paused[-1].collected.get(ORDER) if state.paused else None
    if interrupted is not None:
        return known.with_values({ORDER: interrupted})
    shown = (await desk.identity.known()).verified_orders
    if not shown or _ANOTHER.search(heard.text):
        return known
    if state.last_order in shown:
        return known.with_values({ORDER: state.last_order or ""})
    return known.with_values({ORDER: shown[0]}) if len(shown) == 1 else known
