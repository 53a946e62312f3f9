"""How well the words that an answer rests on were heard; badly heard ones leave it unsure."""

from dataclasses import replace
from statistics import fmean

from core.conversation import Conversation
from core.evaluation import Evidence, Finding, Verdict

HEARD_WELL = 0.5  # mean probability of the quoted words; below it the recogniser mostly guessed


def heard_well(conversation: Conversation, finding: Finding) -> Finding:
    """The finding, or unsure when its words were mostly guesses of the recogniser."""
    if not finding.is_answered or not finding.evidence:
        return finding
    chances = [
        chance for piece in finding.evidence for chance in _probabilities(conversation, piece)
    ]
    if not chances or fmean(chances) >= HEARD_WELL:
        return finding
    reason = f"{finding.reason}; but the words were heard with {fmean(chances):.0%} certainty"
    return replace(finding, verdict=Verdict.UNSURE, confidence=0.5, probability=0.5, reason=reason)


def _probabilities(conversation: Conversation, evidence: Evidence) -> list[float]:
    turn = conversation.turn(evidence.turn)
    if turn is None or turn.speech is None:
        return []
    return [
        word.probability
        for word, place in zip(turn.speech.words, turn.word_spans(), strict=True)
        if word.probability is not None and place is not None and place.overlaps(evidence.span)
    ]
