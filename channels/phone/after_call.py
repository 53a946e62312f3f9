"""Asking a caller who hung up on the people how it was: by SMS, where a rule says so.

Without a rule `after: hung_up` nobody is written to. The question stands in a conversation of its
own, which follows the call and is closed: an answer by SMS is a late one (channels/late.py).
"""

from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from channels.asking import invite
from channels.dialogue import Dialogue
from channels.reply import Line
from core.call import Call
from core.conversation import Channel
from core.handoff import Holder
from core.people import Address, AddressKind
from core.survey import SurveyInvitation
from core.survey_rules import Trigger
from store import conversations, handoffs, messaging, surveys

AFTER = Trigger.HUNG_UP
KEY = "bot:hung_up"
THANKS = "{company}: thank you for your call."
STOP = "Reply STOP to get no more messages."


async def ask_by_sms(dialogue: Dialogue, call: Call, caller: Address) -> str | None:
    """Write the first question to the caller; the id of its conversation, None if nobody is asked.

    Asked is who talked with a person, whose number is known and takes SMS, and who was not asked
    in the call itself.
    """
    room = dialogue.room
    invitation = room.rules.invitation(
        AFTER, AFTER, Channel.SMS, call.conversation, now=room.clock()
    )
    is_reachable = caller.kind is AddressKind.PHONE and call.called is not None
    if invitation is None or not is_reachable or call.answered_at is None:
        return None
    if not room.settings.survey:
        return None
    async with room.database.writing() as session:
        made = await _write(session, dialogue, call, caller, invitation)
    if made is not None:
        await room.show(await room.look(made), -1)
    return made


async def _write(
    session: AsyncSession,
    dialogue: Dialogue,
    call: Call,
    caller: Address,
    invitation: SurveyInvitation,
) -> str | None:
    if not await _may_ask(session, call, caller):
        return None
    room, now = dialogue.room, dialogue.room.clock()
    opened = await conversations.open_chat(session, Channel.SMS, caller, now=now)
    lines = await invite(session, room, replace(invitation, conversation=opened.id))
    if not lines:  # they were asked lately
        await session.rollback()
        return None
    await messaging.note_written(session, opened.id, ours=call.called or "", now=now)
    served = await conversations.get(session, call.conversation)
    await conversations.set_agent(session, opened.id, served.agent)
    handoff = await handoffs.get(session, opened.id)
    await handoffs.move(session, handoff, Holder.CLOSED, now=now, reason=AFTER)
    thanks = THANKS.format(company=room.settings.company)
    asked = [Line(f"{thanks} {line.text} {STOP}", line.choices) for line in lines]
    await dialogue.tell(session, opened.id, KEY, asked)
    return opened.id


async def _may_ask(session: AsyncSession, call: Call, caller: Address) -> bool:
    """Not who wants no SMS, was asked in the call, or is writing to us by SMS just now."""
    return not (
        await messaging.is_opted_out(session, caller)
        or await surveys.find_invitation(session, call.conversation)
        or await conversations.find_open_chat(session, caller, Channel.SMS)
    )
