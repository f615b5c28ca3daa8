"""Losses: how far predictions are from targets, and which way to move them.

Shapes: z, prediction, target and gradient (n, m); weights (n,) or None, which means 1 for every row.

A loss owns its link, the activation that turns the last z into a prediction, and works on z, before the link: there
neither overflow nor underflow of the prediction can spoil it. With the identity, z is the prediction itself.

A loss is the weighted mean over rows of the mean over outputs,

    loss = sum_i w_i * mean_over_outputs(pointwise_i) / sum_i w_i,

so it does not depend on how many rows or outputs there are, and no factor of one half hides in it: where there is
one, the loss says so. `CrossEntropy` alone is the mean over rows of a sum, over classes. r is the residual, prediction
- target. At a kink the gradient is 0, which lies between the slopes on both sides.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, Protocol

import numpy as np

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.row_means import row_mean, row_scale
from fitnet.arguments import Array, real_number
from fitnet.errors import ArgumentValueError


class Loss(Protocol):
    """A loss of z and its gradient.

    An object without a `link` has the identity. A loss that some targets do not suit also has
    `check_targets(Y, name="Y")`, which refuses them before training; one with another link than the identity may have
    `of_predictions()`, the same loss with the identity, for networks that end in another activation than the link.
    """

    link: ClassVar[str]

    def value(self, z: Array, target: Array, weights: Array | None = None) -> float:
        """The loss, one number."""
        ...

    def gradient(self, z: Array, target: Array, weights: Array | None = None) -> Array:
        """d(loss)/dz, shape (n, m)."""
        ...


@dataclass(frozen=True)
class SquaredError:
    """Mean squared error, r^2 (paper, eq. 2.3). Its minimum is the mean."""

    link: ClassVar[str] = "identity"

    def value(self, prediction: Array, target: Array, weights: Array | None = None) -> float:
        residual = prediction - target
        return row_mean(residual * residual, weights)

    def gradient(self, prediction: Array, target: Array, weights: Array | None = None) -> Array:
        return 2 * row_scale(prediction - target, weights)


@dataclass(frozen=True)
class AbsoluteError:
    """Mean absolute error, |r|. Its minimum is the median; the derivative at r = 0 is taken as 0."""

    link: ClassVar[str] = "identity"

    def value(self, prediction: Array, target: Array, weights: Array | None = None) -> float:
        return row_mean(np.abs(prediction - target), weights)

    def gradient(self, prediction: Array, target: Array, weights: Array | None = None) -> Array:
        return row_scale(np.sign(prediction - target), weights)


@dataclass(frozen=True)
class Huber:
    """r^2 / 2 for |r| <= delta, delta (|r| - delta / 2) beyond (Huber 1964): outliers pull no harder than delta.

    Parameters
    ----------
    delta
        Above 0, in the units of the targets. The factor of one half is part of this loss: where all residuals are
        small it is half the squared error.
    """

    link: ClassVar[str] = "identity"
    delta: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "delta", real_number("delta", self.delta, 0, low_included=False))

    def value(self, prediction: Array, target: Array, weights: Array | None = None) -> float:
        size = np.abs(prediction - target)
        inner = np.minimum(size, self.delta)
        return row_mean(inner * (size - 0.5 * inner), weights)  # no r^2, which overflows where delta |r| does not

    def gradient(self, prediction: Array, target: Array, weights: Array | None = None) -> Array:
        return row_scale(np.clip(prediction - target, -self.delta, self.delta), weights)


@dataclass(frozen=True)
class Quantile:
    """quantile |r| where the target is above the prediction, (1 - quantile) |r| where it is below: the pinball loss.

    Its minimum is that quantile of the targets (Koenker and Bassett 1978); the derivative at r = 0 is taken as 0.

    Parameters
    ----------
    quantile
        Above 0 and below 1; 0.5 is half the absolute error.
    """

    link: ClassVar[str] = "identity"
    quantile: float = 0.5

    def __post_init__(self) -> None:
        quantile = real_number("quantile", self.quantile, 0, 1, low_included=False, high_included=False)
        object.__setattr__(self, "quantile", quantile)

    def value(self, prediction: Array, target: Array, weights: Array | None = None) -> float:
        residual = prediction - target
        return row_mean(np.maximum((1 - self.quantile) * residual, -self.quantile * residual), weights)

    def gradient(self, prediction: Array, target: Array, weights: Array | None = None) -> Array:
        sign = np.sign(prediction - target)
        return row_scale(np.where(sign > 0, (1 - self.quantile) * sign, self.quantile * sign), weights)


@dataclass(frozen=True)
class Poisson:
    """Half the Poisson deviance, y log(y / mu) - y + mu with mu = exp(z) and 0 log 0 = 0 (McCullagh and Nelder 1989,
    section 2.3). For counts and rates y, 0 or more; 0 at the best, mu = y.

    With t = z - log(y) it is y (exp(t) - 1 - t), and its derivative mu - y is y (exp(t) - 1): both keep their digits
    near the best. They are computed in float64. The value is finite while float64 can hold it, so for z up to 709, and
    infinite beyond; the gradient is finite for any finite z: it ends at `largest_slope`, which optimizers can square.
    """

    link: ClassVar[str] = "exponential"

    def check_targets(self, Y: Array, name: str = "Y") -> None:
        """Refuse targets below 0.

        Raises
        ------
        ArgumentValueError
            One sentence that says where `name`'s first one is.
        """
        if np.any(Y < 0):
            place = tuple(int(i) for i in np.argwhere(Y < 0)[0])
            raise ArgumentValueError(
                f"`{name}` holds {Y[place]} at {list(place)}; Poisson targets must be at least 0.", name
            )

    def value(self, z: Array, target: Array, weights: Array | None = None) -> float:
        y, t, excess = self._terms(z, target)
        with np.errstate(over="ignore", invalid="ignore"):  # it shows in the value
            return row_mean(np.where(excess == np.inf, np.inf, excess - y * t), weights)

    def gradient(self, z: Array, target: Array, weights: Array | None = None) -> Array:
        slope = np.minimum(self._terms(z, target)[2], largest_slope(z.dtype))
        return row_scale(slope.astype(z.dtype), weights)

    def of_predictions(self) -> "PoissonOfRates":
        """The same loss of mu itself."""
        return PoissonOfRates()

    def _terms(self, z: Array, target: Array) -> tuple[Array, Array, Array]:
        """y, t (0 where y is 0) and mu - y, in float64."""
        z, y = z.astype(np.float64), target.astype(np.float64)
        with np.errstate(over="ignore", invalid="ignore"):
            t = np.where(y == 0, 0, z - np.log(np.where(y == 0, 1, y)))
            far = (y == 0) | (t > 1)  # there the difference does not cancel, and exp(t) may overflow where mu does not
            return y, t, np.where(far, np.exp(z) - y, y * np.expm1(t))


@dataclass(frozen=True)
class PoissonOfRates:
    """`Poisson` as a function of mu itself: for networks that end in another activation than its link.

    NaN where mu < 0 and infinite where mu = 0 < y, for there it is not defined.
    """

    link: ClassVar[str] = "identity"

    def value(self, prediction: Array, target: Array, weights: Array | None = None) -> float:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # it shows in the value
            ratio = np.where(target == 0, 1, target / prediction)
            pointwise = target * np.log(ratio) - target + prediction
            return row_mean(np.where(prediction < 0, np.nan, pointwise), weights)

    def gradient(self, prediction: Array, target: Array, weights: Array | None = None) -> Array:
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            ratio = np.where(target == 0, 0, target / prediction)
            return row_scale(1 - ratio, weights)


def largest_slope(dtype: np.dtype[Any]) -> float:
    """The largest power of two whose square `dtype` can hold, about 1e19 in float32 and 1e154 in float64."""
    return 2.0 ** (np.finfo(dtype).maxexp // 2 - 1)


LOSSES: dict[str, Loss] = {
    "squared_error": SquaredError(),
    "absolute_error": AbsoluteError(),
    "huber": Huber(),
    "quantile": Quantile(),
    "poisson": Poisson(),
    "cross_entropy": CrossEntropy(),
}
