"""Whether the matter was settled, judged by the words of both sides.

Who asked for a person and got none is not settled. Else, with the sentence encoder, a trained judge
answers, which also looks at the phrases' signs; without it the signs answer alone. The finding
names which it was.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from core.conversation import Conversation, Role
from core.evaluation import Evidence, Finding
from core.scorecard import Question
from core.spans import TextSpan
from language.telling import is_courtesy
from qa.judges.cite import Judged, Weight, judge_talk
from qa.judges.digest import Talk, read_talk
from qa.judges.judge import Judge
from qa.judges.shipped import shipped_judge
from qa.rules.base import Case, no, unsure, window_evidence, yes
from qa.rules.signs import Sign, bias_of, find_signs, signs_log_odds
from qa.rules.unanswered import left_waiting

LEAST_TURNS = 2  # of the customer; 99 of 100 dialogues that the judge learned from have as many
SURE = 0.7  # probability of yes from which signs alone say it; see benchmarks/qa/README.md
BY_SIGNS = "resolution signs"
BY_EVENTS = "resolution events"
LEFT = 0.05  # probability of yes where nobody came: they may have found the answer meanwhile
JUDGE = "resolution"


def answer_resolution(case: Case, question: Question) -> Finding:
    """Yes, no or unsure; one side alone is no conversation to be judged, and left to the signs."""
    if not case.passages:
        return unsure(question, None, "nothing was said")
    left = left_waiting(case.conversation)
    if left is not None:
        evidence = [Evidence(left.id, TextSpan(0, len(left.text)))]
        reason = "it went to a person, and none said anything"
        return replace(no(question, LEFT, reason, evidence), rule=BY_EVENTS)
    if case.vectors is None:
        return _by_signs(case, question)
    judge = shipped_judge(JUDGE)
    talk = read_talk(case.conversation, case.vectors, last=judge.last)
    if not talk.house.turns or not talk.customer.turns:
        return _by_signs(case, question)
    return _by_judge(case, question, judge, talk)


def _by_judge(case: Case, question: Question, judge: Judge, talk: Talk) -> Finding:
    signs = find_signs(case, question)
    judged = judge_talk(judge, talk, _points_by_turn(signs), bias_of(question))
    told = f"chance that it was settled {judged.chance:.2f} ({judge.model})"
    if len(talk.customer.turns) < LEAST_TURNS:
        evidence = _cite(case, _both(judged), signs)
        reason = f"the customer said too little to tell: {told}"
        found = unsure(question, judged.chance, reason, evidence)
    elif judged.chance >= judge.limits.yes_from and _ends_open(case.conversation, signs):
        evidence = _cite(case, _both(judged), signs)
        reason = f"the customer has the last word, and it is no thanks: {told}"
        found = unsure(question, judged.chance, reason, evidence)
    elif judged.chance >= judge.limits.yes_from:
        evidence = _cite(case, judged.speaking_for(yes=True), signs)
        found = yes(question, judged.chance, f"the words say it was settled: {told}", evidence)
    elif judged.chance <= judge.limits.no_up_to:
        evidence = _cite(case, judged.speaking_for(yes=False), signs)
        found = no(question, judged.chance, f"the words say it was left open: {told}", evidence)
    else:
        evidence = _cite(case, _both(judged), signs)
        reason = f"the words do not say surely whether it was settled: {told}"
        found = unsure(question, judged.chance, reason, evidence)
    return replace(found, rule=judge.model)


def _ends_open(talk: Conversation, signs: Sequence[Sign]) -> bool:
    """Whether the customer says something last that is neither courtesy nor a sign of an end.

    In none of the dialogues that the judge learned from did the customer have the last word.
    """
    last = next((turn for turn in reversed(talk.turns) if turn.text.strip()), None)
    if last is None or last.role is not Role.CUSTOMER or is_courtesy(last.text):
        return False
    pleased = {e.turn for sign in signs if sign.points > 0 for e in sign.said.evidence}
    return last.id not in pleased


def _both(judged: Judged) -> tuple[Weight, ...]:
    """What speaks for yes, and what for no: the person who decides wants to see both."""
    return judged.speaking_for(yes=True)[:2] + judged.speaking_for(yes=False)[:2]


def _cite(case: Case, weights: Sequence[Weight], signs: Sequence[Sign]) -> list[Evidence]:
    """A sign's own words where the turn has one that speaks the same way, else the whole turn."""
    pieces: list[Evidence] = []
    for weight in weights:
        own = [
            piece
            for sign in signs
            if (sign.points > 0) is (weight.effect > 0)
            for piece in sign.said.evidence
            if piece.turn == weight.turn.id
        ]
        pieces += own or [Evidence(weight.turn.id, TextSpan(0, len(weight.turn.text)))]
    return list(dict.fromkeys(pieces)) or list(window_evidence(case.passages[-2:]))


def _points_by_turn(signs: Sequence[Sign]) -> Mapping[str, float]:
    """Each sign's log-odds at the turn where it begins."""
    points: dict[str, float] = {}
    for sign in signs:
        turn = sign.said.evidence[0].turn
        points[turn] = points.get(turn, 0.0) + sign.points
    return points


def _by_signs(case: Case, question: Question) -> Finding:
    """By the sum of the signs, each a phrase of one side with its points."""
    signs = find_signs(case, question)
    probability = round(1 / (1 + math.exp(-signs_log_odds(case, question))), 4)
    weighty = sorted(signs, key=lambda sign: -abs(sign.points))
    return replace(_told(case, question, probability, weighty), rule=BY_SIGNS)


def _told(case: Case, question: Question, probability: float, weighty: list[Sign]) -> Finding:
    if probability >= SURE:
        good = [sign for sign in weighty if sign.points > 0][:3]
        if good:
            evidence = [piece for sign in good for piece in sign.said.evidence]
            return yes(question, probability, "both sides' words say it was settled", evidence)
    if probability <= 1 - SURE:
        bad = [sign for sign in weighty if sign.points < 0][:3]
        evidence = [piece for sign in bad for piece in sign.said.evidence]
        shown = evidence or list(window_evidence(case.passages[-2:]))
        return no(question, probability, "the words say it was left open", shown)
    evidence = [piece for sign in weighty[:3] for piece in sign.said.evidence]
    return unsure(question, probability, "the words do not say whether it was settled", evidence)
