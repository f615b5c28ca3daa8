"""What scikit-learn asks of a regressor: predictions of numbers, as the targets were given, and how good they are.

Shapes: X (n, p); y (n,) or (n, m), and predictions as y was; sample_weight (n,) or None.
"""

from typing import Any, Literal, overload

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from fitnet.algorithm.losses import Poisson
from fitnet.algorithm.target_transform import LogTransform, in_single
from fitnet.arguments import Array
from fitnet.estimators.given_data import checked_inputs, given_targets
from fitnet.estimators.intervals import predict_interval, predict_quantiles
from fitnet.estimators.network_estimator import NetworkEstimator
from fitnet.model.error_bars import no_error_bars
from fitnet.model.stored_rows import predict_rows
from fitnet.rows import is_sparse, large_map, sparse_rows
from fitnet.uncertainty.conformal import CrossConformal


class NetworkRegressor(RegressorMixin, NetworkEstimator):  # type: ignore[misc]  # it has no type information
    """An estimator that predicts targets with `model_`; a subclass fits it."""

    conformal_: CrossConformal  # after `conformalize`, until the next fit
    target_transform: Any

    predict_interval = predict_interval
    predict_quantiles = predict_quantiles

    @property
    def target_transform_(self) -> LogTransform | None:
        """What was done to the targets, "auto" having chosen: a LogTransform, or None."""
        check_is_fitted(self)
        return self.model_.target_transform

    @overload
    def predict(self, X: Any, return_std: Literal[False] = ..., return_cov: Literal[False] = ...) -> Array: ...
    @overload
    def predict(
        self, X: Any, return_std: Literal[True], return_cov: Literal[False] = ..., sample_weight: Any = ...
    ) -> tuple[Array, Array]: ...
    @overload
    def predict(
        self, X: Any, return_std: Literal[False] = ..., *, return_cov: Literal[True], sample_weight: Any = ...
    ) -> tuple[Array, Array]: ...
    def predict(
        self, X: Any, return_std: bool = False, return_cov: bool = False, sample_weight: Any = None
    ) -> Array | tuple[Array, Array]:
        """The targets for the rows of X (n, p): (n,) or (n, m), as y was.

        They are float32 where X is, and was in `fit`, where y was float32 or whole numbers, or targets are unscaled;
        float64 otherwise. The columns of a frame are found by name; a `fitnet.errors.UnknownLevelWarning` tells of
        categories that training did not have. A sparse X is made dense some rows at a time.

        With `return_std` a pair: the targets, and the standard deviation of a new target of weight 1 from them, shaped
        as they are. It holds what the parameters leave open and the noise: std**2 - model_.noise**2 is the first alone.
        Of targets whose logarithm is learned it is that of a log-normal distribution, whose median is the prediction.
        With `return_cov` the pair's second part is the covariance over the targets of each row, (n, m, m). Where the
        new targets' weights are known, such as 1 / sigma**2 where that was the fit's `sample_weight`, they are given
        as `sample_weight`, (n,), above 0: noise of weight w has the variance model_.noise**2 / w.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError, ValueError, TypeError
            For rows that cannot be used, or where the model has no error bars; the sentence names what.
        """
        check_is_fitted(self)
        why = getattr(self, "_why_no_error_bars", None)
        if why is not None and (return_std is True or return_cov is True):
            raise no_error_bars(return_std, why)
        stored = large_map("X", X)
        if stored is not None and X.ndim == 2:
            validate_data(self, X, reset=False, skip_check_array=True)
            outputs: Array | tuple[Array, Array] = predict_rows(
                self.model_, stored, return_std, return_cov, sample_weight
            )
        else:
            X = checked_inputs(self, X)
            if is_sparse(X):
                outputs = predict_rows(self.model_, sparse_rows("X", X), return_std, return_cov, sample_weight)
            else:
                asked = {"return_std": return_std, "return_cov": return_cov, "sample_weight": sample_weight}
                outputs = self.model_.predict(X, **{k: v for k, v in asked.items() if v is not False and v is not None})
        single = self._single and X.dtype == np.float32
        if not isinstance(outputs, tuple):
            return self._as_given(outputs, single)
        targets, spread = outputs
        if single:
            with np.errstate(over="ignore"):
                spread = spread.astype(np.float32, copy=False)
        return self._as_given(targets, single), spread[:, 0] if return_std and self._one_target else spread

    def _as_given(self, outputs: Array, single: bool) -> Array:
        """Outputs (n, m) as y was: (n,) if it had no columns, and in float32 if everything was."""
        outputs = in_single(outputs, self.target_transform_) if single else outputs
        return outputs[:, 0] if self._one_target else outputs

    def score(self, X: Any, y: Any, sample_weight: Any = None) -> float:
        """R2 of the predictions for X (n, p): 1 is perfect, 0 as good as the mean; of several targets their mean.

        The columns of frames are found by name, those of y too.
        """
        check_is_fitted(self)
        score: float = super().score(X, given_targets("y", y, self._target_names)[0], sample_weight)
        return score

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        counts = self.loss == "poisson" or isinstance(self.loss, Poisson)
        tags.target_tags.positive_only = counts or self.target_transform == "log"
        return tags
