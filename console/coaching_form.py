"""A new coaching task, made from one finding of a conversation."""

from dataclasses import dataclass
from datetime import timedelta

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.coaching import end_of_day
from console.coaching_effect import earned_before
from console.coaching_out import task_out
from console.context import Visit, see_other
from console.findings import SYMBOLS, Quote, shown_quotes
from console.forms import question_texts
from console.reading import check_not_blind
from console.reviewed import judged
from core.coaching import LONGEST_NOTE, LONGEST_SKILL, Aim, CoachingTask
from core.conversation import Conversation
from core.errors import BadInput, NotFound
from core.evaluation import Evaluation, Finding
from core.ids import new_id
from core.people import User, UserRole
from store import agents, coaching, conversations, evaluations, examples, users

DAYS = 14  # until a new task is due unless another day is given: two weekly talks, our own choice


@dataclass(frozen=True, slots=True)
class Ground:
    """What a task is made from: a finding of the newest evaluation, and its quotes."""

    conversation: Conversation
    evaluation: Evaluation
    finding: Finding
    quotes: tuple[Quote, ...]

    @property
    def aim(self) -> Aim:
        """The question that the task aims at."""
        return Aim(self.evaluation.scorecard, self.evaluation.version, self.finding.question)


async def new_task_page(visit: Visit) -> web.StreamResponse:
    """The form, with the finding and its quotes; `question` names the finding."""
    return await _page(visit, visit.request.query.get("question", ""))


async def make_task(visit: Visit) -> web.StreamResponse:
    """Make the task; audited."""
    question = visit.form.get("question", "")
    try:
        due = end_of_day(visit.form.get("due", ""), visit.console.settings.zone)
        async with visit.console.database.writing() as session:
            ground = await _ground(session, visit, question)
            agent = await users.get(session, visit.form.get("agent", ""))
            before = await earned_before(
                session, ground.aim, agent.id, ground.conversation.id,
                at=visit.console.now(), zone=visit.console.settings.zone,
            )  # fmt: skip
            task = CoachingTask(
                id=new_id(),
                agent=agent.id,
                before=before,
                skill=visit.form.get("skill", "").strip(),
                aim=ground.aim,
                conversation=ground.conversation.id,
                evaluation=ground.evaluation.id,
                evidence=ground.finding.evidence,
                note=visit.form.get("note", "").strip(),
                made_by=visit.user.id,
                made_at=visit.console.now(),
                due_at=due,
            )
            await coaching.add(session, task)
    except BadInput as error:
        if visit.wants_json:
            raise
        return await _page(visit, question, message=str(error))
    if visit.wants_json:
        return visit.data(task_out(task, now=visit.console.now()), status=201)
    return see_other(f"/coaching/{task.id}")


async def _page(visit: Visit, question: str, *, message: str = "") -> web.Response:
    zone = visit.console.settings.zone
    today = visit.console.now().astimezone(zone).date()
    async with visit.console.database.reading() as session:
        ground = await _ground(session, visit, question)
        everyone = await users.everyone(session)
        served = (await agents.people(session)).get(
            await agents.key_of(session, ground.conversation.id)
        )
        texts = await question_texts(session, [ground.aim])
        skills = {*await coaching.skills(session), *await examples.skills(session)}
    return visit.page(
        "coaching_new.html",
        status=400 if message else 200,
        message=message,
        form=visit.form,
        ground=ground,
        question=texts[ground.aim],
        verdict=SYMBOLS[ground.finding.verdict],
        agents=_agents(everyone),
        served=served.id if served else "",
        skills=sorted(skills, key=str.casefold),
        today=today,
        due=visit.form.get("due") or (today + timedelta(days=DAYS)).isoformat(),
        longest_note=LONGEST_NOTE,
        longest_skill=LONGEST_SKILL,
    )


async def _ground(session: AsyncSession, visit: Visit, question: str) -> Ground:
    """What counts as the answer to a question now: the machine's, or a person's in its place.

    Raises:
        NotFound: there is no such conversation, evaluation or finding.
        Conflict: this person scores the conversation blind.
    """
    conversation = await conversations.get(session, visit.part("conversation"))
    await check_not_blind(session, visit, conversation.id)
    newest = await evaluations.latest(session, conversation.id)
    evaluation = (await judged(session, visit, conversation.id, newest)).evaluation
    finding = evaluation.finding(question) if evaluation else None
    if evaluation is None or finding is None:
        raise NotFound(f"This conversation was not asked the question {question[:40]!r}.")
    quotes = shown_quotes(finding.evidence, conversation)
    return Ground(conversation, evaluation, finding, quotes)


def _agents(everyone: tuple[User, ...]) -> list[User]:
    return [user for user in everyone if user.is_active and UserRole.AGENT in user.roles]
