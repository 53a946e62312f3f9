"""Reviews, the queue and disputes as JSON, for programs; names and words as on the pages."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from console.judging import ShownAnswer, ShownDispute, ShownGroup, Sources, Step
from core.conversation import Conversation
from core.correction import counting
from core.evaluation import Evidence, Finding
from core.review import Review
from qa.means import Mean
from store.review_list import Paged, QueueItem, ReviewLine

Json: TypeAlias = dict[str, Any]  # ready for json.dumps


def review_out(review: Review, names: Mapping[str, str]) -> Json:
    """A review without its answers; people by their names."""
    return {
        "id": review.id,
        "conversation": review.conversation,
        "scorecard": review.scorecard,
        "version": review.version,
        "agent": names.get(review.agent, review.agent),
        "state": review.state.value,
        "score": review.score,
        "failed": review.failed,
        "machine_score": review.machine_score,
        "machine_failed": review.machine_failed,
        "comment": review.comment,
        "submitted_by": names.get(review.submitted_by or "", review.submitted_by),
        "submitted_at": moment(review.submitted_at),
        "due_at": moment(review.due_at),
        "acknowledged_at": moment(review.acknowledged_at),
        "decided_at": moment(review.decided_at),
        "closed_at": moment(review.closed_at),
    }


def lines_out(lines: Iterable[ReviewLine], page: Paged, names: Mapping[str, str]) -> Json:
    """One page of the list of reviews."""
    return {
        "reviews": [
            review_out(line.review, names)
            | {
                "agent": line.agent,
                "corrections": line.corrections,
                "open_disputes": line.open_disputes,
            }
            for line in lines
        ],
        **page_out(page),
    }


def queue_out(items: Iterable[QueueItem], page: Paged) -> Json:
    """One page of the queue."""
    return {
        "drawn": [
            {
                "id": item.drawn.id,
                "conversation": item.drawn.conversation,
                "agent": item.agent,
                "way": item.drawn.way.value,
                "scorecard": item.drawn.scorecard,
                "probability": item.drawn.probability,
                "by_both": item.by_both,
                "risks": [risk.value for risk in item.drawn.risks],
                "ended_at": moment(item.drawn.ended_at),
                "drawn_at": moment(item.drawn.drawn_at),
                "score": item.score,
                "failed": item.failed,
                "review": item.review.id if item.review else None,
                "state": item.review.state.value if item.review else None,
                "skipped": item.drawn.skip_reason,
            }
            for item in items
        ],
        **page_out(page),
    }


def answers_out(groups: Iterable[ShownGroup], sources: Sources) -> list[Json]:
    """Each question: what counts, what the machine said, who changed it, and its dispute."""
    findings = {finding.question: finding for finding in sources.findings}
    counted = counting(sources.corrections)
    return [
        {
            "question": shown.counts.question,
            "text": shown.counts.text,
            "section": group.title,
            "fatal": shown.counts.is_fatal,
            "waits": shown.waits,
            "answer": finding_out(findings[shown.counts.question], sources.conversation),
            "machine": _machine_out(shown, sources),
            "correction": shown.correction,
            "by": shown.by or None,
            "at": moment(counted[shown.counts.question].at) if shown.correction else None,
            "dispute": dispute_out(shown.dispute) if shown.dispute else None,
        }
        for group in groups
        for shown in group.answers
    ]


def finding_out(finding: Finding, conversation: Conversation) -> Json:
    """An answer with its evidence; turns count from 0, characters too."""
    return {
        "verdict": finding.verdict.value,
        "value": finding.value,
        "confidence": finding.confidence,
        "reason": finding.reason,
        "source": finding.source.value,
        "evidence": evidence_out(finding.evidence, conversation),
    }


def evidence_out(evidence: Sequence[Evidence], conversation: Conversation) -> list[Json]:
    """Quotes that still stand in the transcript."""
    places = {turn.id: position for position, turn in enumerate(conversation.turns)}
    found = []
    for piece in evidence:
        turn = conversation.turn(piece.turn)
        if turn is None or piece.span.end > len(turn.text):
            continue
        time = piece.time(conversation)
        found.append(
            {
                "turn": places[piece.turn],
                "start": piece.span.start,
                "end": piece.span.end,
                "quote": piece.quote(conversation),
                "second": time.start if time else None,
            }
        )
    return found


def dispute_out(dispute: ShownDispute) -> Json:
    """A dispute with what was said to it."""
    return {
        "id": dispute.id,
        "reason": dispute.reason,
        "by": dispute.by,
        "at": moment(dispute.at),
        "outcome": dispute.outcome.value if dispute.outcome else None,
        "needs_two": dispute.needs_two,
        "decisions": [
            {
                "outcome": each.outcome.value,
                "answer": each.answer or None,
                "reason": each.reason,
                "by": each.by,
                "at": moment(each.at),
            }
            for each in dispute.decisions
        ],
    }


def steps_out(steps: Iterable[Step]) -> list[Json]:
    """The history of a review."""
    return [
        {"what": step.name, "by": step.by, "at": moment(step.at), "detail": step.detail}
        for step in steps
    ]


def mean_out(mean: Mean | None) -> Json | None:
    """A mean with its interval."""
    if mean is None:
        return None
    return {"value": mean.value, "low": mean.low, "high": mean.high, "n": mean.n}


def page_out(page: Paged) -> Json:
    """Which page this is."""
    return {"page": page.number, "pages": page.count, "total": page.total}


def moment(at: Any) -> str | None:
    """A time in ISO 8601, or None."""
    return at.isoformat() if at is not None else None


def _machine_out(shown: ShownAnswer, sources: Sources) -> Json | None:
    """The machine's own answer, also where it is the one that counts."""
    found = sources.evaluation.finding(shown.counts.question) if sources.evaluation else None
    return finding_out(found, sources.conversation) if found else None
