"""From a conversation and a scorecard to an evaluation."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from core.conversation import Conversation, Role
from core.errors import BadInput
from core.evaluation import Evaluation, Finding, Verdict
from core.ids import new_id
from core.score import answer_of, score
from core.scorecard import Condition, Question, Scorecard
from language.pipeline import Pipeline
from language.sentiment import SentimentModel, trace
from language.spoken import language_of
from qa.hearing import heard_well
from qa.rules.base import Case, not_applicable, passages_of, unsure
from qa.rules.registry import PERSON, RULES
from qa.vectors import Vectors

ENGLISH = "en"  # what the rules and the encoder read


def evaluate(
    conversation: Conversation,
    scorecard: Scorecard,
    *,
    pipeline: Pipeline,
    now: datetime,
    variables: Mapping[str, str] | None = None,
    sentiment: SentimentModel | None = None,
    vectors: Vectors | None = None,
) -> Evaluation:
    """Answer every question of the scorecard and compute the score.

    Args:
        variables: the words of the house, already settled; see `settle_variables`.
        pipeline: built once by the caller; it keeps the compiled phrases.
        vectors: likewise; it keeps what was encoded. Without it, questions that compare meanings
            are unsure.

    Raises:
        BadInput: a variable of the scorecard has no value.
    """
    used = settle_variables(scorecard, command=variables, conversation=conversation)
    blank = Evaluation(
        new_id(), conversation.id, scorecard.name, scorecard.version, (), now, None, False, used
    )
    tongue = language_of(conversation)
    why_not = (
        scorecard.applies_to.why_not(conversation)
        or _not_read(tongue, scorecard)
        or _unanswered(conversation)
    )
    if why_not:
        return replace(blank, not_scored=why_not)
    mood = trace(conversation, model=sentiment)
    case = Case(
        conversation, passages_of(conversation, pipeline), pipeline, used, mood, vectors, tongue
    )
    findings = answers(case, scorecard.questions)
    result = score(scorecard, findings)
    made = replace(
        blank,
        findings=findings,
        score=result.points,
        failed=result.failed,
        before_fatal=result.before_fatal,
        critical=result.critical,
        sentiment=mood,
        not_scored=None if case.passages else "nothing was said",
    )
    made.check_quotes(conversation)
    return made


def answers(case: Case, questions: Iterable[Question]) -> tuple[Finding, ...]:
    """A finding for each question, in order, so that one may depend on those before it."""
    made: dict[str, tuple[Question, Finding]] = {}
    for question in questions:
        found = _untriggered(question, made) or answer(case, question)
        if found.verdict is Verdict.NOT_APPLICABLE and not question.may_not_apply:
            reason = f"{found.reason}; but this question always applies"
            found = unsure(question, None, reason, found.evidence)
        made[question.id] = question, replace(found, rule=found.rule or question.rule)
    return tuple(found for _, found in made.values())


def _unanswered(conversation: Conversation) -> str | None:
    """Why there is nothing to score where the customer alone said something."""
    if {turn.role for turn in conversation.turns if turn.text.strip()} != {Role.CUSTOMER}:
        return None
    return "only the customer's words are there"


def _not_read(tongue: str | None, scorecard: Scorecard) -> str | None:
    """Why its words cannot be read: they are of a tongue that neither rules nor form are for."""
    if tongue in (None, ENGLISH) or tongue in scorecard.applies_to.languages:
        return None
    return f"it is in another language ({tongue}), and the rules read English"


def _untriggered(
    question: Question, made: Mapping[str, tuple[Question, Finding]]
) -> Finding | None:
    """Why a question that depends on others is not asked; None when it is."""
    for condition in question.when:
        asked, found = made[condition.question]
        if found.verdict is Verdict.UNSURE:
            return unsure(question, None, f"depends on {asked.id}, which is unsure")
        if not _holds(condition, asked, found):
            wanted = " or ".join(sorted(condition.answers))
            return not_applicable(question, f"asked only when {asked.id} is {wanted}")
    return None


def _holds(condition: Condition, asked: Question, found: Finding) -> bool:
    return found.is_answered and answer_of(asked, found) in condition.answers


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
    unanswered = _out_of_place(case, question) or _without_roles(case, question)
    if unanswered:
        return unanswered
    if question.rule != PERSON and case.tongue not in (None, ENGLISH):
        return unsure(question, None, "the rules read English")
    return heard_well(case.conversation, RULES[question.rule].answer(case, question))


def _out_of_place(case: Case, question: Question) -> Finding | None:
    channel = case.conversation.channel
    if question.channels and channel not in question.channels:
        return not_applicable(question, f"not asked of {channel} conversations")
    return None if case.passages else not_applicable(question, "nothing was said")


def _without_roles(case: Case, question: Question) -> Finding | None:
    """Unsure, never no, where it is not known who speaks."""
    if question.person_only and not case.conversation.has_agent:
        if case.by(Role.UNKNOWN):
            return unsure(question, None, "it is not known which speaker is the agent")
        return not_applicable(question, "no agent took part")
    if not question.person_only and _is_nobody_known(case):
        return unsure(question, None, "it is not known who is speaking")
    return None


def _is_nobody_known(case: Case) -> bool:
    return all(passage.role is Role.UNKNOWN for passage in case.passages)
