"""Muted copies: silent inside the spans, the same outside their fades, never moved in time."""

import hashlib
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadAudio, BadInput
from core.recording import Mute
from core.spans import TimeSpan
from speech.audio import AudioFile, probe
from speech.muting import FADE, Hole, Muted, gains, mute, quieted
from tests.speech.sounds import RATE, Sound, after, read, tone, write, write_nothing

SPANS = (Mute(TimeSpan(2.0, 3.5)), Mute(TimeSpan(5.0, 6.0), channel=1))


def noise(seconds: float, channels: int = 2, seed: int = 1) -> Sound:
    """A sound in which no two samples are alike, so that a shift of one is seen."""
    made = np.random.default_rng(seed).normal(size=(channels, round(seconds * RATE))) * 0.1
    return made.astype(np.float32)


def muted(path: Path, *mutes: Mute) -> tuple[Muted, Path]:
    target = path.with_name(f"muted-{path.name}")
    return mute(_file(path), mutes, target), target


def _file(path: Path) -> AudioFile:
    return probe(path, max_hours=5)


def pcm(path: Path) -> np.ndarray:
    """The 16-bit samples of a WAV file, shape (channels, time)."""
    with wave.open(str(path), "rb") as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
        return raw.reshape(-1, file.getnchannels()).T


@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_outside_the_fades_every_sample_is_the_same(tmp_path: Path, rate: int) -> None:
    path = write(tmp_path / "a.wav", noise(8), "pcm_s16le", rate)
    before = hashlib.sha256(path.read_bytes()).digest()
    made, target = muted(path, *SPANS)
    assert made == Muted("wav", "pcm_s16le", 2.5, "")
    assert hashlib.sha256(path.read_bytes()).digest() == before
    old, new = pcm(path), pcm(target)
    assert old.shape == new.shape
    fade = round(FADE * rate)
    for channel, holes in enumerate([[(2.0, 3.5)], [(2.0, 3.5), (5.0, 6.0)]]):
        kept = np.ones(old.shape[1], dtype=bool)
        for start, end in holes:
            begin, stop = int(start * rate), int(end * rate)
            assert not new[channel, begin:stop].any()
            kept[begin - fade : stop + fade] = False
            assert abs(new[channel, begin - fade : begin]).max() > 0  # it fades, it is not cut
        assert np.array_equal(old[channel, kept], new[channel, kept])


@pytest.mark.parametrize(
    ("name", "codec", "container", "kept"),
    [
        ("a.wav", "pcm_s24le", "wav", "pcm_s24le"),
        ("a.wav", "pcm_f32le", "wav", "pcm_f32le"),
        ("a.flac", "flac", "flac", "flac"),
        ("a.m4a", "alac", "ipod", "alac"),
        ("a.aiff", "pcm_s16be", "aiff", "pcm_s16be"),
        ("a.wav", "adpcm_ima_wav", "flac", "flac"),
        ("a.wav", "g726", "flac", "flac"),
    ],
)
def test_lossless_codings_are_kept_and_rare_ones_become_flac(
    tmp_path: Path, name: str, codec: str, container: str, kept: str
) -> None:
    rate, channels = (8_000, 1) if codec == "g726" else (RATE, 2)
    path = write(tmp_path / name, noise(7, channels), codec, rate)
    made, target = muted(path, Mute(TimeSpan(2.0, 3.5)))
    assert (made.container, made.codec) == (container, kept)
    assert (f"FLAC, as {codec}" in made.note or "adpcm_g726" in made.note) is (codec != kept)
    old, new = read(path), read(target)
    assert old.shape == new.shape
    assert abs(new[:, int(2.02 * RATE) : int(3.48 * RATE)]).max() == 0
    assert np.array_equal(old[:, : int(1.9 * RATE)], new[:, : int(1.9 * RATE)])
    assert np.allclose(old[:, int(3.6 * RATE) :], new[:, int(3.6 * RATE) :], atol=1e-6)


