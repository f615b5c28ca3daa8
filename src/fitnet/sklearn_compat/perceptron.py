"""What both perceptrons have in the place of scikit-learn's own: gradients, stochastic training and predictions.

Shapes: X (n, p), y (n, m), sample_weight (n,) or None; predictions (n, m).
"""

from typing import Any

import numpy as np
from sklearn.utils.validation import check_is_fitted, validate_data

from fitnet.algorithm.cross_entropy import CrossEntropy, probabilities
from fitnet.arguments import Array
from fitnet.engine.compute import Compute
from fitnet.model.model import Model
from fitnet.sklearn_compat.conversion import model_of
from fitnet.sklearn_compat.descent import fit_stochastic
from fitnet.sklearn_compat.objective import PerceptronObjective, as_engine_takes, is_ours


class OnEngine:
    """Goes before a perceptron of scikit-learn's among a class's bases, and computes in its place.

    Nothing of it is kept in the estimator: it has scikit-learn's attributes, laid out as there, and no others.
    """

    coefs_: list[Array]

    @property
    def model_(self) -> Model:
        """The `fitnet.Model` of the same weights, made anew: one file, exact derivatives, C and Fortran."""
        check_is_fitted(self)
        return model_of(self)

    def _fit_stochastic(
        self,
        X: Any,
        y: Array,
        sample_weight: Array | None,
        activations: Any,
        deltas: Any,
        coef_grads: Any,
        intercept_grads: Any,
        layer_units: Any,
        incremental: bool,
    ) -> None:
        if is_ours(self, X):
            fit_stochastic(self, X, y, sample_weight, incremental)
            return
        theirs: Any = super()
        scratch = (activations, deltas, coef_grads, intercept_grads, layer_units)
        theirs._fit_stochastic(X, y, sample_weight, *scratch, incremental)

    def _backprop(
        self,
        X: Any,
        y: Array,
        sample_weight: Array | None,
        activations: Any,
        deltas: Any,
        coef_grads: Any,
        intercept_grads: Any,
    ) -> tuple[float, list[Array], list[Array]]:
        """Objective and gradients at the coefficients, on these rows; what L-BFGS asks for."""
        if not is_ours(self, X):
            theirs: Any = super()
            found: tuple[float, list[Array], list[Array]] = theirs._backprop(
                X, y, sample_weight, activations, deltas, coef_grads, intercept_grads
            )
            return found
        objective = PerceptronObjective.of(self)
        network, parameters = objective.network, objective.parameters(self)
        X, Y = as_engine_takes(X, parameters.dtype), as_engine_takes(y, parameters.dtype)
        weights = None if sample_weight is None else as_engine_takes(sample_weight, parameters.dtype)
        objective.check_targets(Y)
        with np.errstate(over="ignore", invalid="ignore"):
            value, gradient = Compute().chosen.loss_and_gradient(network, objective.loss, parameters, X, Y, weights)
            weight = len(X) if weights is None else float(weights.sum())
            value = objective.completed(value, gradient, parameters, weight)
        return value, network.weights(gradient), network.biases(gradient)

    def _forward_pass_fast(self, X: Any, check_input: bool = True) -> Array:
        """The outputs (n, m): predictions, or of classes the probabilities that the network gives."""
        if check_input:
            X = validate_data(self, X, accept_sparse=["csr", "csc"], reset=False)
        if not is_ours(self, X):
            theirs: Any = super()
            outputs: Array = theirs._forward_pass_fast(X, check_input=False)
            return outputs
        objective = PerceptronObjective.of(self)
        engine, network = Compute().chosen, objective.network
        parameters = as_engine_takes(objective.parameters(self), np.result_type(X, *self.coefs_))
        X = as_engine_takes(X, parameters.dtype)
        z = engine.predictor(network, parameters)(X, None)
        if z is None:  # a number is too large for it, which then shows in the outputs
            z = engine.predict(network, parameters, X)
        return probabilities(z) if isinstance(objective.loss, CrossEntropy) else z
