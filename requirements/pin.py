"""Print full pins for a requirements file: `python pin.py app.in [--without app.txt]`.

Asks pip for a resolution without installing anything, so no address gets into the output.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path


def resolve(source: Path, constraints: Path | None) -> dict[str, str]:
    """Names and versions that pip would install for `source`."""
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--dry-run"]
    command += ["--ignore-installed", "--report", "-", "-r", str(source)]
    if constraints is not None:
        command += ["-c", str(constraints)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- pip
    packages = (item["metadata"] for item in json.loads(done.stdout)["install"])
    return {plain(item["name"]): public(item["version"]) for item in packages}


def plain(name: str) -> str:
    """The package's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def public(version: str) -> str:
    """The version without a local part such as '+cpu', which only one registry has."""
    return version.split("+", maxsplit=1)[0]


def main() -> None:
    """Read the arguments, print the pins."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path)
    parser.add_argument("--without", type=Path, help="leave out what this file already pins")
    arguments = parser.parse_args()
    pins = resolve(arguments.source, arguments.without)
    known: set[str] = set()
    if arguments.without is not None:
        lines = arguments.without.read_text(encoding="utf-8").splitlines()
        known = {line.split("==")[0] for line in lines if "==" in line}
    sys.stdout.write(f"# Made by `make pins` from {arguments.source.name}; do not edit.\n")
    for name in sorted(pins.keys() - known):
        sys.stdout.write(f"{name}=={pins[name]}\n")


if __name__ == "__main__":
    main()
