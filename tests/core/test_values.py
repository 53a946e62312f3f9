"""Invariants of the core types, negatives included."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from core.conversation import Role, Turn, Word
from core.errors import BadInput, Conflict
from core.handoff import Handoff, Holder, check_move
from core.ids import check_id, new_id
from core.scorecard import Question, Scorecard, Section
from core.spans import TextSpan, TimeSpan
from tests.build import call, chat, turn

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "make",
    [
        lambda: TimeSpan(2, 1),
        lambda: TimeSpan(-0.1, 1),
        lambda: TimeSpan(0, float("inf")),
        lambda: TextSpan(3, 2),
        lambda: TextSpan(-1, 2),
        lambda: Word(" ", TimeSpan(0, 1)),
        lambda: Word("a", TimeSpan(0, 1), 1.1),
        lambda: Turn("t", Role.CUSTOMER, "hi", datetime(2026, 1, 1)),  # noqa: DTZ001 -- the point
        lambda: Turn("t", Role.CUSTOMER, "hi", author="Ann"),
        lambda: chat(("customer", "a"), ("customer", "b"), id="c").__class__(
            id="c", channel=chat().channel, turns=(turn("bot", "x"), turn("bot", "y"))
        ),
        lambda: Question("q", "?", 101, "phrase"),
        lambda: Section("s", "S", 100, (Question("q", "?", 60, "phrase"),)),
        lambda: Section("s", "S", 100, ()),
        lambda: Scorecard("x", 1, "X", ()),
    ],
)
def test_values_refuse_what_cannot_be(make: Callable[[], object]) -> None:
    with pytest.raises(BadInput):
        make()


def test_turn_finds_its_words_and_their_seconds() -> None:
    spoken = call(("agent", "the the light came on")).turns[0]
    assert spoken.word_spans()[:2] == (TextSpan(0, 3), TextSpan(4, 7))
    light = spoken.time_of(TextSpan(8, 13))
    assert light is not None
    assert light.start == pytest.approx(0.8)
    assert chat(("agent", "hi")).turns[0].time_of(TextSpan(0, 2)) is None


def test_ids_sort_by_time_and_refuse_paths() -> None:
    made = [new_id() for _ in range(100)]
    assert len(set(made)) == 100
    assert [i[:12] for i in made] == sorted(i[:12] for i in made)
    for wrong in ("", "../x", "a/b", "a" * 101, ".hidden", "a\n"):
        with pytest.raises(BadInput):
            check_id(wrong, where="id")


@pytest.mark.parametrize(
    ("holder", "to", "allowed"),
    [
        (Holder.BOT, Holder.WAITING, True),
        (Holder.WAITING, Holder.PERSON, True),
        (Holder.PERSON, Holder.BOT, True),
        (Holder.CLOSED, Holder.BOT, False),
        (Holder.BOT, Holder.BOT, False),
        (Holder.WAITING, Holder.WAITING, False),
    ],
)
def test_handoff_moves(holder: Holder, to: Holder, allowed: bool) -> None:
    handoff = Handoff("c1", holder, NOW, version=1)
    if allowed:
        check_move(handoff, to)
        return
    with pytest.raises(Conflict):
        check_move(handoff, to)
