"""Where live conversations are changed: one change at a time, then shown to who is connected."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from weakref import WeakValueDictionary

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from channels.deliveries import Deliveries
from channels.hub import Connection, Hub, Json
from channels.metrics import Metrics
from channels.situation import Situation, look
from channels.topics import Topics, shipped_topics
from channels.wire import notices_out, place_out, state_out, turn_out
from core.conversation import Channel, Role
from core.errors import NotFound, Unavailable
from core.handoff import Holder
from core.settings import Settings
from core.survey_rules import SurveyRules
from core.tasks import Tasks
from store import buttons, conversations, handoffs, outbox
from store.database import Database

log: Any = structlog.get_logger()


def now_utc() -> datetime:
    """The wall clock."""
    return datetime.now(UTC)


@dataclass(eq=False, slots=True)
class Locks:
    """A lock for each name, kept only while somebody holds or awaits it."""

    _held: WeakValueDictionary[str, asyncio.Lock] = field(default_factory=WeakValueDictionary)

    def of(self, name: str) -> asyncio.Lock:
        """The lock of this name; first come, first served."""
        lock = self._held.get(name)
        if lock is None:
            lock = self._held[name] = asyncio.Lock()
        return lock


@dataclass(eq=False, slots=True)
class Room:
    """The database, who is connected, and the order in which things happen.

    Locks are taken in this order: an answer being made, a visitor, a change of a conversation.
    """

    settings: Settings
    database: Database
    rules: SurveyRules = field(default_factory=SurveyRules)
    topics: Topics = field(default_factory=shipped_topics)
    hub: Hub = field(default_factory=Hub)
    metrics: Metrics = field(default_factory=Metrics)
    locks: Locks = field(default_factory=Locks)
    clock: Callable[[], datetime] = now_utc
    # Who carries what is said on channels that have no page; told after each change.
    carriers: dict[Channel, Callable[[str], None]] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)  # who waits → the place they were told
    # Open conversations whose customers have a page open, as they were last seen.
    situations: dict[str, Situation] = field(default_factory=dict)
    tasks: Tasks = field(default_factory=Tasks)
    deliveries: Deliveries = field(init=False)
    _chats: dict[str, str] = field(default_factory=dict)  # visitor → the last of them

    def __post_init__(self) -> None:
        self.deliveries = Deliveries(self.database, self.tasks)

    def answering(self, conversation_id: str) -> asyncio.Lock:
        """Held while a conversation's turns are answered, bot included."""
        return self.locks.of(f"answering {conversation_id}")

    def visiting(self, visitor: str) -> asyncio.Lock:
        """Held while it is decided which conversation a visitor is in."""
        return self.locks.of(f"visiting {visitor}")

    def writing(self, conversation_id: str) -> asyncio.Lock:
        """Held while a conversation is changed or shown: milliseconds."""
        return self.locks.of(f"writing {conversation_id}")

    @asynccontextmanager
    async def changing(self, conversation_id: str) -> AsyncIterator[AsyncSession]:
        """One transaction that changes a conversation; afterwards its customer sees what is new."""
        async with self.writing(conversation_id):
            async with self.database.writing() as session:
                before = await self._last_position(session, conversation_id)
                yield session
                changed = await self.look_within(session, conversation_id)
            await self.show(changed, before)

    async def _last_position(self, session: AsyncSession, conversation_id: str) -> int:
        seen = self.situations.get(conversation_id)
        if seen is None:
            return await conversations.last_position(session, conversation_id)
        return len(seen.conversation.turns) - 1

    async def look(self, conversation_id: str) -> Situation:
        """The conversation as it stands."""
        async with self.database.reading() as session:
            found = await self.look_within(session, conversation_id)
        self._keep(found)
        return found

    async def last_look(self, conversation_id: str) -> Situation:
        """The same as it was last seen, if that was since its customer has a page open.

        Only this program changes who holds a live conversation and what is said in it, and each
        change is looked at before it is done; so this is good for deciding what follows next. What
        is stored then asks the database for the version that it began with.
        """
        return self.situations.get(conversation_id) or await self.look(conversation_id)

    async def look_within(self, session: AsyncSession, conversation_id: str) -> Situation:
        """The same inside a transaction, with what it has changed so far."""
        seen = self.situations.get(conversation_id)
        try:
            return await look(
                session,
                conversation_id,
                now=self.clock(),
                zone=self.settings.zone,
                earlier=seen.standing if seen else None,
            )
        except NotFound:  # deleted: nothing of it is kept here either
            self.forget(conversation_id)
            raise

    def chat_of(self, visitor: str) -> Situation | None:
        """The open conversation of a visitor as it was last seen, while they have a page open."""
        return self.situations.get(self._chats.get(visitor, ""))

    def leave(self, connection: Connection) -> None:
        """A page closed; what was kept for its customer alone is dropped."""
        for conversation_id in self.hub.leave(connection):
            self.forget(conversation_id)

    def forget(self, conversation_id: str) -> None:
        """What was last seen of it holds no longer, or nobody shows it."""
        self.situations.pop(conversation_id, None)
        for visitor in [one for one, chat in self._chats.items() if chat == conversation_id]:
            del self._chats[visitor]

    def _keep(self, found: Situation) -> None:
        """Keep what was committed, while its customer has a page open and it is not closed."""
        visitor = self.hub.visitor_of(found.id)
        if visitor is None or found.handoff.holder is Holder.CLOSED:
            self.forget(found.id)
            return
        seen = self.situations.get(found.id)
        if seen is None or not seen.is_newer_than(found):
            self.situations[found.id] = found
            self._chats[visitor] = found.id

    async def turns_behind(self, conversation_id: str, position: int) -> list[Json]:
        """The turns behind `position`, as the customer's side shows them."""
        async with self.database.reading() as session:
            placed = await conversations.turns_after(session, conversation_id, position)
            under = await buttons.under(session, conversation_id)
        return [turn_out(conversation_id, one, under.get(one.turn.id, ())) for one in placed]

    async def resend(self, conversation_id: str) -> None:
        """What waited in the outbox has gone out with a welcome."""
        async with self.database.reading() as session:
            parcels = await outbox.undelivered(session, conversation_id)
        if parcels:
            turns = [parcel.turn for parcel in parcels]
            self.deliveries.note_sent(conversation_id, turns, now=self.clock())

    def mark_seen(self, conversation_id: str, position: int) -> None:
        """The customer's side has everything up to `position`."""
        self.deliveries.note_seen(conversation_id, position, now=self.clock())

    async def show(self, changed: Situation, before: int) -> None:
        """Send what is behind position `before`, what happened and who answers now.

        The change stands whether it could be shown or not.
        """
        earlier = self.situations.get(changed.id)
        self._keep(changed)
        channel, is_shown = changed.conversation.channel, False
        try:
            await self._show(changed, before, earlier)
            is_shown = True
            if channel in self.carriers:
                self.carriers[channel](changed.id)
        except Unavailable as error:
            log.warning("not_shown", conversation=changed.id, error=str(error))
        finally:
            if not is_shown:
                self.hub.drop(changed.id)

    async def _show(self, situation: Situation, before: int, earlier: Situation | None) -> None:
        new = situation.placed_after(before)
        turns = [turn_out(situation.id, one, situation.buttons.get(one.turn.id, ())) for one in new]
        place = await self.place(situation)
        was_waiting = situation.id in self.places
        state = state_out(situation, place)
        is_same = earlier is not None and place is None and state == state_out(earlier)
        news = [] if is_same else [state]
        is_connected = self.hub.publish(situation.id, *turns, *notices_out(situation), *news)
        ours = [one.turn.id for one in new if one.turn.role is not Role.CUSTOMER]
        if is_connected and ours:
            self.deliveries.note_sent(situation.id, ours, now=self.clock())
        if place is not None:
            self.places[situation.id] = place
        if place is not None or was_waiting:
            await self.tell_places()

    async def place(self, situation: Situation) -> int | None:
        """Where they are in the line of those who wait for a person; None when they do not."""
        if situation.handoff.holder is not Holder.WAITING:
            return None
        async with self.database.reading() as session:
            return await handoffs.place_in_line(session, situation.handoff)

    async def tell_places(self) -> None:
        """Tell each who waits that their place is another now: somebody came, went or was first."""
        async with self.database.reading() as session:
            line = await handoffs.line(session)
        now = {waiting: place for place, waiting in enumerate(line, start=1)}
        moved = {one: place for one, place in now.items() if self.places.get(one) != place}
        self.places = now
        for waiting, place in moved.items():
            self.hub.publish(waiting, place_out(waiting, place))
