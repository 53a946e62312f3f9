"""Corrupt, truncated and hostile sound files: real containers, bent in ways that hypothesis picks.

`python -m tests.speech.hostile --count 2000` hears so many in this process and prints what came of
them and the peak of memory; the quick tests hear 200.
"""

import argparse
import collections
import resource
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadAudio
from core.recording import ChannelLayout
from speech.hearing import hear
from tests.speech.build import Parrot
from tests.speech.sounds import beside, tone, write

KINDS = (  # name, codec, rate: the containers and codings that recorders write
    ("a.wav", "pcm_s16le", 8_000),
    ("a.wav", "pcm_mulaw", 8_000),
    ("a.wav", "pcm_alaw", 8_000),
    ("a.wav", "adpcm_ima_wav", 8_000),
    ("a.wav", "adpcm_ms", 8_000),
    ("mono.wav", "adpcm_g726", 8_000),
    ("a.mp3", "libmp3lame", 16_000),
    ("a.opus", "libopus", 48_000),
    ("a.m4a", "aac", 16_000),
    ("a.flac", "flac", 16_000),
)
NASTY = (0, 1, 2, 0x7F, 0x80, 0xFF)
NUMBERS = (0, 1, 3, 0xFFFF, 0x7FFF_FFFF, 0xFFFF_FFFF, 0x8000_0000, 8_000, 192_000)
HEAD = 128  # bytes in which containers keep their counts, rates and sizes
MOST_ADDRESSES = 4 << 30  # bytes: three times the bound, as threads and libraries only reserve
MAX_HOURS = 8.0  # as the settings have it


@cache
def whole(number: int) -> bytes:
    """A real file of this kind, 1.2 s, two channels where the coding can."""
    name, codec, rate = KINDS[number]
    sound = beside(tone(1.2), tone(0.8, 330))
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / name, sound[:1] if "mono" in name else sound, codec, rate)
        return path.read_bytes()


def bent(content: bytes, changes: Sequence[tuple[str, int, int]]) -> bytes:
    """The file after the changes; places wrap around its length."""
    made = bytearray(content)
    for kind, place, value in changes:
        at = place % max(len(made), 1)
        if kind == "cut":
            del made[at:]
        elif kind == "byte":
            made[at : at + 1] = bytes([NASTY[value % len(NASTY)]])
        elif kind == "flip":
            made[at : at + 1] = bytes(b ^ (1 << value % 8) for b in made[at : at + 1])
        elif kind == "head":  # a size, a rate or a count of channels that lies
            at = place % HEAD
            number = NUMBERS[value % len(NUMBERS)]
            made[at : at + 4] = number.to_bytes(4, "little" if value % 2 else "big")
        elif kind == "lose":
            del made[at : at + value % 2_000]
        elif kind == "zero":
            made[at : at + value % 4_000] = bytes(value % 4_000)
        elif kind == "repeat":
            made[at:at] = made[at : at + value % 3_000] * 3
        elif kind == "splice":
            made[at:] = whole(value % len(KINDS))
    return bytes(made)


KIND_OF_CHANGE = st.sampled_from(
    [
        "cut",
        "byte",
        "byte",
        "flip",
        "flip",
        "head",
        "head",
        "head",
        "lose",
        "zero",
        "repeat",
        "splice",
    ]
)
CHANGES = st.lists(
    st.tuples(KIND_OF_CHANGE, st.integers(0, 1 << 20), st.integers(0, 1 << 16)),
    min_size=1,
    max_size=8,
)
HOSTILE = st.builds(
    lambda number, changes: (KINDS[number][0], bent(whole(number), changes)),
    st.integers(0, len(KINDS) - 1),
    CHANGES,
)


def outcome(name: str, content: bytes) -> str:
    """'heard', 'heard in part' or 'BadAudio'; any other exception passes through."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        try:
            heard = hear(
                path,
                recording="r",
                layout=ChannelLayout.AGENT_CUSTOMER,
                engine=Parrot(lambda _: "hello"),
                language="en",
                max_hours=MAX_HOURS,
            )
        except BadAudio as error:
            if not str(error):
                raise
            return "BadAudio"
    return "heard" if heard.incomplete_at is None else "heard in part"


def peak_mib() -> float:
    """Most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Hear many, print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=2_000)
    count = parser.parse_args().count
    resource.setrlimit(resource.RLIMIT_AS, (MOST_ADDRESSES, MOST_ADDRESSES))
    found: collections.Counter[str] = collections.Counter()

    @settings(
        max_examples=count,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(HOSTILE)
    def hear_all(file: tuple[str, bytes]) -> None:
        found[outcome(*file)] += 1

    hear_all()
    counts = ", ".join(f"{number} {name}" for name, number in sorted(found.items()))
    print(f"{sum(found.values())} files: {counts}; peak {peak_mib():.0f} MiB")  # noqa: T201


if __name__ == "__main__":
    main()
