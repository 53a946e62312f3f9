"""How it went, asked in the chat itself: wording, scales as buttons, and what an answer leads to.

What is asked next is decided in core.survey, what words mean in language.answers.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from channels.reply import Line, SurveyChange
from channels.requests import ASK_PERSON, CALL_BACK, TALK_TO_A_PERSON
from channels.situation import SURVEY_PREFIX, Situation
from core.conversation import Role, Turn
from core.handoff import Holder
from core.ids import new_id
from core.survey import (
    LABELS,
    QUESTIONS,
    SCALES,
    PendingReading,
    SurveyInvitation,
    SurveyKind,
    SurveyResponse,
    next_question,
)
from core.survey_rules import SurveyRules
from language.answers import (
    Answer,
    Miss,
    names_scale,
    puts_off,
    read_answer,
    read_confirmation,
    read_miss,
    tells_why,
    without_yes_or_no,
)

SKIP, CHOOSE, CONFIRM = "skip", "choose", "yes-"  # what follows the question in a payload
NO_OFFER = f"{SURVEY_PREFIX}offer:no"

SORRY = "I am sorry to hear that. What was the main reason?"  # after a detractor's score
LATER = "All right. You can still send me a number later."
THANKS = "Thank you, that helps us do better."
LEFT = "All right, we will leave it at that."
ANSWERED = "Thank you, we have your answer to that already."
OFFER = "If you like, I can get a person for you, or have somebody call you back."
HOW_TO_TAKE_IT = "Gladly. Please choose which, and we begin at once."  # it opens a conversation
CALL_ME_BACK = "Call me back"
NO_THANKS = "No, thank you"


@dataclass(frozen=True, slots=True)
class SurveyStep:
    """What a turn leads to in the survey: words, and what is kept."""

    lines: tuple[Line, ...]
    change: SurveyChange | None = None
    is_last_resort: bool = False  # the bot is asked first: 'but I won't be in' is of its matters

    @property
    def is_sure(self) -> bool:
        """Whether a score was given that needs no yes."""
        response = self.change.response if self.change else None
        return response is not None and response.score is not None


def question_line(kind: SurveyKind, rules: SurveyRules, *, before: str = "") -> Line:
    """The question with its scale as buttons; every question can be skipped."""
    scale = SCALES.get(kind)
    values = range(scale[0], scale[1] + 1) if scale else ()
    buttons = [(_title(kind, value), f"{SURVEY_PREFIX}{kind}:{value}") for value in values]
    text = rules.wording.get(kind, QUESTIONS[kind])
    skip = ("Skip", f"{SURVEY_PREFIX}{kind}:{SKIP}")
    return Line(f"{before} {text}".strip(), (*buttons, skip))


def offer_line(text: str = "") -> Line:
    """Somebody to talk to, for a customer who is not content."""
    buttons = ((TALK_TO_A_PERSON, ASK_PERSON), (CALL_ME_BACK, CALL_BACK), (NO_THANKS, NO_OFFER))
    return Line(text or OFFER, buttons)


def step_survey(
    situation: Situation, turn: Turn, payload: str | None, rules: SurveyRules, *, now: datetime
) -> SurveyStep | None:
    """Offer a customer's turn to the open invitation; None when it is no answer to it."""
    invitation = situation.invitation
    if invitation is None:
        return None
    kind = next_question(invitation, situation.responses, rules.why)
    survey = _Survey(situation, invitation, turn, rules, now)
    if payload is not None:
        return survey.press(kind, payload) if payload.startswith(SURVEY_PREFIX) else None
    return None if kind is None else survey.hear(kind)


