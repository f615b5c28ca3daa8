"""The model: a network with its parameters, the names of its columns and where it comes from."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from os import PathLike
from typing import Any

import numpy as np

from fitnet import engine as engines
from fitnet.algorithm.network import Network
from fitnet.arguments import Array, float_dtype, matrix, output_matrix, vector
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model import file

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
        at most 8 are kept. Rows between -1 and 1 unless given.
    """

    network: Network
    parameters: Array
    input_names: Sequence[str] = ()
    output_names: Sequence[str] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)
    example_inputs: Any = None

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
        examples = self.example_inputs
        if examples is None:
            examples = np.linspace(-1, 1, EXAMPLE_ROWS * p).reshape(EXAMPLE_ROWS, p)
        examples = matrix("example_inputs", examples, dtype, p)[:EXAMPLE_ROWS].copy()
        examples.flags.writeable = False
        checked = {
            "parameters": parameters,
            "input_names": column_names("input_names", self.input_names, "x", p),
            "output_names": column_names("output_names", self.output_names, "y", m),
            "provenance": dict(self.provenance),
            "example_inputs": examples,
        }
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    @property
    def architecture(self) -> list[tuple[int, int]]:
        """The shape of every layer, as the paper writes it."""
        return self.network.architecture

    def predict(self, X: Any, *, out: Array | None = None) -> Array:
        """The outputs (n, m) for the rows of `X` (n, p), in the parameters' dtype.

        Fastest where `X` has that dtype already; one row then takes less than a microsecond.

        Parameters
        ----------
        X
            Real and finite, with p columns and a row or more.
        out
            Where the outputs are written, if given: (n, m), C-contiguous, of the parameters' dtype, apart from `X`.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If `X` or `out` is anything else.
        """
        outputs = self._predictor(X, out)
        if outputs is None:  # not as the engine takes it: convert it, or say what is wrong with it
            X = matrix("X", X, self.parameters.dtype, self.network.n_inputs)
            if out is not None:
                out = output_matrix("out", out, self.parameters.dtype, (len(X), self.network.n_outputs), X)
            outputs = self._predictor(X, out)
            assert outputs is not None
        return outputs

    @cached_property
    def _predictor(self) -> engines.Predictor:
        """Made at the first prediction; it stays right because the parameters never change."""
        return engines.choose().predictor(self.network, self.parameters)

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
    contents = file.read(path)
    return Model(
        contents.network,
        contents.parameters,
        contents.input_names,
        contents.output_names,
        contents.provenance,
        contents.example_inputs,
    )


@dataclass(frozen=True)
class Verification:
    """How a model's stored predictions compare with today's, on `rows` stored rows."""

    rows: int
    largest_difference: float
    allowed_difference: float

    @property
    def passed(self) -> bool:
        """Whether every stored prediction came out again."""
        return self.largest_difference <= self.allowed_difference


def verify(path: str | PathLike[str]) -> Verification:
    """Read the file at `path` and replay its stored rows.

    Another processor may sum in another order, so predictions may differ by rounding: 1000 units in the last
    place of the largest stored output are allowed.
    """
    contents = file.read(path)
    stored = contents.example_outputs
    replayed = Model(contents.network, contents.parameters).predict(contents.example_inputs)
    allowed = 1000 * float(np.finfo(stored.dtype).eps) * max(1.0, float(np.abs(stored).max()))
    return Verification(len(stored), float(np.abs(replayed - stored).max()), allowed)


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
