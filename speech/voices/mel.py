"""The spectrogram that the voice encoder was trained on: 40 mel bands, 25 ms every 10 ms, in power.

Source: Slaney, Auditory Toolbox (1998), for the mel scale and its triangles, as librosa has them.
"""

import functools

import numpy as np
import numpy.typing as npt

from speech.audio import SAMPLE_RATE_HZ, Samples

Array = npt.NDArray[np.float32]

BANDS = 40
SIZE = 400  # samples, 25 ms
HOP = 160  # samples, 10 ms
# The mel scale is linear up to 1 kHz and logarithmic above, Slaney (1998).
_LINEAR_HZ = 200 / 3  # per mel
_BREAK_HZ = 1000.0
_BREAK_MEL = _BREAK_HZ / _LINEAR_HZ
_LOG_STEP = np.log(6.4) / 27


def mel_spectrogram(samples: Samples) -> Array:
    """Power in mel bands, shape (frames, 40); frame n is centred at sample 160 n.

    Args:
        samples: shape (time,), 16 kHz.
    """
    padded = np.pad(samples, (SIZE // 2, SIZE // 2))
    frames = np.lib.stride_tricks.sliding_window_view(padded, SIZE)[::HOP]  # (frames, 400)
    power = np.square(np.abs(np.fft.rfft(frames * _window(), axis=1)))  # (frames, 201)
    mels: Array = (power @ _triangles().T).astype(np.float32)
    return mels


def frame_power(samples: Samples) -> Array:
    """Mean square of the 10 ms around each frame of `mel_spectrogram`, shape (frames,)."""
    padded = np.pad(samples, (HOP // 2, HOP))
    count = 1 + len(samples) // HOP
    power: Array = np.square(padded[: count * HOP].reshape(count, HOP)).mean(axis=1)
    return power


@functools.cache
def _window() -> Array:
    """Hann, periodic."""
    window: Array = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(SIZE) / SIZE)).astype(np.float32)
    return window


@functools.cache
def _triangles() -> npt.NDArray[np.float64]:
    """One row a band, of equal area, shape (40, 201)."""
    highest = _BREAK_MEL + np.log(SAMPLE_RATE_HZ / 2 / _BREAK_HZ) / _LOG_STEP
    corners = _hertz(np.linspace(0.0, highest, BANDS + 2))
    bins = np.fft.rfftfreq(SIZE, 1 / SAMPLE_RATE_HZ)
    rising = (bins - corners[:-2, None]) / np.diff(corners)[:-1, None]
    falling = (corners[2:, None] - bins) / np.diff(corners)[1:, None]
    heights = 2 / (corners[2:] - corners[:-2])
    triangles: npt.NDArray[np.float64] = np.maximum(0, np.minimum(rising, falling))
    return triangles * heights[:, None]


def _hertz(mels: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    above = _BREAK_HZ * np.exp(_LOG_STEP * (mels - _BREAK_MEL))
    return np.where(mels < _BREAK_MEL, mels * _LINEAR_HZ, above)
