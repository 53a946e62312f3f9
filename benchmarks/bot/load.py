"""The load: chats at once from one process, each waiting for its answer before it says the next."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from benchmarks.bot.processes import Running

Say = Callable[[str, str], Awaitable[bool]]  # conversation, words → whether it was answered


@dataclass(frozen=True, slots=True)
class Level:
    """What so many chats at once got; times in seconds, CPU in milliseconds a message."""

    chats: int
    messages: int
    failed: int
    per_second: float
    p50: float
    p95: float
    p99: float
    cpu_ms: float
    load_cpu_ms: float


async def measure(
    say: Say, talks: Sequence[tuple[str, list[str]]], chats: int, running: Running
) -> Level:
    """Play `talks`, `chats` of them at once."""
    waiting = list(reversed(talks))
    took: list[float] = []
    failed = 0

    async def chat() -> None:
        nonlocal failed
        while waiting:
            conversation, sentences = waiting.pop()
            for words in sentences:
                began = time.perf_counter()
                failed += not await say(conversation, words)
                took.append(time.perf_counter() - began)

    cpu, own, began = running.cpu_seconds(), time.process_time(), time.perf_counter()
    await asyncio.gather(*(chat() for _ in range(chats)))
    seconds = time.perf_counter() - began
    return Level(
        chats=chats,
        messages=len(took),
        failed=failed,
        per_second=len(took) / seconds,
        p50=statistics.median(took),
        p95=percentile(took, 0.95),
        p99=percentile(took, 0.99),
        cpu_ms=1000 * (running.cpu_seconds() - cpu) / len(took),
        load_cpu_ms=1000 * (time.process_time() - own) / len(took),
    )


@dataclass(frozen=True, slots=True)
class Growth:
    """What a message costs early and late in one conversation, in milliseconds of CPU."""

    early_turn: int
    late_turn: int
    early_ms: float
    late_ms: float

    @property
    def ratio(self) -> float:
        """How much dearer the late ones are."""
        return self.late_ms / self.early_ms


async def measure_growth(
    say: Say, conversation: str, sentences: Sequence[str], running: Running, *, limit: float
) -> Growth:
    """Play one long conversation; the late figure is that of its last 20 turns within `limit` s.

    CPU is counted in ticks of 10 ms, so 20 turns are the least that can be told apart.
    """
    end = time.monotonic() + limit
    marks = [running.cpu_seconds()]
    for turn, words in enumerate(sentences, start=1):
        await say(conversation, words)
        if turn % 20 == 0:
            marks.append(running.cpu_seconds())
            if time.monotonic() > end:
                break
    # The first turns warm caches up, so "at 20 turns" is what turns 21 to 40 cost.
    early, late = marks[2] - marks[1], marks[-1] - marks[-2]
    return Growth(20, 20 * (len(marks) - 1), 1000 * early / 20, 1000 * late / 20)


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that `share` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]
