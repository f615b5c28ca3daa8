"""The model file: what a model is made of, in a container that verifies itself.

Tensors: parameters (P,), example_inputs (k, p), example_outputs (k, m), all of one dtype. The description holds the
layers, the columns' names and the provenance. Whatever does not fit together is refused in one sentence.
"""

from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from fitnet.algorithm.network import Dense, Network
from fitnet.arguments import DTYPES, Array
from fitnet.errors import ArgumentValueError, ModelFileError
from fitnet.files import container

FORMAT = container.Format("fitnet-model", "fitnet model", 1, ModelFileError)
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
    if Path(path).suffix != EXTENSION:
        raise ArgumentValueError(f"`path` is {fspath(path)!r}; a model file's name must end in {EXTENSION}.")
    tensors = {name: getattr(contents, name) for name in TENSORS}
    container.write(path, FORMAT, describe(contents), tensors)


def read(path: str | PathLike[str]) -> Contents:
    """The contents of the model file at `path`, or an error that says what is wrong with it.

    Raises
    ------
    ModelFileError
        If the file is foreign, truncated, altered or of a newer format.
    OSError
        If it cannot be opened.
    """
    stored = container.read(path, FORMAT)
    if sorted(stored.tensors) != sorted(TENSORS):
        raise ModelFileError(f"{fspath(path)} is damaged: it does not hold a model's tensors.")
    return contents_from(fspath(path), stored.description, stored.tensors)


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
    return container.to_json("provenance", description)


def contents_from(name: str, description: str, tensors: dict[str, Array]) -> Contents:
    """The contents whose description and tensors these are; whatever does not fit together is refused."""
    try:
        described = container.from_json(description)
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


def names_from(described: Any) -> list[str]:
    """Column names from JSON: a list of strings, none twice."""
    if not isinstance(described, list) or not all(isinstance(column, str) for column in described):
        raise TypeError("column names must be a list of strings")
    if len(set(described)) != len(described):
        raise ValueError("a column name is there twice")
    return described
