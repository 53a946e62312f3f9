"""What a customer's message tells a running task: answers, early values, corrections."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from rasa_sdk import Tracker

from actions import choosing
from actions.choosing import choose_from, read_days, read_hours
from actions.conversation import confidence, earlier_said, intent, replied_to, said, turn_id
from actions.correcting import (
    corrected_address,
    new_values,
    part_of_address,
    town_beside,
    whole_call,
)
from actions.fields import (
    ACCOUNT,
    AGAIN,
    CODE,
    DAY,
    EMAIL,
    FIELDS,
    IDENTITY,
    LOST,
    NEW_POSTCODE,
    ORDER,
    PHONE,
    POSTCODE,
    REFERENCES,
    RETURN_NUMBER,
    TICKET_NUMBER,
    read_bare,
    read_references,
    wants_it_again,
)
from actions.intents import TASKS
from actions.named import written_on
from actions.postcodes import tell_apart
from actions.second_choice import read_place, read_second_choice, without_lead
from actions.state import State
from actions.task import CONFIRM, NO, YES, Choice
from language.questions import is_question
from language.values.corrections import is_correction, value_after_no
from language.values.postcodes import find_postcodes
from language.values.references import shapes_in_use
from language.values.yes_no import read_yes_no

LEAST, DOUBTFUL, AHEAD, PLAIN = 0.25, 0.55, 1.8, 0.5  # of confidences, which are probabilities
LONGEST_NO = 3  # words: "no, leave it"
LONGEST_NAME = 3  # words of an answer that is only the name of a choice: "no, the vase"
LEAST_LATER = 3  # words: "no, a later one"; "none" of a yes or no is a no
NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)  # for what is read without regard to the time
SENT = "sent"  # actions/identify.py
SHOWN_ALL = "shown_all"  # in place of a field: later times were asked for, and there are none
YES_NO = (CONFIRM, "resume")
# what a bare number, sent without any wish, asks after
BEGINS = {
    RETURN_NUMBER: "return_status",
    "ticket": "ticket_status",
    "fitting": "fitting_status",
    ORDER: "order_status",
    "postcode": "order_status",
}
# Words that a bare value comes with; "sorry, I meant 10517" is a value, "cancel 10517" is a wish.
FILLERS = frozenset(
    word
    for line in (
        "a about actually afternoon and any april august better can code could day december",
        "evening february for free friday from got have hello here hi i'm instead is it's its",
        "january july june like live make march may meant monday morning need next nope not",
        "november number october okay one order please post postcode prefer rather ref",
        "reference saturday say september sorry sunday sure than that that's thats the then",
        "think this thursday tomorrow try tuesday want was wednesday week well what with",
        "would yes you your",
    )
    for word in line.split()
)
_NONE_OF_THESE = re.compile(
    r"\W*(?:(?:no|sorry|actually|ok(?:ay)?|well|um+)\b\W*)*(?:none(?: of (?:these|those|them))?"
    r"(?: (?:suits?|works?|fits?|(?:is|are) any good|will do)(?: (?:for )?(?:me|us))?)?|neither"
    r"|(?:(?:any|some)?thing|a bit) later"
    r"|(?:a )?later(?: days?| ones?| times?| dates?| (?:that|this|in the) week)?"
    r"|(?:any )?other (?:days?|times?)|more)(?: please)?\W*",
    re.IGNORECASE,
)
_WHICH_WEEK = re.compile(r"\b(?:this|next|coming|after)\b|\d", re.IGNORECASE)  # of a day
_HOUR = re.compile(  # 'at 2', '2 pm': a number that is of no day
    r"\b\d{1,2}(?:[.:]\d\d)?\s?(?:[ap]\.?m\b|o[’']?clock\b)"
    r"|\b(?:at|after|before|from|until|till|around|about)\s+\d{1,2}(?:[.:]\d\d)?(?![\d/-]|st|nd|rd|th)\b",
    re.IGNORECASE,
)
_LATEST = re.compile(r"\b(?:latest|as late as|last possible|very last)\b", re.IGNORECASE)
_OTHER_NOUN = re.compile(r"\b(?:fitting|appointment|booking|visit|ticket)s?\b", re.IGNORECASE)
# at a confirmation: 'ok don't cancel it', 'please leave it as it is'
_DO_NOT = re.compile(
    r"\W*(?:(?:ok(?:ay)?|no|sorry|actually|please|so|then|well|oh|just|right)\b\W*)*"
    r"(?:(?:don[’']?t|do\s+not)\s+(?!forget|worry|know|mind)\w+"
    r"(?:\s+(?:it|that|this|them|anything|(?:the|my)\s+\w+))"
    r"|(?:leave|keep)\s+(?:it|that|them|everything|things|(?:the|my)\s+order)"
    r"(?:\s+(?:as\s+(?:it|they)\s+(?:is|are|was|were)|alone|be))?)"
    r"(?:\W+(?:please|then|after\s+all|now|thanks|thank\s+you|sorry))*\W*",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\bask\b|\bquestions?\b", re.IGNORECASE)
_NO_PERSON = re.compile(
    r"\b(?:do\s+not|don[’']?t|no\s+longer|didn[’']?t)\s+(?:want|need|wish|ask\s+for)\s+"
    r"(?:(?:to\s+(?:talk|speak|chat)\s+(?:to|with)|a|an|any|the|your|another)\s+)*"
    r"(?:person|people|human|agent|operator|advis[eo]r|someone|somebody|anyone|anybody)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z']+(?![\w-])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Heard:
    """A customer's message; a button has no text but what it carries."""

    text: str
    intent: str | None
    turn: str
    ranking: tuple[str, ...] = ()
    press: Mapping[str, Any] | None = field(default=None)
    confidence: float = 1.0
    runner_up: float = 0.0  # the confidence of the next intent
    parts: tuple[Mapping[str, Any], ...] = ()  # what each part of the message was taken for
    chances: Mapping[str, float] = field(default_factory=dict)  # of the likeliest intents
    before: tuple[str, ...] = ()  # what they wrote in the messages just before, the latest first
    replied_to: str = ""  # the words that it is a reply to: a message of theirs or of ours
    is_next: bool = False  # the next of several wishes, begun after the one before it
    whole: str = ""  # the whole message, of which `text` is the first wish alone

    @property
    def is_sure(self) -> bool:
        """Whether a task may begin on it; else it is asked which was meant.

        On benchmarks/nlu/shop_blind.csv this asks in 5 of 7 misreadings, and in 3 of 199 others.
        """
        is_close = self.confidence < DOUBTFUL and self.confidence < AHEAD * self.runner_up
        return self.confidence >= LEAST and not is_close

    @property
    def is_plain(self) -> bool:
        """Whether it is likelier right than wrong: enough to leave what was begun."""
        return self.confidence >= PLAIN

    @property
    def is_button(self) -> bool:
        """Whether they pressed instead of wrote."""
        return self.press is not None


