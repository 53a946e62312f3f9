"""onnxruntime's sessions: small networks on one core each, whose memory is handed back after use.

A session keeps a pool that grows to the most its runs ever needed at once. With pieces of all
lengths on several threads it grows by chance for hours; emptied after each batch, it does not.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime  # type: ignore[import-untyped]  # no stubs

_ERRORS_ONLY = 3  # onnxruntime's log level
_SHRINK = "memory.enable_memory_arena_shrinkage"  # at the end of a run, of all that is free
_WEIGHTS_APART = "session.use_device_allocator_for_initializers"  # or they hold the pool's parts


def load_session(path: Path) -> onnxruntime.InferenceSession:
    """A network on one core: these are too small for two to share one (they are slower for it).

    Raises:
        onnxruntime's own errors; who loads it says what mends them.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    options.enable_mem_pattern = False  # plans for one shape of input, and no two are alike here
    options.add_session_config_entry(_WEIGHTS_APART, "1")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def empty_pool(
    session: onnxruntime.InferenceSession, inputs: Mapping[str, npt.NDArray[np.generic]]
) -> None:
    """Hand the session's pool back to the system, by one more run; `inputs` should be small."""
    options = onnxruntime.RunOptions()
    options.add_run_config_entry(_SHRINK, "cpu:0")
    session.run(None, dict(inputs), options)
