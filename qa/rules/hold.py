"""A hold is asked for before it, and the customer thanked on coming back."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from core.conversation import Event, EventKind, Role
from core.evaluation import Evidence, Finding
from core.scorecard import Question
from core.spans import TextSpan
from qa.rules.base import EXACT, LOOSE, Case, Said, no, not_applicable, say, texts, unsure, yes
from qa.rules.phrase import Near, find_near_form

LONG_SILENCE = 30.0  # seconds; a shorter "one moment" is looking something up, not a hold
ASKED_BEFORE = 60.0  # seconds from the request to the hold: the customer's answer lies between
CONSENT_WORDS = 12  # between 'put you on hold' and 'would that be all right'
UNTHANKED = 0.2  # probability of yes when the agent came back without a word of thanks
SOFT_WORDS = 8  # words after a bare 'thank you' that show the agent at work again, not leaving


class Step(StrEnum):
    """What an agent says around a hold."""

    ASK = "ask"  # 'may I place you on a brief hold?'
    TELL = "tell"  # 'please hold'
    BACK = "back"  # 'thank you for holding'


@dataclass(slots=True)
class Hold:
    """One hold as the agent's words tell it; `asked_like` is a request heard unclearly."""

    steps: list[tuple[Step, Said]] = field(default_factory=list)

    def first(self, step: Step) -> Said | None:
        """The first words of this kind."""
        return next((said for kind, said in self.steps if kind is step), None)

    @property
    def begin(self) -> Said:
        """The words it begins with."""
        return self.steps[0][1]

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What was asked, told and thanked, once each."""
        said = [one for step in Step if (one := self.first(step))]
        return tuple(piece for one in said for piece in one.evidence)


def answer_hold(case: Case, question: Question) -> Finding:
    """Yes when every hold was asked for and thanked for; not applicable without one."""
    told = find_holds(case, question)
    holds = [hold for hold in told if not _is_declined(case, question, hold)]
    found = [_judge(case, question, hold) for hold in holds]
    found += [_unasked(case, question, event) for event in _events_without(case, holds)]
    if not found and told:
        return not_applicable(question, "the customer would not hold", evidence=told[0].evidence)
    if not found:
        return _without(case, question)
    return min(found, key=lambda finding: finding.probability or 0.0)  # the worst of them


def find_holds(case: Case, question: Question) -> tuple[Hold, ...]:
    """The holds of a conversation in order; thanks without a request before them are none."""
    holds: list[Hold] = []
    is_open = False
    for step, said in _steps(case, question):
        if step is not Step.BACK:
            if not is_open:
                holds.append(Hold())
            is_open = True
            holds[-1].steps.append((step, said))
        elif is_open and _is_later(said, holds[-1].steps[-1][1]):
            holds[-1].steps.append((step, said))
            is_open = False
    return tuple(holds)


def _steps(case: Case, question: Question) -> list[tuple[Step, Said]]:
    agent, unless = case.by(Role.AGENT), texts(question, "unless")
    asks = say(case, agent, texts(question, "ask"), unless)
    consents = say(case, agent, texts(question, "consent"))
    steps = [(Step.ASK, one) for one in asks]
    for one in say(case, agent, texts(question, "tell"), unless):
        if not any(_overlap(one, ask) for ask in asks):
            is_asked = any(_asks_after(one, consent) for consent in consents)
            steps.append((Step.ASK if is_asked else Step.TELL, one))
    steps += [(Step.BACK, one) for one in say(case, agent, texts(question, "back"))]
    return sorted(steps, key=lambda pair: pair[1].place)


def _overlap(one: Said, other: Said) -> bool:
    is_here = one.passage.order == other.passage.order
    return is_here and one.match.start < other.match.end and other.match.start < one.match.end


def _asks_after(told: Said, consent: Said) -> bool:
    """Whether 'I'll put you on hold' ends in a question: '... if that's all right'."""
    is_here = told.passage.order == consent.passage.order
    return is_here and 0 <= consent.match.start - told.match.end <= CONSENT_WORDS


def _is_later(back: Said, last: Said) -> bool:
    """Whether the thanks come in a turn of their own: 'please hold, thanks for waiting' do not."""
    return back.evidence[0].turn != last.evidence[-1].turn


def _is_declined(case: Case, question: Question, hold: Hold) -> bool:
    """Whether the customer would not hold, and so did not; 'no' to 'do you mind' is a yes."""
    asked = hold.first(Step.ASK)
    if asked is None or hold.first(Step.BACK):
        return False
    answers = [one for one in case.by(Role.CUSTOMER) if one.order == asked.passage.order + 1]
    if not answers:
        return False
    words = asked.passage.reading.words[asked.match.start :]
    if "mind" not in words and answers[0].reading.words[:1] == ("no",):
        return True
    return bool(case.pipeline.find(answers[0].reading, texts(question, "declined")))


def _judge(case: Case, question: Question, hold: Hold) -> Finding:
    asked, told, back = hold.first(Step.ASK), hold.first(Step.TELL), hold.first(Step.BACK)
    if asked is None or (told is not None and told.place < asked.place):
        return _told_only(case, question, hold)
    if back:
        return yes(question, EXACT, "asked before the hold, and thanked after it", hold.evidence)
    later = [one for one in case.by(Role.AGENT) if one.order > asked.passage.order]
    if not later:
        return unsure(question, 0.5, "asked, and nothing was said after the hold", hold.evidence)
    near = find_near_form(case, later, texts(question, "near_back"))
    if near:
        reason = f"asked before the hold; then what sounds like “{near.phrase}”"
        return yes(question, LOOSE, reason, hold.evidence + near.evidence)
    after = later[0].evidence(_all_of(later[0].reading.text))
    soft = [one for one in say(case, later[:1], texts(question, "loose")) if _goes_on(one)]
    if soft:
        reason = "asked before the hold; whether the thanks came after it is not clear"
        return unsure(question, 0.5, reason, hold.evidence + soft[0].evidence)
    reason = "asked before the hold, but no word of thanks after it"
    return no(question, UNTHANKED, reason, hold.evidence + after)


def _told_only(case: Case, question: Question, hold: Hold) -> Finding:
    near = _asked_like(case, question, hold)
    if near:
        reason = f"put on hold after what sounds like “{near.phrase}”"
        return unsure(question, 0.5, reason, near.evidence + hold.evidence)
    return no(question, case.absent, "put on hold without being asked", hold.evidence)


def _asked_like(case: Case, question: Question, hold: Hold) -> Near | None:
    before = [one for one in case.by(Role.AGENT) if one.order <= hold.begin.passage.order]
    near = find_near_form(case, before[-2:], texts(question, "near"))
    told = {piece.turn for piece in hold.evidence}
    return None if near is None or told & {piece.turn for piece in near.evidence} else near


def _goes_on(said: Said) -> bool:
    return len(said.passage.reading.words) - said.match.end >= SOFT_WORDS


def _events_without(case: Case, holds: Iterable[Hold]) -> list[Event]:
    """Holds of the telephone that no request came before."""
    asked = [
        time.end
        for hold in holds
        if (said := hold.first(Step.ASK)) and (time := said.evidence[-1].time(case.conversation))
    ]
    return [
        event
        for event in case.conversation.events
        if event.kind is EventKind.HELD and event.span
        if not any(0 <= event.span.start - end + 1 <= ASKED_BEFORE for end in asked)
    ]


def _unasked(case: Case, question: Question, event: Event) -> Finding:
    at = event.span.start if event.span else 0.0
    before = [one for one in case.by(Role.AGENT) if one.start is not None and one.start <= at]
    shown = before[-1:] or list(case.by(Role.AGENT)[:1])
    evidence = [piece for one in shown for piece in one.evidence(_all_of(one.reading.text))]
    reason = f"on hold at {int(at) // 60}:{int(at) % 60:02d} without being asked"
    return no(question, case.absent, reason, evidence)


def _without(case: Case, question: Question) -> Finding:
    """No hold was told of: unsure after a request heard unclearly, or 'one moment' and silence."""
    agent = case.by(Role.AGENT)
    near = find_near_form(case, agent, texts(question, "near"), texts(question, "unless"))
    if near:
        return _heard_like(case, question, near)
    thanks = say(case, agent[1:], texts(question, "back_alone"))
    if thanks:
        reason = "thanked for holding; no request was found"
        return unsure(question, 0.5, reason, thanks[0].evidence)
    for said in say(case, agent, texts(question, "waits")):
        seconds = _silence_after(case, said)
        if seconds >= LONG_SILENCE:
            reason = f"{seconds:.0f} seconds of silence after asking to wait"
            return unsure(question, 0.5, reason, said.evidence)
    return not_applicable(question, "nobody was put on hold", confidence=0.9)


def _heard_like(case: Case, question: Question, near: Near) -> Finding:
    """A request heard unclearly: yes when thanks for holding come in a later turn."""
    turns = [turn.id for turn in case.conversation.turns]
    asked = turns.index(near.evidence[-1].turn)
    backs = say(case, case.by(Role.AGENT), texts(question, "back"))
    later = [one for one in backs if turns.index(one.evidence[0].turn) > asked]
    reason = f"sounds like “{near.phrase}”"
    if later:
        reason += ", and thanked for it"
        return yes(question, LOOSE, reason, near.evidence + later[0].evidence)
    return unsure(question, 0.5, reason, near.evidence)


def _silence_after(case: Case, said: Said) -> float:
    """The longest gap between the turn of these words and the second turn after it."""
    turns = case.conversation.turns
    at = next(place for place, turn in enumerate(turns) if turn.id == said.evidence[-1].turn)
    spans = [turn.speech.span for turn in turns[at : at + 3] if turn.speech]
    return max((after.start - before.end for before, after in pairwise(spans)), default=0.0)


def _all_of(text: str) -> TextSpan:
    return TextSpan(0, len(text))
