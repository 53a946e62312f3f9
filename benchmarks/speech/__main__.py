"""Everything that is measured of speech, one after the other on one machine.

    python -m benchmarks.speech [--data FOLDER] [--hours 4]

FOLDER holds `calls/auto-repairs-40.wav` and `speech/`; README.md says what each figure means. With
`--hours` the longest call for cost and memory is so long: some minutes an hour of it.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
# Inaugural address of John F. Kennedy, 1961; public domain
JFK = (
    "And so my fellow Americans, ask not what your country can do for you, ask what you can do "
    "for your country."
)
MINUTES_AN_HOUR = 60


def commands(data: Path, jfk: Path, hours: float) -> list[tuple[str, list[str]]]:
    """Module and arguments of each, quick ones first."""
    call, speech = str(data / "calls" / "auto-repairs-40.wav"), data / "speech"
    sample, stm = str(speech / "sample.wav"), str(speech / "sample.stm")
    longest = f"{hours * MINUTES_AN_HOUR:g}"
    return [
        ("words", [str(speech / "jfk.flac"), str(jfk), "--rate", "8000"]),
        ("words", [sample, stm]),
        ("times", ["--shared", str(speech)]),
        ("pauses", [call]),
        ("speakers", [call, sample, "--words"]),
        ("speakers", [call, "--minutes", "10"]),
        ("speed", [call]),
        ("cost", [call, "--minutes", "1", "10", longest]),
        ("speakers", [call, "--minutes", longest]),
    ]


def main() -> None:
    """Run them all; what one prints stands under its command."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.speech",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--hours", type=float, default=1.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        jfk = Path(folder) / "jfk.txt"
        jfk.write_text(JFK, encoding="utf-8")
        failed = [
            name for name, rest in commands(asked.data, jfk, asked.hours) if not _run(name, rest)
        ]
    if failed:
        sys.exit(f"not measured: {', '.join(failed)}")


def _run(name: str, rest: list[str]) -> bool:
    shown = " ".join(Path(each).name if "/" in each else each for each in rest)
    sys.stdout.write(f"\n$ benchmarks.speech.{name} {shown}\n")
    sys.stdout.flush()
    command = [sys.executable, "-m", f"benchmarks.speech.{name}", *rest]
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603 -- our own modules


if __name__ == "__main__":
    main()
