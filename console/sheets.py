"""A blind sheet: one conversation, its words alone, and a person's own answers to each question."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console.citing import read_citations
from console.coefficients import told
from console.context import Visit, see_other
from console.gates import note_gates
from console.reading import note_once
from console.sent_files import shown_files
from console.transcript import shown_turns
from core.calibration import AskedQuestion, BlindAnswer, CalibrationSession, Sheet
from core.conversation import Conversation
from core.errors import BadInput, Conflict, NotFound
from store import attachments, blind, calibration, conversations, recordings
from store.blind import SCORED_BLIND

LONGEST_COMMENT = 2000  # characters


@dataclass(frozen=True, slots=True)
class ShownQuestion:
    """A question with what this person has answered so far; `wrong` says what is off in it."""

    asked: AskedQuestion
    choices: tuple[tuple[str, str], ...]
    answer: BlindAnswer
    wrong: str = ""


async def sheet_page(visit: Visit) -> web.StreamResponse:
    """The conversation without any score, and the form; reading it is audited."""
    async with visit.console.database.reading() as session:
        found, sheet = await _mine(session, visit)
    return await _page(visit, found, sheet.answers if sheet else (), sheet=sheet)


async def save(visit: Visit) -> web.StreamResponse:
    """Keep a draft, or submit and lock; what was typed is never lost."""
    async with visit.console.database.reading() as session:
        found, sheet = await _mine(session, visit)
        talk = await conversations.get(session, visit.part("conversation"))
    answers = _typed(visit, _asked_here(found, talk))
    if visit.form.get("do") != "submit":
        return await _save(visit, found, answers)
    read, wrong = _read(answers, talk)
    if wrong:
        message = "Some evidence cannot be found in the transcript. Nothing is submitted yet."
        return await _page(visit, found, answers, sheet=sheet, message=message, wrong=wrong)
    return await _submit(visit, found, read, sheet)


async def _save(
    visit: Visit, found: CalibrationSession, answers: tuple[BlindAnswer, ...]
) -> web.StreamResponse:
    conversation_id = visit.part("conversation")
    async with visit.console.database.writing() as session:
        await blind.save(
            session, found, conversation_id, visit.user.id, answers, now=visit.console.now()
        )
    if visit.wants_json:
        return visit.data({"conversation": conversation_id, "state": "draft"})
    return see_other(f"/calibration/{found.id}/conversations/{conversation_id}?kept=1")


async def _submit(
    visit: Visit,
    found: CalibrationSession,
    answers: tuple[BlindAnswer, ...],
    sheet: Sheet | None,
) -> web.StreamResponse:
    try:
        async with visit.console.database.writing() as session:
            is_over = await blind.submit(
                session, found, visit.part("conversation"), visit.user.id, answers,
                now=visit.console.now(),
            )  # fmt: skip
    except BadInput as error:
        missing = {each.question: "No answer yet." for each in answers if not each.answer}
        message = f"{error} Nothing is submitted yet."
        return await _page(visit, found, answers, sheet=sheet, message=message, wrong=missing)
    if is_over:
        await note_gates(visit, found)
    if visit.wants_json:
        return visit.data({"conversation": visit.part("conversation"), "state": "submitted"})
    return see_other(f"/calibration/{found.id}")


async def _page(
    visit: Visit,
    found: CalibrationSession,
    answers: tuple[BlindAnswer, ...],
    *,
    sheet: Sheet | None,
    message: str = "",
    wrong: Mapping[str, str] | None = None,
) -> web.Response:
    conversation_id = visit.part("conversation")
    async with visit.console.database.reading() as session:
        talk = await conversations.get(session, conversation_id)
        recording = await recordings.find(session, talk.recording) if talk.recording else None
        sent = await attachments.of_conversation(session, conversation_id)
    await note_once(visit, SCORED_BLIND, conversation_id)
    if visit.wants_json:
        body = _json(found, talk, answers, sheet)
        if message:
            body |= {
                "error": {"code": "BadInput", "message": message, "questions": dict(wrong or {})}
            }
        return visit.data(body, status=400 if message else 200)
    given = {each.question: each for each in answers}
    ids = [item.conversation for item in found.items]
    place = ids.index(conversation_id)
    return visit.page(
        "calibration_sheet.html",
        status=400 if message else 200,
        found=found,
        conversation=talk,
        recording=recording,
        turns=shown_turns(talk),
        files=shown_files(sent),
        place=place + 1,
        before=ids[place - 1] if place else None,
        after=ids[place + 1] if place + 1 < len(ids) else None,
        sections=_sections(_asked_here(found, talk), given, wrong or {}),
        sheet=sheet,
        message=message,
        is_kept="kept" in visit.request.query,
        longest_comment=LONGEST_COMMENT,
    )


async def _mine(session: AsyncSession, visit: Visit) -> tuple[CalibrationSession, Sheet | None]:
    """The session and this person's sheet, if they score in it.

    Raises:
        NotFound: they do not, or the session has no such conversation.
        Conflict: the session is over.
    """
    found = await calibration.get(session, visit.part("session"))
    conversation_id = visit.part("conversation")
    if visit.user.id not in found.people or found.item(conversation_id) is None:
        raise NotFound("There is no such conversation for you to score.")
    if not found.is_open:
        raise Conflict("This session is over; its page shows what everybody answered.")
    own = await blind.own_sheets(session, found.id, visit.user.id)
    return found, next((sheet for sheet in own if sheet.conversation == conversation_id), None)


def _asked_here(found: CalibrationSession, talk: Conversation) -> tuple[AskedQuestion, ...]:
    return tuple(asked for asked in found.questions if asked.is_asked_of(talk.channel))


def _typed(visit: Visit, questions: tuple[AskedQuestion, ...]) -> tuple[BlindAnswer, ...]:
    """What the form carries for each question, as it was typed."""
    form = visit.form
    answers = tuple(
        BlindAnswer(
            question=asked.id,
            answer=form.get(f"answer_{asked.id}", ""),
            comment=form.get(f"comment_{asked.id}", "").strip(),
            cited=form.get(f"cited_{asked.id}", "").strip(),
        )
        for asked in questions
    )
    for each in answers:
        if max(len(each.comment), len(each.cited)) > LONGEST_COMMENT:
            raise BadInput(f"A comment has at most {LONGEST_COMMENT:,} characters.")
    return answers


def _read(
    answers: tuple[BlindAnswer, ...], talk: Conversation
) -> tuple[tuple[BlindAnswer, ...], dict[str, str]]:
    """The answers with their evidence found in the transcript, and what is wrong by question."""
    read, wrong = [], {}
    for each in answers:
        try:
            read.append(replace(each, evidence=read_citations(each.cited, talk)))
        except BadInput as error:
            wrong[each.question] = str(error)
    return tuple(read), wrong


def _sections(
    questions: tuple[AskedQuestion, ...],
    given: Mapping[str, BlindAnswer],
    wrong: Mapping[str, str],
) -> list[tuple[str, list[ShownQuestion]]]:
    """The questions under their sections' titles, in the form's order."""
    sections: dict[str, list[ShownQuestion]] = {}
    for asked in questions:
        shown = ShownQuestion(
            asked=asked,
            choices=tuple((answer, told(asked, answer)) for answer in asked.allowed),
            answer=given.get(asked.id, BlindAnswer(asked.id, "")),
            wrong=wrong.get(asked.id, ""),
        )
        sections.setdefault(asked.section, []).append(shown)
    return list(sections.items())


def _json(
    found: CalibrationSession,
    talk: Conversation,
    answers: tuple[BlindAnswer, ...],
    sheet: Sheet | None,
) -> dict[str, Any]:
    return {
        "session": found.id,
        "conversation": talk.id,
        "state": "submitted" if sheet and sheet.submitted_at else "draft",
        "questions": [
            {"id": asked.id, "text": asked.text, "answers": list(asked.allowed)}
            for asked in _asked_here(found, talk)
        ],
        "answers": [
            {
                "question": each.question,
                "answer": each.answer,
                "comment": each.comment,
                "cited": each.cited,
            }
            for each in answers
        ],
    }
