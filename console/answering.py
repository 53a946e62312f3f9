"""What stands beside an open conversation for who answers it: draft, answers, notes, customer."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from console.context import Visit
from core.conversation import Conversation
from core.handoff import Handoff, Holder
from core.inbox import VALUES, AgentState, CannedAnswer, Filled, fill, unfilled
from core.people import User, UserRole
from store import agent_states, beside, canned_answers, drafts, inbox, notes, work_queues
from store.beside import CustomerOrders


@dataclass(frozen=True, slots=True)
class Ready:
    """A canned answer with this conversation's values in it."""

    answer: CannedAnswer
    filled: Filled


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a conversation can be given to, and what speaks against it."""

    user: User
    note: str


async def working(
    session: AsyncSession, visit: Visit, conversation: Conversation, handoff: Handoff, *,
    everyone: tuple[User, ...],
) -> dict[str, Any]:  # fmt: skip
    """Everything but the turns; the customer's own matters only to who may see them."""
    is_mine = handoff.holder is Holder.PERSON and handoff.agent == visit.user.id
    sees_customer = is_mine or visit.is_reviewer
    zone, now = visit.console.settings.zone, visit.console.now()
    orders = None
    if sees_customer:
        orders = await beside.orders(session, conversation.id, now=now, zone=zone)
    others = await beside.others(session, conversation.id) if sees_customer else ()
    draft = await drafts.find(session, conversation.id, visit.user.id) if is_mine else ""
    return {
        "draft": draft,
        "missing": unfilled(draft),
        "placeholders": VALUES,
        "ready": await _ready(session, visit, orders) if is_mine else (),
        "notes": await notes.of_conversation(session, conversation.id),
        "passed": (await notes.passed_on(session, [conversation.id])).get(conversation.id),
        "queues": await work_queues.everyone(session),
        "colleagues": await _colleagues(session, visit, handoff, everyone),
        "sees_customer": sees_customer,
        "shows_customer": bool(others or (orders and (orders.name or orders.orders))),
        "others": others,
        "orders": orders,
        "is_own_shop": not visit.console.settings.backend_url,
    }


async def put_in(session: AsyncSession, visit: Visit, conversation_id: str, answer_id: str) -> str:
    """The words of a canned answer for this conversation.

    Raises:
        NotFound: there is no such answer.
    """
    zone, now = visit.console.settings.zone, visit.console.now()
    orders = await beside.orders(session, conversation_id, now=now, zone=zone)
    found = await canned_answers.get(session, answer_id)
    return fill(found.text, _values(visit, orders)).text


async def _ready(
    session: AsyncSession, visit: Visit, orders: CustomerOrders | None
) -> tuple[Ready, ...]:
    values = _values(visit, orders)
    found = await canned_answers.everyone(session)
    return tuple(Ready(one, fill(one.text, values)) for one in found)


def _values(visit: Visit, orders: CustomerOrders | None) -> dict[str, str | None]:
    return {
        "agent": visit.user.name,
        "company": visit.console.settings.company,
        "customer": orders.name if orders else None,
        "order": orders.verified[-1] if orders and orders.verified else None,
    }


async def _colleagues(
    session: AsyncSession, visit: Visit, handoff: Handoff, everyone: tuple[User, ...]
) -> tuple[Colleague, ...]:
    """Who could have it instead; those who are there and free come first.

    Of those who are no agents, who has said that they are there takes conversations as well.
    """
    states, load = await agent_states.everyone(session), await inbox.load(session)
    found = [
        Colleague(user, _hindrance(visit, states.get(user.id), load.get(user.id, 0)))
        for user in everyone
        if user.id not in (visit.user.id, handoff.agent)
        and user.is_active
        and (UserRole.AGENT in user.roles or _is_there(states.get(user.id)))
    ]
    return tuple(sorted(found, key=lambda one: (bool(one.note), one.user.name)))


def _is_there(state: AgentState | None) -> bool:
    return state is not None and state.is_available


def _hindrance(visit: Visit, state: AgentState | None, held: int) -> str:
    if state is None or not state.is_available:
        return "away"
    own = state.capacity
    most = visit.console.settings.agent_capacity if own is None else own
    return f"has {held} of {most}" if held >= most else ""
