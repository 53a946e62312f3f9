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


@dataclass(frozen=True, slots=True)
class QueueForm:
    """What stands in the form of a queue; `changes` names the one there is, empty for a new one."""

    changes: str = ""
    name: str = ""
    skills: str = ""
    reasons: tuple[str, ...] = ()


async def people_page(visit: Visit) -> web.StreamResponse:
    """Everybody who answers customers, and the lines these wait in; `queue` opens one to change."""
    name = visit.request.query.get("queue")
    if name is None:
        return await _page(visit)
    async with visit.console.database.reading() as session:
        queue = await work_queues.get(session, name)
    form = QueueForm(queue.name, queue.name, ", ".join(queue.skills), queue.reasons)
    return await _page(visit, form)


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
    """Add a queue, or change the one that `changes` names; audited."""
    form = QueueForm(
        visit.form.get("changes", ""),
        visit.form.get("name", ""),
        visit.form.get("skills", ""),
        tuple(reason for reason in REASONS if f"reason_{reason}" in visit.form),
    )
    try:
        name = form.changes or read_queue_name(form.name)
        queue = WorkQueue(name, read_skills(form.skills), form.reasons)
        async with visit.console.database.writing() as session:
            await (work_queues.change if form.changes else work_queues.add)(session, queue)
            await note(session, visit, "queue.changed", queue.name)
    except BadInput as error:
        return await _page(visit, form, message=str(error), status=400)
    return see_other("/inbox/people")


async def remove_queue(visit: Visit) -> web.StreamResponse:
    """Delete a queue; who waits in it waits for everybody from now on; audited."""
    name = visit.form.get("name", "")
    async with visit.console.database.writing() as session:
        await work_queues.remove(session, name)
        await note(session, visit, "queue.deleted", name)
    return see_other("/inbox/people")


async def _page(
    visit: Visit,
    queue_form: QueueForm | None = None,
    *,
    message: str = "",
    wrong: str = "",
    status: int = 200,
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
        queue_form=queue_form or QueueForm(),
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
