"""A call is made at an hour at which the law allows it, where the customer is."""

from collections.abc import Mapping
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.conversation import CallDirection, Conversation, EventKind
from core.evaluation import Finding
from core.scorecard import Question
from qa.rules.base import EXACT, Case, no, not_applicable, unsure, window_evidence, yes

CERTAIN = 0.98  # a clock does not mishear; what is left is a wrong zone


def answer_hours(case: Case, question: Question) -> Finding:
    """Yes when the call began from `earliest` up to `latest`, in the zone that a variable names.

    A customer may ring at any hour, so a call that came in does not count.
    """
    talk = case.conversation
    if talk.direction is CallDirection.INBOUND:
        return not_applicable(question, "the customer rang", confidence=EXACT)
    evidence = window_evidence(case.passages[:1])
    began = began_at(talk)
    if began is None:
        return unsure(question, None, "when it was spoken is not known", evidence)
    zone = _zone(case, question)
    if zone is None:
        name = case.variables[str(question.options["zone"])]
        return unsure(question, None, f"there is no time zone {name!r}", evidence)
    local = began.astimezone(zone)
    earliest, latest = (_time(question, key) for key in ("earliest", "latest"))
    told = f"began at {local:%H:%M} in {zone.key}"
    if earliest <= local.time() < latest:
        return yes(question, CERTAIN, told, evidence)
    if talk.direction is None:
        return unsure(question, 0.5, f"{told}, and it is not known who rang", evidence)
    allowed = f"allowed from {earliest:%H:%M} to {latest:%H:%M}"
    return no(question, 1 - CERTAIN, f"{told}; {allowed}", evidence)


def began_at(talk: Conversation) -> datetime | None:
    """When it was opened, or the first turn said; a file that was heard often tells neither.

    Such a conversation is listed at the moment of its import, and its opening has no time.
    """
    said = (turn.said_at for turn in talk.turns if turn.said_at)
    opened = (event.at for event in talk.events if event.kind is EventKind.OPENED)
    is_told = next(opened, talk.opened_at) is not None
    return talk.opened_at if is_told else next(said, None)


def check_hours(options: Mapping[str, object]) -> str | None:
    """What is wrong with the two times; None when nothing is."""
    times = []
    for key in ("earliest", "latest"):
        try:
            times.append(time.fromisoformat(str(options[key])))
        except ValueError:
            return f"{key} is a time such as 08:00, not {options[key]!r}"
    return None if times[0] < times[1] else "latest comes before earliest"


def _time(question: Question, key: str) -> time:
    return time.fromisoformat(str(question.options[key]))


def _zone(case: Case, question: Question) -> ZoneInfo | None:
    try:
        return ZoneInfo(case.variables[str(question.options["zone"])])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
