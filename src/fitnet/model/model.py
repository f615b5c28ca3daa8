"""The model: a network with its parameters, the names of its columns and where it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from os import PathLike
from typing import Any, Literal, overload

import numpy as np

from fitnet.algorithm.classes import Label
from fitnet.algorithm.encoding import PiecewiseLinear
from fitnet.algorithm.network import Network
from fitnet.algorithm.scaling import FLOAT64, Scaling
from fitnet.algorithm.target_transform import LogTransform
from fitnet.arguments import Array
from fitnet.engine.compute import Compute, check_compute
from fitnet.engine.contract import PredictiveCovariance, Predictor
from fitnet.engine.hessian import warn_of_corners
from fitnet.model import file
from fitnet.model.columns import Column, Columns, checked_units
from fitnet.model.derivatives import derivatives
from fitnet.model.dtypes import input_dtype, output_dtype
from fitnet.model.encoded import has_corners, predictor_of
from fitnet.model.error_bars import ErrorBars, standard_deviations
from fitnet.model.given_columns import GivenColumns
from fitnet.model.given_rows import converted
from fitnet.model.intervals import predict_interval, predict_quantiles
from fitnet.model.of_classes import of_logits
from fitnet.model.outputs_with_errors import outputs_with_errors
from fitnet.model.steps import steps_of
from fitnet.model.summary import model_summary
from fitnet.model.transformed import of_transforms
from fitnet.rows import Categories, Imputation


@dataclass(frozen=True, eq=False)
class Model(GivenColumns):
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
        (k, p): at most 8 rows whose predictions the file stores for `fitnet verify`; made up unless given.
    input_scaling, target_scaling
        Of the columns, or None: inputs are scaled before the network sees them, its outputs back, in float64.
    input_ranges
        (2, p), float64: the lowest and the highest of every input in training, or None where it is not known.
    error_bars
        What `return_std` and `return_cov` of `predict` need, or None.
    units
        Of inputs and outputs, as text by the columns' names, such as {"T": "K"}; of any or none of them.
    compute
        The engine and the threads that the model predicts with; no part of what is saved.
    imputation
        What is filled in for gaps, NaN or masked, in rows; None refuses them. With it rows may have the p given columns
        only, or all that `completed` gives, and `input_names` those of either.
    target_transform
        What was done to the targets before they were scaled, undone last in all that the model gives; or None.
    categories
        Which columns of a frame hold words, and their levels, each an input of 0 and 1; None where all hold numbers.
    classes
        K labels, all text, all bool or all numbers: outputs are their probabilities (n, K), the softmax of the
        network's or, of two classes, of 0 and its one. None: outputs are numbers.
    encoding
        What makes the network's inputs of the scaled columns, or None; with `input_scaling` and no `error_bars`.
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
    error_bars: ErrorBars | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    compute: Compute = field(default_factory=Compute)
    imputation: Imputation | None = None
    target_transform: LogTransform | None = None
    categories: Categories | None = None
    encoding: PiecewiseLinear | None = None
    classes: Sequence[Label] | None = None

    __repr__ = model_summary
    predict_interval = predict_interval
    predict_quantiles = predict_quantiles
    steps = steps_of
    input_dtype = property(input_dtype)
    output_dtype = property(output_dtype)
    of_logits = cached_property(of_logits)

    def __post_init__(self) -> None:
        check_compute(self.compute)
        for name, value in self.contents.fields.items():
            object.__setattr__(self, name, value)

    @property
    def architecture(self) -> list[tuple[int, int]]:
        """The shape of every layer, as the paper writes it."""
        return self.network.architecture

    @property
    def inputs(self) -> tuple[Column, ...]:
        """The p inputs, each with its name, its unit and its range in training."""
        return self.contents[Columns].inputs

    @property
    def outputs(self) -> tuple[Column, ...]:
        """The m outputs, each with its name and its unit."""
        return self.contents[Columns].outputs

    def with_units(self, units: Mapping[str, str]) -> "Model":
        """The same with these units by name, beside those it has; "" takes one away. Errors are `Model`'s."""
        return replace(self, units={**self.units, **checked_units(units, (*self.input_names, *self.output_names))})

    @property
    def noise(self) -> Array | None:
        """(m,): the standard deviation of targets' noise, or that of their transforms, of weight 1; None if unknown."""
        bars = self.error_bars
        return None if bars is None else standard_deviations(bars.noise_covariance, self.target_scaling)

    @overload
    def predict(
        self, X: Any, *, out: Array | None = ..., return_std: Literal[False] = ..., return_cov: Literal[False] = ...
    ) -> Array: ...
    @overload
    def predict(
        self, X: Any, *, out: Array | None = ..., return_std: Literal[True], sample_weight: Any = ...
    ) -> tuple[Array, Array]: ...
    @overload
    def predict(
        self, X: Any, *, out: Array | None = ..., return_cov: Literal[True], sample_weight: Any = ...
    ) -> tuple[Array, Array]: ...
    @overload
    def predict(
        self, X: Any, *, return_std: bool, return_cov: bool, sample_weight: Any = ...
    ) -> Array | tuple[Array, Array]: ...
    def predict(
        self,
        X: Any,
        *,
        out: Array | None = None,
        return_std: bool = False,
        return_cov: bool = False,
        sample_weight: Any = None,
    ) -> Array | tuple[Array, Array]:
        """The outputs (n, m) for the rows of `X` (n, p), both in the units of the data, and how sure they are.

        They have the parameters' dtype or, where targets are scaled or transformed, float64. An array or memory map of
        float32 or float64 is read as it lies; one row then takes about a microsecond. Of transformed targets they are
        the medians, where the noise of the transforms is symmetric, and `predict_interval` gives their intervals.

        Parameters
        ----------
        X
            Real and finite, p columns, a row or more; a frame's are found by name. A sparse matrix is made dense.
        out
            Where the outputs are written, if given: (n, m), C-contiguous, of the outputs' dtype, apart from `X`.
        return_std, return_cov
            Give a pair: the outputs, and the standard deviation (n, m), or the covariance over every row's outputs
            (n, m, m), of a new target of weight 1 from them: what the parameters leave open and the noise, in squares;
            std**2 - model.noise**2 is the first alone. Of transformed targets those of a log-normal distribution.
        sample_weight
            (n,), above 0: the new targets' weights in place of 1, such as 1 / sigma**2; w's noise is noise / sqrt(w).

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If `X` or `out` is anything else, the parameters' dtype cannot hold X, scaled, or there are no error bars.
        """
        if self.imputation is not None or self.categories is not None:
            X = self.completed(X)
        if return_std or return_cov or sample_weight is not None:
            return outputs_with_errors(self, X, out, return_std, return_cov, sample_weight)
        outputs = self.predictor(X, out)
        if outputs is None:  # not as the engine takes it: convert it, or say what is wrong with it
            outputs = self.predictor(*converted((self,), X, out, self.output_dtype))
            assert outputs is not None
        return outputs

    def jacobian(self, X: Any) -> Array:
        """The outputs' exact derivatives dy/dx (n, m, p) at the rows of `X` (n, p), in the units of the data.

        Entry [i, j, k] is the derivative of output j with respect to input k at row i, 0 where that is missing; of
        columns of words there is none, and k counts `number_names`. They have the parameters' dtype or, where there is
        a scaling, float64. `X` and errors are `predict`'s.
        """
        return derivatives(self, (self,), self.predictor.jacobian, X)

    def hessian(self, X: Any) -> Array:
        """The outputs' exact second derivatives d2y/dx2 (n, m, p, p); X, units, dtype and errors are `jacobian`'s.

        A relu or leaky_relu layer counts as straight, of which a `fitnet.errors.DerivativeWarning` tells.
        """
        hessian = derivatives(self, (self,), self.predictor.hessian, X)
        warn_of_corners(self.network, encoded=has_corners(self))
        return hessian

    @cached_property
    def contents(self) -> file.Contents:
        """What the file holds but for its examples' outputs; made at the start, where it checks the fields."""
        return file.Contents.of(self.__getstate__())

    @cached_property
    def predictor(self) -> Predictor:
        """Made at the first prediction; it stays right because the parameters never change."""
        return predictor_of(self)

    @cached_property
    def of_transforms(self) -> "Model":
        """The model of the targets' transforms; itself where they are as they were given."""
        return of_transforms(self)

    @cached_property
    def parameter_errors(self) -> PredictiveCovariance:
        """Made when error bars are first asked for."""
        assert self.error_bars is not None
        parameters = self.parameters.astype(FLOAT64)
        return self.compute.chosen.predictive_covariance(self.network, parameters, self.error_bars.factor)

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy, also in another process, is made anew: parameters read-only, and with a predictor of its own."""
        return Model, tuple(self.__getstate__().values())

    def __getstate__(self) -> dict[str, Any]:
        """The fields, without what was made of them, for formats that take objects apart."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model to one file, `path`, which must end in .fitnet; what was there is replaced as a whole."""
        file.write(path, self.kept())

    def kept(self) -> file.Contents:
        """What the file holds, the examples' outputs too, which must be finite."""
        with np.errstate(over="ignore", invalid="ignore"):
            return self.contents.with_outputs(self.predict(self.example_inputs))
