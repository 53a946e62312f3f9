"""Forced alignment of known words, on synthetic voices whose every word has a known time."""

from pathlib import Path

import numpy as np
import pytest

from core.conversation import Timing
from core.spans import TimeSpan
from speech.alignment import Aligner
from speech.engines import Piece
from speech.timing import timed
from tests.speech.sounds import after, has_flite, say, silence

needs_flite = pytest.mark.skipif(
    not has_flite(), reason="flite is not installed (Debian: apt install flite)"
)


@pytest.fixture(scope="module")
def aligner() -> Aligner:
    return Aligner()


@needs_flite
def test_words_are_found_around_a_pause(aligner: Aligner, tmp_path: Path) -> None:
    one = say("Good morning", tmp_path)
    sound = after(silence(0.5), one, silence(1.5), say("zendesk is 8 to 10", tmp_path))[0]
    words = ["Good", "morning.", "Zendesk", "is", "8", "to", "10!"]
    times = aligner.align(words, sound, 100.0)
    assert times is not None
    begins = [time.start for time in times]
    assert begins == sorted(begins)
    assert begins[0] == pytest.approx(100.6, abs=0.15)
    second = 100.5 + one.shape[1] / 16_000 + 1.5
    assert times[1].end <= second - 1.0
    assert begins[2] == pytest.approx(second, abs=0.3)
    assert times[-1].end <= 100.0 + len(sound) / 16_000 + 0.01


@needs_flite
def test_the_same_sound_has_the_same_times_whatever_was_heard_before(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    loud = chance.normal(0, 0.2, 48_000).astype(np.float32)
    sound = after(silence(0.4), say("could you spell that for me", tmp_path), silence(0.4))[0]
    noisy = (sound + chance.normal(0, 0.01, len(sound))).astype(np.float32)
    words = ["could", "you", "spell", "that", "for", "me"]
    fresh, used = Aligner(), Aligner()
    for _ in range(3):
        used.align(["extraordinary", "noise"], loud, 0)
    assert fresh.align(words, noisy, 0) == used.align(words, noisy, 0)


@needs_flite
def test_digital_silence_does_not_throw_it_off(aligner: Aligner, tmp_path: Path) -> None:
    spoken = say("could you spell that for me please", tmp_path)[0].copy()
    spoken[: len(spoken) // 8] = 0.0  # an echo that was taken out
    assert (
        aligner.align(["could", "you", "spell", "that", "for", "me", "please"], spoken, 0)
        is not None
    )


@needs_flite
@pytest.mark.parametrize("odd", ["[music]", "(laughs)", "hello(2)", "<s>", "Fjørd", "w0", "7/8"])
def test_odd_words_do_no_harm(aligner: Aligner, tmp_path: Path, odd: str) -> None:
    spoken = say("good morning music to you", tmp_path)[0]
    times = aligner.align(["good", "morning", odd, "to", "you"], spoken, 0)
    assert times is not None
    assert len(times) == 5


@needs_flite
def test_words_are_forgotten_when_there_are_too_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("speech.alignment.MOST_WORDS", 2)
    aligner, spoken = Aligner(), say("good morning to you", tmp_path)[0]
    first = aligner.align(["good", "morning", "to", "you"], spoken, 0)
    assert first is not None
    assert aligner.align(["good", "morning", "to", "you"], spoken, 0) == first


@pytest.mark.parametrize("words", [[], ["..."], ["hello", "—"]])
def test_words_without_a_sound_are_not_aligned(aligner: Aligner, words: list[str]) -> None:
    assert aligner.align(words, np.zeros(16_000, dtype=np.float32), 0) is None


def test_more_words_than_the_sound_has_room_for(aligner: Aligner) -> None:
    sound = np.zeros(3_200, dtype=np.float32)  # 0.2 s
    assert aligner.align(["extraordinary"] * 20, sound, 0) is None


def test_what_cannot_be_aligned_is_interpolated_and_says_so(aligner: Aligner) -> None:
    span = TimeSpan(5, 5.2)
    piece = Piece(0, span, (span,), np.zeros(3_200, dtype=np.float32))
    times, timing = timed(["extraordinary"] * 20, piece, aligner)
    assert timing is Timing.INTERPOLATED
    assert len(times) == 20
    assert times[0].start == 5


@needs_flite
def test_aligned_words_say_so_and_stay_inside_their_piece(aligner: Aligner, tmp_path: Path) -> None:
    samples = say("good morning", tmp_path)[0]
    span = TimeSpan(2, 2 + len(samples) / 16_000)
    times, timing = timed(["Good", "morning"], Piece(1, span, (span,), samples), aligner)
    assert timing is Timing.ALIGNED
    assert all(span.start <= time.start <= time.end <= span.end for time in times)
