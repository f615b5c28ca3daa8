"""The model file: one safetensors file, versioned and self-verifying, that holds numbers and text and no code.

Tensors: parameters (P,), example_inputs (k, p), example_outputs (k, m), all of one dtype.
Metadata: "format" names the format, "format_version" its version, "description" is the rest as JSON, and
"checksum" is the SHA-256 of description and tensors. A file that does not add up is refused in one sentence.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from fitnet.algorithm.network import Dense, Network
from fitnet.arguments import DTYPES, Array
from fitnet.errors import ArgumentTypeError, ArgumentValueError, ModelFileError
from fitnet.model.atomic_write import write_atomically

FORMAT = "fitnet-model"
FORMAT_VERSION = 1
EXTENSION = ".fitnet"
KEYS = ("layers", "input_names", "output_names", "provenance")
TENSORS = ("parameters", "example_inputs", "example_outputs")


@dataclass(frozen=True, eq=False)
class Contents:
    """All that a model file holds."""

    network: Network
    parameters: Array
    input_names: list[str]
    output_names: list[str]
    provenance: dict[str, Any]
    example_inputs: Array
    example_outputs: Array


def write(path: str | PathLike[str], contents: Contents) -> None:
    """Write `contents` to `path`, atomically; the same contents give the same bytes.

    Raises
    ------
    ArgumentValueError
        If `path` does not end in .fitnet.
    ArgumentTypeError
        If the provenance holds what JSON cannot.
    OSError
        If the file cannot be written; what was at `path` is still there.
    """
    from safetensors.numpy import save

    if Path(path).suffix != EXTENSION:
        raise ArgumentValueError(f"`path` is {fspath(path)!r}; a model file's name must end in {EXTENSION}.")
    description = describe(contents)
    tensors = {name: np.ascontiguousarray(getattr(contents, name)) for name in TENSORS}
    metadata = {
        "format": FORMAT,
        "format_version": str(FORMAT_VERSION),
        "description": description,
        "checksum": checksum(description, tensors),
    }
    write_atomically(path, sorted_header(save(tensors, metadata)))


def sorted_header(data: bytes) -> bytes:
    """The same safetensors file with its header's keys sorted; safetensors writes the metadata in random order."""
    length = int.from_bytes(data[:8], "little")
    header = json.dumps(json.loads(data[8 : 8 + length]), sort_keys=True, separators=(",", ":")).encode()
    header += b" " * (-len(header) % 8)  # the tensors stay aligned
    return len(header).to_bytes(8, "little") + header + data[8 + length :]


def read(path: str | PathLike[str]) -> Contents:
    """The contents of the model file at `path`, or an error that says what is wrong with it.

    Raises
    ------
    ModelFileError
        If the file is foreign, truncated, altered or of a newer format.
    OSError
        If it cannot be opened.
    """
    from safetensors import SafetensorError, safe_open

    name = fspath(path)
    with Path(name).open("rb"):
        pass  # an error of the system's own, before safetensors words it otherwise
    try:
        with safe_open(name, framework="np") as stored:
            metadata = stored.metadata() or {}
            check_format(name, metadata)
            if sorted(stored.keys()) != sorted(TENSORS):
                raise ModelFileError(f"{name} is damaged: it does not hold a model's tensors.")
            tensors = {tensor: stored.get_tensor(tensor) for tensor in TENSORS}
    except (SafetensorError, OSError, TypeError, AttributeError):
        raise ModelFileError(f"{name} is not a fitnet model file, or it was cut short or damaged.") from None
    description = metadata.get("description", "")
    if metadata.get("checksum") != checksum(description, tensors):
        raise ModelFileError(f"{name} was altered or damaged after it was written: its checksum does not match.")
    return contents_from(name, description, tensors)


def check_format(name: str, metadata: Mapping[str, str]) -> None:
    """Refuse other safetensors files and formats newer than this version's."""
    if metadata.get("format") != FORMAT:
        raise ModelFileError(f"{name} is a safetensors file, but not a fitnet model.")
    version = metadata.get("format_version", "")
    if not version.isdecimal() or len(version) > 9 or int(version) < 1:
        raise ModelFileError(f"{name} is damaged: its format version is {version[:20]!r}.")
    if int(version) > FORMAT_VERSION:
        raise ModelFileError(
            f"{name} was written by a newer fitnet (format {version}; this one reads up to {FORMAT_VERSION}): "
            "upgrade fitnet to read it."
        )


def describe(contents: Contents) -> str:
    """Everything but the tensors, as JSON with sorted keys."""
    layers = [
        {"inputs": layer.inputs, "outputs": layer.outputs, "activation": layer.activation}
        for layer in contents.network.layers
    ]
    description = {
        "layers": layers,
        "input_names": contents.input_names,
        "output_names": contents.output_names,
        "provenance": contents.provenance,
    }
    try:
        return json.dumps(description, sort_keys=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise ArgumentTypeError(
            f"`provenance` must hold text, finite numbers, lists and dicts only: {error}."
        ) from None


def contents_from(name: str, description: str, tensors: dict[str, Array]) -> Contents:
    """The contents whose description and tensors these are; whatever does not fit together is refused."""
    try:
        described = json.loads(description, parse_constant=refuse_constant)
        if sorted(described) != sorted(KEYS) or not isinstance(described["provenance"], dict):
            raise ModelFileError(f"{name} is damaged: its description is not a fitnet model's.")
        network = Network(tuple(Dense(**layer) for layer in described["layers"]))
        contents = Contents(
            network=network,
            input_names=names_from(described["input_names"]),
            output_names=names_from(described["output_names"]),
            provenance=described["provenance"],
            **tensors,
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise ModelFileError(f"{name} is damaged: its description is not a fitnet model's.") from None
    rows = len(np.atleast_1d(contents.example_inputs))
    shapes = {
        "parameters": (network.n_parameters,),
        "example_inputs": (rows, network.n_inputs),
        "example_outputs": (rows, network.n_outputs),
    }
    for tensor, shape in shapes.items():
        array = tensors[tensor]
        if array.shape != shape or array.dtype != contents.parameters.dtype or array.dtype.name not in DTYPES:
            raise ModelFileError(f"{name} is damaged: its tensor {tensor!r} does not fit its layers.")
        if not np.isfinite(array).all():
            raise ModelFileError(f"{name} is damaged: its tensor {tensor!r} holds numbers that are not finite.")
    if rows == 0 or (len(contents.input_names), len(contents.output_names)) != (
        network.n_inputs,
        network.n_outputs,
    ):
        raise ModelFileError(f"{name} is damaged: its example rows or column names do not fit its layers.")
    return contents


def refuse_constant(constant: str) -> None:
    raise ValueError(f"{constant} is not JSON")


def names_from(described: Any) -> list[str]:
    """Column names from JSON: a list of strings, none twice."""
    if not isinstance(described, list) or not all(isinstance(column, str) for column in described):
        raise TypeError("column names must be a list of strings")
    if len(set(described)) != len(described):
        raise ValueError("a column name is there twice")
    return described


def checksum(description: str, tensors: Mapping[str, Array]) -> str:
    """SHA-256 over the description and every tensor's name, dtype, shape and bytes."""
    digest = hashlib.sha256(description.encode())
    for name in sorted(tensors):
        array = tensors[name]
        digest.update(f"\n{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()
