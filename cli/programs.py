"""The programs that make up a running Parley: how each is started, where it answers."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from core.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
RASA_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
DOMAIN = ROOT / "domain.yml"
BOT_MODEL = "parley.tar.gz"
SILENCE = {
    "RASA_TELEMETRY_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "PYANNOTE_METRICS_ENABLED": "0",
    "OTEL_SDK_DISABLED": "true",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",  # Rasa's SQLAlchemy 1.4 speaks of 2.0 at each start
    "TF_CPP_MIN_LOG_LEVEL": "2",
}


LOOPBACK = "127.0.0.1"


def reached_at(settings: Settings) -> str:
    """The address at which this machine reaches the chat and the console."""
    anywhere = {"0.0.0.0": LOOPBACK, "::": "[::1]", "localhost": LOOPBACK}  # noqa: S104 -- read, not bound
    host = anywhere.get(settings.host, settings.host)
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


@dataclass(frozen=True, slots=True)
class Program:
    """One process: `health` answers 200 once it works; `ports`: setting → port it listens on."""

    name: str
    command: tuple[str, ...]
    folder: Path
    ports: Mapping[str, int]
    health: tuple[str, ...] = ()


def programs(settings: Settings) -> tuple[Program, ...]:
    """All of them, in the order a person would start them."""
    here, host = Path.cwd(), reached_at(settings)
    python = sys.executable
    actions = settings.actions_port
    chat, live, console = settings.chat_port, settings.live_port, settings.console_port
    return (
        *_rasas(settings),
        Program(
            "actions",
            (python, "-m", "actions"),
            here,
            {"PARLEY_ACTIONS_PORT": actions},
            (f"http://127.0.0.1:{actions}/health",),
        ),
        Program(
            "web",
            (python, "-m", "cli", "process", "web"),
            here,
            {
                "PARLEY_CHAT_PORT": chat,
                "PARLEY_LIVE_PORT": live,
                "PARLEY_CONSOLE_PORT": console,
            },
            (f"http://{host}:{chat}/health", f"http://{host}:{console}/health"),
        ),
        Program("worker", (python, "-m", "jobs"), here, {}),
    )  # fmt: skip


def _rasas(settings: Settings) -> tuple[Program, ...]:
    """The Rasa servers; a conversation always goes to the same one (channels/bot.py)."""
    ports = settings.rasa_ports
    model = settings.models.resolve() / BOT_MODEL
    return tuple(
        Program(
            "rasa" if len(ports) == 1 else f"rasa-{number}",
            (
                str(RASA_PYTHON), "-W", "ignore",  # its old libraries deprecate each other
                "-m", "bot", "--port", str(port), "--model", str(model),
            ),
            ROOT,
            {"PARLEY_RASA_PORT": port},
            (f"http://127.0.0.1:{port}/webhooks/parley/",),
        )
        for number, port in enumerate(ports, start=1)
    )  # fmt: skip


def environment(settings: Settings) -> dict[str, str]:
    """What the programs find in their environment beside what is there already."""
    tracker, encoder = settings.var.resolve() / "tracker.db", settings.encoder_model
    return SILENCE | {
        "PYTHONPATH": os.pathsep.join(
            part for part in (str(ROOT), os.environ.get("PYTHONPATH", "")) if part
        ),
        "PARLEY_TRACKER_URL": settings.tracker_url or f"sqlite:///{tracker}",
        "PARLEY_RASA_PROCESSES": str(len(settings.rasa_ports)),  # all programs count alike
        "PARLEY_ACTIONS_URL": f"http://127.0.0.1:{settings.actions_port}/webhook",
        "PARLEY_MODELS": str(settings.models.resolve()),  # Rasa looks for the encoder there
        "PARLEY_ENCODER_MODEL": encoder and str(Path(encoder).resolve()),
    }
