"""Where a task stands, between the slots that Rasa keeps and the types that tasks use."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from rasa_sdk.events import SlotSet

from actions.subjects import subject_of
from actions.task import WISH, Ask, Choice, Collected, Result
from core.shop import Ticket

Events = list[dict[str, Any]]

WAITING = "answer"  # the one slot of the form: what it waits for, whichever field was asked


@dataclass(frozen=True, slots=True)
class Paused:
    """A task that another one interrupted, or that is still to be begun."""

    task: str
    collected: Collected
    is_waiting: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """The task that runs; `lists` is what there was to choose from, the latest question last.

    `question` is the id of the turn in which `asked` was asked: a button of an earlier question
    answers nothing.
    """

    task: str | None = None
    collected: Collected = field(default_factory=Collected)
    asked: str | None = None
    question: str | None = None
    lists: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    misread: int = 0
    paused: tuple[Paused, ...] = ()
    outcome: str | None = None
    last_order: str | None = None
    last_subject: str | None = None  # of actions/subjects.py
    last_task: str | None = None
    last_wish: str | None = None  # the words that began it
    named: str | None = None  # an order in words that the bot was not given
    unsettled: Mapping[str, str] = field(default_factory=dict)  # facts of a task that went wrong
    ticket: Mapping[str, str] = field(default_factory=dict)  # opened last: number, kind and order
    refused: str | None = None  # the task that the bot's last answer refused

    def choices(self) -> tuple[Choice, ...]:
        """What there is to choose from now."""
        return self.lists.get(self.asked or "", ())

    @property
    def subject(self) -> str | None:
        """What is spoken of: by the task that runs, else by the last one."""
        return subject_of(self.task) or self.last_subject

    def asking(self, ask: Ask, turn: str) -> "State":
        """With this as the question that is open."""
        lists = {name: kept for name, kept in self.lists.items() if name != ask.field}
        if ask.choices:
            lists[ask.field] = ask.choices
        return replace(self, asked=ask.field, question=turn, lists=lists)

    def pausing(self) -> "State":
        """With the running task put aside."""
        if self.task is None:
            return self
        kept = tuple(paused for paused in self.paused if paused.task != self.task)
        return replace(self, paused=(*kept, Paused(self.task, self.collected)))

    def without_waiting(self) -> "State":
        """Without the wishes that are still to be begun."""
        return replace(self, paused=tuple(one for one in self.paused if not one.is_waiting))

    def with_ticket(self, opened: Ticket) -> "State":
        """With this as the ticket that more can be added to."""
        told = {"number": opened.number, "kind": opened.kind.value}
        return replace(self, ticket=told | ({"order": opened.order} if opened.order else {}))

    def ended(self, outcome: str | None) -> "State":
        """With nothing running; the order that was spoken of is remembered."""
        order = self.collected.get("order") or self.last_order
        return replace(self.carried(), outcome=outcome, last_order=order)

    def carried(self) -> "State":
        """With nothing running, and all that is remembered of what ran before."""
        return State(
            paused=self.paused,
            last_order=self.last_order,
            last_subject=self.subject,
            last_task=self.task or self.last_task,
            last_wish=self.collected.get(WISH) if self.task else self.last_wish,
            named=self.named,
            unsettled=self.unsettled,
            ticket=self.ticket,
            refused=self.refused,
        )

    def events(self) -> Events:
        """The slots that keep it; without a question the form is done."""
        offered = {
            "question": self.question,
            "lists": {name: [_dump(c) for c in kept] for name, kept in self.lists.items()},
        }
        slots = {
            "task": self.task,
            "collected": dict(self.collected.values) or None,
            "asked": self.asked,
            "offered": offered if self.asked else None,
            "misread": self.misread,
            "paused": [_dump_paused(paused) for paused in self.paused] or None,
            "outcome": self.outcome,
            "last_order": self.last_order,
            "last_subject": self.last_subject,
            "last_task": self.last_task,
            "last_wish": self.last_wish,
            "named_order": self.named,
            "unsettled": dict(self.unsettled) or None,
            "last_ticket": dict(self.ticket) or None,
            "requested_slot": WAITING if self.asked else None,
        }
        return [SlotSet(name, value) for name, value in slots.items()]


def read_state(slots: Mapping[str, Any]) -> State:
    """The state that the slots keep."""
    offered = slots.get("offered") or {}
    return State(
        task=slots.get("task"),
        collected=Collected(dict(slots.get("collected") or {})),
        asked=slots.get("asked"),
        question=offered.get("question"),
        lists={
            name: tuple(_load(choice) for choice in kept)
            for name, kept in (offered.get("lists") or {}).items()
        },
        misread=int(slots.get("misread") or 0),
        paused=tuple(_load_paused(kept) for kept in slots.get("paused") or ()),
        last_order=slots.get("last_order"),
        last_subject=slots.get("last_subject"),
        last_task=slots.get("last_task"),
        last_wish=slots.get("last_wish"),
        named=slots.get("named_order"),
        unsettled=dict(slots.get("unsettled") or {}),
        ticket=dict(slots.get("last_ticket") or {}),
        refused=slots.get("last_task") if slots.get("outcome") == Result.REFUSED.value else None,
    )


def forget(slots: Mapping[str, Any]) -> Events:
    """Slots of a customer who leaves what was begun; only the order is remembered."""
    left = replace(read_state(slots), paused=(), unsettled={}).ended("left")
    left = replace(left, last_task=None, last_wish=None)
    return [event for event in left.events() if event["name"] != "requested_slot"]


def _dump_paused(paused: Paused) -> list[Any]:
    kept: list[Any] = [paused.task, dict(paused.collected.values)]
    return [*kept, True] if paused.is_waiting else kept


def _load_paused(kept: list[Any]) -> Paused:
    name, known, *waits = kept
    return Paused(name, Collected(known), is_waiting=bool(waits))


def _dump(choice: Choice) -> list[str | None]:
    at, until = (m.isoformat() if m else None for m in (choice.at, choice.until))
    return [choice.title, choice.value, at, until, choice.field]


def _load(kept: list[str | None]) -> Choice:
    title, value, at, until, name = kept
    at_moment, until_moment = (datetime.fromisoformat(m) if m else None for m in (at, until))
    return Choice(title or "", value or "", at_moment, until_moment, name)
