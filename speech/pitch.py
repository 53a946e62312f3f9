"""Pitch: the fundamental frequency of one channel in hops of 32 ms, found block by block.

The method is YIN: de Cheveigné and Kawahara (2002), "YIN, a fundamental frequency estimator for
speech and music", JASA 111(4), steps 2 to 5 (difference function, cumulative mean normalised
difference, absolute threshold, parabolic interpolation). It also finds the fundamental that a
telephone line cuts off, for the harmonics keep its period. There the first dip below the threshold
is often half a period, so it must be nearly as deep as the deepest: a third fewer octave errors.
"""

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from speech.activity import HOP_SAMPLES
from speech.audio import SAMPLE_RATE_HZ, Samples
from speech.series import Series

Floats: TypeAlias = npt.NDArray[np.float32]

RATE_HZ = SAMPLE_RATE_HZ // 2  # half is enough: a period is read between samples
STEP = HOP_SAMPLES // 2  # samples at that rate between two hops, so that they are activity's hops
WINDOW = 256  # samples: 32 ms, two periods of the lowest voice
# Voices lie between 75 and 300 Hz at rest (Titze 1994, "Principles of Voice Production", ch. 6);
# half of the lowest is left out, for there YIN finds a period twice as long.
LOWEST_HZ, HIGHEST_HZ = 65.0, 420.0
SHORTEST_LAG, LONGEST_LAG = round(RATE_HZ / HIGHEST_HZ), round(RATE_HZ / LOWEST_HZ)
# Chosen beside Praat on three recordings (benchmarks/speech/README.md, "Pitch"); the paper's own
# threshold, 0.1 on studio sound, leaves half of a telephone call without a pitch.
APERIODIC = 0.2
NEARLY = 0.05  # how much shallower than the deepest dip the first may be
_SIZE = 512  # of the Fourier transform: window and longest lag fit without wrapping round
_REACH = WINDOW + LONGEST_LAG + 1  # samples that one hop looks at


class PitchMeter:
    """The pitch in every hop of one channel."""

    def __init__(self) -> None:
        self._rest: Floats = np.zeros(0, dtype=np.float32)  # at 16 kHz, an odd sample at most
        self._held: Floats = np.zeros(0, dtype=np.float32)  # at 8 kHz, not yet judged
        self._pitches = Series()

    @property
    def pitches(self) -> Floats:
        """Shape (hops,), Hz; NaN where nothing is periodic."""
        return self._pitches.numbers

    def add(self, samples: Samples) -> None:
        """Take the next samples, shape (time,), 16 kHz."""
        sound = np.concatenate([self._rest, samples])
        even = len(sound) // 2 * 2
        self._rest = sound[even:]
        halved = sound[:even].reshape(-1, 2).mean(axis=1)  # averaging is filter enough below 1 kHz
        self._judge(np.concatenate([self._held, halved]))

    def finish(self) -> None:
        """Judge what is left, filled up with silence."""
        left = len(self._held) + (len(self._rest) + 1) // 2
        hops = -(-left // STEP)
        tail = np.zeros(max(0, (hops - 1) * STEP + _REACH - left), dtype=np.float32)
        if hops:
            self._judge(
                np.concatenate([self._held, self._rest, tail])[: (hops - 1) * STEP + _REACH]
            )
        self._held = self._rest = np.zeros(0, dtype=np.float32)

    def _judge(self, sound: Floats) -> None:
        hops = max(0, (len(sound) - _REACH) // STEP + 1)
        self._held = sound[hops * STEP :]
        if hops:
            frames = np.lib.stride_tricks.sliding_window_view(sound, _REACH)[::STEP][:hops]
            self._pitches.add(pitches(frames))  # (hops,)


def pitches(frames: Floats) -> Floats:
    """The pitch of each frame in Hz, NaN where none is periodic.

    Args:
        frames: at 8 kHz, shape (frames, window + longest lag + 1).
    """
    normal = _normalised(_differences(frames.astype(np.float64)))  # (frames, lags)
    depths, places = _dips(normal)  # (frames, lags - 2), from lag 1 on
    depths[:, : SHORTEST_LAG - 1] = np.inf
    deepest = depths.min(axis=1, keepdims=True)
    fits = (depths < APERIODIC) & (depths <= deepest + NEARLY)
    first = fits.argmax(axis=1)  # (frames,): the first dip that is deep enough
    voiced = np.nonzero(fits.any(axis=1))[0]
    found = np.full(len(frames), np.nan, dtype=np.float32)
    found[voiced] = RATE_HZ / places[voiced, first[voiced]]
    return found


def _differences(frames: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """YIN's equation 6, by Fourier transform: shape (frames, lags), lags from 0."""
    window = np.fft.rfft(frames[:, :WINDOW], _SIZE)
    whole = np.fft.rfft(frames, _SIZE)
    products = np.fft.irfft(window.conj() * whole, _SIZE)[:, : LONGEST_LAG + 2]
    sums = np.cumsum(np.pad(np.square(frames), ((0, 0), (1, 0))), axis=1)
    energies = sums[:, WINDOW : WINDOW + LONGEST_LAG + 2] - sums[:, : LONGEST_LAG + 2]
    made: npt.NDArray[np.float64] = energies[:, :1] + energies - 2 * products
    return np.maximum(made, 0.0)


def _normalised(differences: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """YIN's equation 8; 1 at lag 0 and where there is silence."""
    lags = np.arange(1, differences.shape[1])
    sums = np.cumsum(differences[:, 1:], axis=1)
    quiet = sums <= np.finfo(np.float32).tiny
    normal = np.ones_like(differences)
    normal[:, 1:] = np.where(quiet, 1.0, differences[:, 1:] * lags / np.where(quiet, 1.0, sums))
    return normal


def _dips(
    normal: npt.NDArray[np.float64],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """How deep each dip is and at which lag, by the parabola through it and its neighbours.

    Depths are infinite where there is no dip; both have the shape (frames, lags - 2), from lag 1.
    """
    before, here, after = normal[:, :-2], normal[:, 1:-1], normal[:, 2:]
    bend = before - 2 * here + after
    is_dip = (here <= before) & (here <= after) & (bend > 0)
    slope, safe = before - after, np.where(is_dip, bend, 1.0)
    depths = np.where(is_dip, here - slope**2 / (8 * safe), np.inf)
    places = np.arange(1, normal.shape[1] - 1) + np.where(is_dip, slope / (2 * safe), 0.0)
    return depths, places
