"""The worker program, started before its database: it waits, and ends when it is told to."""

import asyncio
import os
import socket
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.timeout(60)
async def test_worker_waits_for_a_database_that_is_not_there_yet(tmp_path: Path) -> None:
    with socket.socket() as taken:  # bound and not listening: nobody answers here
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        own = {
            "PARLEY_VAR": str(tmp_path),
            "PARLEY_DATABASE_URL": f"postgresql+asyncpg://parley@127.0.0.1:{port}/parley",
        }
        worker = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "jobs", cwd=ROOT, env={**os.environ, **own},
            stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        assert worker.stderr is not None
        for _ in range(2):
            said = (await worker.stderr.readline()).decode()
            assert "the worker begins when the database answers" in said
        worker.terminate()
        assert await worker.wait() == 0
