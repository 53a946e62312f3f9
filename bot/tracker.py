"""Rasa's tracker store: one row per event, in a database of its own, keyed by conversation id.

Calls block: each is one or two statements by primary key on a local file.
"""

from __future__ import annotations

import json
import os
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.engine import Connection

from bot.tables import ANSWERS, EVENTS, open_database
from bot.turns import AskedTurn
from bot.window import needs_trimming, trim

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
        self._kept: OrderedDict[str, DialogueStateTracker] = OrderedDict()

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's tracker, for the caller to keep and to change."""
        kept = self._kept.pop(sender_id, None)
        return kept if kept is not None else self._load(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append the events that are new; the caller goes on using the tracker."""
        with self._engine.begin() as connection:
            self._append(connection, tracker)
        self._kept.pop(tracker.sender_id, None)

    async def save_turn(
        self, tracker: DialogueStateTracker, asked: AskedTurn, messages: list[dict[str, Any]]
    ) -> None:
        """Store a turn's events and its answer in one transaction; the tracker is given back."""
        with self._engine.begin() as connection:
            self._append(connection, tracker)
            if needs_trimming(tracker):
                tracker = trim(tracker, self.domain.slots)
                self._delete_events(connection, tracker.sender_id)
                self._append(connection, tracker)
            connection.execute(
                ANSWERS.insert().values(
                    conversation=asked.conversation,
                    turn=asked.turn,
                    fingerprint=asked.fingerprint,
                    messages=json.dumps(messages),
                )
            )
        self._keep(tracker)

    def find_answer(self, asked: AskedTurn) -> StoredAnswer | None:
        """What was answered to this turn id before, if it was."""
        wanted = sa.select([ANSWERS.c.fingerprint, ANSWERS.c.messages]).where(
            ANSWERS.c.conversation == asked.conversation, ANSWERS.c.turn == asked.turn
        )
        with self._engine.connect() as connection:
            row = connection.execute(wanted).first()
        return StoredAnswer(row.fingerprint, json.loads(row.messages)) if row else None

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

    def _load(self, conversation: str) -> DialogueStateTracker | None:
        wanted = (
            sa.select([EVENTS.c.event])
            .where(EVENTS.c.conversation == conversation)
            .order_by(EVENTS.c.position)
        )
        with self._engine.connect() as connection:
            events = [json.loads(row.event) for row in connection.execute(wanted)]
        if not events:
            return None
        return DialogueStateTracker.from_dict(conversation, events, self.domain.slots)

    def _append(self, connection: Connection, tracker: DialogueStateTracker) -> None:
        """Write the events that are not stored yet."""
        stored, last = connection.execute(
            sa.select([sa.func.count(), sa.func.max(EVENTS.c.position)]).where(
                EVENTS.c.conversation == tracker.sender_id
            )
        ).one()
        rows = [
            {
                "conversation": tracker.sender_id,
                "position": position,
                "event": json.dumps(event.as_dict()),
            }
            for position, event in enumerate(list(tracker.events)[stored:], start=(last or 0) + 1)
        ]
        if rows:
            connection.execute(EVENTS.insert(), rows)

    def _delete_events(self, connection: Connection, conversation: str) -> None:
        connection.execute(EVENTS.delete().where(EVENTS.c.conversation == conversation))

    def _keep(self, tracker: DialogueStateTracker) -> None:
        self._kept[tracker.sender_id] = tracker
        while len(self._kept) > KEPT_TRACKERS:
            self._kept.popitem(last=False)
