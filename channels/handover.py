"""Handing a conversation to the people: what the agent reads first."""

import re
from collections.abc import Iterable, Mapping

from channels.feeling import mood_so_far
from channels.files_sent import is_only_files
from channels.picture_words import SENT_PICTURE
from channels.reply import turn_key
from channels.requests import asks_for_person
from channels.room import Room
from channels.situation import Situation
from channels.waiting import TO_BOT
from core.conversation import EventKind, Role
from core.handoff import REASONS
from language.packet import Known, make_packet, packet_out
from store.buttons import Button

LAST_WORDS_LENGTH = 200  # characters; one line of a list
_TICKET = re.compile(r"\bT-\d{5}\b")
# 'I want to speak to somebody about the price' says more than that a person is wanted
_SAYS_WHY = re.compile(
    r"\babout\s+(?!(?:it|this|that|them)\b)\w|\b(?:because|since|as)\s+(?:i|my|you|it|the)\b",
    re.IGNORECASE,
)


def summarise(situation: Situation, reason: str, facts: Mapping[str, str]) -> str:
    """One line for lists: why, the order and whether it is theirs, the last words."""
    return ". ".join([_say_reason(reason), *_orders(situation, facts), *_last_words(situation)])


async def packet_of(
    room: Room, situation: Situation, reason: str | None, facts: Mapping[str, str]
) -> str:
    """The packet of language.packet as JSON, with what channels know beside the turns."""
    mood = await mood_so_far(room, situation)
    known = Known(
        name=situation.known.name or situation.conversation.customer,
        verified=situation.verified_orders,
        shown_in=situation.known.turns,
        reason=reason,
        values={name: value for name, value in facts.items() if _is_told(name, value)},
        tried=_tried(situation, facts),
        tried_in=_tried_in(situation),
        passed_over=_passed_over(situation),
    )
    pipeline = room.topics.pipeline
    return packet_out(
        make_packet(situation.conversation, pipeline=pipeline, known=known, mood=mood)
    )


_ABOUT_TASKS = frozenset({"task", "outcome"})
# How the bot keeps its place in a task (actions/task.py); they say nothing to a person.
_INTERNAL = frozenset({"about", "choice", "confirm", "meant", "which", "wish"})


def _is_told(name: str, value: str) -> bool:
    """Whether a fact is a value that a customer gave, in words that people read."""
    return name not in _ABOUT_TASKS | _INTERNAL and value.strip(" *") != ""


def _ended(situation: Situation) -> list[tuple[str, str, str]]:
    """The bot's tasks that ended, with their outcomes and the turns in which they did."""
    notes = [e.note or "" for e in situation.conversation.events if e.kind is EventKind.TASK_ENDED]
    parts = [(*note.split(":", 2), "", "")[:3] for note in notes]
    return [(task, outcome or "done", turn) for task, outcome, turn in parts if task]


def _tried_in(situation: Situation) -> tuple[str, ...]:
    return tuple(turn for _, _, turn in _ended(situation) if turn)


def _tried(situation: Situation, facts: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The bot's tasks with their outcomes, what it was at last, and whether it failed."""
    events = situation.conversation.events
    ended = [
        (task, ", ".join((outcome, *_tickets_told(situation, turn))))
        for task, outcome, turn in _ended(situation)
    ]
    if facts.get("task"):
        ended.append((facts["task"], facts.get("outcome") or "not finished"))
    if any(event.kind is EventKind.BOT_FAILED for event in events):
        ended.append(("an answer of the bot", "failed"))
    return tuple(dict.fromkeys(ended))


def _tickets_told(situation: Situation, turn_id: str) -> tuple[str, ...]:
    """The tickets that the bot named in answer to a turn."""
    turns, key = situation.conversation.turns, f"{turn_key(turn_id)}:"
    said = " ".join(one.text for one in turns if one.id.startswith(key))
    return tuple(dict.fromkeys(f"ticket {number}" for number in _TICKET.findall(said)))


def _say_reason(reason: str) -> str:
    return REASONS.get(reason) or reason.replace("_", " ").capitalize()


def _orders(situation: Situation, facts: Mapping[str, str]) -> list[str]:
    verified = [f"Order {number} (verified)" for number in situation.verified_orders]
    named = facts.get("order_number")
    if named and named.upper() not in situation.verified_orders:
        verified.append(f"Order {named} (not verified)")
    others = [
        f"{name.replace('_', ' ').capitalize()}: {_plain(name, value)}"
        for name, value in facts.items()
        if name != "order_number" and (name in _ABOUT_TASKS or _is_told(name, value))
    ]
    return verified + others


def _plain(name: str, value: str) -> str:
    """The names of tasks and outcomes as words."""
    return value.replace("_", " ") if name in _ABOUT_TASKS else value


def _passed_over(situation: Situation) -> frozenset[str]:
    """Turns that say nothing: a person asked for, or promised; a file; a score told elsewhere."""
    asking = (turn.id for turn in situation.conversation.turns if _says_nothing(turn.text))
    scores = (each.turn for each in situation.responses if each.turn and each.score is not None)
    waiting = (turn for turn, under in situation.buttons.items() if _is_of_wait(under))
    return frozenset((*asking, *scores, *waiting))


def _is_of_wait(under: Iterable[Button]) -> bool:
    """Whether only one who waits for a person is shown this; the telephone offers it as well."""
    return any(button.payload == TO_BOT for button in under)


def _says_nothing(text: str) -> bool:
    is_plain = asks_for_person(text) and _SAYS_WHY.search(text) is None
    return is_plain or text == SENT_PICTURE or is_only_files(text)


def _last_words(situation: Situation) -> list[str]:
    """The customer's last words that say more than how it went, or that they want a person."""
    passed = _passed_over(situation)
    said = [turn for turn in situation.conversation.turns if turn.role is Role.CUSTOMER]
    telling = [turn.text for turn in said if turn.id not in passed]
    if not telling:
        return []
    words = " ".join(telling[-1].split())
    if len(words) > LAST_WORDS_LENGTH:
        words = f"{words[: LAST_WORDS_LENGTH - 1]}…"
    return [f"Last words: “{words}”"]
