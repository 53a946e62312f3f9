"""AVX-512 is asked for where the processor has all of it, and nowhere else."""

import os
from pathlib import Path

import pytest

from language.instructions import NEEDED, VARIABLE, WIDE, widen_instructions

ALL = " ".join(sorted(NEEDED))


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "")  # so that what is set in the test is taken back after it
    monkeypatch.delenv(VARIABLE)


@pytest.mark.parametrize(
    ("told", "then"),
    [
        (f"processor\t: 0\nflags\t\t: fpu avx2 {ALL} avx512_vnni\n", WIDE),
        ("processor\t: 0\nflags\t\t: fpu avx2 avx512f avx512dq avx512cd\n", None),
        ("processor\t: 0\nflags\t\t: fpu avx avx2\n", None),
        (f"flags\t: fpu avx2\nflags\t: fpu avx2 {ALL}\n", None),
        (f"Features\t: fp asimd {ALL}\n", None),  # as ARM says it
        ("", None),
    ],
)
def test_wide_instructions_are_taken_where_the_first_core_has_them(
    tmp_path: Path, told: str, then: str | None
) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(told)
    widen_instructions(file)
    assert os.environ.get(VARIABLE) == then


def test_a_system_that_does_not_tell_keeps_what_it_has(tmp_path: Path) -> None:
    widen_instructions(tmp_path / "absent")
    assert VARIABLE not in os.environ


def test_a_choice_in_the_environment_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "cpuinfo"
    file.write_text(f"flags : {ALL}\n")
    monkeypatch.setenv(VARIABLE, "AVX2")
    widen_instructions(file)
    assert os.environ[VARIABLE] == "AVX2"
