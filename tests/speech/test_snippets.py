"""A snippet holds its own seconds and none beside them, whatever the recording is coded in."""

from pathlib import Path

import numpy as np
import pytest

from core.errors import BadAudio
from core.spans import TimeSpan
from speech.audio import BLOCK_SECONDS, AudioFile, Reading, probe
from speech.snippets import cut
from tests.speech.sounds import RATE, Sound, after, beside, read, silence, tone, write

HIGH, LOW = 900.0, 300.0


def marked(seconds: float, span: TimeSpan) -> Sound:
    """A low tone that is high between the seconds of the span."""
    return after(
        tone(span.start, LOW), tone(span.duration, HIGH), tone(seconds - span.end, LOW)
    )  # fmt: skip


def file_of(path: Path) -> AudioFile:
    return probe(path, max_hours=5)


def share_at(sound: Sound, hertz: float) -> float:
    """How much of a sound's energy lies within 40 Hz of a pitch."""
    energy = np.abs(np.fft.rfft(sound[0])) ** 2
    pitches = np.fft.rfftfreq(sound.shape[1], 1 / RATE)
    return float(energy[np.abs(pitches - hertz) < 40].sum() / energy.sum())


@pytest.mark.parametrize(
    "name, codec, rate",
    [
        ("a.wav", "pcm_s16le", 8_000),
        ("a.wav", "pcm_mulaw", 8_000),
        ("a.wav", "pcm_s16le", 44_100),
        ("a.flac", "flac", 16_000),
        ("a.mp3", "libmp3lame", 16_000),
        ("a.ogg", "libopus", 48_000),
        ("a.m4a", "aac", 44_100),
    ],
)
def test_only_the_wanted_seconds_are_in_it(
    tmp_path: Path, name: str, codec: str, rate: int
) -> None:
    span = TimeSpan(31.5, 34.0)  # across the border of two blocks and behind the first
    path = write(tmp_path / name, marked(40, span), codec, rate)
    inner = TimeSpan(span.start + 0.1, span.end - 0.1)  # codings smear and delay by some 50 ms
    target = tmp_path / "cut.wav"
    assert cut(file_of(path), inner, target) == pytest.approx(inner.duration, abs=1e-4)
    heard = read(target)
    assert heard.shape == (1, round(inner.duration * RATE))
    assert share_at(heard, HIGH) > 0.99
    assert span.start > BLOCK_SECONDS


def test_both_sides_of_a_call_are_kept(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", beside(tone(4, HIGH), after(silence(2), tone(2, LOW))))
    cut(file_of(path), TimeSpan(1.0, 3.0), tmp_path / "cut.wav")
    heard = read(tmp_path / "cut.wav")
    assert heard.shape == (2, 2 * RATE)
    assert share_at(heard[:1], HIGH) > 0.99
    assert not heard[1, : RATE - 100].any(), "silence is silence"
    assert share_at(heard[1:, RATE:], LOW) > 0.99


def test_samples_are_those_that_were_written_down(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", marked(5, TimeSpan(1, 2)))
    cut(file_of(path), TimeSpan(0.5, 4.5), tmp_path / "cut.wav")
    whole = np.concatenate(list(Reading(file_of(path), max_hours=5).blocks()), axis=1)
    difference = read(tmp_path / "cut.wav") - whole[:, RATE // 2 : 9 * RATE // 2]
    assert np.abs(difference).max() < 2 / 32768


def test_what_ends_early_gives_what_there_is(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(2))
    assert cut(file_of(path), TimeSpan(1.5, 9.0), tmp_path / "cut.wav") == pytest.approx(0.5)


def test_seconds_that_are_not_there_leave_nothing_behind(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(2))
    with pytest.raises(BadAudio, match=r"no sound from second 3\.0 on"):
        cut(file_of(path), TimeSpan(3.0, 4.0), tmp_path / "cut.wav")
    assert not (tmp_path / "cut.wav").exists()
