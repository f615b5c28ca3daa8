"""Mutations of model and checkpoint files that know how such a file is built; the checksum is made right again.

A file is taken apart into tensors (safetensors' dtype, shape, bytes), description (JSON) and metadata; one to three of
them are altered; it is put together again. Now and then raw bytes are altered besides.
"""

import json
import struct
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fitnet.files import container

DTYPES = ["F64", "F32", "F16", "BF16", "I64", "I32", "I8", "U64", "U8", "BOOL", "F8_E4M3", "C64", "F128"]
NUMBERS = [0, -1, 1, 2, 3, 7, 2**31, 2**53 + 1, 2**63, 2**64, 10**12, 10**400, 0.5, -0.0, 1e308, 5e-324]
WORDS = ["", "x", "tanh", "relu", "identity", "fitnet-model", "\x00", "\x1b[2J", "é" * 50, "9" * 5000, "../x", "NaN"]
VALUES = [None, True, False, [], {}, [[]], {"": {}}, *NUMBERS, *WORDS]
ENTRIES = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1e308, -1e308, 5e-324, 1e38, -1.0]


@dataclass
class Tensor:
    dtype: str
    shape: list
    data: bytes


@dataclass
class Apart:
    """A file in its parts; `loose` are texts put in the header beside them."""

    tensors: dict
    description: object
    metadata: dict


def taken_apart(data):
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__")
    body = data[8 + length :]
    tensors = {
        name: Tensor(entry["dtype"], list(entry["shape"]), body[slice(*entry["data_offsets"])])
        for name, entry in header.items()
    }
    return Apart(tensors, json.loads(metadata.pop("description")), metadata)


def put_together(apart, shift=None):
    """The file's bytes; `shift` (name, by) moves one tensor's offsets without its bytes."""
    header, body = {"__metadata__": {**apart.metadata, "description": json.dumps(apart.description)}}, b""
    for name, tensor in apart.tensors.items():
        offsets = [len(body), len(body) + len(tensor.data)]
        if shift is not None and shift[0] == name:
            offsets = [offset + by for offset, by in zip(offsets, shift[1], strict=True)]
        header[name] = {"dtype": tensor.dtype, "shape": tensor.shape, "data_offsets": offsets}
        body += tensor.data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + body


def mutated(generator, data, path):
    """`data`, a whole file, altered at random; `path` is written on the way, for the checksum of what can be read."""
    apart = taken_apart(data)
    changes = [description_value, description_key, tensor_entries, tensor_shape, tensor_dtype, tensor_names, metadata]
    for _ in range(generator.integers(1, 4)):
        changes[generator.choice(len(changes), p=[0.3, 0.1, 0.2, 0.15, 0.1, 0.1, 0.05])](generator, apart)
    shift = None
    if apart.tensors and generator.random() < 0.05:
        name = list(apart.tensors)[generator.integers(len(apart.tensors))]
        shift = name, [int(by) for by in generator.choice([-8, -1, 0, 1, 8, 2**40, -(2**40)], 2)]
    altered = with_checksum(apart, put_together(apart, shift), path, shift)
    return raw_bytes(generator, altered) if generator.random() < 0.05 else altered


def with_checksum(apart, data, path, shift):
    """The same with the checksum that its reader will find, where a reader gets so far."""
    from safetensors import safe_open

    Path(path).write_bytes(data)
    try:
        with safe_open(path, framework="np") as stored:
            tensors = {name: stored.get_tensor(name) for name in stored.keys()}  # noqa: SIM118
    except Exception:  # whatever safetensors or NumPy say: nobody will ask for the checksum of this one
        return data
    if "checksum" in apart.metadata:
        apart.metadata["checksum"] = container.checksum(json.dumps(apart.description), tensors)
    return put_together(apart, shift)


def places(value, found=()):
    """The way to every value inside a JSON value, as keys and indices."""
    yield found
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in inside:
        yield from places(below, (*found, key))


def description_value(generator, apart):
    """Put another value in some place of the description: an odd one, or one from elsewhere in it."""
    ways = list(places(apart.description))
    way = ways[generator.integers(len(ways))]
    if generator.random() < 0.3:
        value = at(apart.description, ways[generator.integers(len(ways))])
        value = json.loads(json.dumps(value))
    else:
        value = deepcopy(VALUES[generator.integers(len(VALUES))])  # which later changes may reach into
    if not way:
        apart.description = value
    else:
        at(apart.description, way[:-1])[way[-1]] = value


