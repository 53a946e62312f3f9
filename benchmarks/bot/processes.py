"""Programs under test: started on this machine alone, weighed, stopped by their ids."""

import os
import random
import socket
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
STOP_SECONDS = 20
# Ports that no outgoing connection is given (ip_local_port_range of Linux is 32768 to 60999), so
# that nobody has one when its program has started, or starts again.
PORTS = range(20_000, 30_000)


@dataclass(frozen=True, slots=True)
class Running:
    """Processes that answer together."""

    processes: tuple[subprocess.Popen[bytes], ...]

    def stop(self) -> None:
        """End them all and wait."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            try:
                process.wait(timeout=STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def ended(self) -> bool:
        """Whether one of them has died."""
        return any(process.poll() is not None for process in self.processes)

    def memory_mib(self) -> float:
        """Proportional set size of all with their children: shared pages count once."""
        return sum(_pss_kib(pid) for pid in self._family()) / 1024

    def cpu_seconds(self) -> float:
        """Processor time of all with their children since they began."""
        return sum(_ticks(pid) for pid in self._family()) / TICKS

    def _family(self) -> set[int]:
        family = {process.pid for process in self.processes}
        parents = {
            int(place.parent.name): _parent(place) for place in Path("/proc").glob("[0-9]*/stat")
        }
        while more := {pid for pid, parent in parents.items() if parent in family} - family:
            family |= more
        return family


def start(
    command: Sequence[str], folder: Path, environment: Mapping[str, str], log: Path
) -> subprocess.Popen[bytes]:
    """Start one program; what it says goes to `log`."""
    with log.open("ab") as file:
        return subprocess.Popen(  # noqa: S603 -- our own fixed commands
            list(command), cwd=folder, env=os.environ | environment, stdout=file, stderr=file
        )


def _stat(place: Path) -> list[str]:
    """The fields of /proc/PID/stat after the name, which may hold spaces (proc(5))."""
    try:
        return place.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:  # it has ended meanwhile
        return []


def _parent(place: Path) -> int:
    fields = _stat(place)
    return int(fields[1]) if fields else 0


def _ticks(pid: int) -> int:
    fields = _stat(Path(f"/proc/{pid}/stat"))
    return int(fields[11]) + int(fields[12]) if fields else 0


def _pss_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def free_row(count: int) -> int:
    """The first of so many free ports in a row."""
    while True:
        first = random.choice(PORTS)  # noqa: S311 # no secret
        if all(_is_free(first + each) for each in range(count)):
            return first


def _is_free(port: int) -> bool:
    """Whether nobody listens there."""
    with suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False