def hear(tracker: Tracker) -> Heard:
    """The latest message.

    Raises:
        BadInput: it has no turn id.
    """
    ranking = tracker.latest_message.get("intent_ranking") or ()
    name = intent(tracker)
    chances = {str(e.get("name")): float(e.get("confidence") or 0) for e in ranking}
    others = [chance for one, chance in chances.items() if one != name]
    return Heard(
        said(tracker),
        name,
        turn_id(tracker),
        tuple(str(entry.get("name")) for entry in ranking),
        _pressed(tracker.latest_message.get("text") or ""),
        confidence(tracker),
        max(others, default=0.0),
        tuple(tracker.latest_message.get("parts") or ()),
        chances,
        earlier_said(tracker),
        replied_to(tracker),
    )


def read_answer(heard: Heard, state: State, fields: Sequence[str], now: datetime) -> dict[str, str]:
    """The values that the message gives the task that runs; those already known do not count."""
    if heard.press is not None:
        return _read_press(heard, state)
    asked = state.asked or ""
    named = written_on(heard.text, asked, state.choices())
    if named is not None:
        return {named.field or asked: named.value}
    chosen = {} if asked in YES_NO else _read_choice(heard, state, now)
    chosen = chosen or read_second_choice(heard.text, state, now)
    chosen = chosen or read_place(heard.text, state) or _read_aside_of(heard, state, now)
    if chosen:
        return chosen
    if asked == PHONE and heard.text.strip().isdecimal():
        fields = (PHONE,)  # half a phone number is no order number
    if asked == CODE and _is_code(heard.text, now):
        fields = [name for name in fields if name != ORDER]
    bare = read_bare(heard.text, asked)
    if bare is not None:
        fields = [name for name in fields if name != ORDER]  # '20017' is what was asked for
    told = read_early(heard, _readable(fields, asked), now)
    told |= {asked: bare} if bare is not None else {}
    if asked == ORDER and ORDER not in told:
        told |= read_references(heard.text, now)
    if told.get(ORDER, state.collected.get(ORDER)) != state.collected.get(ORDER):
        open_words = [asked] if FIELDS[asked].free else []
        # it comes with its own postcode
        told = read_early(heard, [*_readable(fields, ORDER), *open_words], now)
    told |= _shown_day(told.get(DAY), heard, state)
    told = whole_call(new_values(told, state.collected), heard.text, state.collected, now)
    if FIELDS[asked].free:
        return _read_free(heard, told, asked)
    if asked == NEW_POSTCODE:
        told |= town_beside(heard.text, state.collected)
    if not told and asked in (NEW_POSTCODE, CONFIRM):
        told = corrected_address(heard.text, state.collected)
    if told:
        return told
    return _read_yes_no(heard, state, now) if asked in YES_NO else {}


