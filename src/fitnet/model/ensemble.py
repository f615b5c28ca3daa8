"""The ensemble: the weighted mean of several models of the same columns, kept in one file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from os import PathLike
from typing import Any, Literal, overload

import numpy as np

from fitnet.algorithm.classes import Label
from fitnet.arguments import Array, true_or_false
from fitnet.engine.compute import Compute, check_compute
from fitnet.engine.hessian import warn_of_corners
from fitnet.model import ensemble_file, file
from fitnet.model.columns import Column
from fitnet.model.derivatives import derivatives
from fitnet.model.domain_of_rows import domain_score, outside, worst_input
from fitnet.model.encoded import has_corners
from fitnet.model.ensemble_folds import fold_predictions, fold_spreads
from fitnet.model.ensemble_parts.leaderboard import Standing
from fitnet.model.given_columns import GivenColumns
from fitnet.model.given_rows import converted
from fitnet.model.model import Model
from fitnet.model.new_classes import predict_set
from fitnet.model.new_targets import outputs_and_deviations, predict_interval, predict_quantiles
from fitnet.model.steps import steps_of
from fitnet.model.summary import ensemble_summary
from fitnet.model.weighted import WeightedPredictor
from fitnet.rows import Categories, Imputation
from fitnet.uncertainty.conformal import CrossConformal
from fitnet.uncertainty.domain import Domain


@dataclass(frozen=True, eq=False)
class Ensemble(GivenColumns):
    """Several models of the same columns that predict together: their outputs' weighted mean.

    Parameters
    ----------
    members
        M models, 4,096 at most, with the same inputs, outputs, units, columns of words and imputation.
    weights
        (M,): above 0, and divided by their sum; None weighs all alike.
    folds
        (M,): of every member the fold of rows that it did not see in training, from 0 on, or None. Every fold has a
        member.
    provenance
        Where the ensemble comes from: text and numbers by name. Members have their own.
    compute
        The engine and the threads that all members predict with; no part of what is saved.
    leaderboard
        The recipes that the members were chosen from: (recipe, error, weight) each.
    conformal
        What out-of-fold residuals say of new targets, for the m outputs and the folds; or None.
    domain
        Where the training inputs, completed, lay: p columns; or None.
    class_scores
        (J,): of training rows the probability of their own class by members that did not see them, for `predict_set`;
        or None.
    """

    members: Sequence[Model]
    weights: Any = None
    folds: Sequence[int] | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)
    compute: Compute = field(default_factory=Compute)
    leaderboard: Sequence[tuple[str, float, float] | Standing] = ()
    conformal: CrossConformal | None = None
    domain: Domain | None = None
    class_scores: Any = None

    __repr__ = ensemble_summary
    fold_predictions = fold_predictions
    fold_spreads = fold_spreads
    predict_interval = predict_interval
    predict_quantiles = predict_quantiles
    predict_set = predict_set
    domain_score = domain_score
    outside = outside
    worst_input = worst_input
    steps = steps_of

    def __post_init__(self) -> None:
        check_compute(self.compute)
        for name, value in self.contents.fields.items():
            object.__setattr__(self, name, value)

    @property
    def architectures(self) -> list[list[tuple[int, int]]]:
        """Of every member the shape of every layer, as the paper writes it."""
        return [member.architecture for member in self.members]

    @property
    def n_parameters(self) -> int:
        """How many parameters all members have."""
        return sum(member.network.n_parameters for member in self.members)

    @property
    def inputs(self) -> tuple[Column, ...]:
        """The p inputs, each with its name, its unit and its range in the training of all members."""
        inputs, ranges = self.members[0].inputs, self.input_ranges
        pairs = [(None, None)] * len(inputs) if ranges is None else ranges.T.tolist()
        return tuple(replace(column, low=low, high=high) for column, (low, high) in zip(inputs, pairs, strict=True))

    @property
    def outputs(self) -> tuple[Column, ...]:
        """The m outputs, each with its name and its unit."""
        return self.members[0].outputs

    @property
    def input_names(self) -> Sequence[str]:
        """The inputs' names, the members'."""
        return self.members[0].input_names

    @property
    def output_names(self) -> Sequence[str]:
        """The outputs' names, the members'."""
        return self.members[0].output_names

    @property
    def units(self) -> Mapping[str, str]:
        """By the columns' names, of any or none of them."""
        return self.members[0].units

    @property
    def classes(self) -> Sequence[Label] | None:
        """The K labels whose probabilities the outputs are, the members'; None where outputs are numbers."""
        return self.members[0].classes

    @property
    def imputation(self) -> Imputation | None:
        """What is filled in for gaps, or None."""
        return self.members[0].imputation

    @property
    def categories(self) -> Categories | None:
        """Which columns hold words, or None."""
        return self.members[0].categories

    @cached_property
    def input_ranges(self) -> Array | None:
        """(2, p): the lowest and the highest of every input in any member's training; None where one knows none."""
        known = [member.input_ranges for member in self.members]
        if any(ranges is None for ranges in known):
            return None
        lows, highs = np.stack(known, axis=1)
        ranges = np.stack([lows.min(axis=0), highs.max(axis=0)])
        ranges.flags.writeable = False
        return ranges

    def with_units(self, units: Mapping[str, str]) -> "Ensemble":
        """The same with these units by name, beside those it has; "" takes one away. Errors are `Model`'s."""
        return replace(self, members=[member.with_units(units) for member in self.members])

    @overload
    def predict(self, X: Any, *, out: Array | None = ..., return_std: Literal[False] = ...) -> Array: ...
    @overload
    def predict(self, X: Any, *, out: Array | None = ..., return_std: Literal[True]) -> tuple[Array, Array]: ...
    @overload
    def predict(self, X: Any, *, out: Array | None = ..., return_std: bool) -> Array | tuple[Array, Array]: ...
    def predict(self, X: Any, *, out: Array | None = None, return_std: bool = False) -> Array | tuple[Array, Array]:
        """The weighted mean (n, m) of the members' outputs for the rows of `X` (n, p), in the units of the data.

        It has the widest of the members' dtypes. What is said of rows in `Model.predict` holds here.

        Parameters
        ----------
        X
            Real and finite, p columns, a row or more; a frame's are found by name. A sparse matrix is made dense.
        out
            Where the outputs are written, if given: (n, m), C-contiguous, of the outputs' dtype, apart from `X`.
        return_std
            Give a pair: the outputs, and in float64 the standard deviation (n, m) of new targets from them, by
            `conformal`. Without that it is the members' spread, the weighted standard deviation of their outputs
            around the mean, which tells how far they disagree, and nothing of the noise of targets.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError
            If `X` or `out` is anything else, or a member's dtype cannot hold X, scaled.
        """
        X = self.completed(X)
        if true_or_false("return_std", return_std):
            return outputs_and_deviations(self, X, out)
        outputs = self._predictor(X, out)
        if outputs is None:  # not as the engine takes it: convert it, or say what is wrong with it
            outputs = self._predictor(*converted(self.members, X, out, self.output_dtype))
            assert outputs is not None
        return outputs

    def jacobian(self, X: Any) -> Array:
        """The exact derivatives dy/dx (n, m, p) of what `predict` gives; entries, dtype and errors as for `Model`."""
        return derivatives(self, self.members, self._predictor.jacobian, X)

    def hessian(self, X: Any) -> Array:
        """The exact second derivatives d2y/dx2 (n, m, p, p), likewise."""
        hessian = derivatives(self, self.members, self._predictor.hessian, X)
        encoded = any(has_corners(member) for member in self.members)
        warn_of_corners(*(member.network for member in self.members), encoded=encoded)
        return hessian

    def save(self, path: str | PathLike[str]) -> None:
        """Write the ensemble to one file, `path`, which must end in .fitnet; what was there is replaced as a whole."""
        ensemble_file.write(path, self.contents)

    @property
    def output_dtype(self) -> np.dtype[Any]:
        """The outputs': float64 where a member gives that."""
        return np.result_type(*(member.output_dtype for member in self.members))

    @cached_property
    def contents(self) -> file.Contents:
        """What the file holds; made at the start, where it checks the fields."""
        return file.Contents.of(self.__getstate__(), ensemble_file.PARTS)

    @cached_property
    def _predictor(self) -> WeightedPredictor:
        """Made at the first prediction."""
        predictors = [member.predictor for member in self.members]
        return WeightedPredictor(predictors, self.weights.tolist(), self.output_dtype, len(self.outputs))

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy, also in another process, is made anew."""
        return Ensemble, tuple(self.__getstate__().values())

    def __getstate__(self) -> dict[str, Any]:
        """The fields, without what was made of them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


AnyModel = Model | Ensemble
