"""Voice activity: thresholds, memory across blocks, likeness of channels."""

import numpy as np
import pytest

from core.spans import TimeSpan
from speech.activity import HOP, Likeness, VoiceMeter, listen, voiced_spans
from tests.speech.sounds import after, beside, has_flite, say, silence, tone

Q, M, V = 0.1, 0.4, 0.9  # quiet, in between the thresholds, voice


@pytest.mark.parametrize(
    ("hops", "expected"),
    [
        ([Q] * 50, []),
        ([M] * 50, []),  # never above the upper threshold
        ([Q] * 10 + [V] * 20 + [Q] * 20, [(10, 30)]),
        ([Q] * 10 + [V] * 2 + [Q] * 20, []),  # a click: 64 ms
        ([V] * 10 + [Q] * 9 + [V] * 10, [(0, 29)]),  # 288 ms: inside a phrase
        ([V] * 10 + [Q] * 10 + [V] * 10, [(0, 10), (20, 30)]),  # 320 ms: a pause
        ([V] * 10 + [M] * 30 + [Q] * 20, [(0, 40)]),  # dying away
        ([Q] * 5 + [V] * 10, [(5, 15)]),  # the file ends while somebody speaks
    ],
)
def test_voiced_spans_begin_and_end(hops: list[float], expected: list[tuple[int, int]]) -> None:
    spans = voiced_spans(np.array(hops, dtype=np.float32))
    assert list(spans) == [TimeSpan(begin * HOP, end * HOP) for begin, end in expected]


def test_meter_does_not_mind_how_the_sound_is_cut() -> None:
    chance = np.random.default_rng(1)
    sound = (chance.normal(0, 0.1, 40_000) * (np.arange(40_000) % 9_000 > 4_000)).astype("float32")
    whole, parts = VoiceMeter(), VoiceMeter()
    whole.add(sound)
    for start in range(0, 40_000, 777):
        parts.add(sound[start : start + 777])
    whole.finish()
    parts.finish()
    assert len(whole.probabilities) == 79
    assert parts.probabilities == pytest.approx(whole.probabilities, abs=1e-4)
    assert parts.levels == pytest.approx(whole.levels, abs=1e-3)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        (tone(1), tone(1), True),
        (tone(1), 0.5 * tone(1), True),  # one is only quieter
        (tone(1), tone(1, 330), False),
        (tone(1), silence(1), False),
        (silence(1), silence(1), False),
        (tone(1), -tone(1), False),  # turned over: rare, and not the same file twice
    ],
)
def test_likeness_knows_one_sound_on_two_channels(
    left: np.ndarray, right: np.ndarray, expected: bool
) -> None:
    likeness = Likeness()
    for block in np.array_split(beside(left, right), 3, axis=1):
        likeness.add(block)
    assert likeness.is_one_sound is expected


@pytest.mark.skipif(not has_flite(), reason="flite is not installed (Debian: apt install flite)")
def test_listen_finds_speech_and_no_speech_in_silence_or_tones(tmp_path: object) -> None:
    spoken = say("Good morning, how can I help you today?", tmp_path)  # type: ignore[arg-type]
    left = after(silence(1), spoken, silence(1))
    activity = listen([beside(left, tone(2, 1000))], 2)
    (span,) = activity.voiced[0]
    assert span.start == pytest.approx(1.0, abs=0.3)
    assert span.end == pytest.approx(1.0 + spoken.shape[1] / 16_000, abs=0.4)
    assert activity.voiced[1] == ()
    assert [len(levels) for levels in activity.levels] == [-(-left.shape[1] // 512)] * 2
