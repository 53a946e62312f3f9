"""What was heard in a recording goes between what was said around it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.call import CallRecording
from core.conversation import Channel, Conversation, Event, EventKind, Role, Turn
from core.spans import TimeSpan
from jobs.spoken import began, with_spans, within_call
from tests.build import call

START = datetime(2026, 11, 23, 10, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def written(id: str, role: Role, seconds: float) -> Turn:
    return Turn(id, role, f"words of {id}", at(seconds))


CALL = Conversation(
    "c1",
    Channel.VOICE,
    turns=(
        written("notice", Role.BOT, -60),
        written("asks", Role.CUSTOMER, -10),
        written("survey", Role.BOT, 30),
        written("five", Role.CUSTOMER, 35),
    ),
    events=(Event(EventKind.OPENED, at(-60)), Event(EventKind.CLOSED, at(40))),
    opened_at=at(-60),
    closed_at=at(40),
    agent="Ann",
)
HEARD = replace(
    call(("customer", "hello"), ("agent", "hello, how can I help"), id="r1"),
    agent="somebody",
    recording="r1",
    engine="parrot",
    external_id="CA1",
    events=(Event(EventKind.MUTED, None, span=TimeSpan(1, 2)),),
)


def test_spoken_turns_stand_where_they_were_said() -> None:
    made = within_call(CALL, HEARD, START)
    assert [turn.text for turn in made.turns] == [
        "words of notice",
        "words of asks",
        "hello",
        "hello, how can I help",
        "words of survey",
        "words of five",
    ]
    spoken = [turn for turn in made.turns if turn.speech]
    assert [turn.said_at for turn in spoken] == [
        at(turn.speech.span.start) for turn in spoken if turn.speech
    ]
    assert (made.id, made.recording, made.engine) == ("c1", "r1", "parrot")
    assert (made.agent, made.external_id) == ("Ann", "CA1")
    assert (made.opened_at, made.closed_at) == (CALL.opened_at, CALL.closed_at)
    assert [e.kind for e in made.events] == [EventKind.OPENED, EventKind.CLOSED, EventKind.MUTED]


def test_what_was_put_in_before_gives_way() -> None:
    once = within_call(CALL, HEARD, START)
    again = within_call(once, HEARD, START)
    assert again.turns == once.turns
    assert again.events == once.events


@pytest.mark.parametrize(
    ("marks", "spans"),
    [
        ([("p", 5), ("r", 9)], [TimeSpan(5, 9)]),
        ([("p", -3), ("r", 4)], [TimeSpan(0, 4)]),
        ([("p", 5), ("r", 9), ("p", 12), ("r", 15)], [TimeSpan(5, 9), TimeSpan(12, 15)]),
        ([("p", 5)], [TimeSpan(5, 5)]),
        ([("r", 5)], []),
    ],
)
def test_pauses_get_their_seconds(marks: list[tuple[str, float]], spans: list[TimeSpan]) -> None:
    kinds = {"p": EventKind.RECORDING_PAUSED, "r": EventKind.RECORDING_RESUMED}
    events = [Event(kinds[mark], at(seconds)) for mark, seconds in marks]
    found = with_spans(events, START)
    assert [e.span for e in found if e.kind is EventKind.RECORDING_PAUSED] == spans
    assert [e.at for e in found] == [e.at for e in events]


def test_a_recording_without_a_beginning_ends_when_it_was_told() -> None:
    told = CallRecording("RE1", "CA1", "c1", at(50), duration=20.0)
    assert began(told) == at(30)
    assert began(replace(told, started_at=at(7))) == at(7)
