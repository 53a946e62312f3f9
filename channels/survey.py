"""How it went, asked in the chat itself: wording, scales as buttons, and what an answer leads to.

What is asked next is decided in core.survey, what words mean in language.answers.
"""

from dataclasses import dataclass
from datetime import datetime

from channels.reply import Line
from channels.situation import SURVEY_PREFIX, Situation
from core.conversation import Turn
from core.ids import new_id
from core.survey import SCALES, SurveyInvitation, SurveyKind, SurveyResponse, next_question
from language.answers import Answer, read_answer

SKIP = "skip"

# CSAT and CES are asked in the words their scales are defined by, DOMAIN "Metrics".
QUESTIONS = {
    SurveyKind.CSAT: "How was this for you? 1 is very poor, 5 is very good.",
    SurveyKind.WHY: "I am sorry to hear that. What was the main reason?",
    SurveyKind.CES: (
        "And how far do you agree: it was easy to get this done? "
        "1 is strongly disagree, 7 is strongly agree."
    ),
    SurveyKind.NPS: (
        "How likely are you to recommend us to a friend? 0 is not at all, 10 is extremely likely."
    ),
}
LABELS = {
    SurveyKind.CSAT: {1: "very poor", 2: "poor", 3: "fair", 4: "good", 5: "very good"},
    SurveyKind.CES: {
        1: "strongly disagree",
        2: "disagree",
        3: "rather disagree",
        4: "neither",
        5: "rather agree",
        6: "agree",
        7: "strongly agree",
    },
    SurveyKind.NPS: {0: "not at all", 10: "extremely likely"},
}
THANKS = "Thank you, that helps us do better."
LEFT = "All right, we will leave it at that."
ANSWERED = "Thank you, we have your answer to that already."


@dataclass(frozen=True, slots=True)
class SurveyStep:
    """What an answer leads to: a row, a next question or thanks, and perhaps the end."""

    lines: tuple[Line, ...]
    response: SurveyResponse | None = None
    closes: str | None = None


def question_line(kind: SurveyKind) -> Line:
    """The question with its scale as buttons; every question can be skipped."""
    scale = SCALES.get(kind)
    labels = LABELS.get(kind, {})
    values = range(scale[0], scale[1] + 1) if scale else ()
    titles = [(f"{v} – {labels[v]}" if v in labels else str(v), v) for v in values]
    buttons = [(title, f"{SURVEY_PREFIX}{kind}:{value}") for title, value in titles]
    return Line(QUESTIONS[kind], (*buttons, ("Skip", f"{SURVEY_PREFIX}{kind}:{SKIP}")))


def first_question(invitation: SurveyInvitation) -> Line:
    """What an invitation asks first."""
    return question_line(invitation.kinds[0])


def step_survey(
    situation: Situation, turn: Turn, payload: str | None, *, now: datetime
) -> SurveyStep | None:
    """Offer a customer's turn to the open invitation; None when it is no answer to it."""
    invitation = situation.invitation
    if invitation is None:
        return None
    kind = next_question(invitation, situation.responses)
    if payload is not None:
        pressed = _pressed(payload)
        if pressed is None:
            return None
        if kind is None or pressed[0] is not kind:
            return SurveyStep((Line(ANSWERED),))
        return _take(situation, invitation, turn, kind, pressed[1], now=now)
    answer = read_answer(kind, turn.text) if kind else None
    if kind is None or answer is None or not _fits(situation, turn, answer):
        return None
    return _take(situation, invitation, turn, kind, answer, now=now)


def _fits(situation: Situation, turn: Turn, answer: Answer) -> bool:
    """A number counts until another question was asked; a reason or a no only right after ours."""
    last = situation.last_answer_before(turn)
    if last is None or situation.asks_survey(last):
        return True
    return answer.score is not None and not last.text.rstrip().endswith("?")


def _take(
    situation: Situation,
    invitation: SurveyInvitation,
    turn: Turn,
    kind: SurveyKind,
    answer: Answer,
    *,
    now: datetime,
) -> SurveyStep:
    response = SurveyResponse(
        id=new_id(),
        invitation=invitation.id,
        kind=kind,
        answered_at=now,
        score=answer.score,
        text=answer.text,
        turn=turn.id,
        is_dismissed=answer.is_dismissed,
    )
    following = next_question(invitation, (*situation.responses, response))
    if following is not None:
        return SurveyStep((question_line(following),), response)
    thanks = LEFT if answer.is_dismissed else THANKS
    return SurveyStep((Line(thanks),), response, closes=invitation.id)


def _pressed(payload: str) -> tuple[SurveyKind, Answer] | None:
    """The question and answer of one of our own scale buttons."""
    if not payload.startswith(SURVEY_PREFIX):
        return None
    kind, _, value = payload.removeprefix(SURVEY_PREFIX).partition(":")
    if value == SKIP:
        return SurveyKind(kind), Answer(is_dismissed=True)
    return SurveyKind(kind), Answer(score=int(value))


def invitation_from(
    custom: dict[str, object], conversation: str, *, now: datetime
) -> SurveyInvitation | None:
    """The invitation the bot asks for; None when it names no question that we know."""
    kinds = custom.get("kinds")
    known = [kind for kind in SCALES if isinstance(kinds, list) and kind.value in kinds]
    if not known:
        return None
    about = custom.get("about")
    return SurveyInvitation(new_id(), conversation, tuple(known), str(about or "chat"), now)
