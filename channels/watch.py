"""Once a minute: who waits for a person is never left in silence, and never for too long unseen.

Every few minutes they hear that they are not forgotten. When the limit is over they come first, a
supervisor gets an alert, and one that somebody took and never answered goes to everybody.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from channels.dialogue import Dialogue
from channels.handover import packet_of, summarise
from channels.situation import Situation
from channels.waiting import outlook, reassure, tell_nobody_answered, tell_too_long
from core.alert import Alert, AlertKind, Citation, Cited
from core.conversation import Channel, Event, EventKind, Role
from core.errors import Conflict, NotFound
from core.handoff import Handoff, Holder
from core.ids import new_id
from store import alerts, conversations, handoffs

MOST_REASSURED = 10  # times in one wait; who left the page open over night need not read more
MOST_BY_TELEPHONE = 2  # of them by WhatsApp and SMS: each one rings, and costs
NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class Watch:
    """Looks after everybody who waits; people's hours are respected."""

    dialogue: Dialogue

    async def sweep(self) -> int:
        """Say and do what is due now; how many conversations heard something or were put first."""
        room = self.dialogue.room
        now, settings = room.clock(), room.settings
        if not settings.hours.is_open(now.astimezone(settings.zone)):
            return 0  # they were told when people are back
        limit = timedelta(minutes=settings.wait_limit_minutes)
        async with room.database.reading() as session:
            waiting = await handoffs.waiting(session, written=True)
            silent = await handoffs.unanswered(session, since=now - limit)
        done = [await self._look_after(handoff, now, limit) for handoff in waiting]
        done += [await self._fetch_back(handoff, now) for handoff in silent]
        return sum(done)

    async def _look_after(self, seen: Handoff, now: datetime, limit: timedelta) -> bool:
        """One who waits: put first after the limit, else reassured when that is due."""
        try:
            async with self.dialogue.room.changing(seen.conversation) as session:
                handoff = await handoffs.get(session, seen.conversation, keeps_still=True)
                if handoff.version != seen.version or handoff.holder is not Holder.WAITING:
                    return False
                if now - handoff.since >= limit and handoff.priority == 0:
                    return await self._put_first(session, handoff, now)
                return await self._reassure(session, handoff, now)
        except NotFound:  # deleted meanwhile
            return False

    async def _put_first(self, session: AsyncSession, handoff: Handoff, now: datetime) -> bool:
        if not await handoffs.put_first(session, handoff):
            return False
        place = await handoffs.place_in_line(
            session, replace(handoff, priority=handoff.priority + 1)
        )
        await self._alert(session, handoff, now)
        situation = await self.dialogue.room.look_within(session, handoff.conversation)
        line = tell_too_long(now - handoff.since, place)
        await self.dialogue.tell(
            session, handoff.conversation, f"{situation.waiting_key}:late", [line]
        )
        return True

    async def _reassure(self, session: AsyncSession, handoff: Handoff, now: datetime) -> bool:
        settings = self.dialogue.room.settings
        every = timedelta(minutes=settings.reassure_minutes)
        number = (now - handoff.since) // every
        if not 1 <= number <= MOST_REASSURED:
            return False
        situation = await self.dialogue.room.look_within(session, handoff.conversation)
        is_web = situation.conversation.channel is Channel.WEB
        if not is_web and number > MOST_BY_TELEPHONE:
            return False
        if now - _last_heard(situation, handoff) < every or situation.draft is not None:
            return False
        found = await outlook(session, handoff, settings, now=now)
        key = f"{situation.waiting_key}:again:{number}"
        line = reassure(found, now - handoff.since)
        await self.dialogue.tell(session, handoff.conversation, key, [line])
        return True

    async def _fetch_back(self, seen: Handoff, now: datetime) -> bool:
        """One whom somebody holds and does not answer; never answered at all, it goes to all."""
        try:
            async with self.dialogue.room.changing(seen.conversation) as session:
                handoff = await handoffs.get(session, seen.conversation, keeps_still=True)
                if handoff.version != seen.version:
                    return False
                is_new = await self._alert(session, handoff, now)
                situation = await self.dialogue.room.look_within(session, handoff.conversation)
                behind = situation.conversation.turns[situation.holds_from :]
                if any(turn.role is Role.AGENT for turn in behind):
                    return is_new  # in the middle of it: a supervisor looks, nobody is relieved
                return await self._to_everybody(session, situation, handoff, now)
        except (Conflict, NotFound):
            return False

    async def _to_everybody(
        self, session: AsyncSession, situation: Situation, handoff: Handoff, now: datetime
    ) -> bool:
        moved = await handoffs.move(
            session,
            handoff,
            Holder.WAITING,
            now=now,
            reason=NO_ANSWER,
            summary=summarise(situation, NO_ANSWER, {}),
            packet=await packet_of(self.dialogue.room, situation, NO_ANSWER, {}),
            priority=1,
        )
        line = tell_nobody_answered(await handoffs.place_in_line(session, moved))
        key = f"bot:waiting:{moved.version}:late"
        await self.dialogue.tell(session, handoff.conversation, key, [line])
        return True

    async def _alert(self, session: AsyncSession, handoff: Handoff, now: datetime) -> bool:
        """Tell a supervisor, once for each time somebody waits; and say so in the conversation."""
        situation = await self.dialogue.room.look_within(session, handoff.conversation)
        mine = [turn.id for turn in situation.conversation.turns if turn.role is Role.CUSTOMER]
        cites = f"{handoff.conversation}:{handoff.version}"
        alert = Alert(
            id=new_id(),
            conversation=handoff.conversation,
            kind=AlertKind.UNANSWERED,
            cites=Citation(Cited.HANDOFF, cites, mine[-1] if mine else None),
            raised_at=now,
            due_at=now + timedelta(minutes=self.dialogue.room.settings.wait_limit_minutes),
        )
        if not await alerts.raise_alert(session, alert):
            return False
        late = Event(EventKind.WAITED_TOO_LONG, now)
        await conversations.add_event(session, handoff.conversation, late)
        return True


def _last_heard(situation: Situation, handoff: Handoff) -> datetime:
    """When the customer last read something, or began to wait."""
    heard = situation.last_heard
    return handoff.since if heard is None else max(heard, handoff.since)
