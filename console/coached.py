"""On a conversation's page: the coaching tasks and the good examples that were made from it."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from console.context import Visit
from core.coaching import CoachingTask
from core.example import Example
from store import coaching, examples
from store.coaching import TaskFilter


@dataclass(frozen=True, slots=True)
class Coached:
    """What this person may see of both: an agent their own tasks, and what is published."""

    tasks: tuple[CoachingTask, ...] = ()
    examples: tuple[Example, ...] = ()


async def coached(session: AsyncSession, visit: Visit, conversation_id: str) -> Coached:
    """What was made from a conversation."""
    own = None if visit.is_reviewer else visit.user.id
    page = await coaching.page(session, TaskFilter(agent=own, conversation=conversation_id))
    found = await examples.of_conversation(session, conversation_id)
    return Coached(page.items, tuple(one for one in found if visit.is_reviewer or one.is_published))