def _shown_day(days: str | None, heard: Heard, state: State) -> dict[str, str]:
    """The day that was told, where the list that is shown has that weekday."""
    own = [choice for choice in state.choices() if choice.field is None]
    shown = _day_of_shown(heard.text, own, days) if is_timed(state) else None
    return {DAY: shown} if shown is not None else {}


def _is_code(text: str, now: datetime) -> bool:
    """Whether digits that could be an order's number are the code: they are as many."""
    code = FIELDS[CODE].read(text, now)
    return code is not None and FIELDS[ORDER].read(text, now) == shapes_in_use().order.of(code)


def _read_aside_of(heard: Heard, state: State, now: datetime) -> dict[str, str]:
    """What is no answer to the question but about it: another code, the name of a thing."""
    if state.asked == CODE and wants_it_again(heard.text) and not find_postcodes(heard.text):
        return {SENT: AGAIN}
    name = without_lead(heard.text)
    if state.asked == "reason" and len(name.split()) <= LONGEST_NAME:
        item = choose_from(name, state.lists.get("item", ()), now=now)
        return {} if item is None else {"item": item.value}  # the name of a thing is no reason
    return {}


def read_early(heard: Heard, fields: Sequence[str], now: datetime) -> dict[str, str]:
    """The values that stand in the words themselves."""
    found = ((name, FIELDS[name].read(heard.text, now)) for name in fields)
    told = {name: value for name, value in found if value is not None}
    if ORDER in fields and ORDER not in told and not set(REFERENCES) & set(fields):
        order = FIELDS[ORDER].read(_OTHER_NOUN.sub(" ", heard.text), now)
        told |= {ORDER: order} if order is not None else {}  # "book fitting 10538"
    return tell_apart(heard.text, told)


def _readable(fields: Sequence[str], asked: str) -> list[str]:
    """What may be read now; what only proves who they are, while that is being asked."""
    proves = asked in (*IDENTITY, *REFERENCES)
    return [
        name
        for name in fields
        if (FIELDS[name].eager or name in (asked, *_besides(asked, fields)))
        and (proves or name == ORDER or name not in IDENTITY)
    ]


def _besides(asked: str, fields: Sequence[str]) -> tuple[str, ...]:
    """What may come instead of the answer: a code for a postcode, an address for a number."""
    if asked == POSTCODE:
        return (CODE,)
    if asked == CODE and EMAIL not in fields:
        return (ACCOUNT,)
    if asked == ACCOUNT:
        return (LOST,)
    if asked in (ORDER, TICKET_NUMBER):
        return (LOST,) if EMAIL in fields else (LOST, ACCOUNT)
    return ()


