"""Keeping the programs alive, by supervisor (supervisord.org): its file, its state, its end."""

import hashlib
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time
import xmlrpc.client
from configparser import RawConfigParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from supervisor.xmlrpc import SupervisorTransport

from cli.programs import Program, environment
from core.errors import BadSettings, Unavailable
from core.settings import Settings

_UNSAYABLE = re.compile(r"%|\s[;#]|\n")  # an expansion, and how comments begin
LOG_BYTES = "10MB"
LOG_FILES = "3"
PATIENCE_SECONDS = (
    20  # a worker finishes or gives back what it has within 6, chats say goodbye in 5
)
STOP_SECONDS = 90  # supervisor ends the programs one after another at worst


@dataclass(frozen=True, slots=True)
class ProgramState:
    """What supervisor says of one program: RUNNING, BACKOFF, FATAL and so on."""

    name: str
    state: str
    description: str


class Supervision:
    """One supervisord, known by its pid file in `var`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.var = settings.var.resolve()
        self.config = self.var / "supervisord.conf"
        self.logs = self.var / "log"
        self.pid_file = self.var / "supervisord.pid"

    @property
    def socket(self) -> Path:
        """Where it answers; a socket's path is at most 107 bytes long, `var` may be deeper."""
        name = hashlib.sha256(str(self.var).encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"parley-{os.getuid()}-{name}.sock"

    def pid(self) -> int | None:
        """The running supervisord's process id; None when none runs."""
        try:
            pid = int(self.pid_file.read_text(encoding="ascii"))
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return None
        return pid if str(self.config).encode() in command else None

    def start(self, programs: tuple[Program, ...]) -> None:
        """Start all programs in the background.

        Raises:
            Unavailable: supervisord itself did not start.
        """
        self.write(programs)
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self.config)]
        around = os.environ | environment(self.settings)  # the programs inherit it
        done = subprocess.run(command, env=around, capture_output=True, text=True, check=False)  # noqa: S603 -- our own fixed command
        if done.returncode != 0:
            raise Unavailable(f"supervisor did not start: {done.stderr.strip()[-500:]}")

    def write(self, programs: tuple[Program, ...]) -> None:
        """Write supervisor's file.

        Raises:
            BadSettings: a folder's name holds what supervisor's file cannot say.
        """
        for program in programs:
            for word in (*program.command, str(program.folder), str(self.var)):
                if _UNSAYABLE.search(word):
                    raise BadSettings(
                        f"supervisor cannot work with %, ' #' or ' ;' in a path: {word}; "
                        "rename the folder"
                    )
        self.logs.mkdir(parents=True, exist_ok=True)
        with self.config.open("w", encoding="utf-8") as file:
            self._configuration(programs).write(file)

    def states(self) -> tuple[ProgramState, ...]:
        """How each program is; empty while supervisord does not answer yet."""
        transport = SupervisorTransport(None, None, f"unix://{self.socket}")
        proxy = xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport)
        try:
            answer = cast(list[dict[str, Any]], proxy.supervisor.getAllProcessInfo())
        except (OSError, xmlrpc.client.Error):
            return ()
        return tuple(
            ProgramState(each["name"], each["statename"], each["description"]) for each in answer
        )

    def stop(self) -> bool:
        """End everything and wait for it; False when nothing ran.

        Raises:
            Unavailable: it did not end in time.
        """
        pid = self.pid()
        if pid is None:
            return False
        os.kill(pid, signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        while self.pid() is not None:
            if time.monotonic() > end:
                raise Unavailable(f"process {pid} did not end within {STOP_SECONDS} s")
            time.sleep(0.1)
        return True

    def log_of(self, name: str) -> Path:
        """Where a program writes."""
        return self.logs / f"{name}.log"

    def _configuration(self, programs: tuple[Program, ...]) -> RawConfigParser:
        config = RawConfigParser()
        config["supervisord"] = {
            "logfile": str(self.logs / "supervisord.log"),
            "pidfile": str(self.pid_file),
            "childlogdir": str(self.logs),
            "logfile_maxbytes": LOG_BYTES,
            "directory": str(Path.cwd()),
            "umask": "077",  # what people said is this user's alone to read
        }
        if os.getuid() == 0:
            config["supervisord"]["user"] = "root"  # said on purpose, or supervisor warns
        config["unix_http_server"] = {
            "file": str(self.socket),
            "chmod": f"{stat.S_IRUSR | stat.S_IWUSR:04o}",
        }
        config["rpcinterface:supervisor"] = {
            "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
        }
        for program in programs:
            config[f"program:{program.name}"] = {
                "command": " ".join(_quoted(word) for word in program.command),
                "directory": str(program.folder),
                "autorestart": "true",
                "startsecs": "2",
                "startretries": "3",
                "stopwaitsecs": str(PATIENCE_SECONDS),
                "stopasgroup": "true",
                "killasgroup": "true",
                "redirect_stderr": "true",
                "stdout_logfile": str(self.log_of(program.name)),
                "stdout_logfile_maxbytes": LOG_BYTES,
                "stdout_logfile_backups": LOG_FILES,
            }
        return config


def _quoted(word: str) -> str:
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'
