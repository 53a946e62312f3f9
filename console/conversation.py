"""A conversation's page: what was said, how it is judged, and what can be done with it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from console import cards, measured
from console.alerts import WHAT, without_findings
from console.answering import working
from console.call_backs import shown_call_backs
from console.coached import Coached, coached
from console.coaching import STATES as TASK_STATES
from console.context import Visit
from console.deliveries import tell_all
from console.findings import shown_sections
from console.gates import gates_of
from console.line_notice import line_notice
from console.lists import STATES
from console.mood import HEIGHT, WIDTH, line, mood_of
from console.packet import shown_packet
from console.quality import quality_of
from console.reading import check_may_see, note, note_once
from console.reviewed import judged
from console.sent_files import shown_files
from console.summary import brief_of
from console.transcript import shown_turns
from console.voices import channels_told, unnamed, untold
from core.asked import asked_of
from core.conversation import Conversation, Event, EventKind
from core.errors import NotFound, Unavailable
from core.evaluation import Evaluation
from core.handoff import Handoff, Holder
from core.ids import new_id
from core.people import User
from core.recording import Recording
from core.scorecard import Scorecard
from core.survey import SCALES
from qa.gate import Gate
from qa.hearing import hearing_note
from store import (
    alerts,
    attachments,
    blind,
    call_backs,
    conversations,
    evaluations,
    handoffs,
    messaging,
    outbox,
    recordings,
    replied,
    surveys,
    users,
)

EVENTS = {
    EventKind.OPENED: "Opened",
    EventKind.HANDED_OFF: "A person was asked for",
    EventKind.TAKEN: "Taken",
    EventKind.HELD: "On hold",
    EventKind.TRANSFERRED: "Transferred",
    EventKind.RETURNED: "Given back to the bot",
    EventKind.ABANDONED: "The customer left while waiting",
    EventKind.CALL_BACK_ASKED: "A call-back was asked for",
    EventKind.CALL_BACK_CANCELLED: "A call-back was cancelled by the customer",
    EventKind.CALL_BACK_TRIED: "The customer was rung and not reached",
    EventKind.CALL_BACK_DONE: "The customer was called back",
    EventKind.WAITED_TOO_LONG: "Waited longer than the limit",
    EventKind.LEFT_UNANSWERED: "A message was left for the people",
    EventKind.TASK_ENDED: "A task of the bot ended",
    EventKind.CARD_MASKED: "A card number was taken out of a message",
    EventKind.MUTED: "Silenced",
    EventKind.RECORDING_PAUSED: "Recording paused",
    EventKind.RECORDING_RESUMED: "Recording resumed",
    EventKind.SURVEY_OFFERED: "Asked how it went",
    EventKind.DELIVERY_FAILED: "A message could not be delivered",
    EventKind.OPTED_OUT: "The customer wants no more SMS",
    EventKind.OPTED_IN: "The customer wants SMS again",
    EventKind.BOT_TURN_DROPPED: "An answer of the bot was dropped",
    EventKind.BOT_FAILED: "The bot failed",
    EventKind.ROLES_SWAPPED: "Agent and customer swapped",
    EventKind.ROLES_TOLD: "Said who is the agent",
    EventKind.CLOSED: "Closed",
}

_RECORDING = (EventKind.RECORDING_PAUSED, EventKind.RECORDING_RESUMED)
# One for each word of who waits, and one for each question of a task: the turns tell both.
UNTOLD = frozenset({EventKind.LEFT_UNANSWERED, EventKind.TASK_ASKS})


async def conversation_page(visit: Visit) -> web.StreamResponse:
    """The whole of one conversation; reading it is audited."""
    conversation_id = visit.part("conversation")
    async with visit.console.database.reading() as session:
        await check_may_see(session, visit, conversation_id)
        conversation = await conversations.get(session, conversation_id)
        blind_in = await blind.session_of(session, conversation_id, visit.user.id)
        evaluation = None if blind_in else await evaluations.latest(session, conversation_id)
        handoff = await handoffs.get(session, conversation_id)
        everyone = await users.everyone(session)
        promised = await call_backs.of_conversation(session, conversation_id)
        rung = await shown_call_backs(session, promised, visit.console.now())
        review = await judged(session, visit, conversation_id, evaluation)
        made = Coached() if blind_in else await coached(session, visit, conversation_id)
        values = await _values(session, visit, conversation, review.evaluation)
        gated = await _gated(session, values["card"])
        work = await working(session, visit, conversation, handoff, everyone=everyone)
        if blind_in:
            values["alerts"] = without_findings(values["alerts"], {conversation_id})
    async with visit.console.database.writing() as session:
        await note(session, visit, "conversation.read", conversation_id)
    if work["shows_customer"]:
        await note_once(visit, "customer.read", conversation_id)
    return visit.page(
        "conversation.html",
        conversation=conversation,
        blind_in=blind_in,
        gated=gated,
        handoff=handoff,
        state=STATES[handoff.holder],
        brief=brief_of(handoff.summary),
        packet=shown_packet(handoff, conversation),
        call_backs=rung,
        judged=review,
        coached=made,
        task_states=TASK_STATES,
        names={user.id: user.name for user in everyone},
        **values,
        longest_answer=visit.console.settings.max_message_characters,
        **work,
        **_live(visit.user, handoff),
        recording_now=_recording_now(conversation, handoff),
    )


async def _values(
    session: AsyncSession,
    visit: Visit,
    conversation: Conversation,
    evaluation: Evaluation | None,
) -> dict[str, Any]:
    """Everything but the live part."""
    state, error = await evaluations.score_state(session, conversation.id)
    recording = None
    if conversation.recording:
        recording = await recordings.find(session, conversation.recording)
    line = await messaging.find_line(session, conversation.id)
    deliveries = tell_all(await outbox.reports(session, conversation.id))
    quoted = await replied.of_conversation(session, conversation.id)
    return {
        "turns": shown_turns(
            conversation, evaluation.findings if evaluation else (), deliveries, quoted
        ),
        "files": shown_files(await attachments.of_conversation(session, conversation.id)),
        "line": line,
        "line_notice": await line_notice(session, visit, conversation.channel, line),
        "recording": recording,
        "is_silencing": await is_silencing(visit, recording),
        **_voices(conversation, recording),
        **_sound(conversation, recording),
        "events": _events(conversation),
        **await _survey(session, conversation.id),
        "score_state": state,
        "score_error": error,
        "scorecards": await cards.names(session),
        **await _judgement(session, conversation, evaluation),
    }


def _events(conversation: Conversation) -> list[tuple[str, Event, str | None]]:
    """Each event with its name and its note; a turn's id tells people nothing."""
    ids = {turn.id for turn in conversation.turns}
    return [
        (EVENTS[event.kind], event, _note(event, ids))
        for event in conversation.events
        if event.kind not in UNTOLD
    ]


