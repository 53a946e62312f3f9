"""How well a call could be heard: numbers and sentences."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.conversation import Word
from core.recording import ChannelLayout, Segment
from core.spans import TimeSpan
from speech.hearing import hear
from speech.quality import ChannelQuality, ClippingMeter, count_words, warnings
from tests.speech.build import Parrot
from tests.speech.sounds import has_flite, say, tone, write

GOOD = ChannelQuality(0, 30.0, -26.0, 0.0, clipped_share=0.0, words=100, unsure_words=10)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, None),
        ({"level_dbfs": -46.0}, None),
        ({"level_dbfs": -50.0}, "The sound is very quiet (−50 dBFS); words may be missing."),
        ({"level_dbfs": -120.0, "voiced_seconds": 0.0}, None),  # nobody speaks: told elsewhere
        ({"clipped_share": 0.001}, None),
        ({"clipped_share": 0.02}, "overdriven (2.0% of the voice is clipped)"),
        ({"unsure_words": 33}, None),
        ({"unsure_words": 40}, "40% of its words are unsure"),
        ({"unsure_words": None}, None),  # the recogniser gives no probabilities
        ({"words": 0, "unsure_words": 0}, None),
    ],
)
def test_warnings(changes: dict[str, Any], said: str | None) -> None:
    found = warnings([replace(GOOD, **changes)], [])
    assert (found == ()) if said is None else (len(found) == 1 and said in found[0])


def test_warnings_name_the_channel_and_where_it_looped() -> None:
    spans = [TimeSpan(65.0 * n, 65.0 * n + 1) for n in range(1, 6)]
    found = warnings([GOOD, replace(GOOD, channel=1, level_dbfs=-60.0)], spans)
    assert found[0].startswith("Channel 2 is very quiet")
    assert "at 1:05, 2:10, 3:15 and 2 more times" in found[1]


def test_count_words_knows_channels_and_silence_about_probability() -> None:
    span = TimeSpan(0, 1)
    sure, unsure = Word("a", span, 0.9), Word("b", span, 0.49)
    segments = [Segment(0, span, "a b", (sure, unsure)), Segment(1, span, "c", (Word("c", span),))]
    assert count_words(segments, 0) == (2, 1)
    assert count_words(segments, 1) == (1, None)
    assert count_words([], 0) == (0, None)


@pytest.mark.parametrize(("gain", "clips"), [(1.0, False), (3.0, False), (10.0, True)])
def test_clipping_is_told_from_a_loud_voice(gain: float, clips: bool) -> None:
    sound = np.clip(gain * tone(1.0), -1, 1).astype(np.float32)  # a sine of 0.3
    meter = ClippingMeter(1)
    assert b"".join(b.tobytes() for b in meter.watch([sound])) == sound.tobytes()
    assert bool(meter.counts[0] / sound.size > 0.001) is clips


@pytest.mark.skipif(not has_flite(), reason="flite is not installed (Debian: apt install flite)")
def test_a_call_is_heard_with_its_quality(tmp_path: Path) -> None:
    spoken = say("Please hold the line while I look that up for you.", tmp_path)
    heard = hear(
        write(tmp_path / "a.wav", np.clip(30 * spoken, -1, 1), "pcm_mulaw", 8_000),
        recording="r",
        layout=ChannelLayout.MONO,
        engine=Parrot(lambda _: "la la la la la la la"),
        language="en",
        max_hours=1,
    )
    (channel,) = heard.quality
    assert channel.clipped_share > 0.01
    assert channel.words == len(heard.repeated) > 0
    assert channel.unsure_share is None
    assert any("overdriven" in note for note in heard.notes)
    assert any("repeated itself or ran on at 0:0" in note for note in heard.notes)
    assert heard.described.startswith("pcm_mulaw at 8 kHz, language en, voice at −")
