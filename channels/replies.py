"""Deciding what follows a customer's turn: a person, the survey, or the bot."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import structlog

from channels.bot import Bot, Message, Question
from channels.escalation import (
    FALLING,
    GO_ON,
    OFFER_NO,
    OFFER_YES,
    Escalation,
    answered_offer,
    escalate,
    first_words,
    offers_person,
    placed,
    wordings,
)
from channels.feeling import has_fallen
from channels.files_sent import is_only_files
from channels.meanwhile import Meanwhile, cancelled
from channels.phone.through import TICKET
from channels.picture_words import CANNOT_LOOK, SENT_PICTURE
from channels.reply import ASKED, Line, PersonWanted, Reply, turn_key
from channels.requests import (
    ASK_PERSON,
    CALL_BACK,
    TALK_TO_A_PERSON,
    asks_for_bot,
    asks_for_person,
)
from channels.room import Room
from channels.situation import SURVEY_PREFIX, TICKET_TASKS, Situation
from channels.survey import HOW_TO_TAKE_IT, SurveyStep, offer_line, offered, step_survey
from channels.topics import Place, Topic
from channels.waiting import TO_BOT
from channels.wire import typing_out
from core.conversation import Turn
from core.errors import BotUnavailable
from core.handoff import Holder
from core.payment import CARD_BUTTON
from core.survey import SurveyInvitation
from core.survey_rules import RESOLVED, Trigger
from language.cards import has_mask, is_only_mask
from language.values.references import find_order_numbers
from store import replied

OURS = (SURVEY_PREFIX, "callback:", "person:", CARD_BUTTON)  # payloads that never go to the bot
CARD_NOT_KEPT = (
    "I have not kept the card number you sent. Please do not send card numbers here: none of us "
    "needs one to help you."
)
FILES_KEPT = "Thank you, I have kept that for our people. I cannot look at it myself."
WHAT_ABOUT = Line(
    "Thank you, I have kept what you sent for our people. I cannot look at it myself: what is it "
    "about?",
    ((TALK_TO_A_PERSON, ASK_PERSON),),
)
PICTURE_FOR_TICKET = '/add_to_ticket{"picture": true}'
HERE_ALREADY = "I am here. What can I do for you?"
AWAY = (
    "I could not get an answer just now, I am sorry. "
    "Please send it again in a moment, or I can get a person for you."
)

log: Any = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Replies:
    """Makes the reply to one turn; stores nothing."""

    room: Room
    bot: Bot

    async def reply_to(self, situation: Situation, turn: Turn) -> Reply:
        """What this turn leads to, as the conversation stands."""
        reply = await self._decide(situation, turn)
        if not has_mask(turn.text):
            return reply
        return replace(reply, lines=(Line(CARD_NOT_KEPT), *reply.lines))

    @property
    def _meanwhile(self) -> Meanwhile:
        return Meanwhile(self.room)

    async def _decide(self, situation: Situation, turn: Turn) -> Reply:
        key, holder = turn_key(turn.id), situation.handoff.holder
        payload = situation.payload_of(turn) or offered(situation, turn)
        topic = self._topic(turn) if payload is None else None
        danger = _danger(situation, turn, topic)
        if danger is not None:
            return danger
        told = self._meanwhile.call_back(situation, turn, payload)
        if told is not None:
            return told
        if holder is Holder.WAITING and payload == TICKET:
            return replace(await self._ask_bot(situation, turn, payload, key), returns=True)
        if holder is Holder.WAITING:
            return await self._meanwhile.reply_to(situation, turn, payload)
        is_files = turn.text == SENT_PICTURE or is_only_files(turn.text)
        if holder is Holder.BOT and is_files:
            return await self._take_files(situation, turn, key)
        return self._without_asking(situation, turn, payload) or await self._by_bot(
            situation, turn, payload, topic
        )

    async def _take_files(self, situation: Situation, turn: Turn, key: str) -> Reply:
        """Say that files are kept; to the ticket that was just opened, or before what is asked."""
        question = _repeated(situation, turn)
        if question is not None:
            return Reply(key, (Line(FILES_KEPT), question), asks=True)
        if situation.has_ticket:
            return await self._ask_bot(situation, turn, PICTURE_FOR_TICKET, key)
        is_picture = turn.text == SENT_PICTURE
        return Reply(key, (CANNOT_LOOK if is_picture else WHAT_ABOUT,))

    def _topic(self, turn: Turn) -> Topic | None:
        """What a typed turn is about that is not the bot's alone."""
        return self.room.topics.find(turn.text) if self.room.settings.escalation else None

    def _without_asking(
        self, situation: Situation, turn: Turn, payload: str | None
    ) -> Reply | None:
        """What needs no bot: a person, the survey, our own buttons."""
        key, is_open = turn_key(turn.id), situation.handoff.holder is Holder.BOT
        if asks_for_person(turn.text):
            return Reply(key, person=PersonWanted() if is_open else None)
        answer = answered_offer(situation, turn, payload) if is_open else None
        if answer is not None:
            return self._after_offer(situation, turn, key, answer)
        step = self._survey_step(situation, turn, payload)
        if step is not None and not step.is_last_resort:
            return Reply(key, step.lines, survey=step.change)
        if not is_open and payload in (ASK_PERSON, CALL_BACK):
            return Reply(key, (offer_line(HOW_TO_TAKE_IT),))
        is_asked_for = payload is None and asks_for_bot(turn.text)
        if not is_open or is_asked_for or (payload or "").startswith(OURS):
            is_here = is_open and (is_asked_for or payload == TO_BOT)
            return Reply(key, (Line(HERE_ALREADY),) if is_here else ())
        return None

    def _survey_step(
        self, situation: Situation, turn: Turn, payload: str | None
    ) -> SurveyStep | None:
        return step_survey(situation, turn, payload, self.room.rules, now=self.room.clock())

    async def _by_bot(
        self, situation: Situation, turn: Turn, payload: str | None, topic: Topic | None
    ) -> Reply:
        """The bot's answer; where it has none, the survey's question once more."""
        reply = await self._answer(situation, turn, payload, topic)
        step = self._survey_step(situation, turn, payload) if reply.is_at_a_loss else None
        return reply if step is None else Reply(reply.key, step.lines, survey=step.change)

    async def _answer(
        self, situation: Situation, turn: Turn, payload: str | None, topic: Topic | None
    ) -> Reply:
        """The bot's answer, and a person offered where the turn calls for one."""
        key = turn_key(turn.id)
        if is_only_mask(turn.text):
            return Reply(key)
        reply, called = await asyncio.gather(
            self._ask_bot(situation, turn, payload, key),
            self._called_for(situation, turn, payload, topic),
        )
        if reply.person is not None and called is not None and called.place is Place.BEFORE:
            return _with_care(reply, reply.person, called)
        if reply.person or called is None:
            return _without_survey(reply) if any(map(offers_person, reply.lines)) else reply
        if called.reason == FALLING and any(map(offers_person, reply.lines)):
            return _without_survey(reply)
        if called.reason == FALLING and _has_reported(reply):
            return reply  # what is broken was told, and has its ticket: nothing goes wrong here
        lines = reply.lines if called.reason == FALLING else reply.helpful
        return _without_survey(replace(reply, lines=placed(lines, called, asks=reply.asks)))

    async def _called_for(
        self, situation: Situation, turn: Turn, payload: str | None, topic: Topic | None
    ) -> Escalation | None:
        """What the turn calls for beside the bot's answer; found while the bot thinks."""
        if not self.room.settings.escalation or payload is not None:
            return None
        fell = topic is None and await has_fallen(self.room, situation, turn)
        return escalate(situation, turn, topic, has_fallen=fell)

    async def _ask_bot(
        self, situation: Situation, turn: Turn, payload: str | None, key: str
    ) -> Reply:
        question = _question(situation, turn, payload, await self._replied_to(situation, turn))
        if (named := self._named_unheard(situation, turn)) is not None:
            question = replace(question, slots={**question.slots, "named_order": named})
        self.room.hub.publish(situation.id, typing_out(situation.id, is_on=True))
        try:
            with self.room.metrics.bot_seconds.time():
                messages = await self.bot.answer(question)
            return self._reply_of(situation, messages, key)
        except BotUnavailable as error:
            return self._without_bot(situation, turn, payload, key, error)

    def _unheard(self, situation: Situation, turn: Turn) -> tuple[Turn, ...]:
        """The turns just before that careful words answered in the bot's place."""
        instead = (t for t in self.room.topics.topics if t.place is Place.INSTEAD)
        return situation.unheard_before(turn, frozenset({GO_ON}).union(*map(wordings, instead)))

    def _named_unheard(self, situation: Situation, turn: Turn) -> str | None:
        """The one order that stands in them, so that nobody has to say it again."""
        words = "\n".join(one.text for one in self._unheard(situation, turn))
        named = {one.value for one in find_order_numbers(words)}
        return named.pop() if len(named) == 1 else None

    def _after_offer(self, situation: Situation, turn: Turn, key: str, answer: str) -> Reply:
        """To the people, or on with the bot: with what a task asked before the careful words."""
        unheard = self._unheard(situation, turn)
        question = _repeated(situation, unheard[0]) if unheard else None
        if answer != OFFER_NO or question is None:
            return _after_offer(key, answer)
        return Reply(key, (Line(GO_ON), question), asks=True)

    async def _replied_to(self, situation: Situation, turn: Turn) -> str | None:
        """The order numbers in what the turn was written as a reply to, if there are any.

        They alone: the bot gets nobody's words of another conversation, and no colleague's.
        """
        if turn.replies_to is None:
            return None
        quoted = situation.conversation.turn(turn.replies_to)
        if quoted is None:
            async with self.room.database.reading() as session:
                quoted = await replied.find(session, situation.id, turn.replies_to)
        named = find_order_numbers(quoted.text) if quoted is not None else ()
        return " ".join(one.value for one in named) or None

    def _reply_of(self, situation: Situation, messages: tuple[Message, ...], key: str) -> Reply:
        """The bot's messages as lines, a handoff and an invitation.

        Raises:
            BotUnavailable: there is nothing in them for the customer.
        """
        lines = tuple(_line(message) for message in messages if message.text)
        person = next((p for m in messages if (p := _person_in(m.custom))), None)
        asked = [about for m in messages if (about := _resolved_task(m.custom))]
        call_back = self._meanwhile.promised(situation, messages)
        if not lines and person is None and not asked and call_back is None:
            raise BotUnavailable("the bot answered without words")
        is_asked = asked and person is None
        invitation = self._invitation(situation, asked[0]) if is_asked else None
        return Reply(
            key,
            lines,
            person=person,
            invitation=invitation,
            call_back=call_back,
            cancels_call=cancelled(messages),
            passages=_passages(messages),
            asks=any(m.custom.get("parley") == "asks" for m in messages),
            ended=tuple(end for m in messages if (end := _ended_task(m.custom))),
        )

    def _was_careful(self, situation: Situation) -> bool:
        """Whether words were said after which nobody is asked how it went."""
        said = frozenset().union(*map(wordings, self.room.topics.careful))
        return any(turn.text in said for turn in situation.conversation.turns)

    def _invitation(self, situation: Situation, task: str) -> SurveyInvitation | None:
        if not self.room.settings.survey or self._was_careful(situation):
            return None
        channel, now = situation.conversation.channel, self.room.clock()
        return self.room.rules.invitation(Trigger.TASK, task, channel, situation.id, now=now)

    def _without_bot(
        self,
        situation: Situation,
        turn: Turn,
        payload: str | None,
        key: str,
        error: BotUnavailable,
    ) -> Reply:
        log.warning(
            "bot_failed",
            conversation=situation.id,
            turn=turn.id,
            error=str(error),
            retryable=error.retryable,
        )
        self.room.metrics.bot_failures.labels(str(error.retryable).lower()).inc()
        if payload == ASK_PERSON:
            return Reply(key, person=PersonWanted(), failure=str(error))
        line = Line(AWAY, ((TALK_TO_A_PERSON, ASK_PERSON),))
        return Reply(key, (line,), failure=str(error))


