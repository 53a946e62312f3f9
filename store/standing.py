"""A conversation as it stands, in few statements; of one that was read before, only what is new.

Each message has its conversation looked at several times, so a look must not cost more the longer a
chat goes on: a chat's turns keep their places and their words, and its events stay as they are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.call_back import CallBack, CallBackState
from core.conversation import Channel, Conversation, Event, EventKind, Role
from core.errors import NotFound
from core.handoff import Handoff
from core.people import AddressKind
from core.survey import SurveyInvitation, SurveyResponse
from store import call_backs, measures, surveys
from store.buttons import Button
from store.columns import AnyRow, table_of
from store.handoffs import HANDOFF, handoff_of
from store.mapping import CONVERSATION, EVENT, TURN, conversation_of, event_of, turn_of
from store.persons import conversations_with
from store.prepared import often
from store.tables import (
    AddressRow,
    ButtonRow,
    CallBackRow,
    ConversationRow,
    EventRow,
    SurveyInvitationRow,
    TurnRow,
    VerificationRow,
)

# What gives turns that were read before another meaning; both are done in the console.
_REREAD = (EventKind.ROLES_SWAPPED, EventKind.ROLES_TOLD)

# Built once, of the tables' columns: store/identity.py says why.
_ID = bindparam("conversation", type_=ConversationRow.id.type)
_BEHIND = bindparam("behind", type_=TurnRow.position.type)
_ROWS = table_of(ConversationRow).c
_TURNS = table_of(TurnRow).c
_EVENTS = table_of(EventRow).c
_BUTTONS = table_of(ButtonRow).c
_CALL_BACKS = table_of(CallBackRow).c
_ADDRESSES = table_of(AddressRow).c
_INVITATIONS = table_of(SurveyInvitationRow).c
_SHOWN = table_of(VerificationRow).c


def _is_there(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(*conditions)


_HEAD = often(
    select(
        *CONVERSATION,
        *HANDOFF,
        select(func.count())
        .where(_EVENTS.conversation_id == _ID)
        .scalar_subquery()
        .label("events"),
        select(func.max(_EVENTS.id))
        .where(_EVENTS.conversation_id == _ID)
        .scalar_subquery()
        .label("last_event"),
        select(_ADDRESSES.value)
        .where(_ADDRESSES.customer_id == _ROWS.customer_id)
        .where(_ADDRESSES.kind == AddressKind.PHONE.value)
        .order_by(_ADDRESSES.hash)
        .limit(1)
        .scalar_subquery()
        .label("phone"),
        _is_there(
            _CALL_BACKS.conversation_id == _ID, _CALL_BACKS.state == CallBackState.DRAFT.value
        ).label("has_draft"),
        _is_there(_INVITATIONS.conversation_id == _ID).label("is_asked"),
        _is_there(_SHOWN.conversation_id.in_(conversations_with(_ID))).label("has_shown"),
    ).where(_ROWS.id == _ID)
)

_NEW_TURNS = often(
    select(*TURN, _TURNS.button_id)
    .where(_TURNS.conversation_id == _ID, _TURNS.position > _BEHIND)
    .order_by(_TURNS.position)
)
_NEW_EVENTS = often(
    select(*EVENT)
    .where(_EVENTS.conversation_id == _ID, _EVENTS.id > bindparam("last", type_=EventRow.id.type))
    .order_by(_EVENTS.id)
)
_NEW_BUTTONS = often(
    select(_BUTTONS.id, _BUTTONS.turn_id, _BUTTONS.title, _BUTTONS.payload)
    .join_from(
        _BUTTONS.id.table,
        _TURNS.id.table,
        (_TURNS.conversation_id == _BUTTONS.conversation_id) & (_TURNS.id == _BUTTONS.turn_id),
    )
    .where(_BUTTONS.conversation_id == _ID, _TURNS.position > _BEHIND)
    .order_by(_BUTTONS.turn_id, _BUTTONS.position)
)


@dataclass(frozen=True, slots=True)
class Standing:
    """Turns, holder, buttons and survey of one conversation, read in one transaction."""

    conversation: Conversation
    handoff: Handoff
    holds_from: int  # place of the first turn that the present holder is to answer
    buttons: Mapping[str, tuple[Button, ...]]  # turn id → what was shown under it
    pressed: Mapping[str, str]  # turn id → button id
    invitation: SurveyInvitation | None
    responses: tuple[SurveyResponse, ...]
    draft: CallBack | None  # a call-back that is being talked about
    phone: str | None  # a number the customer is known by
    has_shown: bool  # whether the customer has ever shown who they are
    last_event: int  # the id of the last event that is in it


async def read(
    session: AsyncSession, conversation_id: str, earlier: Standing | None = None
) -> Standing:
    """Read a conversation, and of one that was read `earlier` and committed, what is new.

    Raises:
        NotFound: there is none with this id.
    """
    await session.flush()  # what this transaction has made as objects is seen as well
    head = (await session.execute(_HEAD, {"conversation": conversation_id})).first()
    if head is None:
        raise NotFound(f"no conversation {conversation_id}")
    if earlier is None or head.channel == Channel.VOICE.value:  # a call's turns change places
        return await _read_on(session, head, _nothing_of(head))
    events = await _new_events(session, head, earlier)
    is_whole = len(earlier.conversation.events) + len(events) == head.events
    if not is_whole or any(event.kind in _REREAD for event in events):
        return await _read_on(session, head, _nothing_of(head))
    return await _read_on(session, head, earlier, events)


def _nothing_of(head: AnyRow) -> Standing:
    """What is known of a conversation before any of it is read."""
    empty = conversation_of(head, (), ())
    return Standing(
        empty, handoff_of(head), head.holder_from, {}, {}, None, (), None, None, False, -1
    )


async def _new_events(session: AsyncSession, head: AnyRow, earlier: Standing) -> tuple[Event, ...]:
    if head.last_event is None or head.last_event == earlier.last_event:
        return ()
    asked = {"conversation": head.id, "last": earlier.last_event}
    return tuple(map(event_of, await session.execute(_NEW_EVENTS, asked)))


async def _read_on(
    session: AsyncSession,
    head: AnyRow,
    earlier: Standing,
    events: tuple[Event, ...] | None = None,
) -> Standing:
    """All that follows what was read `earlier`."""
    if events is None:
        events = await _new_events(session, head, earlier)
    behind = len(earlier.conversation.turns) - 1
    asked = {"conversation": head.id, "behind": behind}
    rows = (await session.execute(_NEW_TURNS, asked)).all()
    invitation = await surveys.find_invitation(session, head.id) if head.is_asked else None
    conversation = conversation_of(
        head,
        (*earlier.conversation.turns, *map(turn_of, rows)),
        (*earlier.conversation.events, *events),
    )
    if conversation.is_voice:
        conversation = replace(conversation, measures=await measures.find(session, head.id))
    return Standing(
        conversation=conversation,
        handoff=handoff_of(head),
        holds_from=head.holder_from,
        buttons=await _buttons(session, asked, earlier, rows),
        pressed={**earlier.pressed, **{row.id: row.button_id for row in rows if row.button_id}},
        invitation=invitation,
        responses=await surveys.responses(session, invitation.id) if invitation else (),
        draft=await call_backs.find_draft(session, head.id) if head.has_draft else None,
        phone=head.phone,
        has_shown=head.has_shown,
        last_event=-1 if head.last_event is None else head.last_event,
    )


async def _buttons(
    session: AsyncSession, asked: Mapping[str, object], earlier: Standing, rows: Sequence[AnyRow]
) -> Mapping[str, tuple[Button, ...]]:
    """Buttons stand under turns that are not the customer's, and are stored with them."""
    if all(row.role == Role.CUSTOMER.value for row in rows):
        return earlier.buttons
    found = dict(earlier.buttons)
    for row in await session.execute(_NEW_BUTTONS, asked):
        button = Button(row.id, row.turn_id, row.title, row.payload)
        found[row.turn_id] = (*found.get(row.turn_id, ()), button)
    return found
