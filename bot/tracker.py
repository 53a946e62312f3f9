"""Rasa's tracker store: one row per event, in a database of its own, keyed by conversation id.

Calls block: each is one or two statements by primary key on a local file.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa
import ujson
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.constants import REQUESTED_SLOT
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, Event, SlotSet
from sqlalchemy.engine import Connection

from bot.tables import ANSWERS, EVENTS, open_database
from bot.talk import Talk
from bot.turns import AskedTurn
from bot.window import needs_trimming, trim

# Built once: building a statement costs as much as running it.
_OF = EVENTS.c.conversation == sa.bindparam("of")
_LATEST = sa.select([sa.func.max(EVENTS.c.position)]).where(_OF)
_LATEST_AND_ANSWER = sa.select(
    [_LATEST.scalar_subquery().label("latest"), ANSWERS.c.fingerprint, ANSWERS.c.messages]
).select_from(
    sa.select([sa.literal(1).label("one")])
    .subquery()
    .outerjoin(
        ANSWERS,
        sa.and_(ANSWERS.c.conversation == sa.bindparam("of"), ANSWERS.c.turn == sa.bindparam("to")),
    )
)
_ALL_EVENTS = sa.select([EVENTS.c.position, EVENTS.c.event]).where(_OF).order_by(EVENTS.c.position)
_DELETE_BEFORE = EVENTS.delete().where(_OF, EVENTS.c.position < sa.bindparam("first"))
_NEW_EVENT = EVENTS.insert()
_NEW_ANSWER = ANSWERS.insert()

DEFAULT_URL = "sqlite:///var/tracker.db"
KEPT_TRACKERS = 256  # about 0.1 MB each when full


@dataclass(frozen=True)
class StoredAnswer:
    """What the bot answered to a turn, and the fingerprint of what was asked."""

    fingerprint: str
    messages: list[dict[str, Any]]


class ConversationStore(TrackerStore):  # type: ignore[misc]  # Rasa ships no types
    """Open conversations and the answers given in them.

    A tracker in memory is lent, not shared: `retrieve` takes it out and only `save_turn` puts it
    back, so a turn that failed half way leaves nothing behind and the next one reads the database.
    """

    def __init__(
        self,
        domain: Domain | None,
        host: str | None = None,
        event_broker: object | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        self._engine = open_database(os.environ.get("PARLEY_TRACKER_URL") or host or DEFAULT_URL)
        self._kept: OrderedDict[str, Talk] = OrderedDict()
        self._seen: tuple[str, int | None] | None = None  # of `find_answer`, until the next call

    def init_tracker(self, sender_id: str) -> Talk:
        """A conversation without events."""
        return Talk(sender_id, self.domain.slots)

    async def retrieve(self, sender_id: str) -> Talk | None:
        """The conversation's tracker, for the caller to keep and to change.

        What is in memory counts only while nobody else has written to the conversation since: it
        may have been answered by another Rasa process, and come back.
        """
        kept = self._kept.pop(sender_id, None)
        seen, self._seen = self._seen, None
        if kept is not None and seen == (sender_id, kept.position):
            return kept
        with self._engine.connect() as connection:
            latest = connection.execute(_LATEST, {"of": sender_id}).scalar()
            if kept is not None and kept.position == latest:
                return kept
            return self._load(connection, sender_id) if latest is not None else None

    async def save(self, tracker: Talk) -> None:
        """Append the events that are new; the caller goes on using the tracker."""
        self._kept.pop(tracker.sender_id, None)
        if len(tracker.events) > tracker.stored:
            with self._engine.begin() as connection:
                self._append(connection, tracker)

    async def save_turn(
        self, tracker: Talk, asked: AskedTurn, messages: list[dict[str, Any]]
    ) -> None:
        """Store a turn's events and its answer in one transaction; the tracker is given back."""
        answer = {
            "conversation": asked.conversation,
            "turn": asked.turn,
            "fingerprint": asked.fingerprint,
            "messages": ujson.dumps(messages),
        }
        with self._engine.begin() as connection:
            self._append(connection, tracker)
            if needs_trimming(tracker):
                tracker = self._trim(connection, tracker)
            connection.execute(_NEW_ANSWER, answer)
        self._keep(tracker)

    def find_answer(self, asked: AskedTurn) -> StoredAnswer | None:
        """What was answered to this turn id before, if it was.

        The same statement tells where the conversation ends, for the `retrieve` that follows.
        """
        wanted = {"of": asked.conversation, "to": asked.turn}
        with self._engine.connect() as connection:
            row = connection.execute(_LATEST_AND_ANSWER, wanted).one()
        self._seen = (asked.conversation, row.latest)
        if row.messages is None:
            return None
        return StoredAnswer(row.fingerprint, ujson.loads(row.messages))

    async def delete(self, conversation: str) -> None:
        """Remove everything of a conversation; removing what is not there is no error."""
        self._kept.pop(conversation, None)
        with self._engine.begin() as connection:
            self._delete_events(connection, conversation)
            connection.execute(ANSWERS.delete().where(ANSWERS.c.conversation == conversation))

    async def keys(self) -> Iterable[str]:
        """Ids of the conversations that have a tracker."""
        with self._engine.connect() as connection:
            rows = connection.execute(sa.select([EVENTS.c.conversation]).distinct())
            return [row.conversation for row in rows]

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()

    def _load(self, connection: Connection, conversation: str) -> Talk:
        rows = connection.execute(_ALL_EVENTS, {"of": conversation}).all()
        events = [ujson.loads(row.event) for row in rows]
        tracker: Talk = Talk.from_dict(conversation, events, self.domain.slots)
        if tracker.active_loop_name not in (None, *self.domain.form_names):
            # a form of an earlier version: nobody can go on in it
            tracker.update_with_events(
                [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)], self.domain
            )
        tracker.stored, tracker.position = len(rows), rows[-1].position
        return tracker

    def _append(self, connection: Connection, tracker: Talk) -> None:
        """Write the events that are not stored yet.

        Another process that wrote meanwhile has taken these positions: the database refuses, the
        turn fails, and the next try reads what the other wrote.
        """
        new = islice(tracker.events, tracker.stored, None)
        rows = _rows(tracker.sender_id, new, tracker.position + 1)
        if rows:
            connection.execute(_NEW_EVENT, rows)
        tracker.stored += len(rows)
        tracker.position += len(rows)

    def _trim(self, connection: Connection, tracker: Talk) -> Talk:
        """Write a summary in the place of the older events."""
        shorter, kept = trim(tracker, self.domain.slots)
        first = tracker.position - kept + 1
        connection.execute(_DELETE_BEFORE, {"of": tracker.sender_id, "first": first})
        preface = len(shorter.events) - kept
        summary = islice(shorter.events, preface)
        connection.execute(_NEW_EVENT, _rows(tracker.sender_id, summary, first - preface))
        shorter.stored, shorter.position = len(shorter.events), tracker.position
        return shorter

    def _delete_events(self, connection: Connection, conversation: str) -> None:
        connection.execute(EVENTS.delete().where(EVENTS.c.conversation == conversation))

    def _keep(self, tracker: Talk) -> None:
        self._kept[tracker.sender_id] = tracker
        while len(self._kept) > KEPT_TRACKERS:
            self._kept.popitem(last=False)


def _rows(conversation: str, events: Iterable[Event], first: int) -> list[dict[str, Any]]:
    return [
        {"conversation": conversation, "position": position, "event": ujson.dumps(event.as_dict())}
        for position, event in enumerate(events, start=first)
    ]