def description_key(generator, apart):
    """Take a key or an entry out of some place of the description, rename it or have it twice."""
    ways = [way for way in places(apart.description) if way]
    if not ways:
        return
    *above, last = ways[generator.integers(len(ways))]
    holder = at(apart.description, above)
    what = generator.integers(3)
    if what == 0:
        del holder[last]
    elif isinstance(holder, list):
        holder.insert(last, holder[last])
    else:
        holder[WORDS[generator.integers(len(WORDS))]] = holder[last] if what == 1 else holder.pop(last)


def at(value, way):
    for key in way:
        value = value[key]
    return value


def some_tensor(generator, apart):
    return list(apart.tensors.values())[generator.integers(len(apart.tensors))] if apart.tensors else None


def tensor_entries(generator, apart):
    """Write odd numbers over some entries."""
    tensor = some_tensor(generator, apart)
    kind = {"F64": "<f8", "F32": "<f4"}.get(tensor.dtype) if tensor else None
    if kind is None or not tensor.data or len(tensor.data) % np.dtype(kind).itemsize:
        return
    entries = np.frombuffer(tensor.data, kind).copy()
    chosen = generator.integers(len(entries), size=generator.integers(1, 4))
    with np.errstate(over="ignore"):
        entries[chosen] = generator.choice(ENTRIES, len(chosen))
    tensor.data = entries.tobytes()


def tensor_shape(generator, apart):
    """Another shape: of as many entries, of fewer or more, of none, or one that its bytes do not have."""
    tensor = some_tensor(generator, apart)
    if tensor is None:
        return
    size = len(tensor.data) // max(1, int(np.prod(tensor.shape, dtype=object)) or 1)
    what = generator.integers(6)
    if what == 0:
        tensor.shape = tensor.shape[::-1]
    elif what == 1:
        tensor.shape = [1, *tensor.shape]
    elif what == 2:
        tensor.shape, tensor.data = [0], b""
    elif what == 3 and tensor.shape:
        tensor.shape[0] = max(0, tensor.shape[0] + int(generator.choice([-2, -1, 1, 2])))
        bytes_now = int(np.prod(tensor.shape, dtype=object)) * size
        tensor.data = (tensor.data + bytes(bytes_now))[:bytes_now]
    elif what == 4:
        tensor.shape, tensor.data = [], tensor.data[:size]
    else:
        tensor.shape = [int(generator.choice([0, 1, 2**31, 2**62, 3])) for _ in range(generator.integers(1, 5))]


def tensor_dtype(generator, apart):
    """Another dtype, for the same bytes or for as many entries."""
    tensor = some_tensor(generator, apart)
    if tensor is None:
        return
    old, tensor.dtype = tensor.dtype, DTYPES[generator.integers(len(DTYPES))]
    widths = {"F64": 8, "I64": 8, "U64": 8, "C64": 8, "F32": 4, "I32": 4, "F16": 2, "BF16": 2}
    if generator.random() < 0.7:
        entries = len(tensor.data) // widths.get(old, 1)
        tensor.data = (tensor.data * 8)[: entries * widths.get(tensor.dtype, 1)]


def tensor_names(generator, apart):
    """A tensor goes, comes, changes its name or trades places with another."""
    names = list(apart.tensors)
    if not names:
        return
    one, other = (names[i] for i in generator.integers(len(names), size=2))
    what = generator.integers(4)
    if what == 0:
        del apart.tensors[one]
    elif what == 1:
        apart.tensors[WORDS[generator.integers(1, len(WORDS))]] = apart.tensors[one]
    elif what == 2:
        apart.tensors[WORDS[generator.integers(1, len(WORDS))]] = apart.tensors.pop(one)
    else:
        apart.tensors[one], apart.tensors[other] = apart.tensors[other], apart.tensors[one]


def metadata(generator, apart):
    """Another version or format, a missing or a foreign entry."""
    key = ["format", "format_version", "checksum", "more"][generator.integers(4)]
    if generator.random() < 0.3:
        apart.metadata.pop(key, None)
    else:
        apart.metadata[key] = [*"1234567", *WORDS][generator.integers(7 + len(WORDS))]


def raw_bytes(generator, data):
    """Bytes altered, cut off, put in or added anywhere."""
    altered = bytearray(data)
    place = int(generator.integers(len(altered)))
    what = generator.integers(4)
    if what == 0:
        altered[place] = int(generator.integers(256))
    elif what == 1:
        del altered[place:]
    elif what == 2:
        altered[place:place] = bytes(int(generator.integers(1, 9)))
    else:
        altered[:8] = struct.pack("<Q", int(generator.choice([0, 7, 2**20, 2**40, 2**62])))
    return bytes(altered)
