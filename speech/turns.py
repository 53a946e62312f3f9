"""Turns: what each voice said, put in one order.

A breath is a run of words of one channel, or on a mono call of one voice; a pause ends it, and a
shorter one does in which the other begins. Breaths of one voice join into a turn until the other
takes over or a longer pause comes. A short sign of listening ('mm-hm') is a turn of its own and
does not break the turn it was said into.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from core.conversation import Role, Speech, Turn, Word
from core.ids import new_id
from core.recording import ChannelLayout, Segment
from core.spans import TimeSpan

# By reading 1 call (benchmarks/speech/README.md); DOMAIN "Metrics" lets dead air begin at 3 s.
BREATH = 0.7  # seconds; shorter pauses are inside what one says at a stretch
TURN = 2.0  # seconds; a longer pause of one voice begins a new turn
SIGNS_OF_LISTENING = frozenset(
    [
        *("mm", "hm", "hmm", "mhm", "mmhm", "mhmm", "uh", "huh", "uhhuh", "um", "ah", "oh"),
        *("yeah", "yes", "yep", "yup", "okay", "ok", "right", "alright", "sure"),
        *("i", "see", "got", "it"),
    ]
)
LONGEST_SIGN = 3  # words
ROLES = {
    ChannelLayout.AGENT_CUSTOMER: (Role.AGENT, Role.CUSTOMER),
    ChannelLayout.CUSTOMER_AGENT: (Role.CUSTOMER, Role.AGENT),
    ChannelLayout.MONO: (Role.UNKNOWN, Role.UNKNOWN),
    ChannelLayout.FIND: (Role.UNKNOWN, Role.UNKNOWN),
}


@dataclass(frozen=True, slots=True)
class Speaker:
    """A channel or a voice: its label, its role, and the agent's name when the voice is known."""

    label: str
    role: Role
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Breath:
    """A run of words of one channel or voice without a pause between them."""

    channel: int
    words: tuple[Word, ...]

    @property
    def start(self) -> float:
        """When it begins, in seconds."""
        return self.words[0].span.start

    @property
    def end(self) -> float:
        """When it ends, in seconds."""
        return max(word.span.end for word in self.words)

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(word.text for word in self.words)


def spoken_turns(segments: Sequence[Segment], layout: ChannelLayout) -> tuple[Turn, ...]:
    """Put the words of all channels into turns, in time order."""
    words = [(segment.channel, word) for segment in segments for word in segment.words]
    speakers = [Speaker(f"channel {n + 1}", role) for n, role in enumerate(ROLES[layout])]
    return turns_of(words, speakers)


def turns_of(spoken: Iterable[tuple[int, Word]], speakers: Sequence[Speaker]) -> tuple[Turn, ...]:
    """Put words into turns, in time order.

    Args:
        spoken: each word with the number of its speaker, that is of its channel or its voice.
    """
    breaths = sorted(_breaths(spoken), key=lambda breath: (breath.start, breath.channel))
    is_sign = [_is_sign(breaths, number) for number in range(len(breaths))]
    told = [breath for breath, sign in zip(breaths, is_sign, strict=True) if not sign]
    signs = [breath for breath, sign in zip(breaths, is_sign, strict=True) if sign]
    groups = [*_joined(told), *([sign] for sign in signs)]
    groups.sort(key=lambda group: (group[0].start, group[0].channel))
    return tuple(_turn(group, speakers[group[0].channel]) for group in groups)


def _breaths(spoken: Iterable[tuple[int, Word]]) -> list[Breath]:
    words = sorted(spoken, key=lambda each: (each[0], each[1].span.start))
    breaths: list[Breath] = []
    for channel, of_one in groupby(words, key=lambda spoken: spoken[0]):
        others = [word.span.start for other, word in words if other != channel]
        others.sort()
        run: list[Word] = []
        for _, word in of_one:
            if run and _is_pause(run[-1].span.end, word.span.start, others):
                breaths.append(Breath(channel, tuple(run)))
                run = []
            run.append(word)
        breaths.append(Breath(channel, tuple(run)))
    return breaths


def _is_pause(end: float, start: float, others: Sequence[float]) -> bool:
    """Whether the silence is long, or another voice begins a word in it."""
    if start - end >= BREATH:
        return True
    return bisect_left(others, start) > bisect_left(others, end)


def _is_sign(breaths: Sequence[Breath], number: int) -> bool:
    """Whether the breath only says 'I am listening' while the other goes on talking.

    The answer to a question is none, and neither is a word at the end of the other's turn.
    """
    breath = breaths[number]
    words = re.findall(r"[a-z]+", breath.text.lower())
    if not words or len(words) > LONGEST_SIGN or not SIGNS_OF_LISTENING.issuperset(words):
        return False
    before = _other(breaths, number - 1, breath.channel)
    after = _other(breaths, number + 1, breath.channel)
    if before is None or before.text.rstrip().endswith("?"):
        return False
    if before.end > breath.end:  # the other talked right through it
        return True
    return after is not None and after.start - before.end < BREATH + breath.end - breath.start


def _other(breaths: Sequence[Breath], number: int, channel: int) -> Breath | None:
    """The breath of this number, if there is one and it is the other voice's."""
    is_there = 0 <= number < len(breaths) and breaths[number].channel != channel
    return breaths[number] if is_there else None


def _joined(breaths: Sequence[Breath]) -> list[list[Breath]]:
    groups: list[list[Breath]] = []
    for breath in breaths:
        last = groups[-1][-1] if groups else None
        if last and last.channel == breath.channel and breath.start - last.end < TURN:
            groups[-1].append(breath)
        else:
            groups.append([breath])
    return groups


def _turn(group: Sequence[Breath], speaker: Speaker) -> Turn:
    words = tuple(word for breath in group for word in breath.words)
    span = TimeSpan(group[0].start, max(breath.end for breath in group))
    return Turn(
        id=new_id(),
        role=speaker.role,
        text=" ".join(word.text for word in words),
        speech=Speech(span, speaker.label, words),
        author=speaker.name,
    )
