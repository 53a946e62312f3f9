"""A conversation as it stands, and what can be read off it without asking anybody."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import dropwhile, takewhile

from sqlalchemy.ext.asyncio import AsyncSession

from channels.reply import line_id, turn_key
from core.call_back import CallBack
from core.conversation import Conversation, EventKind, Role, Turn
from core.handoff import Handoff, Holder
from core.survey import SurveyInvitation, SurveyResponse
from store import buttons, call_backs, conversations, handoffs, identity, presses, surveys
from store.buttons import Button
from store.conversations import Placed
from store.identity import Known

SURVEY_PREFIX = "survey:"  # payloads of our own scales; Rasa's begin with a slash
SHOWN_AFTER_CLOSE = timedelta(hours=24)  # a page opened later begins empty

_BACK = (EventKind.RETURNED, EventKind.CALL_BACK_ASKED)


@dataclass(frozen=True, slots=True)
class Situation:
    """Turns, holder, buttons and survey of one conversation, read in one transaction."""

    conversation: Conversation
    handoff: Handoff
    buttons: Mapping[str, tuple[Button, ...]]
    invitation: SurveyInvitation | None
    responses: tuple[SurveyResponse, ...]
    known: Known  # who they have shown to be today, here or in another conversation
    pressed: Mapping[str, str]  # turn id → button id
    draft: CallBack | None  # a call-back that is being talked about
    phone: str | None  # a number the customer is known by
    holds_from: int  # place of the first turn that the present holder is to answer

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
        return tuple(Placed(n, turn) for n, turn in enumerate(self.conversation.turns))

    def next_unanswered(self, tried: Collection[str] = ()) -> Turn | None:
        """The first customer turn since the holder last changed that nobody has answered.

        A person answers by themselves. What is among `tried` has a reply without words, and so has
        what an event says was left to the people, until they give it back.
        """
        if self.handoff.holder is Holder.PERSON:
            return None
        for turn in self.conversation.turns[self.holds_from :]:
            is_open = turn.id not in tried and not self._is_answered(turn)
            if turn.role is Role.CUSTOMER and is_open:
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
        for place, turn in enumerate(self.conversation.turns[behind:], start=behind):
            if turn.role is Role.CUSTOMER and not self._has_answer(turn):
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
        """What the customer read last, by the bot or a person."""
        others = [one for one in self.before(turn) if one.role is not Role.CUSTOMER]
        return others[-1] if others else None

    def is_in_task(self, turn: Turn) -> bool:
        """Whether a task of the bot waits for an answer when the customer says `turn`."""
        said = [one for one in self.before(turn) if one.role is not Role.BOT]
        asked = {e.note for e in self.conversation.events if e.kind is EventKind.TASK_ASKS}
        return bool(said) and said[-1].id in asked

    def asks_survey(self, turn: Turn) -> bool:
        """Whether `turn` is one of our survey questions."""
        under = self.buttons.get(turn.id, ())
        return any(button.payload.startswith(SURVEY_PREFIX) for button in under)

    def is_first_after_return(self, turn: Turn) -> bool:
        """Whether the bot, which holds it, hears the customer first since a person gave back."""
        events = self.conversation.events
        is_back = any(event.kind in _BACK for event in events)
        return is_back and not any(map(_is_customers, self.before(turn)[self.holds_from :]))

    def _is_answered(self, turn: Turn) -> bool:
        return self._has_answer(turn) or turn.id in self._left_to_people()

    def _has_answer(self, turn: Turn) -> bool:
        return self.has_turn(line_id(turn_key(turn.id), 0))

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
    session: AsyncSession, conversation_id: str, *, now: datetime, zone: tzinfo
) -> Situation:
    """Read a conversation as it stands `now`; a day begins by the house's zone.

    Raises:
        NotFound: there is none with this id.
    """
    invitation = await surveys.find_invitation(session, conversation_id)
    return Situation(
        conversation=await conversations.get(session, conversation_id),
        handoff=await handoffs.get(session, conversation_id),
        buttons=await buttons.under(session, conversation_id),
        invitation=invitation,
        responses=await surveys.responses(session, invitation.id) if invitation else (),
        known=await identity.known(session, conversation_id, now=now, zone=zone),
        pressed=await presses.of(session, conversation_id),
        draft=await call_backs.find_draft(session, conversation_id),
        phone=await call_backs.known_phone(session, conversation_id),
        holds_from=await handoffs.holds_from(session, conversation_id),
    )


def _is_customers(turn: Turn) -> bool:
    return turn.role is Role.CUSTOMER
