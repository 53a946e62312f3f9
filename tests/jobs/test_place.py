"""The recogniser of a worker: loaded when the first call comes, once, and kept."""

import pytest

from core.errors import ModelUnavailable
from jobs.place import Ears
from tests.speech.build import Parrot


def test_ears_load_once_and_not_before_they_are_needed() -> None:
    loaded: list[Parrot] = []

    def load() -> Parrot:
        loaded.append(Parrot(lambda _: "hello"))
        return loaded[-1]

    ears = Ears(load)
    assert loaded == []
    assert ears.engine is ears.engine
    assert len(loaded) == 1


def test_ears_try_again_after_a_failure() -> None:
    answers: list[Exception | Parrot] = [
        ModelUnavailable("not yet"),
        Parrot(lambda _: "hello"),
    ]

    def load() -> Parrot:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    ears = Ears(load)
    with pytest.raises(ModelUnavailable, match="not yet"):
        _ = ears.engine
    assert isinstance(ears.engine, Parrot)
