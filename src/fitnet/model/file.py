"""The model file: what a model is made of, in a container that verifies itself.

Tensors: parameters (P,), example_inputs (k, p), example_outputs (k, m), all of one dtype. Since version 2 there may be
more, all float64: input_shift and input_scale (p,), target_shift and target_scale (m,), input_ranges (2, p); since
version 3 also error bars: error_bars_factor (P (P + 1) / 2,), error_bars_noise_covariance (m, m), error_bars_variance
and error_bars_effective_parameters (1,), all four or none. Example inputs are float64 where there is any scaling,
example outputs where the targets are scaled. The description holds the layers, the columns' names and the provenance.
Whatever does not fit together is refused in one sentence.
"""

from dataclasses import dataclass
from functools import cached_property
from os import PathLike, fspath
from pathlib import Path
from typing import Any

import numpy as np

from fitnet.algorithm.network import Dense, Network
from fitnet.arguments import DTYPES, Array, finite_cast
from fitnet.errors import ArgumentValueError, ModelFileError
from fitnet.files import container
from fitnet.model.error_bars import ErrorBars
from fitnet.model.scaling import FLOAT64, Scaling

FORMAT = container.Format("fitnet-model", "fitnet model", 3, ModelFileError)
EXTENSION = ".fitnet"
KEYS = ("layers", "input_names", "output_names", "provenance")
TENSORS = ("parameters", "example_inputs", "example_outputs")
INPUT_SCALING = ("input_shift", "input_scale")
TARGET_SCALING = ("target_shift", "target_scale")
ERROR_BARS = (
    "error_bars_factor",
    "error_bars_variance",
    "error_bars_noise_covariance",
    "error_bars_effective_parameters",
)  # in the order of the fields of `ErrorBars`
SINCE_VERSION_2 = (*INPUT_SCALING, *TARGET_SCALING, "input_ranges")
OPTIONAL_TENSORS = SINCE_VERSION_2 + ERROR_BARS


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
    input_shift: Array | None = None
    input_scale: Array | None = None
    target_shift: Array | None = None
    target_scale: Array | None = None
    input_ranges: Array | None = None
    error_bars_factor: Array | None = None
    error_bars_variance: Array | None = None
    error_bars_noise_covariance: Array | None = None
    error_bars_effective_parameters: Array | None = None

    @property
    def input_scaling(self) -> Scaling | None:
        """What is done to the inputs before the network sees them."""
        return scaling_of(self.input_shift, self.input_scale)

    @property
    def target_scaling(self) -> Scaling | None:
        """What the network's outputs are scaled back from."""
        return scaling_of(self.target_shift, self.target_scale)

    @cached_property
    def error_bars(self) -> ErrorBars | None:
        """What is left open about the parameters, checked when it is first asked for."""
        factor, variance, noise, effective = (getattr(self, name) for name in ERROR_BARS)
        return None if factor is None else ErrorBars(factor, float(variance[0]), noise, float(effective[0]))

    @property
    def tensors(self) -> dict[str, Array]:
        """Those that there are, by name."""
        named = {name: getattr(self, name) for name in TENSORS + OPTIONAL_TENSORS}
        return {name: tensor for name, tensor in named.items() if tensor is not None}


def scaling_of(shift: Array | None, scale: Array | None) -> Scaling | None:
    """The scaling with these tensors, where they are there."""
    return None if shift is None or scale is None else Scaling(shift, scale)


def scaling_tensors(inputs: Scaling | None, targets: Scaling | None) -> dict[str, Array]:
    """Shifts and scales by their names in `Contents`."""
    named: dict[str, Array] = {}
    for scaling, (shift, scale) in ((inputs, INPUT_SCALING), (targets, TARGET_SCALING)):
        if scaling is not None:
            named |= {shift: scaling.shift, scale: scaling.scale}
    return named


def error_bar_tensors(error_bars: ErrorBars | None) -> dict[str, Array]:
    """Error bars by their names in `Contents`."""
    if error_bars is None:
        return {}
    return dict(zip(ERROR_BARS, (np.atleast_1d(part) for part in error_bars.parts), strict=True))


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
    container.write(path, FORMAT, describe(contents), contents.tensors)


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
    optional = {1: (), 2: SINCE_VERSION_2}.get(stored.version, OPTIONAL_TENSORS)
    if not set(TENSORS) <= set(stored.tensors) <= {*TENSORS, *optional}:
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
    check_tensors(name, contents)
    check_scalings(name, contents)
    check_error_bars(name, contents)
    if (len(contents.input_names), len(contents.output_names)) != (network.n_inputs, network.n_outputs):
        raise ModelFileError(f"{name} is damaged: its column names do not fit its layers.")
    return contents


