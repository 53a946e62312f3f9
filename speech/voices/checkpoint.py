"""Arrays out of a file that torch saved, without torch, and without running anything in it.

Such a file is a pickle that names its tensors' storages, beside the storages' bytes: in a zip
since torch 1.6, one after another before. A pickle can name any function to be called; here every
name but the two that build tensors stands for an inert object, so nothing else is ever called.
"""

import io
import math
import pickle
import struct
import zipfile
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from core.errors import ModelUnavailable

Array: TypeAlias = npt.NDArray[np.float32]
Arrays: TypeAlias = Mapping[str, Array]

_LEGACY_HEADER = 3  # pickles before the one that counts: magic number, version, system
_FLOAT = "FloatStorage"


class _Tensor(NamedTuple):
    """A tensor before its bytes are there: the storage's key, and the view into it."""

    storage: str
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]


class _Inert:
    """Takes the place of every class and function that a checkpoint names."""

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __setstate__(self, _: object) -> None:
        pass

    def __setitem__(self, _: object, __: object) -> None:
        pass

    def append(self, _: object) -> None:
        """Drop it."""

    def extend(self, _: object) -> None:
        """Drop them."""


class _Unpickler(pickle.Unpickler):
    """Reads a checkpoint's pickle; see the module for what makes it safe."""

    def find_class(self, module: str, name: str) -> Any:
        """What stands for a name in the pickle."""
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        return name if name.endswith("Storage") else _Inert

    def persistent_load(self, pid: Any) -> tuple[str, str]:
        """A storage: its type and its key."""
        return str(pid[1]), str(pid[2])


def load_arrays(path: Path, part: str) -> Arrays:
    """The float32 tensors under the key `part` of a checkpoint, by name.

    Raises:
        ModelUnavailable: the file is no checkpoint of either kind, or holds other numbers.
    """
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                return _from_zip(archive, part)
        with path.open("rb") as file:
            return _from_stream(file, part)
    except (OSError, zipfile.BadZipFile, pickle.UnpicklingError, struct.error) as error:
        raise ModelUnavailable(f"{path} cannot be read as weights ({error})") from error
    except (KeyError, ValueError, TypeError, EOFError, AttributeError, IndexError) as error:
        raise ModelUnavailable(f"{path} holds no weights under {part!r} ({error!r})") from error


def _from_zip(archive: zipfile.ZipFile, part: str) -> Arrays:
    (pickled,) = (name for name in archive.namelist() if name.endswith("/data.pkl"))
    folder = pickled.removesuffix("data.pkl")
    tensors = _Unpickler(io.BytesIO(archive.read(pickled))).load()[part]
    return _filled(tensors, lambda key: _floats(archive.read(f"{folder}data/{key}")))


def _from_stream(file: BinaryIO, part: str) -> Arrays:
    for _ in range(_LEGACY_HEADER):
        _Unpickler(file).load()
    tensors = _Unpickler(file).load()[part]
    keys = _Unpickler(file).load()
    storages = {}
    for key in keys:
        (count,) = struct.unpack("<q", file.read(8))
        storages[str(key)] = _floats(file.read(count * 4))
    return _filled(tensors, storages.__getitem__)


def _filled(tensors: Mapping[str, Any], storage: Callable[[str], Array]) -> Arrays:
    found = ((name, each) for name, each in tensors.items() if isinstance(each, _Tensor))
    return {name: _view(each, storage(each.storage)) for name, each in found}


def _view(tensor: _Tensor, storage: Array) -> Array:
    """The tensor's numbers, copied; a view that leaves its storage is refused."""
    last = tensor.offset + sum(
        (size - 1) * stride for size, stride in zip(tensor.shape, tensor.strides, strict=True)
    )
    if math.prod(tensor.shape) == 0 or not 0 <= tensor.offset <= last < len(storage):
        raise ValueError(f"a tensor of shape {tensor.shape} does not fit its storage")
    strides = tuple(stride * storage.itemsize for stride in tensor.strides)
    view = np.lib.stride_tricks.as_strided(storage[tensor.offset :], tensor.shape, strides)
    return np.ascontiguousarray(view).copy()


def _tensor(storage: tuple[str, str], offset: int, shape: Any, strides: Any, *_: object) -> _Tensor:
    kind, key = storage
    if kind != _FLOAT:
        raise ValueError(f"a {kind} where a {_FLOAT} was expected")
    if any(stride < 0 for stride in strides):
        raise ValueError("a tensor with negative strides")
    return _Tensor(key, int(offset), tuple(map(int, shape)), tuple(map(int, strides)))


def _floats(content: bytes) -> Array:
    return np.frombuffer(content, dtype="<f4")
