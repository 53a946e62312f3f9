"""Changing one answer: the form with the transcript to pick evidence from, and its saving."""

from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.acting import LONGEST_NOTE, actor_of, card_of, done, note_in, visible_review
from console.context import Visit
from console.judging import Sources, shown_answer
from console.picking import TURN_TO, PickPage, pick_page, picked, turned
from console.reading import note
from console.reviews import gather
from core.answers import AnswerKind
from core.correction import answer_from
from core.errors import BadInput, NotFound, ParleyError
from core.evaluation import Evidence, Verdict
from core.review import Answer, Review, ReviewState
from core.review_rules import check_not_own, check_state
from core.scorecard import Question, Scorecard
from store import corrections, reviews

EVERY = {Verdict.NOT_APPLICABLE: "Does not apply", Verdict.UNSURE: "Cannot tell"}


async def question_page(visit: Visit) -> web.StreamResponse:
    """The form for one answer; audited, for it shows the transcript."""
    async with visit.console.database.reading() as session:
        review, sources, question = await _asked(session, visit)
        actor = await actor_of(session, visit)
        check_not_own(review, actor.keys)
        check_state(review, ReviewState.DRAFT, to="change an answer")
    async with visit.console.database.writing() as session:
        await note(session, visit, "conversation.read", review.conversation)
    found = next((each for each in sources.findings if each.question == question.id), None)
    evidence = found.evidence if found else ()
    return _page(visit, sources, question, pick_page(sources.conversation, evidence))


async def save(visit: Visit) -> web.StreamResponse:
    """Store the answer, or show another stretch of the transcript with what was ticked so far."""
    try:
        async with visit.console.database.writing() as session:
            review, sources, question = await _asked(session, visit)
            evidence = picked(visit.form, sources.conversation)
            if TURN_TO in visit.form:
                return _page(
                    visit, sources, question, turned(visit.form, sources.conversation, evidence)
                )
            made = await corrections.correct(
                session,
                review.id,
                question.id,
                given_answer(visit, question, evidence),
                await actor_of(session, visit),
                comment=note_in(visit, "comment"),
                card=await card_of(session, review),
                now=visit.console.now(),
            )
            review = await reviews.get(session, review.id)
    except BadInput as error:
        if visit.wants_json:
            raise
        return await _again(visit, error)
    value = {"review": review.id, "correction": made.id, "score": review.score}
    return done(visit, f"/reviews/{review.id}#answer-{question.id}", value)


def given_answer(visit: Visit, question: Question, evidence: tuple[Evidence, ...]) -> Answer:
    """The answer that a form gives: its field `words` for a question in free words.

    Raises:
        BadInput: none was chosen, or it is none of the question's.
    """
    given = visit.form.get("answer", "")
    if question.answers.kind is AnswerKind.TEXT and given not in set(EVERY):
        given = note_in(visit, "words")
    return answer_from(question, given, evidence)


def choices_of(question: Question) -> tuple[tuple[str, str], ...]:
    """What can be answered: value and words of each; none for free words."""
    form = question.answers
    if form.kind is AnswerKind.CHOICE:
        own = [(choice.id, choice.text or choice.id) for choice in form.choices]
    else:
        own = [(value, value.capitalize()) for value in form.values]
    open_to_all = [
        (verdict.value, text)
        for verdict, text in EVERY.items()
        if question.may_not_apply or verdict is not Verdict.NOT_APPLICABLE
    ]
    return (*own, *open_to_all)


async def _asked(session: AsyncSession, visit: Visit) -> tuple[Review, Sources, Question]:
    review = await visible_review(session, visit)
    card: Scorecard = await card_of(session, review)
    question = card.question(visit.part("question"))
    if question is None:
        raise NotFound(f"{card.title} has no such question.")
    return review, await gather(session, review), question


async def _again(visit: Visit, error: ParleyError) -> web.StreamResponse:
    """The form as it was sent, with what is wrong with it."""
    async with visit.console.database.reading() as session:
        _, sources, question = await _asked(session, visit)
    page = pick_page(sources.conversation, ticked(visit, sources))
    return _page(visit, sources, question, page, message=str(error), status=400)


def _page(
    visit: Visit,
    sources: Sources,
    question: Question,
    page: PickPage,
    *,
    message: str = "",
    status: int = 200,
) -> web.Response:
    return visit.page(
        "correct.html",
        status=status,
        shown=shown_answer(sources, question.id),
        **form_values(visit, sources, question, page, message),
    )


def form_values(
    visit: Visit, sources: Sources, question: Question, page: PickPage, message: str
) -> dict[str, Any]:
    """What the form of an answer is made from, as it was sent where something was wrong."""
    return {
        "review": sources.review,
        "conversation": sources.conversation,
        "question": question,
        "choices": choices_of(question),
        "is_text": question.answers.kind is AnswerKind.TEXT,
        "page": page,
        "form": visit.form,
        "message": message,
        "longest": LONGEST_NOTE,
    }


def ticked(visit: Visit, sources: Sources) -> tuple[Evidence, ...]:
    """The evidence of a form that is shown again; none where its ticks are what was wrong."""
    try:
        return picked(visit.form, sources.conversation)
    except BadInput:
        return ()
