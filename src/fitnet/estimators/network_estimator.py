"""What scikit-learn asks of any estimator: checked rows, derivatives, parameters that have parameters.

Shapes: X (n, p); y (n,) or (n, m); sample_weight (n,) or None.
"""

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from fitnet.arguments import Array, real_matrix, row_weights
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.estimators.expected_names import attribute_missing, check_known, takes_any
from fitnet.estimators.given_data import (
    checked_inputs,
    fits_single,
    given_targets,
    goes_on,
    trained_pair,
    with_seen_levels,
)
from fitnet.estimators.nested_parameters import is_nested, parameters_below, with_parameter
from fitnet.fitting.training_rows import TrainingRows
from fitnet.model.model import Model
from fitnet.rows import ArrayRows, Categories, RowSource, large_map, mapped_rows
from fitnet.training.history import History


class NetworkEstimator(BaseEstimator):  # type: ignore[misc]  # scikit-learn has no type information
    """An estimator that has a network, `model_`; a subclass fits it and says what it predicts."""

    model_: Model
    history_: History
    n_epochs_: int
    missing: str
    warm_start: bool
    _one_target: bool  # whether y had no columns
    _target_names: list[str]  # of y's columns, or of y, where it had them
    _categories: Categories | None = None  # of X's columns
    _takes_text = False  # as words, also where no dtype says so
    _single: bool  # whether X was in float32 and y no finer
    _why_no_error_bars: str | None  # where the model has none

    def __new__(cls, *_: Any, **parameters: Any) -> Self:
        """Refuse parameters that there are not, before Python does it without a hint."""
        if not takes_any(cls.__init__):
            check_known(cls.__name__, parameters, cls._get_param_names(), ArgumentTypeError, cls._parameters_of_one())
        return super().__new__(cls)  # type: ignore[no-any-return]  # scikit-learn's is not typed

    @classmethod
    def _parameters_of_one(cls) -> tuple[str, list[str]] | None:
        """Of an ensemble, the name of the estimator of one network, and its parameters; None of that estimator."""
        return None

    if not TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            raise attribute_missing(type(self).__name__, name)

    @property
    def n_iter_(self) -> int:
        """The epochs trained, as scikit-learn calls them."""
        return self.n_epochs_

    @property
    def loss_curve_(self) -> list[float]:
        """The training loss of every epoch, as scikit-learn calls it."""
        return list(self.history_.loss)

    def jacobian(self, X: Any) -> Array:
        """Exact dy/dx at the rows of X (n, p), in the user's units: (n, p), or (n, m, p) where y had columns.

        Of columns of categories there is none; p then counts `model_.number_names`.
        """
        check_is_fitted(self)
        derivatives = self.model_.jacobian(checked_inputs(self, X))
        return derivatives[:, 0] if self._one_target else derivatives

    def hessian(self, X: Any) -> Array:
        """Exact d2y/dx2 at the rows of X (n, p), in the user's units: (n, p, p), or (n, m, p, p) where y had columns.

        A `fitnet.errors.DerivativeWarning` says that relu and leaky_relu, straight but for a corner, have none; p is as
        for `jacobian`.
        """
        check_is_fitted(self)
        derivatives = self.model_.hessian(checked_inputs(self, X))
        return derivatives[:, 0] if self._one_target else derivatives

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The parameters; with `deep` those of solver and loss too, as solver__learning_rate."""
        params: dict[str, Any] = super().get_params(deep=deep)
        return params | parameters_below(params) if deep else params

    def set_params(self, **params: Any) -> Self:
        """Set parameters by name, also those of solver and loss."""
        own = {name: value for name, value in params.items() if not is_nested(name)}
        known, single = self._get_param_names(), self._parameters_of_one()
        check_known(type(self).__name__, own, known, ArgumentValueError, single)
        super().set_params(**own)
        for path, value in params.items():
            if is_nested(path):
                name = path.partition("__")[0]
                setattr(self, name, with_parameter(getattr(self, name), path, value))
        return self

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.input_tags.allow_nan = self.missing == "impute"
        return tags

    def _rows(self, X: Any, y: Any, sample_weight: Any, reset: bool) -> TrainingRows:
        """X (n, p), y as (n, m) and the weights, checked; rows that weigh nothing are left out."""
        stored = large_map("X", X)
        if stored is not None and X.ndim == 2:
            return TrainingRows(*self._stored_rows(stored, X, y, sample_weight, reset))
        y, names = given_targets("y", y, self._known_targets(reset), self.missing != "refuse")
        single = fits_single(y)
        X, y, kept = trained_pair(self, X, y, reset)
        if reset:
            self._one_target, self._target_names = y.ndim == 1, names
            self._single = single and X.dtype == np.float32
        Y, weights, numbers = y.reshape(len(y), -1), None, np.flatnonzero(kept)
        if sample_weight is not None:
            weights = row_weights("sample_weight", sample_weight, np.dtype(np.float64), len(kept))[kept]
        if weights is not None and not np.all(weights > 0):
            X, Y, numbers, weights = (each[weights > 0] for each in (X, Y, numbers, weights))
        goes = goes_on(self) or not reset
        known = self.model_.imputation if goes else None
        X = X if goes else with_seen_levels(self, X)
        if known is None and self.missing != "impute":
            return TrainingRows(X, Y, weights, numbers=numbers, categories=self._categories)
        return TrainingRows.imputed(X, Y, weights, known, numbers, self._categories)

    def _known_targets(self, reset: bool) -> list[str]:
        """The names of the targets of the training that goes on; none where there are none, or it begins anew."""
        return [] if reset and not goes_on(self) else self._target_names

    def _stored_rows(
        self, stored: RowSource, X: Array, y: Any, sample_weight: Any, reset: bool
    ) -> tuple[RowSource, RowSource]:
        """The rows of a memory map and y as (n, m); what they hold is checked when it is read."""
        if self.missing != "refuse":
            raise ArgumentValueError(
                f"`missing` is {self.missing!r}; with a large memory map it must be 'refuse'.", "missing"
            )
        if sample_weight is not None:
            raise ArgumentValueError(
                "`sample_weight` cannot be used with a large memory map; it must be None.", "sample_weight"
            )
        validate_data(self, X, reset=reset, skip_check_array=True)
        y_map = mapped_rows("y", y)
        array, names = (y, []) if y_map else given_targets("y", y, self._known_targets(reset))
        array = np.asarray(array)
        Y = y_map or ArrayRows("y", real_matrix("y", array.reshape(-1, 1) if array.ndim == 1 else array))
        if Y.shape[0] != stored.shape[0]:
            raise ArgumentValueError(
                f"`y` has {Y.shape[0]} rows and `X` has {stored.shape[0]}; they must have equally many.", "y"
            )
        if reset:
            self._categories = None
            self._one_target, self._target_names = array.ndim == 1, names
            self._single = fits_single(array) and stored.dtype == np.float32
        return stored, Y