def _danger(situation: Situation, turn: Turn, topic: Topic | None) -> Reply | None:
    """Careful words where there is danger, before any form, call-back or survey may answer."""
    if topic is None or topic.place is not Place.INSTEAD:
        return None
    called = escalate(situation, turn, topic)
    return Reply(turn_key(turn.id), (called.line,)) if called else None


def _repeated(situation: Situation, turn: Turn) -> Line | None:
    """What a task asked before `turn` and still waits for, with its buttons."""
    asked = situation.open_question(turn)
    if asked is None:
        return None
    under = situation.buttons.get(asked.id, ())
    return Line(asked.text, tuple((button.title, button.payload) for button in under))


def _question(
    situation: Situation, turn: Turn, payload: str | None, replied_to: str | None
) -> Question:
    """The turn for the bot; when a person gave back, with what the store knows."""
    slots = {}
    if situation.verified_orders and situation.is_first_after_return(turn):
        slots["last_order"] = situation.verified_orders[-1]
    if payload is None:
        return Question(situation.id, turn.id, text=turn.text, slots=slots, replies_to=replied_to)
    return Question(situation.id, turn.id, payload=payload, slots=slots)


def _line(message: Message) -> Line:
    choices = tuple((choice.title, choice.payload) for choice in message.choices)
    return Line(message.text or "", choices)


