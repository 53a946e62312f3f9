"""Which of a processor's instructions ctranslate2 reads with.

By itself it takes AVX-512 on Intel's processors alone, and AVX2 on all others. AMD's newer ones
have both, and the encoder takes an eighth less of their time with the wider (docs/benchmarks.md,
"Speed"). It asks once a process, at the first model, so a program says it when it starts.
"""

import os
from pathlib import Path

VARIABLE = "CT2_FORCE_CPU_ISA"
WIDE = "AVX512"
NEEDED = frozenset({"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"})  # ctranslate2's own
_PROCESSOR = Path("/proc/cpuinfo")


def widen_instructions(processor: Path = _PROCESSOR) -> None:
    """Let this process and those it starts use AVX-512 where there is all of it.

    A choice that stands in the environment stays.
    """
    if VARIABLE not in os.environ and _flags(processor) >= NEEDED:
        os.environ[VARIABLE] = WIDE


def _flags(processor: Path) -> frozenset[str]:
    """What the first core says it can do; nothing where the system does not tell."""
    try:
        with processor.open(encoding="utf-8", errors="replace") as lines:
            for line in lines:
                name, _, told = line.partition(":")
                if name.strip() == "flags":
                    return frozenset(told.split())
    except OSError:
        pass
    return frozenset()
