"""Coaching as plain JSON values, for programs."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from console.findings import Quote
from core.coaching import CoachingTask
from core.example import Example
from insight.coaching import LEAST, Effect
from insight.table import figure_out


def task_out(
    task: CoachingTask, *, now: datetime, quotes: Sequence[Quote] | None = None
) -> dict[str, Any]:
    """One task; `quotes` are given for one that is read alone."""
    told: dict[str, Any] = {
        "id": task.id,
        "agent": task.agent,
        "skill": task.skill,
        "scorecard": task.aim.scorecard,
        "version": task.aim.version,
        "question": task.aim.question,
        "conversation": task.conversation,
        "state": task.state.value,
        "is_overdue": task.is_overdue(now),
        "made_by": task.made_by,
        "made_at": _told(task.made_at),
        "due_at": _told(task.due_at),
        "acknowledged_at": _told(task.acknowledged_at),
        "done_at": _told(task.done_at),
        "done_by": task.done_by,
        "withdrawn_at": _told(task.withdrawn_at),
    }
    if quotes is None:
        return told
    return told | {
        "note": task.note,
        "answer": task.answer,
        "outcome": task.outcome,
        "quotes": [
            {"turn": quote.position, "text": quote.text, "start": quote.start} for quote in quotes
        ],
    }


def effect_out(effect: Effect) -> dict[str, Any]:
    """Before and after of the question; no change is told of fewer than `least` on either side."""
    change = effect.change
    interval = change.interval if change else None
    return {
        "before": figure_out(effect.before),
        "after": figure_out(effect.after) if effect.after else None,
        "change": change.value if change else None,
        "low": interval.low if interval else None,
        "high": interval.high if interval else None,
        "least": LEAST,
    }


def example_out(example: Example, *, lines: Sequence[tuple[str, str]] | None) -> dict[str, Any]:
    """One example; `lines` are role and words of its turns, for one that is read alone."""
    told: dict[str, Any] = {
        "id": example.id,
        "title": example.title,
        "skill": example.skill,
        "why": example.why,
        "start": example.span.start if example.span else None,
        "end": example.span.end if example.span else None,
        "published_at": _told(example.published_at),
    }
    if lines is None:
        return told
    return told | {"lines": [{"role": role, "text": text} for role, text in lines]}


def _told(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
