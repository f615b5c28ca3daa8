"""The model: a network with its parameters, the names of its columns and where it comes from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from os import PathLike
from typing import Any

import numpy as np

from fitnet import engine as engines
from fitnet.algorithm.network import Network
from fitnet.arguments import Array, counted, float_dtype, matrix, output_matrix, vector
from fitnet.engine.hessian import warn_of_corners
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model import file
from fitnet.model.scaled_network import ScaledNetwork
from fitnet.model.scaling import FLOAT64, Scaling, check_scaling

EXAMPLE_ROWS = 8


@dataclass(frozen=True, eq=False)
class Model:
    """A trained network, ready to predict and to be saved.

    Parameters
    ----------
    network
        The layers.
    parameters
        (P,), float32 or float64; what the model computes in.
    input_names, output_names
        One name a column; x1, x2, ... and y1, y2, ... unless given.
    provenance
        Where the model comes from: text and numbers by name.
    example_inputs
        (k, p): a few rows whose predictions are stored in the file, so that `fitnet verify` can replay them;
        at most 8 are kept. Rows between -1 and 1, once they are scaled, unless given.
    input_scaling, target_scaling
        What was done to the columns before the network was trained on them, or None: inputs are scaled in float64
        before the network sees them, its outputs are scaled back in float64.
    input_ranges
        (2, p), float64: the lowest and the highest of every input in training, or None where it is not known.
    """

    network: Network
    parameters: Array
    input_names: Sequence[str] = ()
    output_names: Sequence[str] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    example_inputs: Any = None
    input_scaling: Scaling | None = None
    target_scaling: Scaling | None = None
    input_ranges: Any = None

    def __post_init__(self) -> None:
        if not isinstance(self.network, Network):
            raise ArgumentTypeError(
                f"`network` is {self.network!r}; it must be a Network, such as Network.of_widths((3, 64, 1))."
            )
        if not isinstance(self.parameters, np.ndarray):
            raise ArgumentTypeError(
                f"`parameters` is {type(self.parameters).__name__}; it must be a NumPy array of float32 or float64."
            )
        if not isinstance(self.provenance, Mapping):
            raise ArgumentTypeError(f"`provenance` is {self.provenance!r}; it must be a dict.")
        p, m = self.network.n_inputs, self.network.n_outputs
        dtype = float_dtype("parameters.dtype", self.parameters.dtype)
        parameters = vector("parameters", self.parameters, dtype, self.network.n_parameters).copy()
        parameters.flags.writeable = False
        check_scaling("input_scaling", self.input_scaling, p)
        check_scaling("target_scaling", self.target_scaling, m)
        examples = self.example_inputs
        if examples is None:
            examples = np.linspace(-1, 1, EXAMPLE_ROWS * p).reshape(EXAMPLE_ROWS, p)
            examples = examples if self.input_scaling is None else self.input_scaling.undo(examples)
        examples = matrix("example_inputs", examples, self._input_dtype, p)[:EXAMPLE_ROWS].copy()
        examples.flags.writeable = False
        checked = {
            "parameters": parameters,
            "input_names": column_names("input_names", self.input_names, "x", p),
            "output_names": column_names("output_names", self.output_names, "y", m),
            "provenance": dict(self.provenance),
            "example_inputs": examples,
            "input_ranges": None if self.input_ranges is None else checked_ranges(self.input_ranges, p),
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def architecture(self) -> list[tuple[int, int]]:
        """The shape of every layer, as the paper writes it."""
        return self.network.architecture

    def predict(self, X: Any, *, out: Array | None = None) -> Array:
        """The outputs (n, m) for the rows of `X` (n, p), both in the units of the data.

        They have the parameters' dtype or, where there is a target scaling, float64. Without scalings it is fastest
        where `X` has the parameters' dtype already; one row then takes less than a microsecond.

        Parameters
        ----------
        X
            Real and finite, with p columns and a row or more. Where there is a scaling it is taken in float64.
        out
            Where the outputs are written, if given: (n, m), C-contiguous, of the outputs' dtype, apart from `X`.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If `X` or `out` is anything else, or `X` holds what the parameters' dtype cannot hold once it is scaled.
        """
        outputs = self._predictor(X, out)
        if outputs is None:  # not as the engine takes it: convert it, or say what is wrong with it
            X = matrix("X", X, self._input_dtype, self.network.n_inputs)
            if out is not None:
                dtype = self.parameters.dtype if self.target_scaling is None else FLOAT64
                out = output_matrix("out", out, dtype, (len(X), self.network.n_outputs), X)
            outputs = self._predictor(X, out)
            assert outputs is not None
        return outputs

    def jacobian(self, X: Any) -> Array:
        """The outputs' exact derivatives dy/dx (n, m, p) at the rows of `X` (n, p), in the units of the data.

        Entry [i, j, k] is the derivative of output j with respect to input k at row i. The derivatives have the
        parameters' dtype or, where there is a scaling, float64. `X` is best as `predict` likes it.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If `X` is not what `predict` takes.
        """
        jacobian = self._predictor.jacobian(X)
        if jacobian is None:
            jacobian = self._predictor.jacobian(matrix("X", X, self._input_dtype, self.network.n_inputs))
            assert jacobian is not None
        return jacobian

    def hessian(self, X: Any) -> Array:
        """The outputs' exact second derivatives d2y/dx2 (n, m, p, p); X, units, dtype and errors are `jacobian`'s.

        A relu or leaky_relu layer counts as straight, of which a `fitnet.errors.DerivativeWarning` tells.
        """
        X = matrix("X", X, self._input_dtype, self.network.n_inputs)
        warn_of_corners(self.network)
        if self._scaled is None:
            return engines.choose().input_hessian(self.network, self.parameters, X)
        return self._scaled.hessian(X)

    @cached_property
    def _predictor(self) -> engines.Predictor:
        """Made at the first prediction; it stays right because the parameters never change."""
        return self._scaled or engines.choose().predictor(self.network, self.parameters)

    @cached_property
    def _scaled(self) -> ScaledNetwork | None:
        """The network between its scalings, where there are any."""
        if self.input_scaling is None and self.target_scaling is None:
            return None
        return ScaledNetwork(self.network, self.parameters, self.input_scaling, self.target_scaling)

    @property
    def _input_dtype(self) -> np.dtype[Any]:
        """What X is converted to: float64 before a scaling, so that no digit is lost before the shift is taken away."""
        return self.parameters.dtype if self.input_scaling is self.target_scaling is None else FLOAT64

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy, also in another process, is made anew: parameters read-only, and with a predictor of its own."""
        return Model, tuple(getattr(self, field.name) for field in fields(self))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model to one file, `path`, which must end in .fitnet; what was there is replaced as a whole."""
        with np.errstate(over="ignore", invalid="ignore"):
            outputs = self.predict(self.example_inputs)
        if not np.isfinite(outputs).all():
            raise ArgumentValueError(
                "The model's outputs for `example_inputs` are not finite; "
                "a model that is kept must predict finite numbers."
            )
        contents = file.Contents(
            network=self.network,
            parameters=self.parameters,
            input_names=list(self.input_names),
            output_names=list(self.output_names),
            provenance=dict(self.provenance),
            example_inputs=self.example_inputs,
            example_outputs=outputs,
            **file.scaling_tensors(self.input_scaling, self.target_scaling),
            input_ranges=self.input_ranges,
        )
        file.write(path, contents)


def load(path: str | PathLike[str]) -> Model:
    """The model in the file at `path`.

    Raises
    ------
    ModelFileError
        If the file is not a whole, unaltered fitnet model of a format this version reads.
    OSError
        If it cannot be opened.
    """
    return model_of(file.read(path))


def model_of(contents: file.Contents) -> Model:
    """The model that a file holds."""
    return Model(
        contents.network,
        contents.parameters,
        contents.input_names,
        contents.output_names,
        contents.provenance,
        contents.example_inputs,
        contents.input_scaling,
        contents.target_scaling,
        contents.input_ranges,
    )


def column_names(argument: str, names: Sequence[str], prefix: str, count: int) -> tuple[str, ...]:
    """The names, one a column and none twice; prefix1, prefix2, ... where none are given."""
    if isinstance(names, str) or not isinstance(names, Iterable) or not all(isinstance(name, str) for name in names):
        raise ArgumentTypeError(f"`{argument}` is {names!r}; it must be a sequence of names.")
    names = [str(name) for name in names]  # also from an array or a table's columns
    if not names:
        return tuple(f"{prefix}{i}" for i in range(1, count + 1))
    if len(names) != count:
        raise ArgumentValueError(f"`{argument}` has {len(names)} names; it must have {count}, one a column.")
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ArgumentValueError(f"`{argument}` has {doubled[0]!r} more than once; every column needs its own name.")
    return tuple(names)


def checked_ranges(ranges: Any, columns: int) -> Array:
    """The lowest and the highest of every input, (2, columns), as a copy that cannot be changed."""
    checked = matrix("input_ranges", ranges, FLOAT64, columns).copy()
    if len(checked) != 2:
        raise ArgumentValueError(f"`input_ranges` has {counted(len(checked), 'row')}; it must have 2, low and high.")
    if np.any(checked[0] > checked[1]):
        column = int(np.argmax(checked[0] > checked[1]))
        raise ArgumentValueError(
            f"`input_ranges` is from {checked[0, column]} to {checked[1, column]} in column {column}; "
            "no range may end below where it begins."
        )
    checked.flags.writeable = False
    return checked
