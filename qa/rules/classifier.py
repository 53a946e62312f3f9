"""How the conversation went for people: was the customer annoyed, was the agent calm and helpful.

Trained judges answer; without the sentence encoder nobody can say, and a person looks.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from core.conversation import Role
from core.evaluation import Evidence, Finding
from core.scorecard import Question
from core.spans import TextSpan
from qa.judges.cite import Judged, Weight, judge_manner, judge_talk
from qa.judges.digest import Talk, read_talk
from qa.judges.judge import Judge
from qa.judges.manner_judge import MannerJudge
from qa.judges.shipped import shipped_judge, shipped_manner_judge
from qa.judges.sides import HOUSE, PERSON
from qa.rules.base import Case, no, not_applicable, unsure, window_evidence, yes

NO_ENCODER = "the sentence encoder is not there; run `parley models pull encoder`"


@dataclass(frozen=True, slots=True)
class Asked:
    """Whom a judge looks at, and how its answers are told."""

    roles: Collection[Role]
    was: str


JUDGES: Mapping[str, Asked] = {
    "annoyed": Asked(HOUSE, "the customer was annoyed"),
    "calm": Asked(PERSON, "the agent was calm and helpful"),
}


def answer_classifier(case: Case, question: Question) -> Finding:
    """What the judge named under `judge` says; with `wanted: absent`, yes when it does not hold."""
    name = str(question.options["judge"])
    if case.vectors is None:
        return unsure(question, None, NO_ENCODER, window_evidence(case.passages))
    judge, asked = _shipped(name), JUDGES[name]
    last = judge.last if isinstance(judge, Judge) else None
    talk = read_talk(case.conversation, case.vectors, asked.roles, last)
    missing = _missing(talk)
    if missing:
        return _one_sided(case, question, missing)
    judged = _judged(judge, talk)
    found = replace(_told(case, question, asked, judge, judged), rule=judge.model)
    return _turned(question, found) if question.options.get("wanted") == "absent" else found


def _shipped(name: str) -> Judge | MannerJudge:
    return shipped_manner_judge() if name == "calm" else shipped_judge(name)


def _judged(judge: Judge | MannerJudge, talk: Talk) -> Judged:
    if isinstance(judge, MannerJudge):
        return judge_manner(judge, talk)
    return judge_talk(judge, talk, {})


def _missing(talk: Talk) -> str:
    if not talk.customer.turns:
        return "the customer said nothing"
    return "" if talk.house.turns else "nobody answered the customer"


def _one_sided(case: Case, question: Question, missing: str) -> Finding:
    if case.by(Role.UNKNOWN):
        return unsure(question, None, "it is not known who is speaking")
    return not_applicable(question, missing)


def _told(
    case: Case, question: Question, asked: Asked, judge: Judge | MannerJudge, judged: Judged
) -> Finding:
    chance = judged.chance
    told = f"chance that {asked.was} {chance:.2f} ({judge.model})"
    if chance >= judge.limits.yes_from:
        return yes(question, chance, told, _cite(case, judged.speaking_for(yes=True)))
    if chance <= judge.limits.no_up_to:
        return no(question, chance, told, _cite(case, judged.speaking_for(yes=False)))
    both = judged.speaking_for(yes=True)[:2] + judged.speaking_for(yes=False)[:2]
    return unsure(question, chance, f"not surely told by the words: {told}", _cite(case, both))


def _cite(case: Case, weights: Sequence[Weight]) -> list[Evidence]:
    """The whole turns that weigh most; the end of the conversation where none stands out."""
    whole = [Evidence(one.turn.id, TextSpan(0, len(one.turn.text))) for one in weights]
    return whole or list(window_evidence(case.passages[-2:]))


def _turned(question: Question, found: Finding) -> Finding:
    """The same judgement, where the wanted thing is that it does not hold."""
    chance = round(1 - (found.probability or 0.0), 4)
    made = {"yes": no, "no": yes, "unsure": unsure}[found.verdict.value]
    return replace(made(question, chance, found.reason, found.evidence), rule=found.rule)
