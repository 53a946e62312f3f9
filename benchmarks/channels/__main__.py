"""`python -m benchmarks.channels [--only added|idle|exactly-once] [--json]`; README.md explains."""

import argparse
import asyncio
import json
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from benchmarks.bot.processes import free_row
from benchmarks.bot.sides import ours
from benchmarks.bot.stock import Stock
from benchmarks.channels import added, exactly_once, idle
from benchmarks.channels.house import prepare
from core.settings import Settings

Json = dict[str, Any]


async def _added(asked: argparse.Namespace, var: Path) -> Json:
    async with _rasas(asked, var) as rasas:
        found = await added.measure(
            var,
            chats=asked.chats,
            seconds=asked.seconds,
            pause=asked.pause,
            rasas=rasas,
            are_new=asked.new,
        )
    return asdict(found)


@asynccontextmanager
async def _rasas(asked: argparse.Namespace, var: Path) -> AsyncIterator[tuple[str, ...]]:
    """The addresses of our own Rasa servers, started here, or of none."""
    if not asked.rasa:
        yield ()
        return
    first = free_row(5)  # four for as many Rasa servers, and the actions
    settings = Settings(var=var, models=asked.models, rasa_port=first, actions_port=first + 4)
    async with ours(settings, Stock(datetime.now(settings.zone).date()), var):
        yield settings.rasas


async def _idle(asked: argparse.Namespace, var: Path) -> Json:
    found = await idle.measure(var, sockets=asked.sockets)
    return {**asdict(found), "added": found.added}


async def _exactly_once(asked: argparse.Namespace, var: Path) -> Json:
    found = await exactly_once.measure(
        var, count=asked.count, seed=asked.seed, crashes=asked.crashes, seconds=asked.limit
    )
    return {**asdict(found), "is_clean": found.is_clean}


MEASUREMENTS: dict[str, Callable[[argparse.Namespace, Path], Awaitable[Json]]] = {
    "added": _added,
    "idle": _idle,
    "exactly-once": _exactly_once,
}


def main() -> None:
    """Read the command line, measure, print; what was lost or doubled ends it with status 1."""
    asked = _parser().parse_args()
    prepare()
    found = {}
    for name in asked.only or MEASUREMENTS:
        with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
            limited = asyncio.wait_for(MEASUREMENTS[name](asked, Path(folder)), asked.limit)
            found[name] = asyncio.run(limited)
        if not asked.json:
            _show(name, found[name])
    if asked.json:
        sys.stdout.write(json.dumps(found) + "\n")
    if not found.get("exactly-once", {}).get("is_clean", True):
        sys.exit(1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.channels")
    parser.add_argument("--only", action="append", choices=tuple(MEASUREMENTS))
    parser.add_argument("--json", action="store_true")
    parser.add_argument(
        "--rasa", action="store_true", help="added: beside Rasa itself, not the scripted bot"
    )
    parser.add_argument("--new", action="store_true", help="added: words that are all new")
    parser.add_argument("--models", type=Path, default=Path("models"), help="for --rasa")
    parser.add_argument("--limit", type=float, default=1800, help="seconds for one measurement")
    parser.add_argument("--chats", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument(
        "--pause", type=float, default=10, help="seconds between messages of a chat"
    )
    parser.add_argument("--sockets", type=int, default=1000)
    parser.add_argument("--count", type=int, default=100_000, help="messages of both sides")
    parser.add_argument("--crashes", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    return parser


def _show(name: str, found: Json) -> None:
    sys.stdout.write(f"{name}\n")
    for key, value in found.items():
        told = f"{value:.2f}" if isinstance(value, float) else value
        told = f"{len(told)} {told[:5]}" if isinstance(told, list) else told
        sys.stdout.write(f"  {key:<14} {told}\n")


if __name__ == "__main__":
    main()
