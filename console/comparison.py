"""A session that is over: who agreed, where people differ, and what they settle on."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.coefficients import (
    ShownFigure,
    ShownShare,
    gwet_name,
    kappa_name,
    shown_coefficient,
    shown_pairs,
    shown_prevalence,
    shown_rate,
    told,
)
from console.context import Visit, see_other
from console.findings import Quote, shown_quotes
from console.reading import note
from core.calibration import UNSURE, AskedQuestion, CalibrationSession, Consensus
from core.conversation import Conversation
from core.errors import BadInput, NotFound
from core.evaluation import Evidence
from qa.comparison import Compared, QuestionResult, compare
from qa.comparison_report import ANSWER_FIELDS, answer_rows_of, results_json
from store import blind, calibration, consensus, conversations, users

LONGEST_REASON = 1000  # characters
COMPARED = "calibration.compared"  # the audit's word for having seen everybody's answers
GONE = "somebody who is gone"


@dataclass(frozen=True, slots=True)
class ShownResult:
    """One question's line of the comparison."""

    id: str
    text: str
    section: str
    is_fatal: bool
    differ: int
    machine_differs: int
    n: int
    unsure: int
    agreement: ShownFigure
    kappa: ShownFigure
    kappa_name: str
    gwet: ShownFigure
    gwet_name: str
    prevalence: tuple[ShownShare, ...]
    recall: ShownFigure | None
    precision: ShownFigure | None
    people_n: int
    people_pairs: ShownFigure
    people_kappa: ShownFigure | None
    people_alpha: ShownFigure
    people_gwet: ShownFigure


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """One answer with its words and quotes; `who` is a person's name, or the machine."""

    who: str
    answer: str
    comment: str
    quotes: tuple[Quote, ...]
    had_seen: bool
    is_odd: bool


@dataclass(frozen=True, slots=True)
class ShownCompared:
    """One conversation of a question."""

    conversation: str
    number: int
    picked: str
    differs: bool
    answers: tuple[ShownAnswer, ...]
    consensus: Consensus | None
    settled: str
    settled_by: str


async def results_of(
    session: AsyncSession, found: CalibrationSession
) -> tuple[QuestionResult, ...]:
    """The comparison of a session, computed beside the event loop.

    Raises:
        Conflict: it is still open.
    """
    sheets = await blind.sheets(session, found)
    decided = await consensus.decided(session, found.id)
    channels = await calibration.channels_of(session, found)
    return await asyncio.to_thread(compare, found, sheets, decided, channels)


async def comparison_page(visit: Visit, found: CalibrationSession) -> web.Response:
    """The figures of every question; reading them is audited."""
    async with visit.console.database.reading() as session:
        results = await results_of(session, found)
        names = {user.id: user.name for user in await users.everyone(session)}
    async with visit.console.database.writing() as session:
        await note(session, visit, COMPARED, found.id)
    if visit.wants_json:
        return visit.data(_session_json(found, names) | {"questions": results_json(results)})
    return visit.page(
        "calibration_over.html",
        found=found,
        people=[names.get(user, GONE) for user in found.people],
        made_by=names.get(found.made_by, GONE),
        closed_by=names.get(found.closed_by or "", ""),
        results=[shown_result(result) for result in results],
        seen=sorted(_seen(results, names)),
        is_empty=not any(each.given for result in results for each in result.compared),
    )


async def question_page(visit: Visit) -> web.StreamResponse:
    """One question: everybody's answers, first where they differ; audited."""
    async with visit.console.database.reading() as session:
        found = await calibration.get(session, visit.part("session"))
        asked = found.question(visit.part("question"))
        if asked is None:
            raise NotFound("This session has no such question.")
        (result,) = await results_of(session, replace(found, questions=(asked,)))
        names = {user.id: user.name for user in await users.everyone(session)}
        talks = {
            each.conversation: await conversations.get(session, each.conversation)
            for each in result.compared
        }
    async with visit.console.database.writing() as session:
        await note(session, visit, COMPARED, found.id)
    shown = [shown_compared(found, result, each, talks, names) for each in result.compared]
    if visit.wants_json:
        lines = [_compared_json(asked, each, names) for each in result.compared]
        figures = results_json((result,))[0]
        return visit.data({"id": found.id, "question": figures, "conversations": lines})
    return visit.page(
        "calibration_question.html",
        found=found,
        asked=asked,
        result=shown_result(result),
        differing=[each for each in shown if each.differs],
        alike=[each for each in shown if not each.differs],
        choices=[(answer, told(asked, answer)) for answer in asked.allowed],
        longest_reason=LONGEST_REASON,
    )