def _note(event: Event, ids: set[str]) -> str | None:
    """What people read of an event's note: a task and its outcome as words, no turn's id."""
    if event.kind is EventKind.TASK_ENDED and event.note:
        return ": ".join(part.replace("_", " ") for part in event.note.split(":")[:2])
    if event.kind is EventKind.MUTED and event.span:
        return f"{event.span.duration:.1f} s, {event.note or 'every channel'}"
    return None if event.note in ids else event.note


def _voices(conversation: Conversation, recording: Recording | None) -> dict[str, Any]:
    """For a call: who speaks on which channel, or that nobody knows."""
    if not conversation.is_voice:
        return {"untold": "", "channels_told": "", "unnamed": ()}
    return {
        "unnamed": unnamed(conversation.turns),
        "untold": untold(conversation.turns, recording.layout if recording else None),
        "channels_told": channels_told(conversation.turns),
    }


async def is_silencing(visit: Visit, recording: Recording | None) -> bool:
    """Whether parts are to be muted and the copy that may be played is not made yet."""
    if recording is None or not recording.mutes:
        return False
    try:
        await asyncio.to_thread(visit.console.files.heard, recording)
    except NotFound:
        return True
    except Unavailable:  # the words can be read all the same; the player says what is wrong
        return False
    return False


def _sound(conversation: Conversation, recording: Recording | None) -> dict[str, Any]:
    """For a call: what was measured in its sound, and how good that is."""
    return {
        "measures": measured.measured(conversation),
        "measures_help": measured.HELP,
        "tone_drawing": (measured.WIDTH, measured.HEIGHT),
        "quality": quality_of(recording) if recording else None,
    }


async def _judgement(
    session: AsyncSession, conversation: Conversation, evaluation: Evaluation | None
) -> dict[str, Any]:
    if evaluation is None:
        nothing = dict.fromkeys(("evaluation", "card", "mood", "heard_how"))
        return nothing | {"sections": (), "dots": ()}
    card = await cards.find_card(session, evaluation)
    trace = evaluation.sentiment
    positions = {turn.id: position for position, turn in enumerate(conversation.turns)}
    return {
        "evaluation": evaluation,
        "card": card,
        "heard_how": hearing_note(conversation),
        "sections": shown_sections(evaluation, conversation, card),
        "mood": mood_of(trace.overall, trace.shift, trace.model),
        "dots": line(trace, positions),
        "drawing": (WIDTH, HEIGHT),
    }


async def _gated(session: AsyncSession, card: Scorecard | None) -> Mapping[str, Gate]:
    """By question, how its gate stands; nothing where the form is not known any more."""
    if card is None:
        return {}
    return await gates_of(session, [asked for asked in asked_of(card) if not asked.by_person])


async def _survey(session: AsyncSession, conversation_id: str) -> dict[str, Any]:
    """What was asked, what was answered, and what was raised about it."""
    invitation = await surveys.find_invitation(session, conversation_id)
    given = () if invitation is None else await surveys.responses(session, invitation.id)
    answered = {response.kind for response in given}
    return {
        "invitation": invitation,
        "answers": given,
        "open_questions": [kind for kind in invitation.kinds if kind not in answered]
        if invitation
        else [],
        "scales": SCALES,
        "alerts": await alerts.of_conversation(session, conversation_id),
        "alert_kinds": WHAT,
    }


def _recording_now(conversation: Conversation, handoff: Handoff) -> str:
    """Of a call that a person has: 'running' or 'paused'; empty for everything else."""
    if not conversation.is_voice or handoff.holder is not Holder.PERSON:
        return ""
    marks = [event.kind for event in conversation.events if event.kind in _RECORDING]
    return "paused" if marks and marks[-1] is EventKind.RECORDING_PAUSED else "running"


def _live(user: User, handoff: Handoff) -> dict[str, Any]:
    """What this person can do with a chat that is still open; `turn` names their next answer."""
    is_open = handoff.holder is not Holder.CLOSED
    return {
        "is_open": is_open,
        "is_mine": is_open and handoff.holder is Holder.PERSON and handoff.agent == user.id,
        "next_turn": new_id(),
    }
