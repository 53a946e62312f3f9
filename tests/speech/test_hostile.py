"""Every corrupt, truncated or hostile file is a conversation or a BadAudio, in bounded memory."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from tests.speech.hostile import HOSTILE, KINDS, outcome, whole

ROOT = Path(__file__).parents[2]
MOST_MIB = 1_300  # the bound of a long call, benchmarks/speech/README.md


@pytest.mark.parametrize("number", range(len(KINDS)))
def test_the_files_are_whole_before_they_are_bent(number: int) -> None:
    assert outcome(KINDS[number][0], whole(number)) == "heard"


@settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
@given(HOSTILE)
def test_a_hostile_file_is_a_conversation_or_bad_audio(file: tuple[str, bytes]) -> None:
    assert outcome(*file) in {"heard", "heard in part", "BadAudio"}


@pytest.mark.services
def test_two_thousand_hostile_files_in_bounded_memory() -> None:
    command = [sys.executable, "-m", "tests.speech.hostile", "--count", "2000"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3_000:]
    files, peak = re.findall(r"(\d+) files.* peak (\d+) MiB", done.stdout)[0]
    assert int(files) == 2_000
    assert int(peak) < MOST_MIB
