"""What mood is learned from, and that the gradients of the net are those of its loss."""

import numpy as np
import pytest

from benchmarks.train import token_net
from benchmarks.train.open_texts import restored, some, spoken
from benchmarks.train.own_turns import joined, sentences
from benchmarks.train.token_net import Examples, Recipe, train_net
from language.token_head import TokenHead


def examples(count: int = 60) -> Examples:
    """Texts of two tokens; the label is the place of a bump in the second one."""
    draw = np.random.default_rng(3)
    states = draw.standard_normal((2 * count, 6)).astype(np.float32)
    labels = draw.integers(3, size=count)
    states[np.arange(count) * 2 + 1, labels] += 8
    return Examples(
        states.astype(np.float16), np.full(count, 2), labels, np.ones(count, np.float32)
    )


def test_a_net_learns_what_one_token_tells() -> None:
    data = examples()
    recipe = Recipe(units=8, gazes=2, rounds=400, pace=1e-2)
    made = train_net(data, 3, recipe)
    head = TokenHead("mood", "1", ("a", "b", "c"), **made, card={})
    told = head.logits(data.states.astype(np.float32), data.lengths).argmax(axis=1)
    assert (told == data.labels).mean() > 0.95


def test_training_gives_the_same_numbers_again() -> None:
    recipe = Recipe(units=8, gazes=2, rounds=3)
    first, second = (train_net(examples(), 3, recipe) for _ in range(2))
    other = train_net(examples(), 3, Recipe(units=8, gazes=2, rounds=3, seed=1))
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert not np.array_equal(first["units"], other["units"])


def test_gradients_are_those_of_the_loss() -> None:
    recipe = Recipe(units=4, gazes=2, dropped_states=0, dropped_units=0)
    data, draw = examples(12), np.random.default_rng(0)
    made = {
        name: one.astype(np.float64)  # finer steps than float32 has
        for name, one in token_net._begin(draw, 6, 3, recipe).items()
    }
    chosen = np.arange(12)

    def loss() -> float:
        states, starts, lengths = data.pick(chosen)
        units = np.maximum(states @ made["units"] + made["unit_bias"], 0)
        odds = np.exp(states @ made["gaze"])
        place = np.repeat(chosen, lengths)
        looks = odds / np.add.reduceat(odds, starts)[place]
        seen = [np.add.reduceat(look[:, None] * units, starts) for look in looks.T]
        gathered = np.hstack([*seen, np.add.reduceat(units, starts) / lengths[:, None]])
        logits = gathered @ made["weights"] + made["bias"]
        chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        wanted = np.eye(3)[data.labels] * (1 - recipe.smoothing) + recipe.smoothing / 3
        return float(-(wanted * np.log(chances)).sum(axis=1).mean())

    found = token_net._gradients(made, data, chosen, draw, recipe)  # type: ignore[arg-type]
    step = 1e-5
    for name, values in made.items():
        flat = values.reshape(-1)
        for place in range(0, len(flat), max(1, len(flat) // 5)):
            flat[place] += step
            above = loss()
            flat[place] -= 2 * step
            below = loss()
            flat[place] += step
            slope = (above - below) / (2 * step)
            assert found[name].reshape(-1)[place] == pytest.approx(slope, abs=2e-4), name


def test_our_sentences_have_labels_and_matters_and_none_stands_twice() -> None:
    own = sentences()
    assert {label for _, label, _ in own} == {"negative", "neutral", "positive"}
    assert all(text.strip() and matter for text, _, matter in own)
    assert len({text.lower() for text, _, _ in own}) == len(own)


def test_joined_turns_come_out_again_and_are_longer() -> None:
    made = joined(200, seed=4)
    assert made == joined(200, seed=4)
    assert made != joined(200, seed=5)
    single = np.mean([len(text.split()) for text, _, _ in sentences()])
    assert np.mean([len(text.split()) for text, _ in made]) > 1.3 * single


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("I do n't wan na go , it 's late", "I don't wanna go it's late"),
        ("they live in [LOCATION]", "they live in Boston"),
        ("", "."),
    ],
)
def test_marks_of_the_sets_are_undone(text: str, told: str) -> None:
    assert restored(text) == told


def test_a_name_that_was_taken_out_is_given_back() -> None:
    assert restored("[NAME] is great") != restored("[NAME] was great")
    assert "[" not in restored("[NAME] and [NAME]")


def test_spoken_copies_have_words_and_no_marks() -> None:
    texts = [sentence for sentence, _, _ in sentences()[:200]]
    copies = [spoken(text) for text in texts]
    assert copies == [spoken(text) for text in texts]
    assert not set("".join(copies)) & set(".,!?-")
    assert sum(len(c.split()) > len(t.split()) for c, t in zip(copies, texts, strict=True)) > 60


def test_some_texts_are_the_same_ones_in_any_order() -> None:
    texts = [f"text {number}" for number in range(50)]
    chosen = {texts[place] for place in some(texts, 10, purpose="a")}
    turned = texts[::-1]
    assert chosen == {turned[place] for place in some(turned, 10, purpose="a")}
    assert chosen != {texts[place] for place in some(texts, 10, purpose="b")}
