"""Running small networks: a core each, batches side by side, never more than a few ahead."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from os import sched_getaffinity
from pathlib import Path
from typing import TypeVar

import onnxruntime as ort  # type: ignore[import-untyped]  # no stubs
from onnxruntime.capi.onnxruntime_pybind11_state import (  # type: ignore[import-untyped]
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
)

from core.errors import ModelUnavailable

Given = TypeVar("Given")
Made = TypeVar("Made")

_ERRORS_ONLY = 3  # onnxruntime's log level


def load_session(path: Path) -> ort.InferenceSession:
    """A network on one core: these are too small for two to share one (they are slower for it).

    Raises:
        ModelUnavailable: the file does not load.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    try:
        return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except (Fail, InvalidArgument, InvalidGraph, InvalidProtobuf, NoSuchFile) as error:
        raise ModelUnavailable(
            f"the network in {path} does not load ({type(error).__name__}); fetch it again with "
            "`parley models pull diarization`"
        ) from error


def ahead(
    work: Callable[[Given], Made], items: Iterable[Given], *, threads: int
) -> Iterator[tuple[Given, Made]]:
    """Each item and what `work` makes of it, in order; `threads` at a time (0: one a core)."""
    count = threads or len(sched_getaffinity(0))
    waiting: deque[tuple[Given, Future[Made]]] = deque()
    with ThreadPoolExecutor(count) as pool:
        for item in items:
            waiting.append((item, pool.submit(work, item)))
            if len(waiting) > count:
                done, future = waiting.popleft()
                yield done, future.result()
        while waiting:
            done, future = waiting.popleft()
            yield done, future.result()
