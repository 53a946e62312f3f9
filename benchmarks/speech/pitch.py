"""The pitch that Parley measures beside Praat's, hop by hop: `python -m ... CALL [CALL ...]`.

Praat is no part of Parley: `pip install praat-parselmouth` (GPL) into the same environment first.
"""

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import parselmouth  # type: ignore[import-not-found] # only for this comparison

from speech.activity import HOP
from speech.audio import SAMPLE_RATE_HZ, Reading, Samples, probe
from speech.pitch import HIGHEST_HZ, LOWEST_HZ, PitchMeter

GROSS_SEMITONES = 3.0  # 20 %, the usual border of a gross pitch error


def main(paths: list[str]) -> None:
    """Print a line for each channel of each file."""
    for path in paths:
        file = probe(Path(path), max_hours=1)
        sound = np.concatenate(list(Reading(file, max_hours=1).blocks()), axis=1)
        for channel, samples in enumerate(sound):
            ours = _ours(samples)
            theirs = _praat(samples, len(ours))
            both = ~np.isnan(ours) & ~np.isnan(theirs)
            away = 12 * np.log2(ours[both] / theirs[both])
            found = both.sum() / (~np.isnan(theirs)).sum()
            gross = (np.abs(away) > GROSS_SEMITONES).mean()
            sys.stdout.write(
                f"{file.path.name} channel {channel + 1}: pitch in {found:.2f} of Praat's voiced "
                f"hops, {gross:.3f} gross errors, median {np.nanmedian(ours):.0f} Hz "
                f"(Praat {np.nanmedian(theirs):.0f}), "
                f"median difference {np.median(np.abs(away)):.2f} semitones\n"
            )


def _ours(samples: Samples) -> npt.NDArray[np.float32]:
    meter = PitchMeter()
    meter.add(samples)
    meter.finish()
    return meter.pitches


def _praat(samples: Samples, hops: int) -> npt.NDArray[np.float64]:
    """Praat's pitch by autocorrelation at our hops' middles, NaN where it hears no voice."""
    made = parselmouth.Sound(samples.astype(np.float64), SAMPLE_RATE_HZ).to_pitch_ac(
        time_step=HOP, pitch_floor=LOWEST_HZ, pitch_ceiling=HIGHEST_HZ
    )
    found = np.full(hops, np.nan)
    for time, value in zip(made.xs(), made.selected_array["frequency"], strict=True):
        hop = int(time / HOP)
        if value > 0 and hop < hops:
            found[hop] = value
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
