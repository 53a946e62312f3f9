"""Real servers for tests: Rasa and the action server, on free ports, with a folder of their own."""

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from sys import executable

import pytest

from core.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
MODEL = ROOT / "models" / "parley.tar.gz"
START_SECONDS = 180  # a cold Rasa takes 15 s on two idle cores
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
}


@dataclass
class Server:
    """One program, started and stopped by its pid."""

    command: list[str]
    health: str
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def start(self) -> None:
        """Start, and wait until it is healthy."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
        end = time.monotonic() + START_SECONDS
        while not self._is_healthy():
            if self.process.poll() is not None or time.monotonic() > end:
                tail = self.log.read_text(errors="replace")[-2000:]
                raise RuntimeError(f"{self.command[:4]} did not start:\n{tail}")
            time.sleep(0.2)

    def stop(self) -> None:
        """Stop, and wait until it is gone."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _is_healthy(self) -> bool:
        with suppress(urllib.error.URLError, OSError):
            return bool(urllib.request.urlopen(self.health, timeout=5).status == 200)
        return False


@dataclass(frozen=True)
class RasaServer:
    """The bot as it runs; `settings` are those of a Parley that uses it."""

    settings: Settings
    rasa: Server
    actions: Server

    @property
    def url(self) -> str:
        """Base URL of Rasa."""
        return self.settings.rasas[0]


@pytest.fixture(scope="session")
def rasa_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RasaServer]:
    """Rasa at its most talkative, and the action server, for the whole run."""
    with running_rasa(tmp_path_factory.mktemp("bot")) as server:
        yield server


@contextmanager
def running_rasa(var: Path) -> Iterator[RasaServer]:
    """Train if needed, start both servers on `var`, stop them at the end."""
    train()
    settings = Settings(var=var, rasa_port=free_port(), rasa_processes=1, actions_port=free_port())
    server = RasaServer(settings, _rasa(settings), _actions(settings))
    try:
        server.actions.start()
        server.rasa.start()
        yield server
    finally:
        server.rasa.stop()
        server.actions.stop()


def train() -> None:
    """Train the bot unless its model is younger than all that it is made of."""
    if not RASA_PYTHON.exists():
        pytest.fail("the Rasa environment is missing; run `make rasa`")
    sources = [
        *(ROOT / "config.yml", ROOT / "domain.yml", ROOT / "language" / "encoder.py"),
        *(ROOT / "data").rglob("*.yml"),
        *(ROOT / "bot" / "components").glob("*.*"),
    ]
    if MODEL.exists() and all(MODEL.stat().st_mtime > file.stat().st_mtime for file in sources):
        return
    command = [str(RASA_PYTHON), "-m", "rasa", "train", "--fixed-model-name", "parley"]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | QUIET, capture_output=True, check=False
    )
    if done.returncode != 0:
        raise RuntimeError(f"rasa train failed:\n{done.stderr.decode(errors='replace')[-2000:]}")
    MODEL.touch()  # a model that had not changed keeps its time


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def free_ports(count: int) -> int:
    """The first of so many ports in a row that nobody listens on."""
    while True:
        first = free_port()
        try:
            for port in range(first + 1, first + count):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            continue
        return first


def _rasa(settings: Settings) -> Server:
    port = str(settings.rasa_port)
    arguments = ["run", "-i", "127.0.0.1", "-p", port, "-m", str(MODEL), "--debug"]
    addresses = {
        "PARLEY_TRACKER_URL": f"sqlite:///{settings.var / 'tracker.db'}",
        "PARLEY_ACTIONS_URL": f"http://127.0.0.1:{settings.actions_port}/webhook",
    }
    return Server(
        [str(RASA_PYTHON), "-m", "rasa", *arguments],
        f"{settings.rasas[0]}/webhooks/parley/",
        os.environ | QUIET | addresses,
        settings.var / "rasa.log",
    )


def _actions(settings: Settings) -> Server:
    environment = {
        "PARLEY_VAR": str(settings.var),
        "PARLEY_ACTIONS_PORT": str(settings.actions_port),
        "PARLEY_LOG_LEVEL": "debug",
    }
    return Server(
        [executable, "-m", "actions"],
        f"http://127.0.0.1:{settings.actions_port}/health",
        os.environ | QUIET | environment,
        settings.var / "actions.log",
    )
