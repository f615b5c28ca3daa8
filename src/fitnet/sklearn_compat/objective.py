"""What scikit-learn's perceptrons minimise, in the engine's terms.

Shapes: X (n, p), Y (n, m), weights (n,) or None; parameters and gradient (P,), layer by layer; coefs_[l] (inputs,
outputs) and intercepts_[l] (outputs,).

Theirs is half the mean squared error, half the Poisson deviance summed over outputs, or the cross-entropy, plus half of
alpha times the sum of the squares of all weights, divided by the rows of the batch, or by what these weigh. Of squares,
the loss they show is a mean over outputs and the gradient they step along that of the sum: both are kept.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from scipy.sparse import issparse
from sklearn.base import is_classifier

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.links import link_of
from fitnet.algorithm.losses import Loss, Poisson, SquaredError
from fitnet.algorithm.network import Network
from fitnet.arguments import DTYPES, Array

LOSSES: dict[str, Loss] = {  # by the output's activation
    "identity": SquaredError(),
    "exp": Poisson(),
    "logistic": CrossEntropy(),
    "softmax": CrossEntropy(),
}


def is_ours(perceptron: Any, X: Any) -> bool:
    """Whether the engine computes it; scikit-learn's own code does for sparse rows and several labels a row."""
    return not issparse(X) and not gives_several_labels(perceptron)


def gives_several_labels(perceptron: Any) -> bool:
    """Whether it is a classifier that gives a row several labels, or none."""
    return bool(is_classifier(perceptron) and perceptron.n_outputs_ > 1 and perceptron.out_activation_ == "logistic")


@dataclass(frozen=True)
class PerceptronObjective:
    """The objective of a perceptron whose layers are `network`, which ends in its loss's link."""

    network: Network
    loss: Loss
    alpha: float

    @classmethod
    def of(cls, perceptron: Any) -> "PerceptronObjective":
        """That of a perceptron of scikit-learn's which has its coefficients."""
        widths = (len(perceptron.coefs_[0]), *(len(each) for each in perceptron.intercepts_))
        return cls.made(widths, perceptron.activation, perceptron.out_activation_, float(perceptron.alpha))

    @classmethod
    @lru_cache
    def made(cls, widths: tuple[int, ...], activation: str, out_activation: str, alpha: float) -> "PerceptronObjective":
        """Made once for each: L-BFGS asks for it in every iteration."""
        loss = LOSSES[out_activation]
        return cls(Network.of_widths(widths, activation, link_of(loss)), loss, alpha)

    @cached_property
    def factors(self) -> tuple[float, float]:
        """What the engine's loss and gradient are multiplied with."""
        m = self.network.n_outputs
        return {SquaredError: (0.5, m / 2), Poisson: (float(m), float(m))}.get(type(self.loss), (1.0, 1.0))

    @cached_property
    def is_weight(self) -> Array:
        """(P,): 1 for weights, which a penalty holds small, 0 for biases, which are free."""
        marks = np.zeros(self.network.n_parameters)
        for W in self.network.weights(marks):
            W[:] = 1
        marks.flags.writeable = False
        return marks

    def parameters(self, perceptron: Any, dtype: Any = None) -> Array:
        """The perceptron's coefficients and intercepts in one vector (P,), a copy."""
        layers = zip(perceptron.coefs_, perceptron.intercepts_, strict=True)
        return np.concatenate([part.ravel() for layer in layers for part in layer], dtype=dtype)

    def check_targets(self, Y: Array) -> None:
        """Refuse counts below 0, of which scikit-learn makes a loss of NaN.

        Raises
        ------
        ArgumentValueError
        """
        if isinstance(self.loss, Poisson):
            self.loss.check_targets(Y, "y")

    def completed(self, value: float, gradient: Array, parameters: Array, weight: float) -> float:
        """Their objective, from the engine's loss and gradient over rows of this weight; `gradient` becomes theirs."""
        of_value, of_gradient = self.factors
        gradient *= of_gradient
        if self.alpha == 0:
            return of_value * value
        penalised = parameters * self.is_weight
        squares = float(penalised @ penalised)
        penalised *= self.alpha / weight
        gradient += penalised
        return of_value * value + 0.5 * self.alpha * squares / weight


def as_engine_takes(array: Any, dtype: Any) -> Array:
    """The array in this dtype, or in float64 where the engine has none such; C-contiguous."""
    dtype = np.dtype(dtype)
    return np.ascontiguousarray(array, dtype if dtype.name in DTYPES else np.float64)
