"""From windows and vectors to voices, on scenes made by hand."""

from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speech.voices.clustering import groups_of, merges
from speech.voices.diarization import assembled, is_one_voice, nearest_two
from speech.voices.encoder import DIMENSIONS, Embeddings, cut_out
from speech.voices.labelling import label
from speech.voices.mel import frame_power, mel_spectrogram
from speech.voices.segmentation import (
    FRAME,
    HOP,
    WINDOW,
    changes,
    frame_of,
    second_of,
    windows_of,
)
from speech.voices.stretches import (
    LONGEST,
    Links,
    Stretch,
    cut_up,
    find_links,
    find_stretches,
    runs,
)
from tests.speech.voices.build import NO_LINKS, heard, scene, voices

RATE = 16_000


def _owner(stretch: Stretch, said: list[tuple[float, float, int]]) -> int:
    middle = (second_of(stretch.start) + second_of(stretch.end)) / 2
    return next(voice for start, end, voice in said if start - 0.1 <= middle < end + 0.1)


TALK = [(0.5, 3.0, 0), (3.2, 5.0, 1), (5.4, 9.0, 0), (9.1, 9.9, 1), (10.5, 13.0, 1), (13.2, 15, 0)]


def test_two_voices_come_out_as_they_went_in() -> None:
    made = scene(TALK, 16.0)
    parts = cut_up(made)
    owners = [_owner(each, TALK) for each in parts.stretches]
    found = assembled(parts, heard(owners, voices(2)), 16.0, count=2)
    assert found.count == 2
    assert [each.voice for each in found.spans] == [0, 1, 0, 1, 1, 0]
    for each, (start, end, _) in zip(found.spans, TALK, strict=True):
        assert each.span.start == pytest.approx(start, abs=2 * FRAME)
        assert each.span.end == pytest.approx(end, abs=2 * FRAME)


def test_where_both_speak_both_are_heard() -> None:
    said = [(0.0, 4.0, 0), (3.0, 7.0, 1)]
    made = scene(said, 8.0)
    parts = cut_up(made)
    owners = [0 if second_of(each.start) < 2.9 else 1 for each in parts.stretches]
    found = assembled(parts, heard(owners, voices(2)), 8.0, count=2)
    first = [each.span for each in found.spans if each.voice == 0]
    second = [each.span for each in found.spans if each.voice == 1]
    assert first[-1].end == pytest.approx(4.0, abs=0.1)
    assert second[0].start == pytest.approx(3.0, abs=0.1)


def test_silence_has_no_voice() -> None:
    made = scene([], 10.0)
    nothing = Embeddings(np.zeros((0, DIMENSIONS), np.float32), np.zeros(0, np.float32))
    found = assembled(cut_up(made), nothing, 10.0, count=2)
    assert (found.spans, found.count) == ((), 0)


def test_one_person_is_not_made_two() -> None:
    said = [(1.2 * n, 1.2 * n + 1.0, 0) for n in range(12)]
    made = scene(said, 16.0)
    parts = cut_up(made)
    alone = heard([0] * len(parts.stretches), voices(1), noise=0.03)
    found = assembled(parts, alone, 16.0, count=2)
    assert found.count == 1


