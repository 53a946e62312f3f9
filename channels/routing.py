"""Who of the people at the inbox is offered the next conversation, and who is told if nobody is.

An offer is a nudge and no lock: whoever takes a conversation first has it. What is not taken in
time is offered to the next.
"""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from channels.dialogue import Dialogue
from channels.waiting import SEEN_WITHIN
from core.alert import Alert, AlertKind, Citation, Cited
from core.errors import NotFound
from core.handoff import Handoff, Holder
from core.ids import new_id
from core.inbox import AgentState, Offer, RoutingWay
from core.people import User, UserRole
from core.tasks import log_failure
from store import (
    agent_states,
    alerts,
    handoffs,
    inbox,
    offers,
    presence,
    users,
    work_queues,
)

ROUND_SECONDS = 2.0  # a person notices no shorter wait; each round is a handful of small reads
LONG_AGO = datetime.min.replace(tzinfo=UTC)

log: Any = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who is there; `load` counts what they hold and what is offered to them."""

    user: str
    load: int
    capacity: int
    skills: frozenset[str] = frozenset()
    offered_at: datetime | None = None

    @property
    def is_free(self) -> bool:
        """Whether they may be given one more."""
        return self.load < self.capacity


def choose(
    candidates: Sequence[Candidate], way: RoutingWay, *, tried: Collection[str] = ()
) -> str | None:
    """Who is asked next; None when nobody is free.

    Those who were asked already come again only when all have been, the last of them last.
    """
    free = [one for one in candidates if one.is_free]
    fresh = [one for one in free if one.user not in tried]
    last = next(iter(reversed(list(tried))), None)
    pool = fresh or [one for one in free if one.user != last] or free
    return min(pool, key=lambda one: _order(one, way)).user if pool else None


def _order(one: Candidate, way: RoutingWay) -> tuple[int, datetime, str]:
    load = one.load if way is RoutingWay.LEAST_BUSY else 0
    return load, one.offered_at or LONG_AGO, one.user


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due now: offers to make, and conversations that nobody is there for."""

    offers: tuple[tuple[Handoff, Offer], ...] = ()
    deserted: tuple[Handoff, ...] = ()
    is_left: bool = False  # somebody's last page was closed a while ago

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do, which is so nearly always."""
        return not (self.offers or self.deserted or self.is_left)


@dataclass(eq=False, slots=True)
class Routing:
    """Looks at who waits and who is there, again and again."""

    dialogue: Dialogue
    told: set[tuple[str, int]] = field(default_factory=set)  # alerts that were raised

    async def run(self) -> None:
        """Look until cancelled."""
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            try:
                await self.sweep()
            except Exception as error:  # noqa: BLE001  # the outermost frame of the loop
                log_failure("routing_failed", error)

    async def sweep(self) -> Plan:
        """Do what is due now, and tell what it was; reads only when nothing is."""
        room = self.dialogue.room
        now = room.clock()
        async with room.database.reading() as session:
            plan = await self._plan(session, now)
        if plan.is_empty:
            return plan
        async with room.database.writing() as session:
            await agent_states.leave_unseen(session, before=self._unseen(now), now=now)
            await offers.drop_settled(session)
            for handoff, offer in plan.offers:
                if await _still_waits(session, handoff):
                    await offers.make(session, offer)
                    await agent_states.note_offered(session, offer.user, now=now)
        for handoff in plan.deserted:
            await self._alert(handoff, now)
        return plan

    def _unseen(self, now: datetime) -> datetime:
        return now - timedelta(seconds=self.dialogue.room.settings.away_seconds)

    async def _plan(self, session: AsyncSession, now: datetime) -> Plan:
        states = await agent_states.everyone(session)
        unseen = self._unseen(now)
        is_left = any(
            one.is_available and (one.seen_at or unseen) < unseen for one in states.values()
        )
        waiting = await handoffs.waiting(session)
        if not waiting:
            return Plan(is_left=is_left)
        made = await offers.current(session)
        there = await self._candidates(session, states, made, now)
        needs = {
            queue.name: frozenset(queue.skills) for queue in await work_queues.everyone(session)
        }
        lines = await handoffs.queues_of_waiting(session)
        found: list[tuple[Handoff, Offer]] = []
        deserted: list[Handoff] = []
        for handoff in waiting:
            wanted = needs.get(lines.get(handoff.conversation, ""), frozenset())
            able = [one for one in there.values() if wanted <= one.skills]
            if not able and await self._is_deserted(session, handoff, wanted, now):
                deserted.append(handoff)
            offer = self._next_offer(handoff, able, made.get(handoff.conversation), now)
            if offer is not None:
                found.append((handoff, offer))
                chosen = there[offer.user]
                there[offer.user] = replace(chosen, load=chosen.load + 1, offered_at=now)
        return Plan(tuple(found), tuple(deserted), is_left)

    async def _candidates(
        self,
        session: AsyncSession,
        states: Mapping[str, AgentState],
        made: Mapping[str, Offer],
        now: datetime,
    ) -> dict[str, Candidate]:
        """The agents who are available and seen, with what each has to see to."""
        load = await inbox.load(session)
        for offer in made.values():
            if offer.until > now:
                load[offer.user] = load.get(offer.user, 0) + 1
        people = {user.id: user for user in await users.everyone(session)}
        usual = self.dialogue.room.settings.agent_capacity
        return {
            state.user: Candidate(
                state.user,
                load.get(state.user, 0),
                usual if state.capacity is None else state.capacity,
                frozenset(state.skills),
                state.offered_at,
            )
            for state in states.values()
            if _is_there(state, people.get(state.user), self._unseen(now))
        }

    def _next_offer(
        self, handoff: Handoff, able: Sequence[Candidate], last: Offer | None, now: datetime
    ) -> Offer | None:
        """Whom to ask now; None while somebody is being asked, or where nobody is free."""
        settings = self.dialogue.room.settings
        if settings.routing is RoutingWay.OFF:
            return None
        if last is not None and last.until > now and any(one.user == last.user for one in able):
            return None
        tried = () if last is None else (*(u for u in last.tried if u != last.user), last.user)
        user = choose(able, settings.routing, tried=tried)
        if user is None:
            return None
        until = now + timedelta(seconds=settings.offer_seconds)
        is_anew = user in tried
        return Offer(
            handoff.conversation, user, handoff.version, now, until, () if is_anew else tried
        )

    async def _is_deserted(
        self, session: AsyncSession, handoff: Handoff, wanted: Collection[str], now: datetime
    ) -> bool:
        """Whether one who waits has waited for a while with nobody there; told once.

        Where no skill is needed, anybody who has the console open is there.
        """
        settings = self.dialogue.room.settings
        is_early = now - handoff.since < timedelta(seconds=settings.offer_seconds)
        is_told = (handoff.conversation, handoff.version) in self.told
        if is_early or is_told or not settings.hours.is_open(now.astimezone(settings.zone)):
            return False
        return bool(wanted) or not await presence.is_anybody_here(session, since=now - SEEN_WITHIN)

    async def _alert(self, handoff: Handoff, now: datetime) -> None:
        limit = timedelta(minutes=self.dialogue.room.settings.wait_limit_minutes)
        alert = Alert(
            id=new_id(),
            conversation=handoff.conversation,
            kind=AlertKind.NOBODY_THERE,
            cites=Citation(Cited.ABSENCE, f"{handoff.conversation}:{handoff.version}"),
            raised_at=now,
            due_at=now + limit,
        )
        async with self.dialogue.room.database.writing() as session:
            if await _still_waits(session, handoff):
                await alerts.raise_alert(session, alert)
        self.told.add((handoff.conversation, handoff.version))
        log.info("nobody_there", conversation=handoff.conversation)


def _is_there(state: AgentState, user: User | None, unseen: datetime) -> bool:
    if user is None or not user.is_active or UserRole.AGENT not in user.roles:
        return False
    return state.is_available and state.seen_at is not None and state.seen_at >= unseen


async def _still_waits(session: AsyncSession, seen: Handoff) -> bool:
    try:
        found = await handoffs.get(session, seen.conversation, keeps_still=True)
    except NotFound:  # deleted meanwhile
        return False
    return found.holder is Holder.WAITING and found.version == seen.version
