"""Reviews: the list, an agent's own, and the page of one with everything that was said of it."""

from collections.abc import Mapping
from dataclasses import replace

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.access import status_of
from console.acting import LONGEST_NOTE, actor_of, done, visible_review
from console.cards import find_version
from console.context import Visit
from console.conversation import is_silencing
from console.judging import Sources, history, score_now, shown_groups
from console.reading import check_not_blind, note
from console.review_json import answers_out, lines_out, review_out, steps_out
from console.sent_files import shown_files
from console.transcript import shown_turns
from core.draw import Risk
from core.errors import BadInput, Conflict, NotFound, ParleyError
from core.evaluation import Evaluation
from core.review import Review, ReviewState
from store import (
    agents,
    attachments,
    audit,
    blind,
    conversations,
    disputes,
    draws,
    evaluations,
    recordings,
    review_list,
    reviews,
    users,
)
from store.review_list import ReviewFilter

RISKS = {
    Risk.FATAL: "a fatal answer",
    Risk.FALLING: "the mood fell",
    Risk.FAINT: "hard to hear",
    Risk.DETRACTOR: "a dissatisfied customer",
    Risk.NEW_AGENT: "a new agent",
}


async def reviews_page(visit: Visit) -> web.StreamResponse:
    """All reviews, the newest first; `agent`, `state` and `page` narrow it."""
    query = visit.request.query
    wanted = ReviewFilter(agent=query.get("agent") or None, state=state_of(query.get("state")))
    async with visit.console.database.reading() as session:
        wanted = replace(wanted, besides=await blind.blind_to(session, visit.user.id))
        lines, page = await review_list.list_reviews(session, wanted, number=page_number(query))
        people = await review_list.known_agents(session)
        names = {user.id: user.name for user in await users.everyone(session)}
    if visit.wants_json:
        return visit.data(lines_out(lines, page, names))
    return visit.page(
        "reviews.html", lines=lines, page=page, agents=people, states=tuple(ReviewState),
        wanted=wanted, names=names, link=_link("/reviews", wanted),
    )  # fmt: skip


async def own_page(visit: Visit) -> web.StreamResponse:
    """An agent's own evaluations: those that were submitted, with the clock of each."""
    query = visit.request.query
    async with visit.console.database.reading() as session:
        keys = await agents.keys_of(session, visit.user)
        wanted = ReviewFilter(state=state_of(query.get("state")), seen_by=keys)
        lines, page = await review_list.list_reviews(session, wanted, number=page_number(query))
        names = {user.id: user.name for user in await users.everyone(session)}
    if visit.wants_json:
        return visit.data(lines_out(lines, page, names))
    return visit.page(
        "own_evaluations.html", lines=lines, page=page, names=names, wanted=wanted,
        states=[state for state in ReviewState if state is not ReviewState.DRAFT],
        now=visit.console.now(), link=_link("/evaluations", wanted),
    )  # fmt: skip


async def begin(visit: Visit) -> web.StreamResponse:
    """Begin a review of a conversation's evaluation, or open the one there is.

    By the form's `scorecard`, else by the main one.
    """
    conversation_id = visit.part("conversation")
    now = visit.console.now()
    async with visit.console.database.writing() as session:
        await check_not_blind(session, visit, conversation_id)
        evaluation = await _wanted(session, visit, conversation_id)
        if evaluation is None:
            if await conversations.find(session, conversation_id) is None:
                raise NotFound("There is no such conversation.")
            raise Conflict("It has not been scored yet; a review begins from the score.")
        actor = await actor_of(session, visit)
        review = await reviews.begin(session, evaluation, actor, now=now)
    return done(visit, f"/reviews/{review.id}", {"review": review.id, "state": review.state.value})


async def review_page(visit: Visit) -> web.StreamResponse:
    """One review: transcript, answers, disputes, what may be done next; audited."""
    return await show_review(visit)


