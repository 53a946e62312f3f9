"""The whole of Parley as `parley run` starts it, in a folder and on ports of its own."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.database import Database, make_engine
from tests.channels.twilio.stand_in import SID, TOKEN
from tests.servers import ROOT, free_port, free_ports, train

PARLEY = ROOT / ".venv" / "bin" / "parley"
START_SECONDS = 400
PORTS = ("CHAT", "LIVE", "CONSOLE", "ACTIONS")
RASAS = 2  # on a machine with one core too


@dataclass(frozen=True, slots=True)
class Stack:
    """A running Parley; `owner_link` is what it printed at its first start."""

    folder: Path
    environment: dict[str, str]
    said: str

    @property
    def chat_url(self) -> str:
        """The chat page."""
        return f"http://127.0.0.1:{self.environment['PARLEY_CHAT_PORT']}/"

    @property
    def console_url(self) -> str:
        """The console."""
        return f"http://127.0.0.1:{self.environment['PARLEY_CONSOLE_PORT']}"

    @property
    def shop_port(self) -> int:
        """Where a shop's page may be served that shows the chat."""
        return int(self.environment["PARLEY_WIDGET_ORIGINS"].rpartition(":")[2])

    @property
    def owner_link(self) -> str:
        """The one-time link that makes the owner."""
        found = re.search(r"http://\S+/link/\S+", self.said)
        assert found, self.said
        return found.group()

    def parley(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in the stack's folder."""
        return command(self.folder, self.environment, *words, check=check)

    def export(self, conversation: str) -> dict[str, Any]:
        """A stored conversation in the exchange format."""
        found: dict[str, Any] = json.loads(self.parley("export", conversation, "--json").stdout)
        return found


def command(
    folder: Path, environment: dict[str, str], *words: str, check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run `parley` with `words`."""
    done = subprocess.run(
        [str(PARLEY), *words],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    if check and done.returncode != 0:
        raise AssertionError(f"parley {words} ended with {done.returncode}:\n{done.stderr}")
    return done


def surroundings() -> dict[str, str]:
    """Settings of a stack that meets no other: its own ports, the checkout's models."""
    ports = {f"PARLEY_{name}_PORT": str(free_port()) for name in PORTS}
    ports["PARLEY_RASA_PORT"] = str(free_ports(RASAS))
    return {
        **ports,
        **telephone(ports["PARLEY_CHAT_PORT"]),
        "PARLEY_WIDGET_ORIGINS": f"http://localhost:{free_port()}",
        "PARLEY_RASA_PROCESSES": str(RASAS),
        "PARLEY_MODELS": str(ROOT / "models"),
        "PARLEY_SWEEP_SECONDS": "5",
    }


def telephone(chat_port: str) -> dict[str, str]:
    """An account at a Twilio that a test starts on a port of this machine."""
    return {
        "PARLEY_TWILIO_ACCOUNT_SID": SID,
        "PARLEY_TWILIO_AUTH_TOKEN": TOKEN,
        "PARLEY_TWILIO_API_URL": f"http://127.0.0.1:{free_port()}",
        "PARLEY_CHAT_URL": f"http://127.0.0.1:{chat_port}",
        "PARLEY_PHONE_QUEUE_NUMBER": "+441632960100",
        "PARLEY_PAYMENT_URL": "demo",
    }


@contextmanager
def running(folder: Path) -> Iterator[Stack]:
    """Start everything, and stop it at the end."""
    train()
    environment = surroundings() | {"PARLEY_SURVEYS": str(_surveys(folder))}
    started = command(folder, environment, "run")
    try:
        yield Stack(folder, environment, started.stdout)
    finally:
        command(folder, environment, "stop")


def _surveys(folder: Path) -> Path:
    """The demo shop's rules, and one for callers who hang up, which it does not have."""
    rules = (ROOT / "surveys.yml").read_text(encoding="utf-8")
    asked = "  - after: hung_up\n    questions: [csat]\n    share: {sms: 1}\n\n# A score no higher"
    file = folder / "surveys.yml"
    file.write_text(rules.replace("\n# A score no higher", asked, 1), encoding="utf-8")
    return file


def stored(stack: Stack) -> Database:
    """The stack's database, looked at from outside."""
    engine = make_engine(f"sqlite+aiosqlite:///{stack.folder / 'var' / 'parley.db'}")
    key = (stack.folder / "var" / "address.secret").read_text(encoding="ascii").strip()
    return Database(engine, key.encode())