def check_tensors(name: str, contents: Contents) -> None:
    """Refuse tensors of another shape or dtype than the layers ask for, without a row, or not finite."""
    tensors, network = contents.tensors, contents.network
    p, m, P, own = network.n_inputs, network.n_outputs, network.n_parameters, contents.parameters.dtype
    rows = len(np.atleast_1d(contents.example_inputs))
    scaled = not {*INPUT_SCALING, *TARGET_SCALING}.isdisjoint(tensors)
    expected = {
        "parameters": ((P,), own),
        "example_inputs": ((rows, p), FLOAT64 if scaled else own),
        "example_outputs": ((rows, m), FLOAT64 if contents.target_shift is not None else own),
        **dict.fromkeys(INPUT_SCALING, ((p,), FLOAT64)),
        **dict.fromkeys(TARGET_SCALING, ((m,), FLOAT64)),
        "input_ranges": ((2, p), FLOAT64),
        "error_bars_factor": ((P * (P + 1) // 2,), FLOAT64),
        "error_bars_variance": ((1,), FLOAT64),
        "error_bars_noise_covariance": ((m, m), FLOAT64),
        "error_bars_effective_parameters": ((1,), FLOAT64),
    }
    for tensor, array in tensors.items():
        if (array.shape, array.dtype) != expected[tensor] or array.dtype.name not in DTYPES:
            raise ModelFileError(f"{name} is damaged: its tensor {tensor!r} does not fit its layers.")
        if not np.isfinite(array).all():
            raise ModelFileError(f"{name} is damaged: its tensor {tensor!r} holds numbers that are not finite.")
    if rows == 0:
        raise ModelFileError(f"{name} is damaged: it holds no example rows.")


def check_scalings(name: str, contents: Contents) -> None:
    """Refuse half a scaling, a scale that is not above 0, example rows that it cannot scale, and reversed ranges."""
    tensors = contents.tensors
    for shift, scale in (INPUT_SCALING, TARGET_SCALING):
        if (shift in tensors) != (scale in tensors):
            there, missing = (shift, scale) if shift in tensors else (scale, shift)
            raise ModelFileError(f"{name} is damaged: it holds the tensor {there!r} without {missing!r}.")
        if scale in tensors and np.any(tensors[scale] <= 0):
            raise ModelFileError(f"{name} is damaged: its tensor {scale!r} holds numbers that are not above 0.")
    ranges, scaling = contents.input_ranges, contents.input_scaling
    if ranges is not None and np.any(ranges[0] > ranges[1]):
        raise ModelFileError(f"{name} is damaged: its tensor 'input_ranges' holds a range that ends below its start.")
    try:
        if scaling is None:
            finite_cast("example_inputs", contents.example_inputs, contents.parameters.dtype)
        else:
            scaling.apply(contents.example_inputs, contents.parameters.dtype)
    except ArgumentValueError:
        raise ModelFileError(f"{name} is damaged: its scaling does not fit its example rows.") from None


def check_error_bars(name: str, contents: Contents) -> None:
    """Refuse some of the tensors of error bars without the others, and what cannot be error bars."""
    there = [tensor for tensor in ERROR_BARS if tensor in contents.tensors]
    if there and len(there) < len(ERROR_BARS):
        missing = next(tensor for tensor in ERROR_BARS if tensor not in there)
        raise ModelFileError(f"{name} is damaged: it holds the tensor {there[0]!r} without {missing!r}.")
    try:
        _ = contents.error_bars
    except ArgumentValueError as error:
        raise ModelFileError(f"{name} is damaged: in its error bars {error}") from None


def names_from(described: Any) -> list[str]:
    """Column names from JSON: a list of strings, none twice."""
    if not isinstance(described, list) or not all(isinstance(column, str) for column in described):
        raise TypeError("column names must be a list of strings")
    if len(set(described)) != len(described):
        raise ValueError("a column name is there twice")
    return described
