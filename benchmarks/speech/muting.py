"""What silencing a long call costs: `python -m benchmarks.speech.muting --hours 4`.

A stereo WAV of noise at 8 kHz is made, and three of every ten seconds are silenced.
"""

import argparse
import resource
import sys
import tempfile
import time
import wave
from pathlib import Path

import numpy as np

from core.recording import Mute
from core.spans import TimeSpan
from speech.audio import probe
from speech.muting import mute

RATE_HZ = 8_000
LOUD = 3_000  # of 32,768


def main() -> None:
    """Print seconds silenced, CPU and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=4.0)
    hours = parser.parse_args().hours
    with tempfile.TemporaryDirectory() as folder:
        call, copy = Path(folder, "call.wav"), Path(folder, "copy.wav")
        _noise(call, hours)
        mutes = [Mute(TimeSpan(start, start + 3)) for start in range(0, int(hours * 3600), 10)]
        begun = time.process_time()
        muted = mute(probe(call, max_hours=hours + 1), mutes, copy)
        used = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{hours:g} h of stereo, {muted.seconds:.0f} s in {len(mutes)} stretches silenced, "
        f"{used:.1f} s of CPU, peak {peak:.0f} MiB\n"
    )


def _noise(path: Path, hours: float) -> None:
    minute = np.random.default_rng(0).normal(size=2 * 60 * RATE_HZ) * LOUD
    block = minute.astype("<i2").tobytes()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        for _ in range(round(hours * 60)):
            file.writeframes(block)


if __name__ == "__main__":
    main()
