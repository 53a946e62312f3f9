"""The sentence over a call: who speaks on which channel, or that nobody knows."""

from dataclasses import replace

import pytest

from console.voices import channels_told, unnamed, untold
from core.conversation import Conversation, Role, Turn
from core.recording import ChannelLayout
from tests.build import call
from tests.console.conftest import LINES, House, store_call

MONO, STEREO = ChannelLayout.MONO, ChannelLayout.AGENT_CUSTOMER


def spoken(*voices: tuple[str, str | None]) -> tuple[Turn, ...]:
    """A call of (role, label) turns."""
    made = call(*((role, "hello there") for role, _ in voices)).turns
    return tuple(
        replace(turn, speech=replace(turn.speech, speaker=label)) if turn.speech else turn
        for turn, (_, label) in zip(made, voices, strict=True)
    )


@pytest.mark.parametrize(
    "voices, told",
    [
        ([("agent", "channel 1"), ("customer", "channel 2"), ("agent", "channel 1")],
         "Channel 1 (left) is the agent; channel 2 (right) is the customer"),
        ([("agent", "channel 2"), ("customer", "channel 1")],
         "Channel 1 (left) is the customer; channel 2 (right) is the agent"),
        ([("customer", "channel 2")], "Channel 2 (right) is the customer"),
        ([("unknown", "channel 1")], ""),
        ([("agent", "voice A"), ("customer", None)], ""),
        ([], ""),
    ],
)  # fmt: skip
def test_each_channel_is_told_by_the_turns(voices: list[tuple[str, str | None]], told: str) -> None:
    assert channels_told(spoken(*voices)) == told


@pytest.mark.parametrize(
    "roles, layout, begin",
    [
        (["unknown", "unknown"], MONO, "This recording has one channel"),
        (["unknown"], STEREO, "It was not recorded which party"),
        (["unknown"], None, "It was not recorded which party"),
        (["unknown", "agent"], MONO, ""),
        (["agent", "customer"], STEREO, ""),
        ([], MONO, ""),
    ],
)
def test_why_nobody_is_told_apart(
    roles: list[str], layout: ChannelLayout | None, begin: str
) -> None:
    said = untold(spoken(*((role, "channel 1") for role in roles)), layout)
    assert said.startswith(begin)
    assert bool(said) is bool(begin)


def of_channels(**roles: str) -> Conversation:
    labels = {"agent": "channel 1", "customer": "channel 2"}
    made = call(*LINES)
    turns = tuple(
        replace(
            turn,
            role=Role(roles.get(turn.role, turn.role)),
            speech=replace(turn.speech, speaker=labels[turn.role]) if turn.speech else None,
        )
        for turn in made.turns
    )
    return replace(made, turns=turns)


async def test_the_page_of_a_stereo_call_says_who_is_where_and_how_to_swap(house: House) -> None:
    await store_call(house, turns=of_channels().turns)
    _, text = await house.get("sam", "/conversations/call-1")
    assert "Channel 1 (left) is the agent; channel 2 (right) is the customer." in text
    assert 'href="#swap"' in text
    assert 'id="swap"' in text
    await house.post("sam", "/conversations/call-1/swap")
    _, text = await house.get("sam", "/conversations/call-1")
    assert "Channel 1 (left) is the customer; channel 2 (right) is the agent." in text


async def test_the_page_of_a_mono_call_says_that_nobody_is_told_apart(house: House) -> None:
    turns = of_channels(agent="unknown", customer="unknown").turns
    await store_call(house, turns=turns, layout=MONO)
    _, text = await house.get("sam", "/conversations/call-1")
    assert "one channel, or one sound on both, so nobody is told apart yet" in text
    assert 'id="swap"' not in text
    assert "channel 1</span>" in text


@pytest.mark.parametrize(
    "voices, found",
    [
        ([("unknown", "channel 2"), ("unknown", "channel 1")], ("channel 1", "channel 2")),
        ([("unknown", "A"), ("unknown", "B"), ("unknown", "A")], ("A", "B")),
        ([("unknown", "channel 1")], ()),  # one voice: naming it would name the other's words too
        ([("agent", "channel 1"), ("unknown", "channel 2")], ()),
        ([("unknown", None), ("unknown", None)], ()),
        ([], ()),
    ],
)
def test_voices_can_be_named_while_none_is(
    voices: list[tuple[str, str | None]], found: tuple[str, ...]
) -> None:
    assert unnamed(spoken(*voices)) == found
