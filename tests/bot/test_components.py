"""What the pipeline's own components promise, seen beside Rasa."""

import json
import os
import subprocess
from typing import Any

import pytest

from tests.servers import QUIET, RASA_PYTHON, ROOT

pytestmark = pytest.mark.rasa


def inside(module: str) -> dict[str, Any]:
    done = subprocess.run(
        [str(RASA_PYTHON), "-W", "ignore", "-m", f"tests.bot.inside.{module}"],
        cwd=ROOT,
        env=os.environ | QUIET,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return seen


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    return inside("understand_sentences")


def test_leaving_out_in_closed_form_is_training_anew(seen: dict[str, Any]) -> None:
    with_names, without = seen["left_out"]
    assert with_names < 1e-4
    assert without < 1e-4


def test_a_reading_names_the_intent_with_probabilities(seen: dict[str, Any]) -> None:
    assert seen["right"] == 1.0
    assert seen["sums"] == pytest.approx([1.0] * len(seen["sums"]), abs=1e-5)


def test_what_resembles_nothing_is_not_ours(seen: dict[str, Any]) -> None:
    assert seen["ours"] > 0.5
    assert seen["foreign"] < 0.2


def test_the_intent_that_rejects_makes_its_like_not_ours(seen: dict[str, Any]) -> None:
    least_of_ours, most_of_foreign = seen["rejecting"]
    assert most_of_foreign < 0.45 < least_of_ours  # config.yml's threshold


def test_the_background_makes_the_foreign_stranger(seen: dict[str, Any]) -> None:
    told = seen["background"]
    assert told["after"] < told["before"] - 0.05
    assert told["ours"] > 0.45
    assert told["told"] == 3  # no probability for the background, which is no intent


def test_what_of_the_background_is_like_us_is_left_out(seen: dict[str, Any]) -> None:
    assert seen["requests"] > 400
    assert seen["background"]["kept"] == 6  # of twelve, those like the fourth direction


def test_names_stay_only_when_they_help(seen: dict[str, Any]) -> None:
    assert seen["anchors"] == 24 + 4
    assert seen["anchors_wrong_names"] == 24


def test_the_same_sentences_give_the_same_model(seen: dict[str, Any]) -> None:
    assert seen["same"] is True


def test_few_sentences_are_held_to_more_than_many(seen: dict[str, Any]) -> None:
    assert seen["ridges"][0] == pytest.approx(seen["ridges"][-1] * 2, rel=1e-5)  # root of 8 to 2


def test_names_are_read_as_words(seen: dict[str, Any]) -> None:
    assert seen["words"] == ["order status", "card arrival", "a b", "42"]


def test_too_many_sentences_are_drawn_from_evenly(seen: dict[str, Any]) -> None:
    drawn = seen["draw"]
    assert drawn == seen["draw_again"]
    assert len([i for i in drawn if i < 8]) == 3
    assert {8, 9, 10} <= set(drawn)


@pytest.mark.weights
def test_a_stored_model_answers_as_it_did() -> None:
    told = inside("store_classifier")
    assert told["before"] == told["after"]
    assert [each[0] for each in told["before"]] == ["greet", "order_status", "nlu_fallback"]
    assert told["lengths"] == [2, 2, 3]  # nlu_fallback stands above the ranking of intents
    assert told["sums"] == pytest.approx([1.0, 1.0, 1.0], abs=1e-5)  # without nlu_fallback
    assert told["empty"] == "nlu_fallback"
    assert "threshold is 2" in told["refused"]
    assert told["thinned"] == ["Trained on 4 of 10 sentences, drawn evenly."]
    assert told["older"] == "the bot was trained by an older Parley; run `make train`"


@pytest.mark.weights
def test_a_misspelt_message_is_understood_as_it_was_meant() -> None:
    told = inside("correct_spelling")
    assert told["spelled"] == ["where is my parcel", "good morning to you", None, None]
    assert told["texts"][0] == "whre is my pacrel"  # what was written stays
    assert told["intents"][:2] == ["order_status", "greet"]
    assert {"spelled", "text"} <= set(told["told"])
    assert told["untrained"] is None
    assert [(each["intent"], each["asks"]) for each in told["parts"]] == [
        ("greet", False),
        ("order_status", True),
    ]
