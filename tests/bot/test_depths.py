"""A sentence at two depths: one vector of both, whose cosine is the mean of both likenesses."""

import numpy as np
import pytest

from bot.components.depths import MEANING, WIDTH, WORDS_LAYER, TwoDepths
from language.encoder import DIMENSIONS, Encoder, find_folder_by_environment

pytestmark = pytest.mark.weights

SENTENCES = ["where is my order", "has my parcel been sent", "where is my cat"]


@pytest.fixture(scope="module")
def encode() -> TwoDepths:
    return TwoDepths(find_folder_by_environment())


def test_likeness_is_that_of_meaning_and_that_of_words(encode: TwoDepths) -> None:
    vectors = encode(SENTENCES)
    folder = find_folder_by_environment()
    meaning, words = Encoder(folder)(SENTENCES), Encoder(folder, layers=WORDS_LAYER)(SENTENCES)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1.0] * 3, abs=1e-5)
    both = MEANING * meaning @ meaning.T + (1 - MEANING) * words @ words.T
    assert np.abs(vectors @ vectors.T - both).max() < 1e-5


def test_the_first_layer_holds_to_the_words(encode: TwoDepths) -> None:
    vectors = encode(SENTENCES)
    meaning, words = vectors[:, :DIMENSIONS], vectors[:, DIMENSIONS:]
    assert meaning[0] @ meaning[1] > meaning[0] @ meaning[2]
    assert words[0] @ words[1] < words[0] @ words[2]


def test_nothing_gives_no_vectors(encode: TwoDepths) -> None:
    assert encode([]).shape == (0, WIDTH)
