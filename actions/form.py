"""The one form: reads each message of a running task, asks what is missing, and finishes.

Rasa calls `validate_task_form` once a message. It also does the work at the end of a task, in the
same call: every call costs the customer time, and a value that the shop refuses at the last moment
is asked for again without the form having ended in between. No events leave a message to
data/rules.yml, which answers it and comes back (`was_interrupted`) or leaves the form.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.beginning import GIVE_DETAILS, begin
from actions.beside import Says, answer_beside
from actions.choosing import in_hours
from actions.conversation import REPHRASE, RESPONSES, misunderstood_before, was_interrupted
from actions.correcting import new_values
from actions.course import RESUME, Step, advance, ask_resume, end, say_ask, say_outcome
from actions.endings import DECLINED, PERSON
from actions.fields import ADDRESS, DAY, FIELDS, IDENTITY, LOST, NEW_POSTCODE, ORDER, resting_on
from actions.fields import HOURS as HOURS_OF_DAY
from actions.identify import SENT, TRIED
from actions.intents import TASKS, phrase_of, title_of
from actions.knowledge import ANSWER_IN_BETWEEN, NOTHING, NOTHING_IN_BETWEEN, FindArticle
from actions.leaving import is_plain_no, is_second_no, say_or_leave
from actions.meaning import what_is_meant
from actions.mistaken import is_mistaken
from actions.not_wanted import LEADS, insists_on
from actions.opening import Opening
from actions.other_languages import say_other_language
from actions.pictures import asks_to_send, say_where
from actions.reading import (
    SHOWN_ALL,
    Heard,
    asks_something,
    hear,
    read_answer,
    read_early,
    refuses_person,
    wants_other_task,
)
from actions.second_choice import ITEM, LIST_AGAIN
from actions.state import State, read_state
from actions.subjects import INSTEAD
from actions.task import (
    ABOUT,
    ATTEMPT,
    CONFIRM,
    MEANT,
    NO,
    NO_ONCE,
    OTHER_THAN,
    OWN_TICKET,
    TOLD_BEFORE,
    WISH,
    Button,
    Desk,
    Outcome,
    Result,
    Task,
)
from actions.tasks.notes import NOTE
from actions.tasks.orders import names_part
from actions.undoing import say_undo
from actions.wishes import HOURS, Wish, split, waiting, wishes_within
from language.values.corrections import value_after_no
from language.values.references import find_order_numbers

Events = list[dict[str, Any]]

NEVER_MIND, CANCEL_ORDER = "never_mind", "cancel_order"
LEAVES = frozenset({"ask_person", NEVER_MIND})
ASIDES = frozenset(
    {"greet", "bot_challenge", "help", "thanks", "opening_hours", "ask_article", "goodbye"}
)
LONGEST_ASIDE = 6  # words; a longer "thanks, …" in answer to "what happened?" is the answer
# among what is collected, but no answer to go back to
UNGIVEN = (
    TRIED, SENT, WISH, MEANT, ABOUT, ATTEMPT, OTHER_THAN, OWN_TICKET, NO_ONCE, TOLD_BEFORE
)  # fmt: skip
WHOLE_ADDRESS = (ADDRESS, NEW_POSTCODE)  # one answer, so that going back asks for both again
OTHERS = 2  # tasks that are offered beside a person, as where no task runs
PATIENCE = 2  # answers in a row that told nothing, before a person is offered

NO_MORE_TIMES = (
    "I have no later times than these. You can name another day, or I can get you a person."
)
NOTHING_BEFORE = "There is nothing before this to go back to."
WHAT_INSTEAD = (
    "I could not tell what that should replace. Please say all of it, such as the whole address or "
    "day and time, or a plain no to leave everything as it is."
)
OFFER_PERSON = "I still could not read that. You can try again, or I can get you a person."


@dataclass(frozen=True, slots=True)
class TaskForm:
    """Runs the tasks of actions/tasks/; `open_desk` takes a conversation's and a turn's id."""

    tasks: Mapping[str, Task]
    open_desk: Callable[[str, str], Desk]
    find_article: FindArticle | None = None  # for a question beside a task in the same message
    opening: Opening = field(default_factory=Opening)

    async def validate(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, _domain: dict[str, Any]
    ) -> Events:
        """Take a message of the customer; no events leave it to the rules."""
        state = read_state(tracker.slots)
        is_open = tracker.slots.get("requested_slot") is not None
        said = hear(tracker)
        heard = what_is_meant(said, tracker, state, self.tasks, is_open=is_open)
        desk = self.open_desk(tracker.sender_id, heard.turn)
        told_again = None if is_open else await self._told_again(heard, state, tracker, desk)
        if told_again is not None:
            step = Step(state.ended(tracker.slots.get("outcome")), (told_again,))
        elif not is_open:
            step = await self._begin(heard, desk, replace(state, paused=()).ended(None))
            insisted = insists_on(said, tracker, state)
            lead = LEADS.get(insisted or "") if insisted in self.tasks else None
            if lead is not None:
                step = replace(step, says=({"text": lead}, *step.says))
            if {"response": REPHRASE} in step.says and misunderstood_before(tracker):
                step = replace(step, says=({"response": RESPONSES["not_understood"]},))
        elif was_interrupted(tracker):
            step = await self._ask_again(desk, state)
        elif (says := await self._beside(heard, desk, state)) is not None:
            step = await self._ask_again(desk, state, *says)
        else:
            told = self._read(heard, desk, state)
            if _is_for_the_rules(heard, state, told):
                return []
            step = await self._take(heard, desk, state, told)
        step = await self._go_on(step, heard, desk)
        for message in step.says:
            dispatcher.utter_message(**message)
        if step.state.asked is not None:  # so that an open survey takes no answer of this question
            dispatcher.utter_message(json_message={"parley": "asks", "field": step.state.asked})
        return step.state.events()

    async def _beside(self, heard: Heard, desk: Desk, state: State) -> Says | None:
        """What is said to a question beside the one that is open."""
        if asks_to_send(heard.text):
            return (await say_where(desk.pictures),)
        return await answer_beside(heard, desk, state, self.find_article)

    async def _told_again(
        self, heard: Heard, state: State, tracker: Tracker, desk: Desk
    ) -> Mapping[str, Any] | None:
        """What needs no task: of what was told last, another day or number; where photos go."""
        if asks_to_send(heard.text):
            return await say_where(desk.pictures)
        if heard.intent != GIVE_DETAILS or find_order_numbers(heard.text):
            return None
        hours = self.opening.say_again(tracker, desk.now)
        return hours or say_undo(heard.text, state, tracker.slots.get("outcome"))

    async def _begin(self, heard: Heard, desk: Desk, state: State) -> Step:
        """Begin the first of the message's wishes, and remember the others."""
        apart = split(heard)
        answers = [await self._answer(wish, desk) for wish in apart.beside]
        step = await self._begin_one(apart.first, desk, waiting(state, apart.later))
        return replace(step, says=(*answers, *step.says))

    async def _go_on(self, step: Step, heard: Heard, desk: Desk) -> Step:
        """Begin the next of several wishes as soon as nothing is asked any more."""
        while step.state.asked is None and step.state.paused:
            *kept, following = step.state.paused
            # of the order that was just spoken of, unless it names another
            before = (step.state.last_order,) if step.state.last_order else ()
            wish = Heard(
                following.collected[WISH], following.task, heard.turn, before=before, is_next=True
            )
            state = replace(step.state, paused=tuple(kept))
            lead = {"text": f"Now to {phrase_of(following.task)}."}
            begun = await self._begin_one(wish, desk, state)
            step = Step(begun.state, (*step.says, lead, *begun.says))
        return step

    async def _begin_one(self, heard: Heard, desk: Desk, state: State) -> Step:
        if self._is_not_done(heard):
            return Step(state.ended(None), (await self._say_not_done(heard, NOTHING),))
        return await begin(self.tasks, heard, desk, state)

    def _is_not_done(self, heard: Heard) -> bool:
        """Whether a task is wished for that this house does not do."""
        return heard.intent in TASKS and heard.intent not in self.tasks

    async def _say_not_done(self, heard: Heard, otherwise: str) -> Mapping[str, Any]:
        """What an article says of it: 'you can move your visit on our website'."""
        found = await self.find_article(heard.text) if self.find_article else None
        return found.said_in(ANSWER_IN_BETWEEN) if found else {"response": otherwise}

    async def _answer(self, wish: Wish, desk: Desk) -> Mapping[str, Any]:
        """The answer to a question beside a task."""
        if wish.intent == HOURS:
            return self.opening.say(wish.text, desk.now)
        found = await self.find_article(wish.text) if self.find_article else None
        return found.said_in(ANSWER_IN_BETWEEN) if found else {"response": NOTHING_IN_BETWEEN}

    def _read(self, heard: Heard, desk: Desk, state: State) -> dict[str, str]:
        if state.asked == RESUME:
            return self._read_resumed(heard, desk, state)
        if _wants_part_cancelled(heard, state):
            return {WISH: heard.text}
        task = self.tasks.get(state.task or "")
        return read_answer(heard, state, task.fields if task else (), desk.now)

    def _read_resumed(self, heard: Heard, desk: Desk, state: State) -> dict[str, str]:
        """A yes or no to going on; else a value of the task that was put aside, which is a yes."""
        told = read_answer(heard, state, (), desk.now)
        if told or heard.is_button or not state.paused:
            return told
        aside = state.paused[-1]
        fields = [name for name in self.tasks[aside.task].fields if name not in IDENTITY]
        early = read_early(heard, [name for name in fields if FIELDS[name].eager], desk.now)
        return new_values(early, aside.collected)

    async def _take(self, heard: Heard, desk: Desk, state: State, told: Mapping[str, str]) -> Step:
        """Take an answer, a correction, a step back, or the wish for something else."""
        if _is_mistaken(heard, state, told):
            return await self._drop(heard, desk, state)
        if wants_other_task(heard, state, told):
            return await self._change_to(heard, desk, state, told)
        if heard.intent == "go_back" and heard.is_plain and (not told or _is_aside(heard, state)):
            return await self._go_back(desk, state)
        if state.asked == ORDER and state.named and not {ORDER, LOST} & told.keys():
            told, state = {ORDER: state.named, **told}, replace(state, named=None)
        if told:
            return await self._take_values(heard, desk, state, told)
        if heard.is_button or heard.intent == state.task:  # an old button, or the same wish again
            return await self._ask_again(desk, state)
        return await self._not_read(heard, desk, state)

    async def _change_to(
        self, heard: Heard, desk: Desk, state: State, told: Mapping[str, str]
    ) -> Step:
        """Put the running task aside for another, if the house does that one."""
        if not self._is_not_done(heard):
            return await self._begin(heard, desk, _put_aside(heard, state, told))
        says = await self._say_not_done(heard, NOTHING_IN_BETWEEN)
        return await self._ask_again(desk, state, says)

    async def _drop(self, heard: Heard, desk: Desk, state: State) -> Step:
        """Leave what was begun by mistake, for the other task that the words name if they do."""
        ended = {"parley": "survey", "about": state.task, "outcome": Result.DECLINED.value}
        if heard.intent in self.tasks and heard.intent != state.task and heard.is_plain:
            return await self._begin(heard, desk, state)
        says = ({"response": "utter_misunderstood"}, {"json_message": ended})
        return Step(replace(state, paused=()).ended("left"), says if state.task else says[:1])

    async def _take_values(
        self, heard: Heard, desk: Desk, state: State, told: Mapping[str, str]
    ) -> Step:
        """Take values of the task that runs, or of the one that was put aside."""
        task = self.tasks.get(state.task or "")
        if SHOWN_ALL in told:
            offer = say_outcome(Outcome(Result.FAILED, NO_MORE_TIMES, (PERSON,)))
            return await self._ask_again(desk, state, *offer)
        if task is None:
            return await self._resume(desk, state, told)
        if LIST_AGAIN in told:
            return await self._ask_again(desk, _unchosen(state, told[LIST_AGAIN]))
        state = _with_wishes(heard, state, told)
        known = state.collected.without(*resting_on(set(told)), *_in_vain(told, state), NO_ONCE)
        known = known.with_values(told)
        return await advance(task, desk, replace(state, collected=known, misread=0))

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
        if state.task is not None and is_plain_no(heard.text):
            return await self._refuse(desk, state, state.task)
        state = replace(state, misread=state.misread + 1)
        if state.misread < PATIENCE:
            is_part = state.asked == CONFIRM and value_after_no(heard.text) is not None
            unread = WHAT_INSTEAD if is_part else FIELDS[state.asked or ""].unread
            return await self._ask_again(desk, state, {"text": unread})
        others = [name for name in heard.ranking if name in self.tasks and name != state.task]
        meant = [Button(title_of(name) or name, f"/{name}") for name in others[:OTHERS]]
        offer = say_outcome(Outcome(Result.FAILED, OFFER_PERSON, (*meant, PERSON)))
        return await self._ask_again(desk, state, *offer)

    async def _refuse(self, desk: Desk, state: State, task: str) -> Step:
        """Take a plain no to an open question: the second in a row leaves the task."""
        if is_second_no(state):
            return end(task, DECLINED, desk, state)
        known = state.collected.with_values({NO_ONCE: desk.turn})
        return await self._ask_again(desk, replace(state, collected=known), say_or_leave())

    async def _go_back(self, desk: Desk, state: State) -> Step:
        """Forget the latest value and ask for it again."""
        given = [name for name in state.collected if name not in UNGIVEN]
        task = self.tasks.get(state.task or "")
        if not given or task is None:
            return await self._ask_again(desk, state, {"text": NOTHING_BEFORE})
        latest = set(WHOLE_ADDRESS) if given[-1] in WHOLE_ADDRESS else {given[-1]}
        void = latest | set(resting_on(latest))
        known = state.collected.without(*void, *UNGIVEN)
        return await advance(task, desk, replace(state, collected=known, misread=0))

    async def _resume(self, desk: Desk, state: State, told: Mapping[str, str]) -> Step:
        """Go on with the task that was put aside last, perhaps with a value of it, or leave it."""
        *kept, last = state.paused
        state = replace(state.carried(), paused=tuple(kept))
        if told.get(RESUME) == NO:
            return end(last.task, DECLINED, desk, state)
        news = {name: value for name, value in told.items() if name != RESUME}
        known = last.collected.without(*resting_on(set(news))) if news else last.collected
        state = replace(state, task=last.task, collected=known.with_values(news))
        return await advance(self.tasks[last.task], desk, state)


