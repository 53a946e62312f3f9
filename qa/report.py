"""A score as plain JSON values, as `parley score --json` prints it."""

from typing import Any, TypeAlias

from core.conversation import Conversation
from core.evaluation import Evaluation, Evidence, Finding, SentimentTrace

Json: TypeAlias = dict[str, Any]  # ready for json.dumps


def to_json(evaluation: Evaluation, conversation: Conversation) -> Json:
    """The evaluation with its quotes read from the conversation; turns count from 0.

    Raises:
        BadInput: a piece of evidence is not in the conversation.
    """
    places = {turn.id: index for index, turn in enumerate(conversation.turns)}
    return {
        "conversation": evaluation.conversation,
        "scorecard": evaluation.scorecard,
        "version": evaluation.version,
        "variables": dict(evaluation.variables),
        "score": evaluation.score,
        "failed": evaluation.failed,
        "sentiment": _sentiment(evaluation.sentiment, places),
        "findings": [_finding(found, conversation, places) for found in evaluation.findings],
        "before_fatal": evaluation.before_fatal,
        "critical": evaluation.critical,
        "not_scored": evaluation.not_scored,
    }


def _sentiment(trace: SentimentTrace, places: dict[str, int]) -> Json:
    turns = [{"turn": places[turn], "value": value} for turn, value in trace.turns]
    return {"overall": trace.overall, "turns": turns, "shift": trace.shift}


def _finding(finding: Finding, conversation: Conversation, places: dict[str, int]) -> Json:
    return {
        "question": finding.question,
        "verdict": finding.verdict.value,
        "value": finding.value,
        "probability": finding.probability,
        "confidence": finding.confidence,
        "source": finding.source.value,
        "reason": finding.reason,
        "evidence": [_evidence(piece, conversation, places) for piece in finding.evidence],
        "rule": finding.rule,
    }


def _evidence(evidence: Evidence, conversation: Conversation, places: dict[str, int]) -> Json:
    quote = evidence.quote(conversation)
    time = evidence.time(conversation)
    return {
        "turn": places[evidence.turn],
        "quote": quote,
        "start": time.start if time else None,
        "end": time.end if time else None,
    }