@dataclass(frozen=True, slots=True)
class _Survey:
    """One turn, and the invitation that it may answer."""

    situation: Situation
    invitation: SurveyInvitation
    turn: Turn
    rules: SurveyRules
    now: datetime

    def press(self, kind: SurveyKind | None, payload: str) -> SurveyStep:
        """One of our own buttons was pressed."""
        if payload == NO_OFFER:
            return self._decline(kind)
        asked, _, value = payload.removeprefix(SURVEY_PREFIX).partition(":")
        if kind is None or SurveyKind(asked) is not kind:
            return SurveyStep((Line(ANSWERED),))
        if value == SKIP:
            return self._take(kind, Answer(is_dismissed=True))
        if value == CHOOSE:
            return self._ask_again(kind, "All right.")
        pending = self.invitation.pending
        score = int(value.removeprefix(CONFIRM))
        said = pending.turn if pending and pending.score == score else self.turn.id
        return self._take(kind, Answer(score=score), said=said)

    def hear(self, kind: SurveyKind) -> SurveyStep | None:
        """Words, which may answer the question of `kind`."""
        is_ours = self._is_after_ours()
        pending = self._pending(kind) if is_ours else None
        confirmed = read_confirmation(self.turn.text) if pending else None
        if pending and confirmed is not None:
            if not confirmed:
                return self._ask_again(kind, "All right.")
            return self._take(kind, Answer(score=pending.score), said=pending.turn)
        if is_ours and puts_off(self.turn.text):
            return SurveyStep((Line(LATER),))
        text = without_yes_or_no(self.turn.text) if pending else self.turn.text
        answer = read_answer(kind, text)
        if answer is not None and answer.is_guess and answer.score is not None:
            return self._read_back(kind, answer.score) if is_ours else None
        if answer is not None:
            return self._take(kind, answer) if is_ours or self._counts_late(answer) else None
        return self._repeat(kind) if is_ours else None

    def _is_after_ours(self) -> bool:
        """Whether a question of ours is what the customer read last."""
        last = self.situation.last_answer_before(self.turn)
        return last is None or self.situation.asks_survey(last)

    def _counts_late(self, answer: Answer) -> bool:
        """A score counts while no task waits for an answer; a reason or a no right after ours.

        Under buttons of something else a bare number may mean one of them: '5 out of 5' does not.
        """
        last = self.situation.last_answer_before(self.turn)
        if answer.score is None or self.situation.is_in_task(self.turn):
            return False
        has_buttons = last is not None and bool(self.situation.buttons.get(last.id))
        return not has_buttons or names_scale(self.turn.text)

    def _pending(self, kind: SurveyKind) -> PendingReading | None:
        pending = self.invitation.pending
        return pending if pending is not None and pending.kind is kind else None

    def _take(self, kind: SurveyKind, answer: Answer, *, said: str | None = None) -> SurveyStep:
        response = SurveyResponse(
            id=new_id(),
            invitation=self.invitation.id,
            kind=kind,
            answered_at=self.now,
            score=answer.score,
            text=answer.text,
            turn=said or self.turn.id,
            is_dismissed=answer.is_dismissed,
        )
        given = (*self.situation.responses, response)
        following = next_question(self.invitation, given, self.rules.why)
        reason = self._reason(response) if following is SurveyKind.WHY else None
        if reason is not None:
            following = next_question(self.invitation, (*given, reason), self.rules.why)
        lines = self._thanks(response, following)
        change = SurveyChange(self.invitation.id, response, reason, closes=not following)
        return SurveyStep(lines, change)

    def _reason(self, response: SurveyResponse) -> SurveyResponse | None:
        """The answer to why, where this very turn tells it beside the score: '2, took ages'."""
        if response.turn != self.turn.id or not tells_why(self.turn.text):
            return None
        text, then = self.turn.text.strip(), self.now + timedelta(microseconds=1)  # in that order
        return replace(
            response, id=new_id(), kind=SurveyKind.WHY, answered_at=then, score=None, text=text
        )

    def _thanks(self, response: SurveyResponse, following: SurveyKind | None) -> tuple[Line, ...]:
        """What is said to an answer: the next question or thanks, and an offer to a detractor."""
        thanks = Line(LEFT if response.is_dismissed else THANKS)
        line = question_line(following, self.rules) if following else thanks
        is_asked_why = following is SurveyKind.WHY and following not in self.rules.wording
        if is_asked_why and self.rules.is_detractor(response):
            line = replace(line, text=SORRY)
        return (line, offer_line()) if self._is_first_detractor(response) else (line,)

    def _is_first_detractor(self, response: SurveyResponse) -> bool:
        earlier = any(map(self.rules.is_detractor, self.situation.responses))
        return self.rules.is_detractor(response) and not earlier

    def _read_back(self, kind: SurveyKind, score: int) -> SurveyStep:
        """Ask whether the words mean `score`."""
        yes = ("Yes", f"{SURVEY_PREFIX}{kind}:{CONFIRM}{score}")
        choose = ("No, I'll choose myself", f"{SURVEY_PREFIX}{kind}:{CHOOSE}")
        text = f"Shall I put that down as {_title(kind, score)}?"
        pending = PendingReading(kind, score, self.turn.id)
        change = SurveyChange(self.invitation.id, pending=pending)
        return SurveyStep((Line(text, (yes, choose)),), change)

    def _ask_again(self, kind: SurveyKind, before: str) -> SurveyStep:
        line = question_line(kind, self.rules, before=before)
        return SurveyStep((line,), SurveyChange(self.invitation.id))

    def _repeat(self, kind: SurveyKind) -> SurveyStep | None:
        """Ask once more what was not answered; after that, and after the end, leave it."""
        miss = read_miss(kind, self.turn.text)
        is_closed = self.situation.handoff.holder is Holder.CLOSED
        if miss is None or kind in self.invitation.repeated:
            return None
        if miss is Miss.CHATTER and is_closed:
            return None
        low, high = SCALES[kind]
        before = f"Please choose one whole number from {low} to {high}, or skip it."
        change = SurveyChange(self.invitation.id, repeated=kind)
        line = replace(question_line(kind, self.rules), text=before)
        is_plain = miss is Miss.NUMBER or read_confirmation(self.turn.text) is not None
        return SurveyStep((line,), change, is_last_resort=not is_plain)

    def _decline(self, kind: SurveyKind | None) -> SurveyStep:
        """No person and no call: what is still to be asked, without a word more about it."""
        if kind is None:
            return SurveyStep((Line("All right. Thank you for telling us."),))
        return self._ask_again(kind, "All right.")