def _put_aside(heard: Heard, state: State, told: Mapping[str, str]) -> State:
    """With the running task kept for later, unless it was refused or is to be moved instead."""
    if heard.intent == INSTEAD.get(state.task or ""):
        return state.ended(None)
    return state if told.get(CONFIRM) == NO else state.pausing()


def _with_wishes(heard: Heard, state: State, told: Mapping[str, str]) -> State:
    """With what a report wishes for besides, to be begun once the report is made."""
    if state.asked != NOTE or state.asked not in told or heard.is_button:
        return state
    waits = {paused.task for paused in state.paused}
    found = wishes_within(heard, state.task or "")
    return waiting(state, [wish for wish in found if wish.intent not in waits])


def _wants_part_cancelled(heard: Heard, state: State) -> bool:
    """Whether a part is meant where it is asked whether to cancel the whole: 'just the pole'."""
    return (state.task, state.asked) == (CANCEL_ORDER, CONFIRM) and names_part(heard.text)


def _unchosen(state: State, name: str) -> State:
    """Without what was chosen of a list, and without what chose it."""
    chose = (WISH,) if name == ITEM else (DAY, HOURS_OF_DAY)
    void = {name, *resting_on({name}), *chose}
    return replace(state, collected=state.collected.without(*void), misread=0)


