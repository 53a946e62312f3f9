"""A chat that is still open: new turns for the page's script, and the live commands."""

from collections.abc import Awaitable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from console.acting import note_in
from console.context import Visit, see_other
from console.deliveries import tell_all
from console.live import LiveState
from console.reading import check_may_see, may_see, note_once
from console.sent_files import shown_files
from console.transcript import quote_of, speaker_of
from core.errors import BadInput, Conflict
from core.handoff import Holder
from core.ids import check_id, new_id
from core.inbox import unfilled
from store import (
    attachments,
    conversations,
    drafts,
    evaluations,
    handoffs,
    outbox,
    replied,
    users,
    work_queues,
)

QUEUE = "queue:"  # what the name of a queue stands behind in the transfer's form


async def turns(visit: Visit) -> web.StreamResponse:
    """The turns behind `after`, each delivery, and who holds the conversation."""
    conversation_id = visit.part("conversation")
    after = _position(visit.request.query.get("after", "-1"))
    async with visit.console.database.reading() as session:
        await check_may_see(session, visit, conversation_id)
        handoff = await handoffs.get(session, conversation_id)
        # with the one before, which a new turn may be a reply to
        placed = await conversations.turns_after(session, conversation_id, after - 1)
        deliveries = tell_all(await outbox.reports(session, conversation_id))
        quoted = await replied.of_conversation(session, conversation_id)
        files = shown_files(await attachments.of_conversation(session, conversation_id))
        state, _ = await evaluations.score_state(session, conversation_id)
        holder = await users.get(session, handoff.agent) if handoff.agent else None
    await note_once(visit, "conversation.read", conversation_id)
    is_page_open = None
    if handoff.holder is Holder.PERSON:
        is_page_open = await visit.console.live.has_page_open(conversation_id)
    before = {found.position + 1: found.turn for found in placed}
    return visit.data(
        {
            "turns": [
                {
                    "position": found.position,
                    "id": found.turn.id,
                    "role": found.turn.role.value,
                    "who": speaker_of(found.turn, None),
                    "quote": quote_of(found.turn, before.get(found.position), quoted),
                    "text": found.turn.text,
                    "time": str(visit.console.pages.hour(found.turn.said_at).striptags()),
                    "at": found.turn.said_at.isoformat() if found.turn.said_at else "",
                }
                for found in placed
                if found.position > after
            ],
            "deliveries": deliveries,
            "files": {turn: [asdict(file) for file in sent] for turn, sent in files.items()},
            "holder": handoff.holder.value,
            "version": handoff.version,
            "since": visit.console.pages.ago(handoff.since),
            "held_by": holder.name if holder else None,
            "score_state": state,
            "is_page_open": is_page_open,
        }
    )


async def take(visit: Visit) -> web.StreamResponse:
    """Take the conversation; who comes second is told who has it."""
    conversation_id = await _checked(visit)
    live = visit.console.live
    try:
        return await _done(
            visit, live.take(conversation_id, user=visit.user.id, name=visit.user.name)
        )
    except Conflict:
        async with visit.console.database.reading() as session:
            await check_may_see(session, visit, conversation_id)  # says who was first
        raise


async def say(visit: Visit) -> web.StreamResponse:
    """Answer the customer; the turn id is the page's, so that sending again says nothing twice."""
    conversation_id = await _checked(visit)
    text = visit.form.get("text", "").replace("\r\n", "\n").strip()
    if not text:
        raise BadInput("Write something first.")
    most = visit.console.settings.max_message_characters
    if len(text) > most:
        raise BadInput(f"The answer is longer than {most} characters; send it in parts.")
    turn = check_id(visit.form.get("turn", ""), where="turn")
    if missing := unfilled(text):
        braces = " and ".join(f"{{{name}}}" for name in missing)
        raise BadInput(f"Put something in the place of {braces} first.")
    return await _done(
        visit,
        visit.console.live.say(
            conversation_id, user=visit.user.id, name=visit.user.name, turn=turn, text=text
        ),
        ends_draft=True,
    )


