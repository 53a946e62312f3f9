"""A call measured whole: figures with their denominators, on spans by hand and on real sound."""

from pathlib import Path

import numpy as np
import pytest

from core.conversation import Role, Speech, Turn, Word
from core.measures import CallMeasures, Share, Tone
from core.spans import TimeSpan
from core.speakers import roles_of, talk_share
from speech.activity import HOP, listen
from speech.audio import Reading, probe
from speech.measures import PitchMeters, Voice, measure, voices_of
from speech.tone import VoiceSound
from tests.speech.sounds import after, beside, has_flite, say, silence, write

needs_flite = pytest.mark.skipif(
    not has_flite(), reason="flite is not installed (Debian: apt install flite)"
)
AGENT, CUSTOMER = "channel 1", "channel 2"


def steady(seconds: float) -> VoiceSound:
    hops = round(seconds / HOP)
    return VoiceSound(np.full(hops, -20, np.float32), np.full(hops, 150, np.float32))


def spoken(role: str, speaker: str, start: float, end: float, words: int) -> Turn:
    step = (end - start) / words
    said = tuple(
        Word(f"w{n}", TimeSpan(start + n * step, start + (n + 1) * step)) for n in range(words)
    )
    text = " ".join(word.text for word in said)
    return Turn(
        f"{speaker}{start}", Role(role), text, None, Speech(TimeSpan(start, end), speaker, said)
    )


def by_hand(excluded: tuple[TimeSpan, ...] = ()) -> CallMeasures:
    turns = (
        spoken("agent", AGENT, 0, 12, 30),
        spoken("customer", CUSTOMER, 11, 17, 20),
        spoken("agent", AGENT, 40, 42, 4),
    )
    voices = (
        Voice(AGENT, 0, (TimeSpan(0, 12), TimeSpan(40, 42))),
        Voice(CUSTOMER, 1, (TimeSpan(11, 17),)),
    )
    sounds = (steady(60), steady(60))
    return measure(voices, sounds, turns, duration=60.0, excluded=excluded)


def test_every_figure_has_its_numerator_and_denominator() -> None:
    made = by_hand()
    agent, customer = made.voices
    assert (agent.talk_seconds, customer.talk_seconds) == (14.0, 6.0)
    assert agent.pace == Share(34, 14 / 60)
    assert customer.pace.value == pytest.approx(200.0)
    assert made.talk_over == Share(1.0, 60.0)
    assert made.dead_air == (TimeSpan(17, 40), TimeSpan(42, 60))
    assert made.dead_air_share == Share(41.0, 60.0)
    assert (agent.interruptions, customer.interruptions) == ((), (TimeSpan(11, 12),))
    assert agent.pitch is not None and agent.pitch.median_hz == 150.0
    assert agent.loudness_dbfs == -20.0
    assert agent.share_of(Tone.FLAT) == Share(3, 3)  # a tone of one pitch


def test_holds_and_mutes_are_no_dead_air() -> None:
    made = by_hand((TimeSpan(16, 38.0), TimeSpan(55, 99)))
    assert made.excluded == (TimeSpan(16, 38), TimeSpan(55, 60))
    assert made.dead_air == (TimeSpan(42, 55),)
    assert made.dead_air_share == Share(13.0, 33.0)


def test_talk_share_follows_the_roles_of_the_turns() -> None:
    made = by_hand()
    roles = {AGENT: Role.AGENT, CUSTOMER: Role.CUSTOMER}
    assert talk_share(made, roles) == Share(14.0, 20.0)
    swapped = {AGENT: Role.CUSTOMER, CUSTOMER: Role.AGENT}
    assert talk_share(made, swapped) == Share(6.0, 20.0)
    assert talk_share(made, {AGENT: Role.UNKNOWN, CUSTOMER: Role.UNKNOWN}) is None
    assert talk_share(made, {AGENT: Role.AGENT}) is None


def test_a_share_of_nothing_has_no_value() -> None:
    made = measure((), (), (), duration=0.0)
    assert made.talk_over.value is None
    assert made.dead_air_share.value is None
    assert made.voices == ()


def test_roles_of_voices_are_those_of_most_of_their_turns() -> None:
    turns = [spoken("agent", AGENT, n, n + 1, 2) for n in range(3)]
    turns.append(spoken("customer", AGENT, 5, 6, 2))
    assert roles_of(turns) == {AGENT: Role.AGENT}
    assert roles_of([Turn("t", Role.AGENT, "typed")]) == {}


def test_voices_on_one_channel_are_those_that_the_turns_name() -> None:
    turns = (spoken("unknown", "A", 0, 4, 5), spoken("unknown", "B", 5, 9, 5))
    voiced = ((TimeSpan(0, 3.5), TimeSpan(4.2, 4.8), TimeSpan(5.5, 9)),)
    assert voices_of(turns, voiced) == (
        Voice("A", 0, (TimeSpan(0, 3.5),)),
        Voice("B", 0, (TimeSpan(5.5, 9),)),
    )
    assert voices_of((), voiced) == (Voice("channel 1", 0, voiced[0]),)


@needs_flite
def test_real_sound_gives_what_was_put_into_it(tmp_path: Path) -> None:
    words = "Thank you for calling, how can I help you with your order today, please?"
    woman, man = say(words, tmp_path), say(words, tmp_path, voice="rms")
    seconds = woman.shape[1] / 16_000
    quiet = after(*[after(0.3 * woman, silence(0.5))] * 6)
    loud = after(*[after(woman, silence(0.5))] * 2)
    left = after(quiet, loud)
    right = after(silence(left.shape[1] / 16_000 + 6.0), man)
    path = write(tmp_path / "call.wav", beside(left, right), rate=8_000)
    made = measured(path)
    hers, his = made.voices
    assert hers.talk_seconds == pytest.approx(8 * seconds, rel=0.12)
    assert hers.pitch is not None and his.pitch is not None
    assert 150 < hers.pitch.median_hz < 210  # flite's slt and rms by Praat: 172 and 97 Hz
    assert 80 < his.pitch.median_hz < 125
    assert made.dead_air_share.part == pytest.approx(6.0, abs=1.0)
    late = [point.tone for point in hers.tone if point.span.start > 6.2 * seconds]
    early = [point.tone for point in hers.tone if point.span.end < 6 * seconds]
    assert late[0] is Tone.RAISED
    assert Tone.RAISED not in early


def measured(path: Path) -> CallMeasures:
    file = probe(path, max_hours=1)
    reading, meters = Reading(file, max_hours=1), PitchMeters(file.channels)
    activity = listen(meters.through(reading.blocks(seconds=3.0)), file.channels)
    sounds = [VoiceSound(*pair) for pair in zip(activity.levels, meters.pitches, strict=True)]
    return measure(voices_of((), activity.voiced), sounds, (), duration=reading.duration)
