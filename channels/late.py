"""Answers that come late: to the survey of a conversation that is closed, or has been followed."""

from datetime import datetime

from channels.requests import asks_for_person
from channels.situation import SHOWN_AFTER_CLOSE, Situation
from channels.survey import SurveyStep, offered, step_survey
from channels.wire import Pressed, Said
from core.conversation import Role, Turn
from core.handoff import Holder
from core.survey_rules import SurveyRules


def answers_closed(
    closed: Situation, said: Said | Pressed, text: str, rules: SurveyRules, *, now: datetime
) -> bool:
    """Whether it answers the survey of the visitor's last conversation, which is closed.

    Words do while the page shows the question, later on only a button or a sure score.
    """
    since_close = now - closed.handoff.since
    if since_close > rules.late_answer or asks_for_person(text):
        return False
    turn, payload, step = _step(closed, said, text, rules, now)
    if since_close < SHOWN_AFTER_CLOSE and payload is None and offered(closed, turn):
        return True
    if step is None or since_close < SHOWN_AFTER_CLOSE:
        return step is not None
    return payload is not None or step.is_sure


def answers_followed(
    earlier: Situation,
    last: Situation,
    said: Said | Pressed,
    text: str,
    rules: SurveyRules,
    *,
    now: datetime,
) -> bool:
    """Whether it answers the survey of a closed conversation that `last` has followed since.

    A button of it does, and a sure score as long as nothing is asked in `last` that it could be
    meant for, and no person is there who would read it. A reply to its question does wherever it
    says something of the scale.
    """
    if now - earlier.handoff.since > rules.late_answer or asks_for_person(text):
        return False
    turn, payload, step = _step(earlier, said, text, rules, now)
    if isinstance(said, Pressed):
        return step is not None and payload is not None
    if step is not None and _replies_to_question(earlier, said):
        return True
    return step is not None and step.is_sure and not _awaits_words(last, turn)


def _replies_to_question(earlier: Situation, said: Said) -> bool:
    turn = earlier.conversation.turn(said.replies_to or "")
    return turn is not None and earlier.asks_survey(turn)


def _step(
    situation: Situation, said: Said | Pressed, text: str, rules: SurveyRules, now: datetime
) -> tuple[Turn, str | None, SurveyStep | None]:
    turn = Turn(said.id, Role.CUSTOMER, text, now, replies_to=said.replies_to)
    button = situation.button(said.button) if isinstance(said, Pressed) else None
    payload = button.payload if button else situation.payload_of(turn)
    return turn, payload, step_survey(situation, turn, payload, rules, now=now)


def _awaits_words(last: Situation, turn: Turn) -> bool:
    """Whether somebody there has asked something, or a person is or will be reading."""
    if last.handoff.holder in (Holder.WAITING, Holder.PERSON):
        return True
    told = [turn for turn in last.conversation.turns if turn.role is not Role.CUSTOMER]
    if not told:  # the bot is still at its first answer
        return True
    is_question = told[-1].text.rstrip().endswith("?")
    return is_question or last.is_in_task(turn) or bool(last.buttons.get(told[-1].id))
