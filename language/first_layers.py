"""A ctranslate2 model cut down to its first layers, in memory, from the file of the whole.

What a token feels like is plain after three of MiniLM's six layers, so mood is read from them at
half the price, and nothing more is fetched or stored.

Source: ctranslate2's own writer, `ModelSpec.save` in `ctranslate2/specs/model_spec.py`: a head, the
variables one after the other, each with its name, shape and bytes, then other names of variables.
"""

import re
import struct

VERSION = 6  # of the file, as ctranslate2 4 writes it
_LAYER = re.compile(rb"/layer_(\d+)/")


def first_layers(model: bytes, layers: int) -> bytes:
    """The file `model.bin` without the variables of the layers behind the first `layers`.

    Raises:
        ValueError: it is no such file, is cut off, or has no more than `layers`.
    """
    try:
        return _cut(model, layers)
    except struct.error as error:
        raise ValueError("the model's file is cut off") from error


def _cut(model: bytes, layers: int) -> bytes:
    (version,) = struct.unpack_from("<I", model)
    if version != VERSION:
        raise ValueError(f"the model's file is of version {version}, not {VERSION}")
    counted = _after_name(model, 4) + 4  # behind the name of its kind and that kind's revision
    (count,) = struct.unpack_from("<I", model, counted)
    kept, place = [], counted + 4
    for _ in range(count):
        end = _after_variable(model, place)
        layer = _LAYER.search(model[place : _after_name(model, place)])
        if layer is None or int(layer[1]) < layers:
            kept.append(model[place:end])
        place = end
    if len(kept) == count:
        raise ValueError(f"the model has no more than {layers} layers")
    return b"".join([model[:counted], struct.pack("<I", len(kept)), *kept, model[place:]])


def _after_name(model: bytes, place: int) -> int:
    (length,) = struct.unpack_from("<H", model, place)
    return place + 2 + int(length)


def _after_variable(model: bytes, place: int) -> int:
    """Where the next begins: behind name, rank, shape, type, size in bytes, and those bytes."""
    place = _after_name(model, place)
    (rank,) = struct.unpack_from("<B", model, place)
    place += 1 + 4 * int(rank) + 1
    (size,) = struct.unpack_from("<I", model, place)
    end = place + 4 + int(size)
    if end > len(model):
        raise ValueError("the model's file is cut off")
    return end
