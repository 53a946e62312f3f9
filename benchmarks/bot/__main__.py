"""`python -m benchmarks.bot`: the starter assistant of `rasa init` and ours, on the same machine.

Both are started, asked and stopped one after the other; README.md says what is measured and how.
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.bot import report
from benchmarks.bot.load import SPAN, Growth, Level, measure, measure_growth
from benchmarks.bot.processes import free_row
from benchmarks.bot.sides import Side, make_starter, ours, starter, var_of_checkout
from benchmarks.bot.stock import Stock
from benchmarks.bot.talks import SHOP, STARTER, Scene, Talk, talk
from core.settings import Settings

SEED = 7
WARM_TALKS = 10  # not measured: a server that has run for a minute has its caches, either one
TALKS = 100  # at a level, so that ours take seconds too: of one second chance is a third
MOST_ROUNDS = 10  # fewer talks than that where so few chats at once would take minutes


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured on one side."""

    name: str
    start_seconds: float
    memory_mib: float
    levels: tuple[Level, ...]
    growth: Growth


@dataclass(frozen=True, slots=True)
class Plan:
    """What is said to a side: to warm up, at each number of chats at once, and in one long chat."""

    warm: list[Talk]
    levels: tuple[tuple[int, list[Talk]], ...]
    long: Talk


def main() -> None:
    """Read the command line, measure, print."""
    asked = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        place = asked.keep or Path(folder)
        place.mkdir(parents=True, exist_ok=True)
        try:
            measured = asyncio.run(asyncio.wait_for(_measure_all(asked, place), asked.limit))
        except TimeoutError:
            sys.exit(f"stopped: it took longer than --limit {asked.limit:g} s")
    if asked.json:
        json.dump([_as_json(each) for each in measured], sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        report.show([_as_json(each) for each in measured])


async def _measure_all(asked: argparse.Namespace, place: Path) -> list[Measured]:
    found = []
    first = free_row(5)  # four for as many Rasa servers, and the actions
    settings = Settings(var=place, models=asked.models, rasa_port=first, actions_port=first + 4)
    stock = Stock(datetime.now(settings.zone).date())
    if asked.side != "ours":
        folder = await asyncio.to_thread(make_starter, var_of_checkout(), limit=asked.limit)
        plan = _plan(STARTER, stock, asked)
        async with starter(folder, free_row(1), place) as side:
            found.append(await _measure("starter", side, plan, asked))
    if asked.side != "starter":
        plan = _plan(SHOP, stock, asked)
        async with ours(settings, stock, place) as side:
            found.append(await _measure("ours", side, plan, asked))
    return found


def _plan(scenes: tuple[Scene, ...], stock: Stock, asked: argparse.Namespace) -> Plan:
    """All that will be said, so that the shop is stocked before anybody speaks."""
    chance = random.Random(SEED)  # noqa: S311 -- the same talks each time

    def talks(count: int, turns: int) -> list[Talk]:
        return [talk(scenes, turns, chance, stock.order) for _ in range(count)]

    levels = [
        (chats, talks(chats * max(1, min(MOST_ROUNDS, TALKS // chats)), asked.turns))
        for chats in asked.chats
    ]
    return Plan(talks(WARM_TALKS, asked.turns), tuple(levels), talks(1, asked.long)[0])


async def _measure(name: str, side: Side, plan: Plan, asked: argparse.Namespace) -> Measured:
    report.note(f"{name}: started in {side.start_seconds:.1f} s")
    warm = list(zip(await side.open(len(plan.warm)), plan.warm, strict=True))
    await measure(side.say, warm, len(warm), side.running, limit=asked.level)
    levels = []
    for chats, talks in plan.levels:
        opened = list(zip(await side.open(len(talks)), talks, strict=True))
        levels.append(await measure(side.say, opened, chats, side.running, limit=asked.level))
        report.note(f"{name}: {chats} at once, {levels[-1].per_second:.1f} messages a second")
    (long,) = await side.open(1)
    began = time.monotonic()
    sentences = plan.long.sentences[: asked.long]
    growth = await measure_growth(side.say, long, sentences, side.running, limit=asked.level)
    seconds = time.monotonic() - began
    report.note(f"{name}: one conversation of {growth.late_turn} turns took {seconds:.0f} s")
    memory = side.running.memory_mib()
    return Measured(name, side.start_seconds, memory, tuple(levels), growth)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.bot", description=__doc__)
    parser.add_argument("--chats", type=_numbers, default=(1, 10, 50), help="at once: 1,10,50")
    parser.add_argument("--turns", type=int, default=20, help="sentences of a chat, at least")
    parser.add_argument("--long", type=_long, default=400, help="turns of one chat, at least 40")
    parser.add_argument("--limit", type=float, default=1800.0, help="seconds for everything")
    parser.add_argument("--level", type=float, default=180.0, help="seconds a level, at most")
    parser.add_argument("--side", choices=["both", "starter", "ours"], default="both")
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--keep", type=Path, help="keep logs and databases in this folder")
    parser.add_argument("--json", action="store_true")
    return parser


def _long(text: str) -> int:
    turns = int(text)
    if turns < 2 * SPAN:
        raise argparse.ArgumentTypeError(f"at least {2 * SPAN}: the second {SPAN} against the last")
    return turns


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))


def _as_json(measured: Measured) -> dict[str, Any]:
    return asdict(measured) | {"growth_ratio": measured.growth.ratio}


if __name__ == "__main__":
    main()
