"""onnxruntime's sessions: small networks on one core each, which share one pool of memory.

By itself every session has a pool that grows in powers of two to the most its runs ever needed at
once. With pieces of all lengths on several threads it grows by chance, for hours. Here all take
from one, which asks the system for what is needed and gives it back after each batch: Moonshine's
eight longest pieces of a call, two at a time, took 480 MB so, and 590 MB otherwise.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # no stubs

_ERRORS_ONLY = 3  # onnxruntime's log level
_SHRINK = "memory.enable_memory_arena_shrinkage"  # at the end of a run, of all that is free
_SHARED_POOL = "session.use_env_allocators"
_WEIGHTS_APART = "session.use_device_allocator_for_initializers"  # or they hold the pool's parts
_POOL = {
    "max_mem": 0,  # no limit
    "arena_extend_strategy": 1,  # by what is asked for, not by twice as much as the last time
    "initial_chunk_size_bytes": 1 << 20,
    "max_dead_bytes_per_chunk": 1 << 16,  # a larger rest of a part is used for something else
}


def load_session(path: Path) -> onnxruntime.InferenceSession:
    """A network on one core: these are too small for two to share one (they are slower for it).

    Raises:
        onnxruntime's own errors; who loads it says what mends them.
    """
    _make_pool()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    options.enable_mem_pattern = False  # plans for one shape of input, and no two are alike here
    options.add_session_config_entry(_SHARED_POOL, "1")
    options.add_session_config_entry(_WEIGHTS_APART, "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def empty_pool(
    session: onnxruntime.InferenceSession, inputs: Mapping[str, npt.NDArray[np.generic]]
) -> None:
    """Hand the pool's free memory back to the system, by one more run; `inputs` should be small."""
    session.run(None, dict(inputs), emptying())


def emptying() -> onnxruntime.RunOptions:
    """For a run at whose end the pool's free memory goes back to the system."""
    options = onnxruntime.RunOptions()
    options.add_run_config_entry(_SHRINK, "cpu:0")
    return options


@cache
def _make_pool() -> None:
    """Once a process, before the first session."""
    onnxruntime.create_and_register_allocator(
        onnxruntime.OrtMemoryInfo(
            "Cpu",
            onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR,
            0,
            onnxruntime.OrtMemType.DEFAULT,
        ),
        onnxruntime.OrtArenaCfg(_POOL),
    )
