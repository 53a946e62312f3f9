"""One report in a process of its own: seconds, CPU seconds and memory."""

import asyncio
import multiprocessing
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from multiprocessing.queues import SimpleQueue

from benchmarks.reports.filling import DAYS, START
from console import reporting
from console.report_filter import asked_of
from core.settings import Settings
from store.database import open_database

NOTHING, OVERVIEW = "nothing", "overview"


@dataclass(frozen=True, slots=True)
class Line:
    """One report."""

    report: str
    seconds: float
    cpu_seconds: float
    extra_mib: float
    rows: int


def measure(settings: Settings, names: Sequence[str]) -> list[Line]:
    """How long each report takes, and what it needs beyond a process that makes none."""
    base = _in_process(settings, NOTHING)
    found = [_in_process(settings, name) for name in names]
    return [replace(one, extra_mib=max(0.0, one.extra_mib - base.extra_mib)) for one in found]


def _in_process(settings: Settings, name: str) -> Line:
    context = multiprocessing.get_context("spawn")
    results: SimpleQueue[Line] = context.SimpleQueue()
    process = context.Process(target=_made, args=(settings, name, results))
    process.start()
    line = results.get()
    process.join()
    return line


def _made(settings: Settings, name: str, results: "SimpleQueue[Line]") -> None:
    rows, seconds, cpu = asyncio.run(_make(settings, name))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    results.put(Line(name, seconds, cpu, peak, rows))


async def _make(settings: Settings, name: str) -> tuple[int, float, float]:
    """Rows of the report, seconds and CPU seconds; opening the database does not count."""
    database = await open_database(settings)
    now = START + timedelta(days=DAYS)
    first = (now - timedelta(days=DAYS // 2 - 1)).date()
    asked = asked_of({"from": first.isoformat()}, settings, now=now)
    began, cpu_began = time.perf_counter(), time.process_time()
    rows = 0
    async with database.reading() as session:
        if name != NOTHING:
            scope = await reporting.scope_of(session, asked)
            if name == OVERVIEW:
                rows = len((await reporting.overview(session, scope)).points)
            else:
                rows = len((await reporting.MAKERS[name](session, scope)).rows)
    made = rows, time.perf_counter() - began, time.process_time() - cpu_began
    await database.close()
    return made
