"""Running small networks: a core each, batches side by side, never more than a few ahead."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from os import sched_getaffinity
from pathlib import Path
from typing import TypeVar

from onnxruntime import InferenceSession  # type: ignore[import-untyped]  # no stubs
from onnxruntime.capi.onnxruntime_pybind11_state import (  # type: ignore[import-untyped]
    Fail,
    InvalidArgument,
    InvalidGraph,
    InvalidProtobuf,
    NoSuchFile,
)

from core.errors import ModelUnavailable
from speech.sessions import load_session

Given = TypeVar("Given")
Made = TypeVar("Made")


def load_network(path: Path) -> InferenceSession:
    """One of the two networks for voices.

    Raises:
        ModelUnavailable: the file does not load.
    """
    try:
        return load_session(path)
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
