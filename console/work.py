"""Who is at the inbox, how much each is given and what they can do; and the queues."""

from dataclasses import dataclass

from aiohttp import web

from console.context import Visit, see_other
from console.reading import note
from core.errors import BadInput
from core.handoff import REASONS
from core.inbox import (
    MOST_AT_ONCE,
    AgentState,
    WorkQueue,
    read_capacity,
    read_queue_name,
    read_skills,
)
from core.people import User, UserRole
from store import agent_states, inbox, users, work_queues


@dataclass(frozen=True, slots=True)
class Worker:
    """One person who may answer customers, and how much they have to see to."""

    user: User
    state: AgentState
    held: int


async def people_page(visit: Visit) -> web.StreamResponse:
    """Everybody who answers customers, and the lines these wait in."""
    return await _page(visit)


async def set_work(visit: Visit) -> web.StreamResponse:
    """How many conversations a person is given at once, and what they can do; audited."""
    try:
        capacity = read_capacity(visit.form.get("capacity", ""))
        skills = read_skills(visit.form.get("skills", ""))
    except BadInput as error:
        return await _page(visit, message=str(error), wrong=visit.part("user"), status=400)
    async with visit.console.database.writing() as session:
        user = await users.get(session, visit.part("user"))
        await agent_states.set_work(session, user.id, capacity=capacity, skills=skills)
        await note(session, visit, "user.work_changed", user.id)
    return see_other("/inbox/people")


async def save_queue(visit: Visit) -> web.StreamResponse:
    """Add a queue, or change the one of this name; audited."""
    try:
        name = read_queue_name(visit.form.get("name", ""))
        reasons = tuple(reason for reason in REASONS if f"reason_{reason}" in visit.form)
        queue = WorkQueue(name, read_skills(visit.form.get("skills", "")), reasons)
        async with visit.console.database.writing() as session:
            await work_queues.save(session, queue)
            await note(session, visit, "queue.changed", queue.name)
    except BadInput as error:
        return await _page(visit, message=str(error), status=400)
    return see_other("/inbox/people")


async def remove_queue(visit: Visit) -> web.StreamResponse:
    """Delete a queue; who waits in it waits for everybody from now on; audited."""
    name = visit.form.get("name", "")
    async with visit.console.database.writing() as session:
        await work_queues.remove(session, name)
        await note(session, visit, "queue.deleted", name)
    return see_other("/inbox/people")


async def _page(
    visit: Visit, *, message: str = "", wrong: str = "", status: int = 200
) -> web.StreamResponse:
    async with visit.console.database.reading() as session:
        states = await agent_states.everyone(session)
        load = await inbox.load(session)
        everyone = await users.everyone(session)
        queues = await work_queues.everyone(session)
        waiting = await inbox.waiting(session)
    workers = [
        Worker(user, states.get(user.id, AgentState(user.id)), load.get(user.id, 0))
        for user in everyone
        if user.is_active and UserRole.AGENT in user.roles
    ]
    known = {skill for state in states.values() for skill in state.skills}
    known |= {skill for queue in queues for skill in queue.skills}
    return visit.page(
        "inbox_people.html",
        status=status,
        workers=sorted(workers, key=lambda one: (not one.state.is_available, one.user.name)),
        queues=queues,
        lines={queue.name: sum(row.queue == queue.name for row in waiting) for queue in queues},
        lacking={queue.name: _lacking(queue, workers) for queue in queues},
        reasons=REASONS,
        known_skills=sorted(known),
        usual=visit.console.settings.agent_capacity,
        most=MOST_AT_ONCE,
        message=message,
        wrong=wrong,
        form=visit.form,
    )


def _lacking(queue: WorkQueue, workers: list[Worker]) -> bool:
    """Whether nobody at all has every skill that a queue needs."""
    return not any(set(queue.skills) <= set(one.state.skills) for one in workers)
