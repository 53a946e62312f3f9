"""Reading sound: every coding, and everything that is not sound or not all there."""

import struct
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
        ("a.wav", "adpcm_ms", 8_000),
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


def test_g726_is_read(tmp_path: Path) -> None:
    file = probe(write(tmp_path / "a.wav", tone(3.0), "adpcm_g726", 8_000), max_hours=1)
    sound = np.concatenate(list(Reading(file, max_hours=1).blocks()), axis=1)
    assert (file.codec[-4:], file.channels, file.sample_rate_hz) == ("g726", 1, 8_000)
    assert sound.shape[1] == pytest.approx(48_000, abs=800)
    assert _loudest_hertz(sound[0]) == pytest.approx(440, abs=3)


def _gsm(path: Path, blocks: int) -> Path:
    """A GSM 6.10 WAV as telephone systems write it: blocks of 65 bytes, 320 samples each."""
    form = struct.pack("<HHIIHHHH", 0x31, 1, 8_000, 1_625, 65, 0, 2, 320)
    frames = np.random.default_rng(1).bytes(65 * blocks)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form
    chunks += b"fact" + struct.pack("<II", 4, 320 * blocks)
    chunks += b"data" + struct.pack("<I", len(frames)) + frames
    path.write_bytes(b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks)
    return path


def test_gsm_is_read(tmp_path: Path) -> None:
    file = probe(_gsm(tmp_path / "a.wav", 75), max_hours=1)  # 3 s
    reading = Reading(file, max_hours=1)
    sound = np.concatenate(list(reading.blocks()), axis=1)
    assert (file.codec, file.channels, file.sample_rate_hz) == ("gsm_ms", 1, 8_000)
    assert sound.shape[1] == pytest.approx(48_000, abs=100)
    assert reading.incomplete_at is None


def test_an_mp3_of_which_little_can_be_decoded_says_where_it_breaks(tmp_path: Path) -> None:
    path = write(tmp_path / "a.mp3", tone(30.0), "libmp3lame", 16_000)
    content = bytearray(path.read_bytes())
    content[len(content) // 20 :] = bytes(len(content) - len(content) // 20)
    path.write_bytes(content)
    reading = Reading(probe(path, max_hours=1), max_hours=1)
    assert sum(block.shape[1] for block in reading.blocks()) / 16_000 < 30
    assert reading.incomplete_at is not None
    assert reading.incomplete_at < 4


@pytest.mark.parametrize("rate", [1, 50, 0xFFFF_FFFF])
def test_a_rate_that_lies_is_refused(tmp_path: Path, rate: int) -> None:
    path = write(tmp_path / "a.wav", tone(1.0))
    content = bytearray(path.read_bytes())
    content[24:28] = rate.to_bytes(4, "little")
    path.write_bytes(content)
    with pytest.raises(BadAudio, match=r"samples a second|not sound"):
        probe(path, max_hours=1)


def test_a_coding_nobody_knows_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", tone(1.0))
    content = bytearray(path.read_bytes())
    content[20:22] = b"\x99\x77"
    path.write_bytes(content)
    with pytest.raises(BadAudio, match="coding that cannot be read"):
        probe(path, max_hours=1)


def test_a_file_that_changes_its_channels_breaks_there(tmp_path: Path) -> None:
    both = write(tmp_path / "a.mp3", STEREO, "libmp3lame").read_bytes()
    one = write(tmp_path / "b.mp3", tone(3.0), "libmp3lame").read_bytes()
    path = tmp_path / "c.mp3"
    path.write_bytes(both + one)
    reading = Reading(probe(path, max_hours=1), max_hours=1)
    blocks = list(reading.blocks())
    assert {len(block) for block in blocks} == {2}
    assert reading.incomplete_at == pytest.approx(3.0, abs=0.2)


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