def _passages(messages: tuple[Message, ...]) -> tuple[Line, ...]:
    """Answers out of articles: the words of a marked message, or those just before the mark."""
    found, last = [], None
    for message in messages:
        last = _line(message) if message.text else last
        if message.custom.get("parley") == "article" and last is not None:
            found.append(last)
    return tuple(found)


def _without_survey(reply: Reply) -> Reply:
    """Who is offered a person is not asked how it went in the same breath."""
    return replace(reply, invitation=None)


def _with_care(reply: Reply, person: PersonWanted, called: Escalation) -> Reply:
    """To a person with a word of it first, and with the reason by which they are prepared."""
    reason = called.reason if person.reason == ASKED else person.reason
    lines = (first_words(called.line), *reply.lines)
    return _without_survey(replace(reply, lines=lines, person=replace(person, reason=reason)))


def _after_offer(key: str, answer: str) -> Reply:
    """A yes or a no to the person that was offered."""
    if answer.startswith(OFFER_YES):
        return Reply(key, person=PersonWanted(answer.removeprefix(OFFER_YES)))
    return Reply(key, (Line(GO_ON),))


def _has_reported(reply: Reply) -> bool:
    """Whether a ticket was opened in answer, or more was added to one."""
    return any(outcome == RESOLVED and task in TICKET_TASKS for task, outcome in reply.ended)


def _ended_task(custom: dict[str, Any]) -> tuple[str, str] | None:
    """A task of the bot and how it ended, as the bot tells it beside its words."""
    if custom.get("parley") != "survey" or not custom.get("about"):
        return None
    return str(custom["about"]), str(custom.get("outcome", RESOLVED))


def _resolved_task(custom: dict[str, Any]) -> str | None:
    """The task that the bot says is done; None when it says something else, or how it failed."""
    if custom.get("parley") != "survey" or custom.get("outcome", RESOLVED) != RESOLVED:
        return None
    if custom.get("in_between"):  # another task goes on; that one's end is asked about
        return None
    return str(custom.get("about") or "chat")


def _person_in(custom: dict[str, Any]) -> PersonWanted | None:
    if custom.get("parley") != "handoff":
        return None
    reason, facts = custom.get("reason"), custom.get("facts")
    known = {
        str(name): str(value)
        for name, value in (facts.items() if isinstance(facts, dict) else ())
        if value is not None
    }
    return PersonWanted(str(reason), known) if reason else PersonWanted(facts=known)
