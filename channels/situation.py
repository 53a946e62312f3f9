"""A conversation as it stands, and what can be read off it without asking anybody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import dropwhile, takewhile

from sqlalchemy.ext.asyncio import AsyncSession

from channels.reply import line_id, turn_key
from core.call_back import CallBack
from core.conversation import Channel, Conversation, EventKind, Role, Turn
from core.handoff import Handoff, Holder
from core.survey import SurveyInvitation, SurveyResponse
from core.survey_rules import RESOLVED
from store import identity, standing
from store.buttons import Button
from store.conversations import Placed
from store.identity import Known
from store.standing import Standing

SURVEY_PREFIX = "survey:"  # payloads of our own scales; Rasa's begin with a slash
SHOWN_AFTER_CLOSE = timedelta(hours=24)  # a page opened later begins empty

TICKET_TASKS = ("add_to_ticket", "complain", "report_damaged", "report_missing")
_TICKETS_OPENED = tuple(f"{task}:{RESOLVED}:" for task in TICKET_TASKS)
_BACK = (EventKind.RETURNED, EventKind.CALL_BACK_ASKED)


@dataclass(frozen=True, slots=True)
class Situation:
    """A conversation as it stands in the store, and who its customer is."""

    standing: Standing
    known: Known  # who they have shown to be today, here or in another conversation

    @property
    def conversation(self) -> Conversation:
        """Its turns and events."""
        return self.standing.conversation

    @property
    def handoff(self) -> Handoff:
        """Who holds it."""
        return self.standing.handoff

    @property
    def holds_from(self) -> int:
        """Place of the first turn that the present holder is to answer."""
        return self.standing.holds_from

    @property
    def buttons(self) -> Mapping[str, tuple[Button, ...]]:
        """Turn id → what was shown under it."""
        return self.standing.buttons

    @property
    def pressed(self) -> Mapping[str, str]:
        """Turn id → button id."""
        return self.standing.pressed

    @property
    def invitation(self) -> SurveyInvitation | None:
        """The offer to say how it went."""
        return self.standing.invitation

    @property
    def responses(self) -> tuple[SurveyResponse, ...]:
        """What has been answered to it."""
        return self.standing.responses

    @property
    def draft(self) -> CallBack | None:
        """A call-back that is being talked about."""
        return self.standing.draft

    @property
    def phone(self) -> str | None:
        """A number the customer is known by."""
        return self.standing.phone

    @property
    def id(self) -> str:
        """The conversation's id."""
        return self.conversation.id

    @property
    def verified_orders(self) -> tuple[str, ...]:
        """The orders that the customer has shown to be theirs today, the latest last."""
        return self.known.verified_orders

    @property
    def placed(self) -> tuple[Placed, ...]:
        """The turns with their places; a chat's turns are numbered from 0 without gaps."""
        return self.placed_after(-1)

    def placed_after(self, position: int) -> tuple[Placed, ...]:
        """Those behind this place."""
        behind = position + 1
        turns = enumerate(self.conversation.turns[behind:], start=behind)
        return tuple(Placed(n, turn) for n, turn in turns)

    def find_said(self, turn_id: str) -> Placed | None:
        """The customer's turn with this id, with its place; None when it is not there."""
        said = ((n, t) for n, t in enumerate(self.conversation.turns) if _is_customers(t))
        return next((Placed(n, turn) for n, turn in said if turn.id == turn_id), None)

    def is_first_on(self, channel: Channel) -> bool:
        """Whether it is on this channel, and its customer had none before on any."""
        return self.conversation.channel is channel and self.conversation.previous is None

    def is_newer_than(self, other: "Situation") -> bool:
        """Whether something was stored since the other was seen."""
        mine, others = self.standing, other.standing
        return (mine.handoff.version, len(mine.conversation.turns), mine.last_event) > (
            others.handoff.version,
            len(others.conversation.turns),
            others.last_event,
        )

    def next_unanswered(self, tried: Collection[str] = ()) -> Turn | None:
        """The first customer turn since the holder last changed that nobody has answered.

        A person answers by themselves. What is among `tried` has a reply without words, and so has
        what an event says was left to the people, until they give it back.
        """
        if self.handoff.holder is Holder.PERSON:
            return None
        ids, left = self._turn_ids(), self._left_to_people()
        for turn in self.conversation.turns[self.holds_from :]:
            is_done = turn.id in tried or turn.id in left or _answer_to(turn) in ids
            if turn.role is Role.CUSTOMER and not is_done:
                return turn
        return None

    @property
    def left_over_from(self) -> int:
        """The place of the first customer turn that nobody has answered, neither bot nor person.

        The place of the next turn where there is none. A person's words answer all before them,
        and so does the promise to ring.
        """
        promised = {e.note for e in self.conversation.events if e.kind is EventKind.CALL_BACK_ASKED}
        behind = 0
        for place, turn in enumerate(self.conversation.turns):
            if turn.role is Role.AGENT or turn.id in promised:
                behind = place + 1
        ids = self._turn_ids()
        for place, turn in enumerate(self.conversation.turns[behind:], start=behind):
            if turn.role is Role.CUSTOMER and _answer_to(turn) not in ids:
                return place
        return len(self.conversation.turns)

    @property
    def waiting_key(self) -> str:
        """What the turns are named by that tell a customer how their wait goes."""
        return f"bot:waiting:{self.handoff.version}"

    @property
    def last_heard(self) -> datetime | None:
        """When the customer last read something of the bot or a person."""
        said = [t.said_at for t in self.conversation.turns if not _is_customers(t) and t.said_at]
        return said[-1] if said else None

    def has_turn(self, turn_id: str) -> bool:
        """Whether this turn is there already."""
        return self.conversation.turn(turn_id) is not None

    def payload_of(self, turn: Turn) -> str | None:
        """What the button stands for that the customer pressed, or typed word for word.

        Read from the store each time: after a restart the same turn means the same. Typed words
        mean a button of the last answer only: an older one may bear the same title.
        """
        if turn.id in self.pressed:
            button = self.button(self.pressed[turn.id])
            return None if button is None else button.payload
        typed = [b.payload for b in self._buttons_before(turn) if b.title == turn.text]
        return typed[-1] if typed else None

    def button(self, button_id: str) -> Button | None:
        """The button of this conversation with this id."""
        shown = (button for under in self.buttons.values() for button in under)
        return next((button for button in shown if button.id == button_id), None)

    def _buttons_before(self, turn: Turn) -> tuple[Button, ...]:
        """The buttons of the last answer, which may be several turns; the newest come last."""
        answers = list(dropwhile(_is_customers, reversed(self.before(turn))))
        last = list(takewhile(lambda one: not _is_customers(one), answers))
        return tuple(button for one in reversed(last) for button in self.buttons.get(one.id, ()))

    def before(self, turn: Turn) -> tuple[Turn, ...]:
        """The turns ahead of `turn`; all of them when it is not stored yet."""
        return self.conversation.turns[: self.place_of(turn)]

    def place_of(self, turn: Turn) -> int:
        """Where it is; the next place when it is not stored yet."""
        turns = self.conversation.turns
        return next((n for n, known in enumerate(turns) if known.id == turn.id), len(turns))

    def last_answer_before(self, turn: Turn) -> Turn | None:
        """What the customer answers: what `turn` replies to, else what they read last.

        By the bot or a person; a reply to words of their own answers nothing in particular.
        """
        replied = self.conversation.turn(turn.replies_to) if turn.replies_to else None
        if replied is not None and replied.role is not Role.CUSTOMER:
            return replied
        others = [one for one in self.before(turn) if one.role is not Role.CUSTOMER]
        return others[-1] if others else None

    def is_in_task(self, turn: Turn) -> bool:
        """Whether a task of the bot waits for an answer when the customer says `turn`."""
        said = [one for one in self.before(turn) if one.role is not Role.BOT]
        asked = {e.note for e in self.conversation.events if e.kind is EventKind.TASK_ASKS}
        return bool(said) and said[-1].id in asked

    @property
    def has_ticket(self) -> bool:
        """Whether the last task that ended opened a ticket, or added to one."""
        ended = [e.note or "" for e in self.conversation.events if e.kind is EventKind.TASK_ENDED]
        return bool(ended) and ended[-1].startswith(_TICKETS_OPENED)

    def unheard_before(self, turn: Turn, answers: Collection[str]) -> tuple[Turn, ...]:
        """The customer's turns just before `turn` whose answers begin so, the latest last."""
        stretch = takewhile(
            lambda one: _is_customers(one) or self._first_line(one).text in answers,
            reversed(self.before(turn)),
        )
        return tuple(one for one in stretch if _is_customers(one))[::-1]

    def _first_line(self, turn: Turn) -> Turn:
        """The first of the turns that one answer was told in."""
        return self.conversation.turn(line_id(turn.id.rpartition(":")[0], 0)) or turn

    def open_question(self, turn: Turn) -> Turn | None:
        """What a task of the bot asked last before `turn`, where it waits for an answer."""
        if not self.is_in_task(turn):
            return None
        asked = [one for one in self.before(turn) if one.role is Role.BOT]
        return asked[-1] if asked else None

    def asks_survey(self, turn: Turn) -> bool:
        """Whether `turn` is one of our survey questions."""
        under = self.buttons.get(turn.id, ())
        return any(button.payload.startswith(SURVEY_PREFIX) for button in under)

    def is_first_after_return(self, turn: Turn) -> bool:
        """Whether the bot, which holds it, hears the customer first since a person gave back."""
        events = self.conversation.events
        is_back = any(event.kind in _BACK for event in events)
        return is_back and not any(map(_is_customers, self.before(turn)[self.holds_from :]))

    def _turn_ids(self) -> set[str]:
        return {turn.id for turn in self.conversation.turns}

    def _left_to_people(self) -> set[str | None]:
        """Turns that were left to the people since these last gave back: they had their time."""
        left: set[str | None] = set()
        for event in self.conversation.events:
            if event.kind is EventKind.RETURNED:
                left.clear()
            elif event.kind is EventKind.LEFT_UNANSWERED:
                left.add(event.note)
        return left


async def look(
    session: AsyncSession,
    conversation_id: str,
    *,
    now: datetime,
    zone: tzinfo,
    earlier: Standing | None = None,
) -> Situation:
    """Read a conversation as it stands `now`; a day begins by the house's zone.

    Args:
        earlier: how it stood once; only what is new is read then.

    Raises:
        NotFound: there is none with this id.
    """
    found = await standing.read(session, conversation_id, earlier)
    known = Known()
    if found.has_shown:
        known = await identity.known(session, conversation_id, now=now, zone=zone)
    return Situation(found, known)


def _is_customers(turn: Turn) -> bool:
    return turn.role is Role.CUSTOMER


def _answer_to(turn: Turn) -> str:
    """The id of the first line of a turn's answer."""
    return line_id(turn_key(turn.id), 0)