def offered(situation: Situation, turn: Turn) -> str | None:
    """The button of our offer that plain words mean: yes a person, 'call me' a call.

    A no declines the offer when nothing is asked any more; before that it is said to the question.
    """
    last = situation.last_answer_before(turn)
    said = turn.text.strip(" .!").lower()
    if said in _CALL_WORDS and _is_in_sight(situation, turn):
        return CALL_BACK
    if last is None or not _is_offered(situation, last):
        return None
    if read_confirmation(said):
        return ASK_PERSON
    answer = read_answer(SurveyKind.WHY, said)
    is_declined = answer is not None and answer.is_dismissed
    is_over = situation.invitation is not None and situation.invitation.closed_at is not None
    return NO_OFFER if is_declined and is_over else None


def _is_in_sight(situation: Situation, turn: Turn) -> bool:
    """Whether nothing but questions of the survey has come since the offer."""
    for one in reversed(situation.before(turn)):
        if one.role is Role.CUSTOMER:
            continue
        if _is_offered(situation, one):
            return True
        if not situation.asks_survey(one):
            return False
    return False


def _is_offered(situation: Situation, turn: Turn) -> bool:
    return any(button.payload == NO_OFFER for button in situation.buttons.get(turn.id, ()))


_CALL_WORDS = frozenset({
    "call me", "call me back", "a call back", "call back", "callback", "a call", "please call me",
    "please call me back", "ring me", "ring me back", "a callback", "a callback please",
    "call me please", "yes call me", "call me back please", "phone me", "yes, call me",
    "yes call me back",
})  # fmt: skip


def _title(kind: SurveyKind, value: int) -> str:
    """A point of a scale as people read it: '2 – poor'."""
    label = LABELS.get(kind, {}).get(value)
    return f"{value} – {label}" if label else str(value)