def guess_task(heard: Heard, now: datetime) -> str | None:
    """The task that a bare value begins; None for a button that answers nothing any more."""
    told = {} if heard.is_button else read_early(heard, tuple(BEGINS), now)
    return next((task for name, task in BEGINS.items() if name in told), None)


def is_bare(text: str) -> bool:
    """Whether a message is hardly more than its value: 'sorry, I meant HP-10517'."""
    return all(word.lower() in FILLERS or len(word) <= 2 for word in _WORD.findall(text))


def wants_other_task(heard: Heard, state: State, told: Mapping[str, str]) -> bool:
    """Whether the message begins another task rather than answering this one."""
    if heard.intent not in TASKS or heard.intent == state.task:
        return False
    if heard.is_button:
        return True
    if SENT in told or not heard.is_sure or _answers_after_all(heard, state):
        return False  # "can you send it again" is no invoice
    if FIELDS[state.asked or ""].free:
        return asks_something(heard.text) and heard.is_plain
    return _is_another_wish(heard, state, told)


def _answers_after_all(heard: Heard, state: State) -> bool:
    """Whether words that sound like another wish are a button's, or say that a number is lost."""
    asked = state.asked or ""
    if asked in (ORDER, TICKET_NUMBER, ACCOUNT) and FIELDS[LOST].read(heard.text, NO_TIME):
        return True
    if asked == CONFIRM and _names_again(heard.text, state):
        return True
    return written_on(heard.text, asked, state.choices()) is not None


def _names_again(text: str, state: State) -> bool:
    """Whether only the name of what there was to choose is said: 'no wait, just the vase'."""
    name = without_lead(text)
    if name == text or len(name.split()) > LONGEST_NAME:
        return False
    lists = (own for name, own in state.lists.items() if name not in YES_NO)
    return any(choose_from(name, own, now=NO_TIME) is not None for own in lists)


def _is_another_wish(heard: Heard, state: State, told: Mapping[str, str]) -> bool:
    """Whether words that name another task are a wish, and not the words around a value."""
    is_value = is_bare(heard.text) or is_correction(heard.text)
    if told.get(CONFIRM) == NO:  # "no, I want to change the address instead"
        return heard.is_plain and len(heard.text.split()) > LONGEST_NO
    if state.collected.get(ORDER) not in (None, told.get(ORDER, state.collected.get(ORDER))):
        return not is_value  # another order's whole wish, even with its postcode
    if state.asked in told:
        # a number with its postcode is all that was asked for, whatever words are around it
        return state.asked == ORDER and POSTCODE not in told and not is_bare(heard.text)
    return not told or not is_value


def _read_press(heard: Heard, state: State) -> dict[str, str]:
    """What a button of the open question stands for; one of an earlier question, nothing."""
    press = heard.press or {}
    number = press.get("choice")
    if press.get("ask") != state.question or not isinstance(number, int):
        return {}
    choices = state.choices()
    if not 0 <= number < len(choices):
        return {}
    return {choices[number].field or state.asked or "": choices[number].value}


def _read_choice(heard: Heard, state: State, now: datetime) -> dict[str, str]:
    """The one thing of the list that the words mean; later ones when none of these will do."""
    later = [choice for choice in state.choices() if choice.field == DAY]
    if is_timed(state) and _NONE_OF_THESE.fullmatch(heard.text.strip()):
        return {DAY: later[0].value} if later else {SHOWN_ALL: DAY}
    own = [choice for choice in state.choices() if choice.field is None]
    if later and _LATEST.search(heard.text):
        return {}  # the last of those that are shown is not the last
    days = _day_of_shown(heard.text, own, _day_alone(heard.text, now))
    if days and any(choice.at for choice in own):
        return {DAY: days}  # there may be more of that day than are shown
    if asks_something(heard.text) and choosing.PLACE.search(heard.text):
        return {}  # "can I ask a question first" is no first of a list
    found = choose_from(heard.text, own, now=now, days=_days_shown(heard.text, own, now))
    if found is None and len(own) == 1 and read_yes_no(heard.text):
        found = own[0]  # a yes to the only one
    return {} if found is None else {state.asked or "": found.value}


