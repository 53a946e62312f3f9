"""A scorecard's findings ready to be shown: in words, with a symbol, with their quotes."""

from dataclasses import dataclass

from core.conversation import Conversation
from core.evaluation import Evaluation, Evidence, Finding, Verdict
from core.scorecard import Criticality, Scorecard

SYMBOLS = {
    Verdict.YES: ("✓", "Yes"),
    Verdict.NO: ("✗", "No"),
    Verdict.UNSURE: ("?", "Unsure"),
    Verdict.NOT_APPLICABLE: ("–", "Does not apply"),
}


@dataclass(frozen=True, slots=True)
class Quote:
    """The words themselves, and where they stand: turn counted from 0, seconds in a call."""

    text: str
    position: int
    start: float | None


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """One question with its answer; `text` is the question as the scorecard asks it."""

    question: str
    text: str
    is_fatal: bool
    verdict: Verdict
    symbol: str
    word: str
    percent: int
    reason: str
    quotes: tuple[Quote, ...]
    by_person: bool


@dataclass(frozen=True, slots=True)
class ShownSection:
    """A section of the form; its title is empty when the form is not known any more."""

    title: str
    findings: tuple[ShownFinding, ...]


def shown_sections(
    evaluation: Evaluation, conversation: Conversation, card: Scorecard | None
) -> tuple[ShownSection, ...]:
    """The findings in the form's order and sections."""
    shown = {
        finding.question: _shown(finding, conversation, card) for finding in evaluation.findings
    }
    if card is None:
        return (ShownSection("", tuple(shown.values())),)
    sections = [
        ShownSection(section.title, tuple(shown[q.id] for q in section.questions if q.id in shown))
        for section in card.all_sections
    ]
    return tuple(section for section in sections if section.findings)


def _shown(finding: Finding, conversation: Conversation, card: Scorecard | None) -> ShownFinding:
    questions = {question.id: question for question in card.questions} if card else {}
    question = questions.get(finding.question)
    symbol, word = SYMBOLS[finding.verdict]
    return ShownFinding(
        question=finding.question,
        text=question.text if question else finding.question.replace("_", " "),
        is_fatal=question is not None and question.criticality is Criticality.FATAL,
        verdict=finding.verdict,
        symbol=symbol,
        word=word,
        percent=round(finding.confidence * 100),
        reason=finding.reason,
        quotes=shown_quotes(finding.evidence, conversation),
        by_person=finding.source == "person",
    )


def shown_quotes(evidence: tuple[Evidence, ...], conversation: Conversation) -> tuple[Quote, ...]:
    """Evidence with its words, read from the conversation as it is now."""
    return tuple(_quote(piece, conversation) for piece in evidence if _stands(piece, conversation))


def _stands(evidence: Evidence, conversation: Conversation) -> bool:
    """Whether the turn is still there and long enough: the roles or the text may have changed."""
    turn = conversation.turn(evidence.turn)
    return turn is not None and evidence.span.end <= len(turn.text)


def _quote(evidence: Evidence, conversation: Conversation) -> Quote:
    ids = [turn.id for turn in conversation.turns]
    time = evidence.time(conversation)
    return Quote(
        text=evidence.quote(conversation),
        position=ids.index(evidence.turn),
        start=time.start if time else None,
    )
