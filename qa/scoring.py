"""From a conversation and a scorecard to an evaluation."""

from collections.abc import Mapping
from datetime import datetime
from statistics import fmean

from core.conversation import Conversation, Role
from core.errors import BadInput
from core.evaluation import Evaluation, Evidence, Finding, Verdict, score
from core.ids import new_id
from core.scorecard import Question, Scorecard
from language.pipeline import Pipeline
from language.sentiment import SentimentModel, trace
from qa.rules.base import Case, not_applicable, passages_of, unsure
from qa.rules.registry import RULES

HEARD_WELL = 0.5  # mean probability of the quoted words; below it the recogniser mostly guessed


def evaluate(
    conversation: Conversation,
    scorecard: Scorecard,
    *,
    pipeline: Pipeline,
    now: datetime,
    variables: Mapping[str, str] | None = None,
    sentiment: SentimentModel | None = None,
) -> Evaluation:
    """Answer every question of the scorecard and compute the score.

    Args:
        variables: the words of the house, already settled; see `settle_variables`.
        pipeline: built once by the caller; it keeps the compiled phrases.

    Raises:
        BadInput: a variable of the scorecard has no value.
    """
    used = settle_variables(scorecard, command=variables, conversation=conversation)
    mood = trace(conversation, model=sentiment)
    case = Case(conversation, passages_of(conversation, pipeline), pipeline, used, mood)
    findings = tuple(answer(case, question) for question in scorecard.questions)
    result = score(scorecard, findings)
    return Evaluation(
        id=new_id(),
        conversation=conversation.id,
        scorecard=scorecard.name,
        version=scorecard.version,
        findings=findings,
        made_at=now,
        score=result.points,
        failed=result.failed,
        variables=used,
        sentiment=mood,
    )


def settle_variables(
    scorecard: Scorecard,
    *,
    command: Mapping[str, str] | None = None,
    conversation: Conversation | None = None,
    house: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The scorecard's variables: from the command, the conversation, the house, its own defaults.

    Raises:
        BadInput: one has no value anywhere; the message says how to give it.
    """
    recorded = conversation.variables if conversation else {}
    settled = {**scorecard.variables, **(house or {}), **recorded, **(command or {})}
    for name in scorecard.variables:
        if not settled[name].strip():
            raise BadInput(
                f"scorecard {scorecard.name} needs {name}; give it with --var {name}=..."
            )
    return settled


def answer(case: Case, question: Question) -> Finding:
    """One question's finding, or why it cannot be answered."""
    conversation = case.conversation
    if question.channels and conversation.channel not in question.channels:
        return not_applicable(question, f"not asked of {conversation.channel} conversations")
    if not case.passages:
        return not_applicable(question, "nothing was said")
    if question.person_only and not conversation.has_agent:
        if case.by(Role.UNKNOWN):
            return unsure(question, None, "it is not known which speaker is the agent")
        return not_applicable(question, "no agent took part")
    if not question.person_only and _is_nobody_known(case):
        return unsure(question, None, "it is not known who is speaking")
    return _heard_well(case, RULES[question.rule].answer(case, question))


def _is_nobody_known(case: Case) -> bool:
    return all(passage.role is Role.UNKNOWN for passage in case.passages)


def _heard_well(case: Case, finding: Finding) -> Finding:
    """The finding, or unsure when its words were mostly guesses of the recogniser."""
    if finding.verdict not in (Verdict.YES, Verdict.NO) or not finding.evidence:
        return finding
    chances = [
        chance for piece in finding.evidence for chance in _probabilities(case.conversation, piece)
    ]
    if not chances or fmean(chances) >= HEARD_WELL:
        return finding
    reason = f"{finding.reason}; but the words were heard with {fmean(chances):.0%} certainty"
    return Finding(
        finding.question, Verdict.UNSURE, 0.5, reason, finding.evidence, 0.5, finding.value
    )


def _probabilities(conversation: Conversation, evidence: Evidence) -> list[float]:
    turn = conversation.turn(evidence.turn)
    if turn is None or turn.speech is None:
        return []
    return [
        word.probability
        for word, place in zip(turn.speech.words, turn.word_spans(), strict=True)
        if word.probability is not None and place is not None and place.overlaps(evidence.span)
    ]