@pytest.mark.parametrize("count", [2, 3])
def test_a_voice_that_says_little_is_found(count: int) -> None:
    """Nine in ten stretches are one voice's; the others' are not split off it by chance."""
    owners = [0 if n % 10 else 1 + (n // 10) % (count - 1) for n in range(60)]
    ideal = voices(count)
    found = label(heard(owners, ideal), NO_LINKS, np.ones(60, np.float32), count)
    groups = {owner: set(found.labels[[o == owner for o in owners]]) for owner in set(owners)}
    assert all(len(group) == 1 for group in groups.values())
    assert len(set.union(*groups.values())) == count


def test_noise_of_its_own_kind_does_not_take_a_voices_place() -> None:
    owners = [n % 2 for n in range(40)] + [2]  # one stretch like nobody's
    ideal = voices(3)
    ideal[2] = -ideal[0]
    found = label(heard(owners, ideal), NO_LINKS, np.ones(41, np.float32), 2).labels
    assert len(set(found[:40:2])) == len(set(found[1:40:2])) == 1
    assert found[0] != found[1]


def test_links_decide_what_is_too_short_to_hear() -> None:
    known = heard([0, 1] * 5, voices(2))
    vectors = np.vstack([known.vectors, np.zeros((1, DIMENSIONS), np.float32)])
    embeddings = Embeddings(vectors, np.append(known.seconds, 0.1).astype(np.float32))
    for sign, same in ((1.0, True), (-1.0, False)):
        links = Links(np.array([0]), np.array([10]), np.array([sign], np.float32))
        found = label(embeddings, links, np.ones(11, np.float32), 2).labels
        assert bool(found[10] == found[0]) is same


def test_alike_halves_that_the_windows_tell_apart_are_two() -> None:
    embeddings = heard([0, 1] * 6, voices(2, apart=0.05))
    numbers = np.arange(12)
    first, second = np.repeat(numbers, 12), np.tile(numbers, 12)
    pairs = first < second
    apart = np.where(first % 2 == second % 2, 1.0, -1.0).astype(np.float32)
    for sameness, one in ((apart[pairs], False), (np.ones(pairs.sum(), np.float32), True)):
        links = Links(first[pairs], second[pairs], sameness)
        made = label(embeddings, NO_LINKS, np.ones(12, np.float32), 2)
        assert is_one_voice(made, embeddings, links) is one


@given(st.lists(st.integers(0, 3), min_size=1, max_size=25), st.integers(1, 6))
def test_clustering_gives_every_vector_one_group(owners: list[int], groups: int) -> None:
    vectors = heard(owners, voices(4)).vectors
    found = groups_of(merges(vectors), groups)
    assert len(found) == len(owners)
    assert set(found) == set(range(min(groups, len(owners))))


def test_clustering_finds_clear_groups() -> None:
    owners = [0, 1, 2, 0, 1, 2, 2, 2]
    found = groups_of(merges(heard(owners, voices(3)).vectors), 3)
    assert [list(found).index(each) for each in found] == [owners.index(each) for each in owners]


@given(st.lists(st.booleans(), max_size=40))
def test_runs_are_the_true_stretches(flags: list[bool]) -> None:
    array = np.array(flags, dtype=bool)
    again = np.zeros(len(flags), dtype=bool)
    for run in runs(array):
        assert array[run.start : run.end].all()
        again[run.start : run.end] = True
    assert (again == array).all()


def test_stretches_are_short_and_cut_at_changes() -> None:
    made = scene([(0.0, 5.0, 0), (5.0, 8.0, 1)], 9.0)
    stretches = find_stretches(made)
    assert all(each.seconds <= LONGEST + FRAME for each in stretches)
    assert any(abs(second_of(each.start) - 5.0) < 0.05 for each in stretches)
    assert all(a.end <= b.start for a, b in pairwise(stretches))


def test_links_tell_same_from_different() -> None:
    made = scene(TALK, 16.0)
    stretches = find_stretches(made)
    links = find_links(made.windows, stretches)
    assert len(links.sameness)
    for one, other, sameness in zip(links.first, links.second, links.sameness, strict=True):
        same = _owner(stretches[one], TALK) == _owner(stretches[other], TALK)
        assert sameness == pytest.approx(1.0 if same else -1.0, abs=0.2)


@pytest.mark.parametrize("duration", [0.0, 0.3, 4.9, 5.0, 5.2, 12.3, 61.0])
@pytest.mark.parametrize("block", [0.7, 30.0])
def test_windows_cover_the_sound_whatever_its_blocks(duration: float, block: float) -> None:
    sound = np.arange(round(duration * RATE), dtype=np.float32)[None]
    blocks = [
        sound[:, n : n + round(block * RATE)] for n in range(0, sound.shape[1], round(block * RATE))
    ]
    found = list(windows_of(blocks, duration))
    assert len(found) == (max(1, int(np.ceil((duration - WINDOW) / HOP)) + 1) if duration else 0)
    for number, window in enumerate(found):
        start = round(number * HOP * RATE)
        expected = sound[0, start : start + round(WINDOW * RATE)]
        assert len(window) == round(WINDOW * RATE)
        np.testing.assert_array_equal(window[: len(expected)], expected)
        assert not window[len(expected) :].any()


@given(st.integers(0, 100_000))
def test_frames_and_seconds_agree(frame: int) -> None:
    assert frame_of(second_of(frame) + FRAME / 2) == frame


def test_a_change_is_where_one_voice_gives_way() -> None:
    window = np.zeros((293, 3), dtype=np.float32)
    window[:150, 0] = window[150:, 1] = 1.0
    found = changes(window)
    assert int(found.argmax()) == 150
    assert found[150] == pytest.approx(1.0)
    assert not changes(np.ones((293, 3), dtype=np.float32)).any()


@pytest.mark.parametrize("block", [0.1, 1.0, 30.0])
def test_stretches_are_cut_out_of_the_stream(block: float) -> None:
    sound = np.arange(10 * RATE, dtype=np.float32)[None]
    size = round(block * RATE)
    blocks = [sound[:, n : n + size] for n in range(0, sound.shape[1], size)]
    stretches = [Stretch(10, 60), Stretch(60, 100), Stretch(300, 390), Stretch(560, 700)]
    found = list(cut_out(blocks, stretches))
    for each, part in zip(stretches, found, strict=True):
        start, end = round(second_of(each.start) * RATE), round(second_of(each.end) * RATE)
        np.testing.assert_array_equal(part, sound[0, start : min(end, 10 * RATE)])


@pytest.mark.parametrize("hertz", [200.0, 1000.0, 3000.0])
def test_a_tone_stands_in_its_band(hertz: float) -> None:
    tone = np.sin(2 * np.pi * hertz * np.arange(RATE) / RATE).astype(np.float32)
    mel = mel_spectrogram(tone)
    assert mel.shape == (101, 40)
    band = int(mel[50].argmax())
    linear = hertz / (200 / 3) if hertz < 1000 else 15 + np.log(hertz / 1000) / (np.log(6.4) / 27)
    highest = 15 + np.log(8) / (np.log(6.4) / 27)
    assert band == pytest.approx(linear / highest * 41 - 1, abs=1)
    np.testing.assert_allclose(mel_spectrogram(0.5 * tone), 0.25 * mel, rtol=1e-3, atol=1e-6)
    assert frame_power(tone)[50] == pytest.approx(0.5, rel=0.05)


@given(
    st.lists(st.integers(0, 2), min_size=1, max_size=12),
    st.lists(st.integers(0, 130), max_size=6),
    st.randoms(use_true_random=False),
)
def test_the_two_nearest_voices_are_those_of_the_nearest_stretches(
    labels: list[int], places: list[int], chance: Random
) -> None:
    edges = sorted(chance.sample(range(130), 2 * len(labels)))
    stretches = [Stretch(*pair) for pair in zip(edges[::2], edges[1::2], strict=True)]
    asked = [Stretch(at, at + chance.randint(1, 9)) for at in places]
    found = list(nearest_two(stretches, np.array(labels), asked))
    for place, voices_there in zip(asked, found, strict=True):
        middle = (place.start + place.end) / 2
        away = [max(0.0, each.start - middle, middle - each.end) for each in stretches]
        order = sorted(range(len(labels)), key=lambda n: away[n])
        assert voices_there == list(dict.fromkeys(labels[n] for n in order))[:2]