@pytest.mark.parametrize("codec", ["pcm_mulaw", "pcm_alaw", "pcm_u8"])
def test_telephone_codings_come_out_byte_for_byte(tmp_path: Path, codec: str) -> None:
    path = write(tmp_path / "a.wav", noise(4), codec, 8_000)
    made, target = muted(path, Mute(TimeSpan(1.0, 2.0)))
    assert (made.codec, made.note) == (codec, "")
    old, new = path.read_bytes(), target.read_bytes()
    assert len(old) == len(new)
    head = len(old) - 2 * 8_000 * 4
    inside = slice(head + 2 * 8_000, head + 2 * 16_000)
    assert len(set(new[inside])) == 1  # one code for silence
    late = head + 2 * round(8_000 * 2.02)
    assert old[late:] == new[late:]
    assert old[head : head + 15_800] == new[head : head + 15_800]


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("a.mp3", "libmp3lame", 44_100),
        ("b.mp3", "libmp3lame", RATE),
        ("a.m4a", "aac", 44_100),
        ("a.opus", "libopus", 48_000),
    ],
)
def test_lossy_codings_are_encoded_again_without_a_shift(
    tmp_path: Path, name: str, codec: str, rate: int
) -> None:
    sweep = np.sin(np.cumsum(np.linspace(0.05, 0.5, 8 * RATE)))[None].astype(np.float32) * 0.3
    path = write(tmp_path / name, sweep, codec, rate)
    made, target = muted(path, Mute(TimeSpan(2.0, 3.5)))
    assert "encoded again" in made.note
    old, new = read(path), read(target)
    assert old.shape == new.shape
    assert abs(new[:, int(2.05 * RATE) : int(3.45 * RATE)]).max() < 1e-4
    here = old[0, 5 * RATE : 6 * RATE]
    shifts = {lag: float(here @ new[0, 5 * RATE + lag :][:RATE]) for lag in range(-40, 41)}
    assert max(shifts, key=lambda lag: shifts[lag]) == 0


@pytest.mark.parametrize(
    ("mutes", "seconds"),
    [
        ((Mute(TimeSpan(9.0, 12.0)),), 0.0),  # behind the end
        ((Mute(TimeSpan(3.0, 12.0)),), 1.0),
        ((Mute(TimeSpan(0.0, 100.0)),), 4.0),
        ((Mute(TimeSpan(1.0, 1.0)),), 0.0),
        ((), 0.0),
        ((Mute(TimeSpan(2.0, 3.0)), Mute(TimeSpan(1.0, 2.5))), 2.0),
    ],
)
def test_spans_reach_as_far_as_the_sound(
    tmp_path: Path, mutes: tuple[Mute, ...], seconds: float
) -> None:
    path = write(tmp_path / "a.wav", noise(4, 1))
    made, target = muted(path, *mutes)
    assert made.seconds == seconds
    assert (pcm(target) == 0).sum() >= seconds * RATE
    if not seconds:
        assert np.array_equal(pcm(path), pcm(target))


def test_a_channel_that_is_not_there_is_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", noise(1, 1))
    with pytest.raises(BadInput, match="no channel 2"):
        muted(path, Mute(TimeSpan(0, 1), channel=1))


def test_a_file_without_sound_leaves_nothing_behind(tmp_path: Path) -> None:
    path = write_nothing(tmp_path / "a.wav")
    with pytest.raises(BadAudio, match="no sound"):
        muted(path, SPANS[0])
    assert not (tmp_path / "muted-a.wav").exists()


def test_a_damaged_file_is_muted_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", after(tone(6), tone(6, 330)), "libmp3lame", 44_100)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    made, target = muted(path, Mute(TimeSpan(1.0, 2.0)), Mute(TimeSpan(8.0, 9.0)))
    assert made.seconds == 1.0
    sound = read(target)
    assert abs(sound[:, int(1.1 * RATE) : int(1.9 * RATE)]).max() < 1e-4
    assert abs(sound[:, 3 * RATE : 4 * RATE]).max() > 0.1


