"""A scorecard's findings ready to be shown: in words, with a symbol, with their quotes."""

from dataclasses import dataclass

from core.answers import AnswerKind
from core.conversation import Conversation
from core.correction import is_fatal
from core.evaluation import Evaluation, Evidence, Finding, Verdict
from core.scorecard import Question, Scorecard

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
        finding.question: shown_finding(finding, conversation, card)
        for finding in evaluation.findings
    }
    if card is None:
        return (ShownSection("", tuple(shown.values())),)
    sections = [
        ShownSection(section.title, tuple(shown[q.id] for q in section.questions if q.id in shown))
        for section in card.all_sections
    ]
    return tuple(section for section in sections if section.findings)


def shown_finding(
    finding: Finding, conversation: Conversation, card: Scorecard | None
) -> ShownFinding:
    """One finding with the words of its question and of its answer, and the quotes that stand."""
    question = card.question(finding.question) if card else None
    symbol, word = SYMBOLS[finding.verdict]
    return ShownFinding(
        question=finding.question,
        text=question.text if question else finding.question.replace("_", " "),
        is_fatal=is_fatal(question),
        verdict=finding.verdict,
        symbol=symbol,
        word=answer_word(question, finding) or word,
        percent=round(finding.confidence * 100),
        reason=finding.reason,
        quotes=shown_quotes(finding.evidence, conversation),
        by_person=finding.source == "person",
    )


def shown_quotes(evidence: tuple[Evidence, ...], conversation: Conversation) -> tuple[Quote, ...]:
    """Evidence with its words, read from the conversation as it is now."""
    return tuple(_quote(piece, conversation) for piece in evidence if _stands(piece, conversation))


def answer_word(question: Question | None, finding: Finding) -> str:
    """A choice by its text, a mark with its scale, words as they are; empty for yes and no."""
    if question is None or not finding.is_answered or finding.value is None:
        return ""
    form = question.answers
    if form.kind is AnswerKind.CHOICE:
        texts = {choice.id: choice.text for choice in form.choices}
        return texts.get(str(finding.value), str(finding.value))
    if form.kind is AnswerKind.SCALE:
        return f"{finding.value:g} of {form.high}" if isinstance(finding.value, float) else ""
    return str(finding.value) if form.kind is AnswerKind.TEXT else ""


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
