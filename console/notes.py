"""Notes of people at work, and words that are not sent yet: nothing of it goes to a customer."""

from aiohttp import web

from console.acting import done, note_in
from console.answering import put_in
from console.context import Visit
from console.reading import check_may_see, note
from core.errors import BadInput
from store import conversations, drafts, notes

MOST_KEPT = 20_000  # characters; five of the longest messages that a house may allow


async def add(visit: Visit) -> web.StreamResponse:
    """Write a note about a conversation; nobody but people at work reads it. Audited."""
    conversation_id = visit.part("conversation")
    text = note_in(visit, "text").replace("\r\n", "\n")
    if not text:
        raise BadInput("Write something first.")
    async with visit.console.database.writing() as session:
        await check_may_see(session, visit, conversation_id)
        await conversations.get(session, conversation_id)
        made = await notes.add(
            session, conversation_id, user=visit.user.id, text=text, now=visit.console.now()
        )
        await note(session, visit, "note.added", conversation_id)
    return done(visit, f"/conversations/{conversation_id}#notes", {"note": made.id})


async def remove(visit: Visit) -> web.StreamResponse:
    """Take one's own note back; audited."""
    conversation_id = visit.part("conversation")
    async with visit.console.database.writing() as session:
        await check_may_see(session, visit, conversation_id)
        await notes.remove(session, conversation_id, visit.part("note"), user=visit.user.id)
        await note(session, visit, "note.deleted", conversation_id)
    return done(visit, f"/conversations/{conversation_id}#notes", {"note": None})


async def save_draft(visit: Visit) -> web.StreamResponse:
    """Keep what is not sent yet, with a canned answer behind it if one was picked.

    Without words there is nothing to keep. It may be longer than what can be sent at once.
    """
    conversation_id = visit.part("conversation")
    text = visit.form.get("text", "").replace("\r\n", "\n")
    answer = visit.form.get("put_in") and visit.form.get("answer")
    async with visit.console.database.writing() as session:
        await check_may_see(session, visit, conversation_id)
        await conversations.get(session, conversation_id)
        if answer:
            words = await put_in(session, visit, conversation_id, answer)
            text = f"{text.rstrip()}\n\n{words}".strip()
        if len(text) > MOST_KEPT:
            raise BadInput(f"The answer is longer than {MOST_KEPT:,} characters; shorten it.")
        await drafts.save(session, conversation_id, visit.user.id, text, now=visit.console.now())
    return done(visit, f"/conversations/{conversation_id}#answer", {"kept": bool(text.strip())})
