"""`python -m benchmarks.reports [--conversations 100000] [--folder VAR] [--only NAME] [--json]`.

Fills a database with judged conversations of 180 days, half of them in the window and half in the
days before it, then makes every report in a process of its own: seconds, CPU seconds, and the
memory that it takes beyond the process that has the programs loaded and made no report. A folder
that is named is kept, and filled once.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

from benchmarks.reports.filling import DAYS, START, fill
from benchmarks.reports.measuring import OVERVIEW, measure
from console import reporting
from core.settings import Settings
from qa.cards import load_scorecard
from store import reports
from store.database import open_database


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reports")
    parser.add_argument("--conversations", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="kept; a temporary one when left out")
    parser.add_argument("--only", choices=(OVERVIEW, *reporting.MAKERS))
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        settings = Settings(var=given.folder or Path(temporary), scorecard="service")
        asyncio.run(_fill(settings, given.conversations))
        names = (given.only,) if given.only else (OVERVIEW, *reporting.MAKERS)
        lines = measure(settings, names)
    if given.json:
        sys.stdout.write(json.dumps([asdict(line) for line in lines]) + "\n")
        return
    sys.stdout.write(f"{given.conversations} conversations in {DAYS} days\n")
    sys.stdout.write("report        seconds   CPU s   MiB   rows\n")
    for one in lines:
        sys.stdout.write(
            f"{one.report:<13} {one.seconds:7.2f} {one.cpu_seconds:7.2f} {one.extra_mib:5.0f} "
            f"{one.rows:6d}\n"
        )


async def _fill(settings: Settings, conversations: int) -> None:
    database = await open_database(settings)
    try:
        async with database.reading() as session:
            if await reports.versions(session, start=START, end=START + timedelta(days=DAYS)):
                return
        await fill(database, load_scorecard("service"), conversations=conversations)
    finally:
        await database.close()


if __name__ == "__main__":
    main()