async def show_review(visit: Visit, *, refused: ParleyError | None = None) -> web.StreamResponse:
    """The page of a review; where a step was refused, with why and what was typed for it."""
    async with visit.console.database.reading() as session:
        review = await visible_review(session, visit)
        sources = await gather(session, review)
        steps = history(await audit.rows_of(session, review.id), sources)
        drawn = await draws.of_conversation(session, review.conversation)
        keys = await agents.keys_of(session, visit.user)
        recording = None
        if sources.conversation.recording:
            recording = await recordings.find(session, sources.conversation.recording)
        sent = await attachments.of_conversation(session, review.conversation)
    async with visit.console.database.writing() as session:
        await note(session, visit, "review.read", review.id)
        await note(session, visit, "conversation.read", review.conversation)
    groups = shown_groups(sources)
    if visit.wants_json:
        names = {**sources.names, review.agent: sources.named(review.agent)}
        return visit.data(
            {
                "review": review_out(review, names),
                "answers": answers_out(groups, sources),
                "history": steps_out(steps),
            }
        )
    return visit.page(
        "review.html",
        status=status_of(refused) if refused else 200,
        message=str(refused or ""),
        form=visit.form,
        wrong=visit.request.match_info.get("question", ""),
        review=review,
        conversation=sources.conversation,
        turns=shown_turns(sources.conversation, sources.findings),
        files=shown_files(sent),
        recording=recording,
        is_silencing=await is_silencing(visit, recording),
        groups=groups,
        score=score_now(sources),
        card=sources.card,
        steps=steps,
        drawn=drawn if visit.is_reviewer else (),
        risks=RISKS,
        names=sources.names,
        agent=sources.named(review.agent),
        is_own=review.agent in keys,
        is_open=review.is_open_to_agent(visit.console.now()),
        may_discard=not (sources.corrections or sources.disputes),
        waiting=[a for group in groups for a in group.answers if a.waits],
        longest=LONGEST_NOTE,
    )


async def gather(session: AsyncSession, review: Review) -> Sources:
    """Everything that a page about a review is made from."""
    evaluation = None
    if review.evaluation is not None:
        evaluation = await evaluations.find(session, review.evaluation)
    names = {user.id: user.name for user in await users.everyone(session)}
    named = await agents.names_of(session, {review.agent})
    return Sources(
        review=review,
        conversation=await conversations.get(session, review.conversation),
        evaluation=evaluation,
        card=await find_version(session, review.scorecard, review.version),
        corrections=await reviews.corrections_of(session, review.id),
        disputes=await disputes.of_review(session, review.id),
        names={**names, **named},
    )


async def _wanted(session: AsyncSession, visit: Visit, conversation_id: str) -> Evaluation | None:
    found = await evaluations.latest_by_card(session, [conversation_id])
    judged = found.get(conversation_id, ())
    name = visit.form.get("scorecard", "")
    if not name or not judged:
        return judged[-1] if judged else None
    wanted = next((each for each in judged if each.scorecard == name), None)
    if wanted is None:
        raise NotFound(f"This conversation has no score by {name[:40]!r}.")
    return wanted


def state_of(value: str | None) -> ReviewState | None:
    """A state from a URL.

    Raises:
        BadInput: it is none.
    """
    if not value:
        return None
    try:
        return ReviewState(value)
    except ValueError as error:
        known = ", ".join(ReviewState)
        raise BadInput(f"state: {value[:40]!r} is not one of {known}") from error


def page_number(query: Mapping[str, str]) -> int:
    """Which page a URL asks for; the first when it says nothing sensible."""
    given = query.get("page", "1")
    return int(given) if given.isdecimal() and len(given) < 7 else 1


def _link(path: str, wanted: ReviewFilter) -> str:
    """The list's address with its filters, to which a page is added."""
    parts = [f"agent={wanted.agent}"] if wanted.agent else []
    parts += [f"state={wanted.state.value}"] if wanted.state else []
    return f"{path}?{'&'.join([*parts, 'page='])}"
