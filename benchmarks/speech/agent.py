"""How often the agent is found by what is said: `python -m benchmarks.speech.agent FILE.jsonl`.

FILE holds conversations in the exchange format with known roles. Half of them, by a hash of the
id, count the cues; the other half is judged.
"""

import hashlib
import json
import math
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from core.conversation import Conversation, Role, Speech, Turn
from core.exchange import from_exchange
from core.spans import TimeSpan
from speech.channel_cues import compiled
from speech.channel_roles import OPENING_TURNS, find_agent, plain

PARTIES = (Role.AGENT, Role.CUSTOMER)


def main(path: str) -> None:
    """Print the cues' counts of one half, and what became of the other."""
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    talks = [from_exchange(json.loads(line)) for line in lines]
    _count([talk for talk in talks if _is_even(talk)])
    odd = [talk for talk in talks if not _is_even(talk)]
    for most in (4, 8, 1000):  # a call is known by its beginning, or not at all
        _judge([_spoken(talk.turns[:most]) for talk in odd], most)


def _count(talks: Sequence[Conversation]) -> None:
    for cue, pattern in compiled(""):
        given = Counter(
            role
            for talk in talks
            for role in PARTIES
            if any(pattern.search(plain(t.text)) for t in _of(talk, role, opening=cue.opening))
        )
        odds = math.log((given[Role.AGENT] + 1) / (given[Role.CUSTOMER] + 1))
        sys.stdout.write(
            f"{cue.name}: agent {given[Role.AGENT]}, customer {given[Role.CUSTOMER]} of "
            f"{len(talks)}, log {odds:+.1f}, weight {cue.weight:+.1f}"
            f"{'' if cue.counted else ', set by hand'}\n"
        )


def _of(talk: Conversation, role: Role, *, opening: bool) -> list[Turn]:
    said = [turn for turn in talk.turns if turn.role is role]
    return said[:OPENING_TURNS] if opening else said


def _judge(talks: Sequence[Sequence[Turn]], most: int) -> None:
    right = wrong = unsure = 0
    for turns in talks:
        found = find_agent(turns)
        if found is None or not found.is_sure:
            unsure += 1
        elif found.speaker == Role.AGENT:
            right += 1
        else:
            wrong += 1
    sys.stdout.write(
        f"first {most} turns of {len(talks)}: right {right}, wrong {wrong}, unknown {unsure}\n"
    )


def _spoken(turns: Sequence[Turn]) -> list[Turn]:
    """The same as a call whose voices are labelled by their true roles and not named."""
    return [
        replace(turn, role=Role.UNKNOWN, speech=Speech(TimeSpan(n, n + 1), turn.role.value))
        for n, turn in enumerate(turns)
        if turn.role in PARTIES
    ]


def _is_even(talk: Conversation) -> bool:
    return hashlib.sha256(talk.id.encode()).digest()[0] % 2 == 0


if __name__ == "__main__":
    main(sys.argv[1])
