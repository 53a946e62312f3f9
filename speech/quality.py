"""How well a call could be heard: numbers for each channel, and sentences for people."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from core.conversation import Word
from core.recording import Segment
from core.spans import TimeSpan
from speech.audio import AudioFile, Samples

UNSURE = 0.5  # a word's probability below which it is as likely wrong as right
# One word in three: of the sample call's words 5 % are unsure (17 % are wrong), of the benchmark
# call's, which a person can follow, 9 %; benchmarks/speech/README.md.
MANY_UNSURE = 0.33
QUIET_DBFS = -46.0  # 20 dB below the nominal level of speech, -26 dBov, ITU-T G.100.1
FULL_SCALE = 0.98  # mu-law and A-law reach 0.98 of full scale
CLIPPED = 0.001  # of the voice's samples; speech whose peaks just touch full scale stays below it


@dataclass(frozen=True, slots=True)
class ChannelQuality:
    """How one channel sounds.

    Seconds of voice, its median level in dBFS, seconds of the other's echo; `clipped_share` is the
    share of samples at full scale, measured against the voice's time; of `words` those with a
    probability below one half are `unsure_words`, None where the recogniser does not say.
    """

    channel: int
    voiced_seconds: float
    level_dbfs: float
    echo_seconds: float
    clipped_share: float = 0.0
    words: int = 0
    unsure_words: int | None = None

    @property
    def unsure_share(self) -> float | None:
        """Share of words that are unsure; None without words or without probabilities."""
        if self.unsure_words is None or not self.words:
            return None
        return self.unsure_words / self.words


class ClippingMeter:
    """Counts samples at full scale per channel while blocks pass by."""

    def __init__(self, channels: int) -> None:
        self.counts: npt.NDArray[np.int64] = np.zeros(channels, dtype=np.int64)

    def watch(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """The blocks as they are, shape (channels, time)."""
        for block in blocks:
            self.counts += np.count_nonzero(np.abs(block) >= FULL_SCALE, axis=1)
            yield block


def count_words(segments: Sequence[Segment], channel: int) -> tuple[int, int | None]:
    """Words of a channel, and how many of them are unsure; None without any probability."""
    words: list[Word] = [w for each in segments if each.channel == channel for w in each.words]
    known = [word.probability for word in words if word.probability is not None]
    return len(words), sum(sure < UNSURE for sure in known) if known else None


def warnings(channels: Sequence[ChannelQuality], repeated: Sequence[TimeSpan]) -> tuple[str, ...]:
    """Sentences about what may have cost words; none for a call that was heard well."""
    found: list[str] = []
    for each in channels:
        name = f"Channel {each.channel + 1}" if len(channels) > 1 else "The sound"
        if each.voiced_seconds and each.level_dbfs < QUIET_DBFS:
            found.append(
                f"{name} is very quiet ({_level(each.level_dbfs)} dBFS); words may be missing."
            )
        if each.clipped_share > CLIPPED:
            found.append(
                f"{name} is overdriven ({each.clipped_share:.1%} of the voice is clipped); "
                "words may be wrong."
            )
        if (each.unsure_share or 0.0) > MANY_UNSURE:
            found.append(
                f"{name} was hard to hear: {each.unsure_share:.0%} of its words are unsure."
            )
    if repeated:
        places = ", ".join(_clock(span.start) for span in repeated[:3])
        more = f" and {len(repeated) - 3} more times" if len(repeated) > 3 else ""
        found.append(
            f"The recogniser repeated itself or ran on at {places}{more}; "
            "what it wrote there is doubtful."
        )
    return tuple(found)


def _level(dbfs: float) -> str:
    return f"{dbfs:.0f}".replace("-", "\N{MINUS SIGN}")


def described(file: AudioFile, channels: Sequence[ChannelQuality], language: str) -> str:
    """One sentence with the numbers: codec, rate, language, level, unsure words."""
    levels = " and ".join(_level(each.level_dbfs) for each in channels if each.voiced_seconds)
    words = sum(each.words for each in channels)
    unsure = sum(each.unsure_words or 0 for each in channels)
    parts = [f"{file.codec} at {file.sample_rate_hz / 1000:g} kHz", f"language {language}"]
    if levels:
        parts.append(f"voice at {levels} dBFS")
    if words and any(each.unsure_words is not None for each in channels):
        parts.append(f"{unsure} of {words} words unsure")
    return ", ".join(parts) + "."


def _clock(second: float) -> str:
    minutes, seconds = divmod(int(second), 60)
    return f"{minutes}:{seconds:02}"
