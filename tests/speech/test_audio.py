"""Reading sound: every coding, and everything that is not sound or not all there."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from core.errors import BadAudio
from speech.audio import Reading, fingerprint, probe
from tests.speech.sounds import beside, silence, tone, write, write_nothing

STEREO = beside(tone(3.0, 440), tone(3.0, 220))


@pytest.mark.parametrize(
    ("name", "codec", "rate"),
    [
        ("a.wav", "pcm_s16le", 8_000),
        ("a.wav", "pcm_mulaw", 8_000),
        ("a.wav", "pcm_alaw", 8_000),
        ("a.wav", "adpcm_ima_wav", 16_000),
        ("a.mp3", "libmp3lame", 44_100),
        ("a.flac", "flac", 48_000),
        ("a.opus", "libopus", 48_000),
        ("a.ogg", "libopus", 48_000),
        ("a.m4a", "aac", 44_100),
    ],
)
def test_reading_gives_both_channels_of_every_coding(
    tmp_path: Path, name: str, codec: str, rate: int
) -> None:
    file = probe(write(tmp_path / name, STEREO, codec, rate), max_hours=1)
    reading = Reading(file, max_hours=1)
    sound = np.concatenate(list(reading.blocks(1.0)), axis=1)
    assert (file.channels, file.sample_rate_hz) == (2, rate)
    assert sound.dtype == np.float32
    assert reading.duration == pytest.approx(3.0, abs=0.15)
    assert reading.incomplete_at is None
    assert [_loudest_hertz(channel) for channel in sound] == pytest.approx([440, 220], abs=3)


def test_reading_blocks_are_bounded(tmp_path: Path) -> None:
    file = probe(write(tmp_path / "a.wav", STEREO), max_hours=1)
    lengths = [block.shape for block in Reading(file, max_hours=1).blocks(0.7)]
    assert lengths == [(2, 11_200)] * 4 + [(2, 3_200)]


def _text(path: Path) -> None:
    path.write_text("This is not a recording.\n" * 40, encoding="utf-8")


def _playlist(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXTINF:3,\n/etc/hostname\n#EXT-X-ENDLIST\n", encoding="utf-8")


def _header_only(path: Path) -> None:
    write(path, tone(3.0))
    path.write_bytes(path.read_bytes()[:78])


def _half_m4a(path: Path) -> None:
    write(path.with_suffix(".m4a"), tone(3.0), "aac")
    content = path.with_suffix(".m4a").read_bytes()
    path.write_bytes(content[: len(content) // 2])


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (Path.touch, "empty"),
        (_text, "not sound"),
        (_playlist, "not sound"),
        (lambda path: path.write_bytes(b"RIFF\0\0\0\0WAVE"), "not sound"),
        (_header_only, "promises 3.0 s of sound and holds none"),
        (_half_m4a, "not sound"),
        (lambda path: write(path, silence(1.0, channels=3)), "3 channels"),
        (lambda path: write(path, tone(9.0)), "longer than the limit of 0.002 hours"),
        (Path.mkdir, "not a file"),
    ],
)
def test_bad_audio_says_why(tmp_path: Path, make: Callable[[Path], object], words: str) -> None:
    path = tmp_path / "call.wav"
    make(path)
    with pytest.raises(BadAudio, match=words):
        list(Reading(probe(path, max_hours=0.002), max_hours=0.002).blocks())


def test_a_tag_in_another_encoding_does_not_matter(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(1.0))
    sound = path.read_bytes()
    artist = b"IART" + (6).to_bytes(4, "little") + "Café".encode("latin-1") + b"\0\0"
    content = sound[8:] + b"LIST" + (4 + len(artist)).to_bytes(4, "little") + b"INFO" + artist
    path.write_bytes(b"RIFF" + len(content).to_bytes(4, "little") + content)
    reading = Reading(probe(path, max_hours=1), max_hours=1)
    assert sum(block.shape[1] for block in reading.blocks()) == 16_000


def test_reading_stops_at_the_limit_when_the_header_lies(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(9.0))
    file = probe(path, max_hours=1)
    with pytest.raises(BadAudio, match="longer than the limit"):
        list(Reading(file, max_hours=0.002).blocks(1.0))


@pytest.mark.parametrize(
    ("name", "codec"),
    [("a.wav", "pcm_s16le"), ("a.mp3", "libmp3lame"), ("a.flac", "flac"), ("a.opus", "libopus")],
)
def test_truncated_file_gives_what_is_there(tmp_path: Path, name: str, codec: str) -> None:
    path = write(tmp_path / name, tone(8.0), codec, 48_000)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    reading = Reading(probe(path, max_hours=1), max_hours=1)
    assert sum(block.shape[1] for block in reading.blocks()) > 0
    assert reading.duration == pytest.approx(4.0, abs=0.6)
    assert reading.incomplete_at == pytest.approx(reading.duration, abs=0.2)


def test_a_damaged_middle_keeps_later_times(tmp_path: Path) -> None:
    path = write(tmp_path / "a.flac", tone(8.0), "flac")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 400] = bytes(400)
    path.write_bytes(content)
    reading = Reading(probe(path, max_hours=1), max_hours=1)
    assert sum(block.shape[1] for block in reading.blocks()) / 16_000 == pytest.approx(8, abs=0.6)


def test_zero_seconds_is_no_error(tmp_path: Path) -> None:
    reading = Reading(probe(write_nothing(tmp_path / "a.wav"), max_hours=1), max_hours=1)
    assert list(reading.blocks()) == []
    assert (reading.duration, reading.incomplete_at) == (0.0, None)


def test_fingerprint_is_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "a.bin"
    path.write_bytes(b"abc")
    expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-2
    assert fingerprint(path) == expected


def _loudest_hertz(samples: np.ndarray) -> float:
    spectrum = np.abs(np.fft.rfft(samples))
    return float(np.argmax(spectrum) * 16_000 / len(samples))