async def settle(visit: Visit) -> web.StreamResponse:
    """Write down what people agreed on about one question of one conversation; audited."""
    session_id, question = visit.part("session"), visit.part("question")
    reason = visit.form.get("reason", "")
    if len(reason) > LONGEST_REASON:
        raise BadInput(f"The reason has {len(reason):,} characters; {LONGEST_REASON:,} are enough.")
    agreed = Consensus(
        conversation=visit.form.get("conversation", ""),
        question=question,
        answer=visit.form.get("answer", ""),
        reason=reason,
        by=visit.user.id,
        at=visit.console.now(),
    )
    async with visit.console.database.writing() as session:
        await consensus.decide(session, session_id, agreed)
    return see_other(f"/calibration/{session_id}/questions/{question}#c-{agreed.conversation}")


def shown_result(result: QuestionResult) -> ShownResult:
    """One question in words."""
    caught = result.detection
    return ShownResult(
        id=result.asked.id,
        text=result.asked.text,
        section=result.asked.section,
        is_fatal=result.asked.is_fatal,
        differ=result.people_differ,
        machine_differs=sum(each.does_machine_differ for each in result.compared),
        n=result.machine.table.n,
        unsure=result.machine_unsure,
        agreement=shown_rate(result.machine.raw),
        kappa=shown_coefficient(result.machine.kappa),
        kappa_name=kappa_name(result.machine),
        gwet=shown_coefficient(result.machine.gwet),
        gwet_name=gwet_name(result.machine),
        prevalence=shown_prevalence(result.asked, result.machine),
        recall=shown_rate(caught.recall) if caught else None,
        precision=shown_rate(caught.precision) if caught else None,
        people_n=result.people.n,
        people_pairs=shown_pairs(result.people.pairs),
        people_kappa=shown_coefficient(result.cohen) if result.cohen else None,
        people_alpha=shown_coefficient(result.people.alpha),
        people_gwet=shown_coefficient(result.people.gwet),
    )


def shown_compared(
    found: CalibrationSession,
    result: QuestionResult,
    each: Compared,
    talks: Mapping[str, Conversation],
    names: Mapping[str, str],
) -> ShownCompared:
    """One conversation with everybody's answers."""
    asked, talk = result.asked, talks[each.conversation]
    number = [item.conversation for item in found.items].index(each.conversation) + 1
    people = tuple(
        ShownAnswer(
            who=names.get(given.person, GONE),
            answer=told(asked, given.answer.answer),
            comment=given.answer.comment,
            quotes=shown_quotes(given.answer.evidence, talk),
            had_seen=given.had_seen,
            is_odd=not each.is_split and given.answer.answer != each.most,
        )
        for given in each.given
    )
    evidence: tuple[Evidence, ...] = each.finding.evidence if each.finding else ()
    machine = ShownAnswer(
        who="The machine",
        answer=told(asked, each.machine) if each.machine != UNSURE else "Unsure",
        comment=each.finding.reason if each.finding else "it gave no answer",
        quotes=shown_quotes(evidence, talk),
        had_seen=False,
        is_odd=each.does_machine_differ,
    )
    agreed = each.consensus
    return ShownCompared(
        conversation=each.conversation,
        number=number,
        picked=each.picked.value,
        differs=each.do_people_differ or each.does_machine_differ,
        answers=(*people, machine),
        consensus=agreed,
        settled=told(asked, agreed.answer) if agreed else "",
        settled_by=names.get(agreed.by, GONE) if agreed else "",
    )


def _seen(results: tuple[QuestionResult, ...], names: Mapping[str, str]) -> set[str]:
    """Who had seen the machine's answers of a conversation before."""
    return {
        names.get(given.person, GONE)
        for result in results
        for each in result.compared
        for given in each.given
        if given.had_seen
    }


def _session_json(found: CalibrationSession, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "id": found.id,
        "title": found.title,
        "scorecard": found.scorecard,
        "version": found.version,
        "people": [names.get(user, GONE) for user in found.people],
        "conversations": [item.conversation for item in found.items],
        "closed_at": found.closed_at.isoformat() if found.closed_at else None,
    }


def _compared_json(
    asked: AskedQuestion, each: Compared, names: Mapping[str, str]
) -> dict[str, Any]:
    rows = answer_rows_of(asked, each, names)
    return {
        "conversation": each.conversation,
        "machine": each.machine,
        "answers": [dict(zip(ANSWER_FIELDS, row, strict=True)) for row in rows],
    }
