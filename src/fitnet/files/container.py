"""The container of models and checkpoints: one safetensors file, versioned and self-verifying, without code.

It holds named tensors and a description, which is JSON. Metadata: "format" names what the file is, "format_version" its
version, "description" is the JSON text and "checksum" the SHA-256 of description and tensors. A file that does not add
up is refused in one sentence.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike, fspath, fstat
from pathlib import Path
from typing import Any

import numpy as np

from fitnet.arguments import Array
from fitnet.errors import ArgumentTypeError
from fitnet.files.atomic_write import write_atomically

SMALL = 1 << 26  # bytes that any machine has
PICKLES = (b"\x80\x04\x95", b"\x80\x05\x95")  # how those of protocols 4 and 5 begin


@dataclass(frozen=True)
class Format:
    """What kind of file it is.

    Attributes
    ----------
    name
        In the file's metadata, such as "fitnet-model".
    kind
        In sentences, such as "fitnet model".
    newest
        The newest version that this fitnet reads, and the one it writes unless told otherwise.
    error
        What is raised where a file cannot be read.
    """

    name: str
    kind: str
    newest: int
    error: type[ValueError]


@dataclass(frozen=True, eq=False)
class Stored:
    """What a file holds: its version, the description's JSON text, the tensors."""

    version: int
    description: str
    tensors: dict[str, Array]


def write(
    path: str | PathLike[str],
    form: Format,
    description: str,
    tensors: Mapping[str, Array],
    version: int | None = None,
) -> None:
    """Write a file to `path`, atomically, as the newest version unless given; the same contents give the same bytes.

    Raises
    ------
    OSError
        If the file cannot be written; what was at `path` is still there.
    """
    from safetensors.numpy import save

    contiguous = {name: np.ascontiguousarray(tensor) for name, tensor in tensors.items()}
    metadata = {
        "format": form.name,
        "format_version": str(version or form.newest),
        "description": description,
        "checksum": checksum(description, contiguous),
    }
    write_atomically(path, sorted_header(save(contiguous, metadata)))


def read(path: str | PathLike[str], form: Format) -> Stored:
    """What the file at `path` holds, or an error that says what is wrong with it.

    Raises
    ------
    form.error
        If the file is foreign, truncated, altered or of a newer format.
    OSError
        If it cannot be opened.
    """
    from safetensors import SafetensorError, safe_open

    name = fspath(path)
    check_length(name, form)
    try:
        with safe_open(name, framework="np") as stored:
            metadata = stored.metadata() or {}
            version = checked_version(name, form, metadata)
            tensors = {tensor: stored.get_tensor(tensor) for tensor in stored.keys()}  # noqa: SIM118
        description = metadata.get("description", "")
        found = checksum(description, tensors)
    except form.error:
        raise
    except MemoryError:
        raise beyond_memory(name, form) from None
    except (SafetensorError, OSError, TypeError, AttributeError, ValueError, OverflowError):
        raise foreign(name, form) from None
    if metadata.get("checksum") != found:
        raise form.error(f"{name} was altered or damaged after it was written: its checksum does not match.")
    return Stored(version, description, tensors)


def check_length(name: str, form: Format) -> None:
    """Refuse what is no container by its first bytes; the system's own errors come first, worded by itself."""
    with Path(name).open("rb") as file:
        start = file.read(8)
        header = int.from_bytes(start, "little")
        if not 2 <= header <= fstat(file.fileno()).st_size - 8:
            raise pickled(name, form) if start[:3] in PICKLES else foreign(name, form)


def pickled(name: str, form: Format) -> ValueError:
    """The error about what joblib.dump and pickle.dump write, which fitnet never reads: reading runs its code."""
    return form.error(f"{name} is a pickle and not a {form.kind} file; joblib.load reads it, if you trust its maker.")


def foreign(name: str, form: Format) -> ValueError:
    return form.error(f"{name} is not a {form.kind} file, or it was cut short or damaged.")


def beyond_memory(name: str, form: Format) -> ValueError:
    """The error about a file that memory does not hold; a small one only claims to be so large."""
    size = Path(name).stat().st_size
    if size < SMALL:
        return foreign(name, form)
    return form.error(f"{name} needs more memory than there is: it takes {size / 1e9:.3g} GB.")


def checked_version(name: str, form: Format, metadata: Mapping[str, str]) -> int:
    """The format version; other safetensors files and newer versions are refused."""
    if metadata.get("format") != form.name:
        raise form.error(f"{name} is a safetensors file, but not a {form.kind}.")
    version = metadata.get("format_version", "")
    if not version.isdecimal() or len(version) > 9 or int(version) < 1:
        raise form.error(f"{name} is damaged: its format version is {version[:20]!r}.")
    if int(version) > form.newest:
        raise form.error(
            f"{name} was written by a newer fitnet (format {version}; this one reads up to {form.newest}): "
            "upgrade fitnet to read it."
        )
    return int(version)


def to_json(name: str, value: object) -> str:
    """JSON with sorted keys; what JSON cannot hold is refused by the argument's name."""
    try:
        return json.dumps(value, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ArgumentTypeError(
            f"`{name}` must hold text, finite numbers, lists and dicts only: {error}.", name
        ) from None


def from_json(text: str) -> Any:
    """The value of strict JSON; ValueError or RecursionError for anything else."""
    return json.loads(text, parse_constant=refuse_constant)


def refuse_constant(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def sorted_header(data: bytes) -> bytes:
    """The same safetensors file with its header's keys sorted; safetensors writes the metadata in random order."""
    length = int.from_bytes(data[:8], "little")
    header = json.dumps(json.loads(data[8 : 8 + length]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)  # the tensors stay aligned
    return len(header).to_bytes(8, "little") + header + data[8 + length :]


def checksum(description: str, tensors: Mapping[str, Array]) -> str:
    """SHA-256 over the description and every tensor's name, dtype, shape and bytes."""
    digest = hashlib.sha256(description.encode())
    for name in sorted(tensors):
        array = tensors[name]
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(np.ascontiguousarray(array).data)
    return digest.hexdigest()