async def transfer(visit: Visit) -> web.StreamResponse:
    """Give it to a colleague (`to` is their id), to a queue (`queue:` and its name), or back."""
    conversation_id = await _checked(visit)
    to, note = visit.form.get("to") or None, note_in(visit, "note") or None
    queue = to.removeprefix(QUEUE) if to is not None and to.startswith(QUEUE) else None
    async with visit.console.database.reading() as session:
        if queue is not None:
            to = None
            await work_queues.get(session, queue)
        elif to is not None and not (colleague := await users.get(session, to)).is_active:
            raise BadInput(f"{colleague.name} does not work here any more.")
    command = visit.console.live.transfer(
        conversation_id, user=visit.user.id, to=to, queue=queue, note=note
    )
    return await _done(visit, command)


async def give_back(visit: Visit) -> web.StreamResponse:
    """Let the bot go on; the reason is for colleagues."""
    conversation_id = await _checked(visit)
    words = note_in(visit, "note")
    if not words:
        raise BadInput("Say in a few words why the bot goes on; colleagues read it, nobody else.")
    return await _done(
        visit, visit.console.live.give_back(conversation_id, user=visit.user.id, note=words)
    )


async def end(visit: Visit) -> web.StreamResponse:
    """Close the conversation; its score is then made.

    An answer that was written and not sent is kept from vanishing, unless `drop` says that it may.
    """
    conversation_id = await _checked(visit)
    async with visit.console.database.reading() as session:
        is_mine = (await handoffs.get(session, conversation_id)).agent == visit.user.id
        draft = await drafts.find(session, conversation_id, visit.user.id)
    if is_mine and draft and visit.form.get("drop") != "yes":
        raise BadInput("You have written an answer that is not sent. Send it, or throw it away.")
    command = visit.console.live.end(conversation_id, user=visit.user.id)
    return await _done(visit, command, ends_draft=True)


async def pause_recording(visit: Visit) -> web.StreamResponse:
    """Card details are about to be said: the call is not recorded until it is resumed."""
    conversation_id = await _checked(visit)
    command = visit.console.live.pause_recording(conversation_id, user=visit.user.id)
    return await _done(visit, command)


async def resume_recording(visit: Visit) -> web.StreamResponse:
    """The payment is done: the call is recorded again."""
    conversation_id = await _checked(visit)
    command = visit.console.live.resume_recording(conversation_id, user=visit.user.id)
    return await _done(visit, command)


async def _checked(visit: Visit) -> str:
    conversation_id = visit.part("conversation")
    async with visit.console.database.reading() as session:
        await check_may_see(session, visit, conversation_id)
        await handoffs.get(session, conversation_id)
    return conversation_id


async def _done(
    visit: Visit, command: Awaitable[LiveState], *, ends_draft: bool = False
) -> web.Response:
    """Answer the script, or lead a plain form on; what was passed on is not theirs any more."""
    state = await command
    conversation_id = visit.part("conversation")
    if ends_draft:
        async with visit.console.database.writing() as session:
            await drafts.forget(session, conversation_id, visit.user.id)
    async with visit.console.database.reading() as session:
        is_seen = await may_see(session, visit, conversation_id)
    onward = f"/conversations/{conversation_id}" if is_seen else "/inbox"
    if visit.wants_json:
        answer: dict[str, Any] = {
            "holder": state.holder.value,
            "version": state.version,
            "is_mine": state.holder is Holder.PERSON and state.held_by == visit.user.id,
            "next_turn": new_id(),
            "onward": onward,
        }
        return visit.data(answer)
    return see_other(onward)


def _position(value: str) -> int:
    try:
        return max(-1, int(value[:9]))
    except ValueError as error:
        raise BadInput(f"after: {value[:20]!r} is not a number") from error
