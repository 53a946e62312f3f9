"""Answers that stand ready: supervisors keep them, agents pick one and see what is missing."""

from aiohttp import web

from console.context import Visit, see_other
from console.reading import note
from core.errors import BadInput
from core.inbox import VALUES, CannedAnswer
from store import canned_answers, users


async def answers_page(visit: Visit) -> web.StreamResponse:
    """All answers, and the form for another."""
    return await _page(visit)


async def add(visit: Visit) -> web.StreamResponse:
    """Keep another answer; audited."""
    try:
        async with visit.console.database.writing() as session:
            made = await canned_answers.add(
                session,
                visit.form.get("title", ""),
                visit.form.get("text", ""),
                longest=visit.console.settings.max_message_characters,
                user=visit.user.id,
                now=visit.console.now(),
            )
            await note(session, visit, "answer.added", made.id)
    except BadInput as error:
        return await _page(visit, message=str(error), status=400)
    return see_other("/canned-answers")


async def answer_page(visit: Visit) -> web.StreamResponse:
    """One answer, to be changed."""
    async with visit.console.database.reading() as session:
        found = await canned_answers.get(session, visit.part("answer"))
    return _form(visit, found)


async def change(visit: Visit) -> web.StreamResponse:
    """Put other words in its place; audited."""
    answer_id = visit.part("answer")
    async with visit.console.database.reading() as session:
        found = await canned_answers.get(session, answer_id)
    try:
        async with visit.console.database.writing() as session:
            await canned_answers.change(
                session,
                answer_id,
                visit.form.get("title", ""),
                visit.form.get("text", ""),
                longest=visit.console.settings.max_message_characters,
                now=visit.console.now(),
            )
            await note(session, visit, "answer.changed", answer_id)
    except BadInput as error:
        return _form(visit, found, message=str(error), status=400)
    return see_other("/canned-answers")


async def remove(visit: Visit) -> web.StreamResponse:
    """Delete an answer; audited."""
    async with visit.console.database.writing() as session:
        await canned_answers.remove(session, visit.part("answer"))
        await note(session, visit, "answer.deleted", visit.part("answer"))
    return see_other("/canned-answers")


async def _page(visit: Visit, *, message: str = "", status: int = 200) -> web.StreamResponse:
    async with visit.console.database.reading() as session:
        found = await canned_answers.everyone(session)
        names = {user.id: user.name for user in await users.everyone(session)}
    return visit.page(
        "canned_answers.html", status=status, found=found, names=names, message=message,
        **_fields(visit),
    )  # fmt: skip


def _form(
    visit: Visit, found: CannedAnswer, *, message: str = "", status: int = 200
) -> web.StreamResponse:
    return visit.page(
        "canned_answer.html", status=status, found=found, message=message, **_fields(visit)
    )


def _fields(visit: Visit) -> dict[str, object]:
    return {
        "form": visit.form,
        "values": VALUES,
        "longest": visit.console.settings.max_message_characters,
        "longest_title": canned_answers.LONGEST_TITLE,
    }
