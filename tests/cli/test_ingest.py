"""`parley ingest` as it is typed: what ends it, and what stands then."""

import asyncio
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from core.settings import Settings
from store import recordings
from store.database import open_database
from tests.jobs.sound import call_file

ROOT = Path(__file__).parents[2]
DEAF = """
import functools, sys, time
import cli.ingest
from cli.main import main
from jobs.place import Ears
from tests.jobs.parrot import Parrot

def long():
    print("hearing", flush=True)
    time.sleep(60)

cli.ingest.choose_engine = lambda _: type("Choice", (), {"label": "parrot"})
cli.ingest.ingest_files = functools.partial(
    cli.ingest.ingest_files, ears=Ears(lambda: Parrot(long))
)
sys.argv = ["parley", "ingest", "call.wav", "--var", "company=Acme"]
main()
"""


async def due(folder: Path) -> int:
    database = await open_database(Settings(var=folder / "var"))
    async with database.reading() as session:
        found = len(await recordings.due(session, now=datetime.now(UTC)))
    await database.close()
    return found


def test_ctrl_c_ends_it_at_once_and_the_call_can_be_taken_up_again(tmp_path: Path) -> None:
    call_file(tmp_path / "call.wav", (0, 0.3, 3.0), (1, 3.2, 5.7))
    process = subprocess.Popen(
        [sys.executable, "-c", DEAF],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PARLEY_VAR": str(tmp_path / "var")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "hearing\n"
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert time.monotonic() - begun < 10  # it would be a minute; a busy machine takes its time
    assert process.returncode == 130
    assert "The same command again goes on" in err
    assert asyncio.run(due(tmp_path)) == 1