def _days_shown(text: str, own: Sequence[Choice], now: datetime) -> str | None:
    """The days that are named, of those that are shown: 'Wednesday morning' of next week's."""
    return _day_of_shown(text, own, read_days(text, now))


def _day_of_shown(text: str, own: Sequence[Choice], days: str | None) -> str | None:
    """The day that is meant: 'Tuesday' is the one that is shown, and not the next there is."""
    if days is None or _WHICH_WEEK.search(_HOUR.sub(" ", text)):
        return days
    first, last = days.split("/")
    shown = {choice.at.date() for choice in own if choice.at is not None}
    alike = {day for day in shown if day.weekday() == date.fromisoformat(first).weekday()}
    if first != last or date.fromisoformat(first) in shown or len(alike) != 1:
        return days
    (day,) = alike
    return f"{day}/{day}"


def is_timed(state: State) -> bool:
    """Whether times are what there is to choose from."""
    return any(choice.at is not None for choice in state.choices())


def asks_something(text: str) -> bool:
    """Whether the words are a question of their own, and no choice."""
    return is_question(text) or _ASKS.search(text) is not None


def refuses_person(text: str) -> bool:
    """Whether the words want no person: 'I don't want a person, I want an answer'."""
    return _NO_PERSON.search(text) is not None


def _day_alone(text: str, now: datetime) -> str | None:
    """The day that is named with no hour and no place in a list."""
    if read_hours(text, now) is not None or choosing.PLACE.search(text):
        return None
    return read_days(text, now)


def _read_yes_no(heard: Heard, state: State, now: datetime) -> dict[str, str]:
    """A yes or no; besides, another choice from a list of an earlier question."""
    asked = state.asked or ""
    for name in reversed([name for name in state.lists if name not in YES_NO]):
        own = [choice for choice in state.lists[name] if choice.field is None]
        found = choose_from(heard.text, own, now=now)
        if found is not None and state.collected.get(name) not in (None, found.value):
            return {name: found.value}
        if found is not None and _only_names(heard.text):
            return {}  # "no, just the vase" is no plain no where the vase was read out
    if (later := _later_after_no(heard, state)) is not None:
        return {DAY: later}
    answer = None if refuses_person(heard.text) else read_yes_no(heard.text)
    if asked == CONFIRM and _DO_NOT.fullmatch(heard.text):
        answer = False  # "ok don't cancel it"
    other = value_after_no(heard.text) if answer is False and asked == CONFIRM else None
    if other is not None:  # "no, 43" takes back a part, and not the whole
        return part_of_address(other, state.collected)
    return {} if answer is None else {asked: YES if answer else NO}


def _only_names(text: str) -> bool:
    """Whether a no is only the lead of a name: 'no hang on, just the vase'."""
    name = without_lead(text)
    is_short = name != text and 0 < len(name.split()) <= LONGEST_NAME
    return is_short and read_yes_no(text) is False and read_yes_no(name) is None


def _later_after_no(heard: Heard, state: State) -> str | None:
    """The later days that were offered with times, when 'no, a later one' refuses the one."""
    is_no = read_yes_no(heard.text) is False and _NONE_OF_THESE.fullmatch(heard.text) is not None
    if state.asked != CONFIRM or not is_no or len(heard.text.split()) < LEAST_LATER:
        return None
    later = [one for kept in state.lists.values() for one in kept if one.field == DAY]
    return later[-1].value if later else None


def _read_free(heard: Heard, told: dict[str, str], asked: str) -> dict[str, str]:
    """All of the words, unless they are hardly more than another value."""
    others = {name: value for name, value in told.items() if name != asked}
    if others and is_bare(heard.text):
        return others
    return {asked: told[asked]} if asked in told else {}


def _pressed(text: str) -> Mapping[str, Any] | None:
    """What a button carries; its payload was issued by actions/form.py."""
    if not text.startswith("/"):
        return None
    start = text.find("{")
    carried = json.loads(text[start:]) if start >= 0 else {}
    return carried if isinstance(carried, dict) else {}
