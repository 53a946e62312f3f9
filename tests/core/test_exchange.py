"""The exchange format: identity out and in, and a path in every error."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.conversation import (
    Channel,
    Conversation,
    Event,
    EventKind,
    Role,
    Speech,
    Timing,
    Turn,
    Word,
)
from core.errors import BadInput
from core.exchange import from_exchange, to_exchange
from core.measures import CallMeasures, Pitch, Tone, TonePoint, VoiceMeasures
from core.spans import TimeSpan

texts = st.text(min_size=1, max_size=30)
maybe_text = st.none() | texts
moments = st.none() | st.datetimes(timezones=st.just(timezone(timedelta(hours=1))))
spans = st.tuples(st.floats(0, 1e4), st.floats(0, 1e4)).map(lambda pair: TimeSpan(*sorted(pair)))
words = st.builds(
    Word,
    text=texts.filter(lambda text: bool(text.strip())),
    span=spans,
    probability=st.none() | st.floats(0, 1),
    timing=st.sampled_from(Timing),
    heard=st.none() | st.just("zen desk"),
)
speeches = st.builds(
    Speech,
    span=spans,
    speaker=maybe_text,
    words=st.lists(words, max_size=4).map(
        lambda found: tuple(sorted(found, key=lambda word: word.span.start))
    ),
)
events = st.builds(
    Event,
    kind=st.sampled_from(EventKind),
    at=moments,
    actor=maybe_text,
    note=maybe_text,
    span=st.none() | spans,
)


amounts = st.floats(0, 1e6)
differences = st.none() | st.floats(-99, 99)
pitches = st.lists(st.floats(60, 420), min_size=3, max_size=3).map(
    lambda three: Pitch(sorted(three)[1], min(three), max(three))
)
points = st.builds(
    TonePoint, spans, st.sampled_from(Tone), st.floats(-99, 99), differences, differences
)
voices = st.builds(
    VoiceMeasures,
    texts,
    amounts,
    st.integers(0, 10**6),
    differences,
    st.none() | pitches,
    st.lists(spans, max_size=2).map(tuple),
    st.lists(points, max_size=3).map(tuple),
)
measures = st.builds(
    CallMeasures,
    amounts,
    amounts,
    st.lists(spans, max_size=3).map(tuple),
    st.lists(spans, max_size=3).map(tuple),
    st.lists(voices, max_size=2).map(tuple),
    st.integers(1, 9),
)


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    channel = draw(st.sampled_from(Channel))
    spoken = channel is Channel.VOICE
    drawn: list[Speech | None] = (
        [*draw(st.lists(speeches, max_size=5))] if spoken else [None] * draw(st.integers(0, 5))
    )
    drawn = sorted(drawn, key=lambda speech: speech.span.start if speech else 0)
    turns = []
    for index, speech in enumerate(drawn):
        role = draw(st.sampled_from(Role))
        turns.append(
            Turn(
                id=f"t{index}",
                role=role,
                text=draw(st.text(max_size=40)),
                said_at=draw(moments),
                speech=speech,
                author=draw(maybe_text) if role is Role.AGENT else None,
                replies_to=draw(maybe_text),
            )
        )
    return Conversation(
        id=draw(st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True)),
        channel=channel,
        turns=tuple(turns),
        events=tuple(draw(st.lists(events, max_size=3))),
        opened_at=draw(moments),
        language=draw(maybe_text),
        external_id=draw(maybe_text),
        agent=draw(maybe_text),
        customer=draw(maybe_text),
        recording=draw(maybe_text),
        engine=draw(maybe_text),
        previous=draw(maybe_text),
        variables=draw(st.dictionaries(texts, st.text(max_size=20), max_size=3)),
        measures=draw(st.none() | measures) if spoken else None,
        labels=draw(
            st.dictionaries(texts, st.none() | st.booleans() | st.integers() | texts, max_size=3)
        ),
    )


@given(conversations())
def test_exchange_out_and_in_is_the_identity(conversation: Conversation) -> None:
    wire = json.loads(json.dumps(to_exchange(conversation)))
    assert from_exchange(wire) == conversation


def wire(**changes: Any) -> dict[str, Any]:
    turn = {"role": "customer", "text": "hello", "start": 0.5, "end": 1.0}
    whole: dict[str, Any] = {"id": "c1", "channel": "voice", "turns": [turn]}
    return whole | changes


def with_measures(**changes: Any) -> dict[str, Any]:
    point = {"start": 0, "end": 10, "tone": "calm", "loudness_db": 0.5}
    voice = {"speaker": "channel 1", "talk": 3.5, "words": 9, "interruptions": [], "tone": [point]}
    whole = {"version": 1, "duration": 9.0, "talk_over": 0.0, "dead_air": [], "excluded": [],
             "voices": [voice | changes.pop("voice", {})]}  # fmt: skip
    return wire(measures=whole | changes)


def with_turn(**changes: Any) -> dict[str, Any]:
    return wire(turns=[wire()["turns"][0], wire()["turns"][0] | changes])


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "conversation: an object was expected"),
        ({}, "id: missing"),
        (wire(id=7), "id: text was expected, not int"),
        (wire(id=""), "id: empty"),
        (wire(id="x" * 201), "id: an id has up to 200 printable characters"),
        (wire(id="a\nb"), "id: an id has up to 200 printable characters"),
        (with_turn(text="half \ud83d"), "turns[1].text: holds half a character"),
        (with_turn(start=10**400), "turns[1].start: too large a number"),
        (
            wire(turns=[wire()["turns"][0] | {"id": "a"}] * 2),
            "turns[1].id: 'a' is another turn's id",
        ),
        (with_turn(author="Ann"), "turns[1].author: only an agent's turn has one"),
        (
            with_turn(
                words=[{"text": "a", "start": 2, "end": 3}, {"text": "b", "start": 1, "end": 2}]
            ),
            "turns[1].words[1].start: before the start of the word before it",
        ),
        (
            wire(opened_at="2026-01-02T00:00:00Z", closed_at="2026-01-01T00:00:00Z"),
            "closed_at: before opened_at",
        ),
        (wire(channel="fax"), "channel: 'fax' is not one of voice, web, whatsapp, sms"),
        (wire(turns=None), "turns: missing"),
        (wire(turns={}), "turns: a list was expected, not dict"),
        (wire(turns=["hi"]), "turns[0]: an object was expected"),
        (with_turn(role=None), "turns[1].role: missing"),
        (with_turn(role="manager"), "turns[1].role: 'manager' is not one of"),
        (with_turn(text=None), "turns[1].text: missing"),
        (with_turn(end=None), "turns[1].end: missing; start and end come together"),
        (with_turn(start="1"), "turns[1].start: a number was expected, not str"),
        (with_turn(start=True), "turns[1].start: a number was expected, not bool"),
        (with_turn(start=9.0), "turns[1].start: a time span needs 0 <= start <= end"),
        (with_turn(start=-1.0), "turns[1].start: a time span needs"),
        (with_turn(start=float("nan")), "turns[1].start: a time span needs finite seconds"),
        (with_turn(start=0.1), "turns[1].start: before the start of the turn before it"),
        (with_turn(words=[{"text": "a"}]), "turns[1].words[0].start: missing"),
        (
            with_turn(words=[{"text": "a", "start": 0, "end": 1, "probability": 2}]),
            "turns[1].words[0].probability: lies in 0..1",
        ),
        (
            with_turn(said_at="2026-01-01T10:00:00"),
            "turns[1].said_at: '2026-01-01T10:00:00' has no",
        ),
        (with_turn(said_at="monday"), "turns[1].said_at: 'monday' is not an ISO 8601 time"),
        (wire(opened_at="2026-01-01"), "opened_at: '2026-01-01' has no time zone"),
        (wire(events=[{"kind": "sneezed"}]), "events[0].kind: 'sneezed' is not one of"),
        (wire(scorecard_variables={"company": 3}), "scorecard_variables.company: text was"),
        (wire(measures=[]), "measures: an object was expected"),
        (with_measures(duration=None), "measures.duration: missing"),
        (with_measures(duration=-1), "measures.duration: a finite number from 0"),
        (with_measures(talk_over=float("nan")), "measures.talk_over: a finite number from 0"),
        (with_measures(dead_air=[{"start": 1}]), "measures.dead_air[0].end: missing"),
        (with_measures(excluded=[{}]), "measures.excluded[0].start: missing"),
        (with_measures(voice={"speaker": ""}), "measures.voices[0].speaker: empty"),
        (with_measures(voice={"talk": "long"}), "measures.voices[0].talk: a number was expected"),
        (
            with_measures(voice={"pitch_hz": {"median": 9, "low": 10, "high": 11}}),
            "measures.voices[0].pitch_hz: a pitch needs",
        ),
        (
            with_measures(voice={"tone": [{"start": 0, "end": 1, "tone": "angry"}]}),
            "measures.voices[0].tone[0].loudness_db: missing",
        ),
        (
            with_measures(
                voice={"tone": [{"start": 0, "end": 1, "tone": "angry", "loudness_db": 1}]}
            ),
            "measures.voices[0].tone[0].tone: 'angry' is not one of calm, raised, flat",
        ),
        (wire(channel="web"), "turns[0].start: only a voice conversation has seconds"),
    ],
)
def test_exchange_names_the_path_of_what_is_wrong(value: object, message: str) -> None:
    with pytest.raises(BadInput) as caught:
        from_exchange(value)
    assert str(caught.value).startswith(message)


def test_exchange_gives_free_ids_and_takes_other_systems() -> None:
    first, second = wire()["turns"][0] | {"id": "t1"}, wire()["turns"][0]
    read = from_exchange(wire(id="call 12/α", turns=[first, second]))
    assert read.id == "call 12/α"
    assert [turn.id for turn in read.turns] == ["t1", "t1_"]


def test_exchange_ignores_unknown_keys_and_numbers_turns() -> None:
    read = from_exchange(wire(weather="fine", opened_at="2026-01-01T10:00:00Z"))
    assert read.turns[0].id == "t0"
    assert read.opened_at == datetime(2026, 1, 1, 10, tzinfo=UTC)