spans = st.tuples(st.integers(0, 1200), st.integers(0, 600), st.sampled_from([None, 0, 1])).map(
    lambda made: Mute(TimeSpan(made[0] / 100, (made[0] + made[1]) / 100), made[2])
)


@settings(max_examples=60, deadline=None)
@given(mutes=st.lists(spans, max_size=8))
def test_any_spans_silence_just_their_seconds(
    mutes: list[Mute], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    path = write(folder / "a.wav", noise(10), "pcm_s16le", 8_000)
    _, target = muted(path, *mutes)
    old, new = pcm(path), pcm(target)
    assert old.shape == new.shape
    for channel in (0, 1):
        inside, near = np.zeros(80_000, dtype=bool), np.zeros(80_000, dtype=bool)
        for each in mutes:
            if each.channel in (None, channel) and each.span.duration:
                begin, end = round(each.span.start * 8_000), round(each.span.end * 8_000)
                inside[begin:end] = True
                near[max(0, begin - 80) : end + 80] = True
        assert not new[channel, inside].any()
        assert np.array_equal(new[channel, ~near], old[channel, ~near])


def test_gains_do_not_hang_on_how_the_sound_is_cut() -> None:
    holes = (Hole(100, 250, None), Hole(400, 401, 1))
    whole = gains(holes, 0, (2, 600), 16)
    assert whole is not None
    for size in (1, 7, 100, 599):
        parts = []
        for begin in range(0, 600, size):
            shape = (2, min(size, 600 - begin))
            part = gains(holes, begin, shape, 16)
            parts.append(np.ones(shape) if part is None else part)
        assert np.array_equal(np.concatenate(parts, axis=1), whole)
    assert whole[0, 400] == 1.0
    assert whole[1, 400] == 0.0


@pytest.mark.parametrize(("kind", "zero"), [("u1", 128), ("i2", 0), ("i4", 0), ("f4", 0)])
def test_silence_is_what_the_sample_type_calls_it(kind: str, zero: int) -> None:
    samples = np.array([[100, 101, 102]], dtype=kind)
    made = quieted(samples, np.array([[1.0, 0.0, 0.0]]))
    assert made.dtype == samples.dtype
    assert made.tolist() == [[100, zero, zero]]


CODINGS = [
    ("a.wav", "pcm_s16le"),
    ("a.wav", "pcm_mulaw"),
    ("a.mp3", "libmp3lame"),
    ("a.flac", "flac"),
    ("a.opus", "libopus"),
    ("a.m4a", "aac"),
]


@pytest.fixture(scope="module")
def whole_files(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    folder = tmp_path_factory.mktemp("whole")
    rates = {"libopus": 48_000, "pcm_mulaw": 8_000}
    return [
        write(folder / f"{n}{name}", noise(1.5), codec, rates.get(codec, RATE)).read_bytes()
        for n, (name, codec) in enumerate(CODINGS)
    ]


@settings(max_examples=150, deadline=None)
@given(
    which=st.integers(0, len(CODINGS) - 1),
    cut=st.floats(0.0, 1.0),
    wrong=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 255)), max_size=12),
)
def test_a_damaged_file_is_muted_or_refused(
    which: int,
    cut: float,
    wrong: list[tuple[float, int]],
    whole_files: list[bytes],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    damaged = bytearray(whole_files[which])
    for place, value in wrong:
        damaged[int(place * (len(damaged) - 1))] = value
    folder = tmp_path_factory.mktemp("damaged")
    path = folder / "call"
    path.write_bytes(damaged[: max(1, int(cut * len(damaged)))])
    target = folder / "target"
    try:
        mute(_file(path), (Mute(TimeSpan(0.5, 1.0)),), target)
    except BadAudio:
        assert not target.exists()
        return
    assert target.stat().st_size > 0
