"""Moods by the trained model: with its weights in clear cases, and how it reads texts."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from language.encoder import DIMENSIONS, Encoder, Reading, find_folder_by_environment
from language.lexicon import Vader
from language.mood_scale import LEXICON, TRAINED, scale_of
from language.sentiment import load_model, trace
from language.token_head import TokenHead, load_token_head
from language.trained_mood import HEAD, LAYERS_READ, PIECE_WORDS, TrainedMood
from tests.build import chat


class Reader:
    """An encoder that sees in each word only whether it is 'good' or 'bad'."""

    def __init__(self) -> None:
        self.read_texts: list[str] = []

    def read(self, texts: Sequence[str]) -> Reading:
        self.read_texts += texts
        states = [self._state(word) for text in texts for word in text.split()]
        lengths = np.array([len(text.split()) for text in texts])
        return Reading(np.array(states), lengths)

    @staticmethod
    def _state(word: str) -> np.ndarray:
        told = np.zeros(DIMENSIONS, np.float32)
        told[0], told[1], told[2] = word == "good", word == "bad", 1
        return told


def head() -> TokenHead:
    units = np.zeros((DIMENSIONS, 2), np.float32)
    units[0, 0] = units[1, 1] = 1
    weights = np.zeros((4, 3), np.float32)
    weights[2, 2] = weights[3, 0] = 1  # means of the good and the bad words
    return TokenHead(
        "mood", "9", ("negative", "neutral", "positive"),
        units=units, unit_bias=np.zeros(2, np.float32),
        gaze=np.zeros((DIMENSIONS, 1), np.float32), weights=weights,
        bias=np.zeros(3, np.float32), card={},
    )  # fmt: skip


def made(*, kept: int = 100) -> tuple[TrainedMood, Reader]:
    reader = Reader()
    return TrainedMood(reader, head(), kept=kept), reader


def test_mood_is_the_chance_of_positive_minus_that_of_negative() -> None:
    model, _ = made()
    good, plain, bad = model.moods(["good", "so so", "bad"])
    assert good > 0.9
    assert bad < -0.9
    assert plain == pytest.approx(0, abs=1e-6)
    assert (model.name, model.scale) == ("parley-sentiment-9", TRAINED)


def test_each_text_is_encoded_once_while_it_is_kept() -> None:
    model, reader = made(kept=2)
    model.moods(["good", "bad", "good"])
    assert model.moods(["bad", "good"]) == [model.mood("bad"), model.mood("good")]
    assert model.known(["bad", "so"]) == [model.mood("bad"), None]
    assert reader.read_texts == ["good", "bad"]
    model.moods(["so", "well"])  # the first two are forgotten
    model.mood("good")
    assert reader.read_texts == ["good", "bad", "so", "well", "good"]


@pytest.mark.parametrize("text", ["", "   ", "...", "?!", "\u200b"])
def test_what_has_no_word_has_no_mood(text: str) -> None:
    model, reader = made()
    assert model.mood(text) == 0
    assert not reader.read_texts


def test_a_long_text_is_the_mean_of_its_pieces_by_words() -> None:
    model, reader = made()
    half = "bad " * (PIECE_WORDS // 2)
    mixed = model.mood("good " * PIECE_WORDS + half)
    assert [len(text.split()) for text in reader.read_texts] == [PIECE_WORDS, PIECE_WORDS // 2]
    assert mixed == pytest.approx((2 * model.mood("good") + model.mood("bad")) / 3, abs=1e-3)


def test_a_conversation_is_read_in_one_go_and_the_trace_names_the_model() -> None:
    class Once(Reader):
        calls = 0

        def read(self, texts: Sequence[str]) -> Reading:
            self.calls += 1
            return super().read(texts)

    reader = Once()
    model = TrainedMood(reader, head())
    talk = chat(("customer", "bad"), ("agent", "good"), ("customer", "so"), ("customer", "good"))
    told = trace(talk, model=model)
    assert (reader.calls, told.model) == (1, "parley-sentiment-9")
    assert [turn for turn, _ in told.turns] == ["t0", "t2", "t3"]
    assert told.shift is not None
    assert told.shift > TRAINED.turned


def test_without_weights_the_lexicon_is_used_and_named(tmp_path: Path) -> None:
    model = load_model(tmp_path / "encoder")
    assert isinstance(model, Vader)
    assert trace(chat(("customer", "hello")), model=model).model == model.name


def test_after_a_fork_the_model_is_loaded_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = load_model(tmp_path)
    assert load_model(tmp_path) is parent
    monkeypatch.setattr("os.getpid", lambda: -1)  # as in a child
    assert load_model(tmp_path) is not parent


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("parley-sentiment-2", TRAINED), ("vader-3.3.2-polite", LEXICON),
        ("vader-3.3.2", LEXICON), ("", LEXICON),
    ],
)  # fmt: skip
def test_a_mood_is_read_by_the_scale_of_its_model(name: str, scale: object) -> None:
    assert scale_of(name) is scale


def test_the_shipped_head_is_small_and_says_what_it_is() -> None:
    shipped = load_token_head(HEAD)
    assert HEAD.stat().st_size < 100_000
    assert {"trained_on", "date", "texts", "figures", "limits"} <= set(shipped.card)
    assert shipped.card["reads"].startswith(f"states of tokens after {LAYERS_READ} of 6 layers")
    assert shipped.labels == ("negative", "neutral", "positive")


@pytest.fixture(scope="module")
def shipped() -> TrainedMood:
    folder = find_folder_by_environment()
    if not folder.is_dir():
        pytest.skip("the encoder is not in models/; run `parley models pull encoder`")
    return TrainedMood.shipped(folder)


@pytest.mark.weights
@pytest.mark.parametrize(
    "text",
    [
        "my parcel still hasn't arrived", "you charged me twice", "nobody called me back",
        "the driver was rude", "This is ridiculous", "no, you are useless", "I hate it",
        "um yeah so my internet is down again", "i have been waiting for two weeks",
        "two hours on hold \U0001f621", "I'm not happy",
    ],
)  # fmt: skip
def test_complaints_are_negative(shipped: TrainedMood, text: str) -> None:
    assert shipped.mood(text) < TRAINED.bad


@pytest.mark.weights
@pytest.mark.parametrize(
    "text",
    [
        "No.", "no", "nope", "no that's all", "No, nothing else.", "yes", "ok", "uh huh",
        "Hi, can you please help me", "I want to change my address", "I'd like to return a chair",
        "where is my order", "when will it arrive", "it's 14 Oak Street", "bye",
        "what is the balance on my account",
    ],
)  # fmt: skip
def test_plain_words_and_polite_wishes_are_neutral(shipped: TrainedMood, text: str) -> None:
    assert TRAINED.bad < shipped.mood(text) < TRAINED.good


@pytest.mark.weights
@pytest.mark.parametrize(
    "text",
    [
        "I love it", "that's brilliant thank you", "No, that was perfect", "oh wonderful",
        "thank you so much you have been very helpful", "it works now thank you", "\U0001f60d",
    ],
)  # fmt: skip
def test_praise_is_positive(shipped: TrainedMood, text: str) -> None:
    assert shipped.mood(text) > TRAINED.good


@pytest.mark.weights
def test_a_text_has_the_same_mood_whatever_comes_with_it(shipped: TrainedMood) -> None:
    texts = ["where is my order", "this is awful", "lovely, thank you", "no"]
    together = shipped.moods(texts)
    encoder = Encoder(find_folder_by_environment(), layers=LAYERS_READ)
    fresh = TrainedMood(encoder, load_token_head(HEAD))
    assert [fresh.mood(text) for text in texts] == pytest.approx(together, abs=1e-3)


@pytest.mark.weights
def test_the_model_is_loaded_once_for_a_process() -> None:
    folder = find_folder_by_environment()
    if not folder.is_dir():
        pytest.skip("the encoder is not in models/; run `parley models pull encoder`")
    assert load_model(folder) is load_model(folder)
    assert load_model(folder).name.startswith("parley-sentiment-")
