"""What scikit-learn asks of a classifier: labels, their probabilities, and how often they are right.

Shapes: X (n, p), y (n,) labels, probabilities (n, K).
"""

from typing import Any

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from fitnet.algorithm.classes import log_probabilities
from fitnet.arguments import Array
from fitnet.estimators.given_data import checked_inputs
from fitnet.estimators.network_estimator import NetworkEstimator
from fitnet.model.model import Model
from fitnet.model.stored_rows import predict_rows
from fitnet.rows import is_sparse, large_map, sparse_rows


class NetworkClassifier(ClassifierMixin, NetworkEstimator):  # type: ignore[misc]  # it has no type information
    """An estimator that predicts classes with `model_`, whose outputs are their probabilities; a subclass fits it."""

    classes_: Array  # (K,), in order, as labels were given

    def predict(self, X: Any) -> Array:
        """The likeliest class for every row of X (n, p): labels (n,), of the type that y had.

        The columns of a frame are found by name. A sparse X is made dense some rows at a time.

        Raises
        ------
        ArgumentValueError, ArgumentTypeError, ValueError, TypeError
            For rows that cannot be used; the sentence names what.
        """
        places = self.predict_proba(X).argmax(axis=1)
        likeliest: Array = self.classes_[places]
        return likeliest

    def predict_proba(self, X: Any) -> Array:
        """The probability of every class, (n, K) in the order of `classes_`; rows sum to 1. X is `predict`'s."""
        check_is_fitted(self)
        return self._outputs(self.model_, X)

    def predict_log_proba(self, X: Any) -> Array:
        """The logarithms of `predict_proba`, of one network finite however small a probability is."""
        check_is_fitted(self)
        if isinstance(self.model_, Model):
            return log_probabilities(self._outputs(self.model_.of_logits, X))
        with np.errstate(divide="ignore"):
            return np.log(self._outputs(self.model_, X))

    def jacobian(self, X: Any) -> Array:
        """Exact dp/dx of every class's probability at the rows of X (n, p): (n, K, p), as `Model.jacobian`."""
        check_is_fitted(self)
        return self.model_.jacobian(checked_inputs(self, X))

    def hessian(self, X: Any) -> Array:
        """Exact d2p/dx2 of every class's probability at the rows of X (n, p): (n, K, p, p), as `Model.hessian`."""
        check_is_fitted(self)
        return self.model_.hessian(checked_inputs(self, X))

    def _outputs(self, model: Any, X: Any) -> Array:
        """What the model gives for rows as users have them, (n, m)."""
        stored = large_map("X", X)
        if stored is not None and X.ndim == 2:
            validate_data(self, X, reset=False, skip_check_array=True)
            outputs = predict_rows(model, stored, False, False, None)
        else:
            X = checked_inputs(self, X)
            few = not is_sparse(X)
            outputs = model.predict(X) if few else predict_rows(model, sparse_rows("X", X), False, False, None)
        assert isinstance(outputs, np.ndarray)
        return outputs
