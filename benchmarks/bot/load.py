"""The load: chats at once from one process, each waiting for its answer before it says the next."""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from benchmarks.bot.processes import Running
from benchmarks.bot.talks import Talk

SPAN = 20  # turns: CPU is counted in ticks of 10 ms, so they are the least that can be told apart


@dataclass(frozen=True, slots=True)
class Heard:
    """What came back to a message: anything at all, and how many tasks it said were done."""

    answered: bool
    done: int = 0


Say = Callable[[str, str], Awaitable[Heard]]  # of conversation and words


@dataclass(frozen=True, slots=True)
class Level:
    """What so many chats at once got; times in seconds, CPU in milliseconds a message.

    `tasks` of the finished talks should be done at their end, `done` are.
    """

    chats: int
    messages: int
    failed: int
    tasks: int
    done: int
    per_second: float
    p50: float
    p95: float
    p99: float
    cpu_ms: float
    load_cpu_ms: float


async def measure(
    say: Say, talks: Sequence[tuple[str, Talk]], chats: int, running: Running, *, limit: float
) -> Level:
    """Play `talks`, `chats` of them at once, for no longer than `limit` seconds."""
    players = _Players(say, list(reversed(talks)), time.perf_counter() + limit)
    cpu, own, began = running.cpu_seconds(), time.process_time(), time.perf_counter()
    await asyncio.gather(*(players.play_on() for _ in range(chats)))
    seconds = time.perf_counter() - began
    took = players.took
    return Level(
        chats=chats,
        messages=len(took),
        failed=players.failed,
        tasks=players.tasks,
        done=players.done,
        per_second=len(took) / seconds,
        p50=statistics.median(took),
        p95=percentile(took, 0.95),
        p99=percentile(took, 0.99),
        cpu_ms=1000 * (running.cpu_seconds() - cpu) / len(took),
        load_cpu_ms=1000 * (time.process_time() - own) / len(took),
    )


@dataclass(slots=True)
class _Players:
    """Chats that take one waiting talk after another, and what they saw."""

    say: Say
    waiting: list[tuple[str, Talk]]
    end: float
    took: list[float] = field(default_factory=list)
    failed: int = 0
    tasks: int = 0
    done: int = 0

    async def play_on(self) -> None:
        while self.waiting and time.perf_counter() < self.end:
            conversation, talk = self.waiting.pop()
            done = 0
            for words in talk.sentences:
                began = time.perf_counter()
                if began > self.end:
                    return
                heard = await self.say(conversation, words)
                self.took.append(time.perf_counter() - began)
                self.failed += not heard.answered
                done += heard.done
            self.tasks += talk.tasks
            self.done += done


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
    """Play one long conversation; the late figure is that of its last `SPAN` within `limit` s."""
    end = time.monotonic() + limit
    marks = [running.cpu_seconds()]
    for turn, words in enumerate(sentences, start=1):
        await say(conversation, words)
        if turn % SPAN == 0:
            marks.append(running.cpu_seconds())
            if time.monotonic() > end:
                break
    # The first turns warm caches up, so "at 20 turns" is what turns 21 to 40 cost.
    early, late = marks[2] - marks[1], marks[-1] - marks[-2]
    return Growth(SPAN, SPAN * (len(marks) - 1), 1000 * early / SPAN, 1000 * late / SPAN)


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that `share` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]
