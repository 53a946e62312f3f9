"""Something happened to the recording while a thing was spoken of: paused around payment."""

from collections.abc import Mapping, Sequence

from core.conversation import Conversation, Event, EventKind, Role
from core.evaluation import Finding
from core.scorecard import Question
from core.spans import TimeSpan
from qa.rules.base import EXACT, Case, Passage, Said, no, not_applicable, say, texts, unsure, yes

LEAD = 5.0  # seconds by which the event may follow the request: a hand moves to the button
TELEPHONE = frozenset({
    EventKind.HELD, EventKind.RECORDING_PAUSED, EventKind.RECORDING_RESUMED, EventKind.MUTED,
    EventKind.TRANSFERRED,
})  # fmt: skip  # where one of these is known, the telephone system tells what happens
WITHOUT = 0.1  # probability of yes when other events of the call are known, and not this one


def answer_event(case: Case, question: Question) -> Finding:
    """Yes when one of `events` covers the answer to what the agent asks for in `phrases`.

    Not applicable when nothing of the kind is asked. A call none of whose events are known may have
    been paused all the same: unsure, unless the answer was written down.
    """
    asked = say(case, case.by(Role.AGENT), texts(question, "phrases"), texts(question, "unless"))
    if not asked:
        return not_applicable(question, "nothing of the kind was asked for", confidence=0.85)
    kinds = frozenset(EventKind(name) for name in texts(question, "events"))
    spans = covering(case.conversation, kinds)
    uncovered = [said for said in asked if not _is_covered(case, said, spans)]
    if not uncovered:
        reason = f"{_named(kinds)} while it was answered"
        return yes(question, EXACT, reason, asked[0].evidence)
    evidence = [piece for said in uncovered for piece in said.evidence]
    if any(event.kind in kinds for event in case.conversation.events):
        return no(question, WITHOUT, f"not {_named(kinds)} while it was answered", evidence)
    if any(event.kind in TELEPHONE for event in case.conversation.events):
        return no(question, WITHOUT, f"asked for, and never {_named(kinds)}", evidence)
    reason = "nothing is known of what happened to the recording"
    return unsure(question, 0.5, reason, evidence)


def check_events(options: Mapping[str, object]) -> str | None:
    """What is wrong with the names of the events; None when nothing is."""
    names = options["events"]
    given = names if isinstance(names, tuple) else ()
    unknown = [name for name in given if name not in frozenset(EventKind)]
    known = ", ".join(sorted(kind.value for kind in TELEPHONE))
    return (
        f"events: no event is called {unknown[0]!r}; of calls there are {known}"
        if unknown
        else None
    )


def covering(talk: Conversation, kinds: frozenset[EventKind]) -> tuple[TimeSpan, ...]:
    """The stretches of these events; a pause without an end lasts until the recording resumes."""
    spans = []
    for event in talk.events:
        if event.kind not in kinds:
            continue
        if event.span:
            spans.append(event.span)
        elif (start := _second(talk, event)) is not None:
            ends = [
                end
                for other in talk.events
                if other.kind is EventKind.RECORDING_RESUMED
                and (end := other.span.start if other.span else _second(talk, other)) is not None
                and end >= start
            ]
            spans.append(TimeSpan(start, min(ends, default=max(start, _end(talk)))))
    return tuple(spans)


def _is_covered(case: Case, said: Said, spans: Sequence[TimeSpan]) -> bool:
    """Whether the next words of the other side, or the silence in their place, are covered."""
    time = said.evidence[-1].time(case.conversation)
    if time is None:
        return False
    answer = _answer(case, said)
    if answer is None or answer.start is None:
        return any(span.end > time.end and span.start <= time.end + LEAD for span in spans)
    begin = answer.start
    end = max((turn.speech.span.end for turn in answer.turns if turn.speech), default=begin)
    return any(
        (span.start <= begin and span.end >= end)
        or (span.start <= time.end + LEAD and time.end < span.end <= begin)
        for span in spans
    )


def _answer(case: Case, said: Said) -> Passage | None:
    after = case.passages[said.passage.order + 1 :]
    return next((one for one in after if one.role is not Role.AGENT), None)


def _second(talk: Conversation, event: Event) -> float | None:
    if event.at is None or talk.opened_at is None:
        return None
    return max(0.0, (event.at - talk.opened_at).total_seconds())


def _end(talk: Conversation) -> float:
    return max((turn.speech.span.end for turn in talk.turns if turn.speech), default=0.0)


def _named(kinds: frozenset[EventKind]) -> str:
    return " or ".join(sorted(kind.value.replace("_", " ") for kind in kinds))