def _in_vain(told: Mapping[str, str], state: State) -> tuple[str, ...]:
    """Hours that none of the times shown has, when only another day is said: 'Tuesday then'."""
    hours = state.collected.get(HOURS_OF_DAY)
    if DAY not in told or HOURS_OF_DAY in told or hours is None:
        return ()
    shown = [choice for choice in state.choices() if choice.at is not None]
    return (HOURS_OF_DAY,) if shown and not in_hours(shown, hours) else ()


def _is_aside(heard: Heard, state: State) -> bool:
    """Whether a short message is none of an answer that takes whatever is said."""
    return FIELDS[state.asked or ""].free and len(heard.text.split()) <= LONGEST_ASIDE


def _is_mistaken(heard: Heard, state: State, told: Mapping[str, str]) -> bool:
    """Whether the message says that this task was never asked for, and answers nothing."""
    return (not told or _is_aside(heard, state)) and is_mistaken(heard.text)


def _is_for_the_rules(heard: Heard, state: State, told: Mapping[str, str]) -> bool:
    """Whether data/rules.yml answers the message: it leaves the form, or is aside of it."""
    leaves = heard.intent in LEAVES and heard.is_plain and not refuses_person(heard.text)
    is_aside = heard.intent in ASIDES and not is_plain_no(heard.text)
    if _is_mistaken(heard, state, told) and not leaves:
        return False
    if heard.intent == NEVER_MIND and (SHOWN_ALL in told or DAY in told):
        return False  # "more" and "none of these" ask for other times
    if told.get(state.asked or "") in [choice.value for choice in state.choices()]:
        return False  # "I changed my mind" is a reason to return something
    if not FIELDS[state.asked or ""].free:
        return leaves or (is_aside and not told)
    is_long = len(heard.text.split()) > LONGEST_ASIDE
    if heard.intent == "ask_person":
        return leaves
    return (leaves and not is_long) or (is_aside and (asks_something(heard.text) or not is_long))
