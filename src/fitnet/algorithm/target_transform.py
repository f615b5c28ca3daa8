"""Target transforms: what is done to targets before a network learns them, and back.

Shapes: targets y and transformed targets t (n, m), bounds (m,), derivatives dt/dx (n, m, p), d2t/dx2 (n, m, p, p); all
float64. A bound of minus infinity stands for a target that is left as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fitnet.algorithm.links import link_of
from fitnet.algorithm.losses import Loss
from fitnet.arguments import Array, counted, one_of, real_number
from fitnet.errors import ArgumentTypeError, ArgumentValueError

FLOAT64 = np.dtype(np.float64)
LARGEST = float(np.finfo(FLOAT64).max)


@dataclass(frozen=True)
class LogTransform:
    """The logarithm of targets above a bound: t = log(y - lower_bound), y = lower_bound + exp(t).

    For targets that are positive over decades, or whose noise grows with them: predictions are always above the bound,
    and errors count in shares of the distance from it.

    Parameters
    ----------
    lower_bound
        Finite, below all targets: one for all of them, or a sequence of one a target, where None leaves a target as it
        is.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If it is anything else.
    """

    lower_bound: float | Sequence[float | None] = 0.0

    def __post_init__(self) -> None:
        given: Any = self.lower_bound
        if isinstance(given, str | bytes) or not isinstance(given, Sequence | np.ndarray) or np.ndim(given) == 0:
            object.__setattr__(self, "lower_bound", real_number("lower_bound", given))
            return
        bounds = tuple(None if b is None else real_number(f"lower_bound[{i}]", b) for i, b in enumerate(given))
        if all(bound is None for bound in bounds):
            raise ArgumentValueError(
                f"`lower_bound` is {given!r}; it must hold a bound for at least one target.", "lower_bound"
            )
        object.__setattr__(self, "lower_bound", bounds)

    def bounds(self, m: int) -> Array:
        """(m,): the bound of each of m targets.

        Raises
        ------
        ArgumentValueError
            If there are bounds for another number of targets.
        """
        if isinstance(self.lower_bound, float):
            return np.full(m, self.lower_bound)
        assert isinstance(self.lower_bound, tuple)
        if len(self.lower_bound) != m:
            raise ArgumentValueError(
                f"`target_transform` has {counted(len(self.lower_bound), 'lower bound')}; it must have {m}, one a "
                "target, or a single number for all.",
                "target_transform",
            )
        return np.array([-np.inf if bound is None else bound for bound in self.lower_bound])

    def only_for(self, columns: Array) -> "LogTransform | None":
        """The same where `columns` (m,) says so, every other target being left as it is; None if that is all."""
        bounds = np.where(columns, self.bounds(len(columns)), -np.inf)
        if not np.isfinite(bounds).any():
            return None
        same = np.all(bounds == bounds[0])
        return LogTransform(float(bounds[0]) if same else [b if np.isfinite(b) else None for b in bounds.tolist()])

    def forward(self, Y: Array) -> Array:
        """t for the targets `Y`; not finite where a target is at its bound or below."""
        return logarithms(Y, self.bounds(Y.shape[1]))

    def inverse(self, T: Array) -> Array:
        """y for the transformed targets `T`: finite and above the bound."""
        return exponentials(np.array(T, FLOAT64, order="C"), self.bounds(T.shape[1]))


NAMES = {"None": None, "log": LogTransform(), "auto": "auto"}


def logarithms(Y: Array, bounds: Array) -> Array:
    """log(Y - bounds), not finite where Y is at its bound or below; as it is where there is no bound."""
    logs = np.isfinite(bounds)
    transformed = np.array(Y, FLOAT64, order="C")
    values, low = np.ascontiguousarray(transformed[:, logs]), bounds[logs]
    with np.errstate(all="ignore"):
        distances = values - low
        found = np.log(distances)
        far = distances == np.inf
        if far.any():  # where the difference overflowed, half of it does not
            found[far] = (np.log(values / 2 - low / 2) + np.log(2))[far]
    transformed[:, logs] = found
    return transformed


def exponentials(T: Array, bounds: Array) -> Array:
    """bounds + exp(T), written over T (n, m), which is C-contiguous: finite and above the bounds."""
    logs = np.isfinite(bounds)
    if logs.all():
        return exponentials_above(T, bounds)
    T[:, logs] = exponentials_above(np.ascontiguousarray(T[:, logs]), bounds[logs])
    return T


def exponentials_above(T: Array, low: Array) -> Array:
    """As `exponentials`, where every target has a bound."""
    with np.errstate(over="ignore", under="ignore"):
        np.exp(T, out=T)
        T += low
    np.maximum(T, np.nextafter(low, np.inf), out=T)
    return np.minimum(T, LARGEST, out=T)


def slopes(T: Array, bounds: Array) -> Array:
    """dy/dt (n, m): exp(T), which is d2y/dt2 too, at most the largest number; 1 where there is no bound."""
    found = np.ones(T.shape)
    logs = np.isfinite(bounds)
    with np.errstate(over="ignore", under="ignore"):
        found[:, logs] = np.minimum(np.exp(np.ascontiguousarray(T[:, logs])), LARGEST)
    return found


def transformed_jacobian(first: Array, T: Array, bounds: Array) -> Array:
    """dy/dx (n, m, p), by the chain rule: exp(t) dt/dx."""
    with np.errstate(over="ignore", under="ignore"):
        chained: Array = first * slopes(T, bounds)[:, :, np.newaxis]
    return chained


def transformed_hessian(second: Array, first: Array, T: Array, bounds: Array) -> Array:
    """d2y/dx2 (n, m, p, p), by the chain rule: exp(t) (d2t/dx2 + dt/dx dt/dx^T)."""
    logs = np.isfinite(bounds)[:, np.newaxis, np.newaxis]
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        products = first[:, :, :, np.newaxis] * first[:, :, np.newaxis, :]
        chained: Array = (second + np.where(logs, products, 0)) * slopes(T, bounds)[:, :, np.newaxis, np.newaxis]
    return chained


def transformed_covariance(covariance: Array, T: Array, bounds: Array) -> Array:
    """Of targets whose transforms are normal around `T` with this `covariance` (n, m, m): (n, m, m).

    Of two logarithms, with covariances s_ij, it is exp(t_i + t_j + (s_ii + s_jj) / 2) (exp(s_ij) - 1), the log-normal
    distribution's; of a logarithm and a plain target exp(t_i + s_ii / 2) s_ij. Infinite where float64 cannot hold it.
    """
    logs = np.isfinite(bounds)
    means = distribution_means(T, np.diagonal(covariance, axis1=1, axis2=2), logs)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        relative = np.where(np.logical_and.outer(logs, logs), np.expm1(covariance), covariance)
        found = relative * means[:, :, np.newaxis] * means[:, np.newaxis, :]
    return np.where(relative == 0, 0, found)


def transformed_deviations(deviations: Array, T: Array, bounds: Array) -> Array:
    """The standard deviations of `transformed_covariance`, (n, m), from those of the transforms."""
    logs = np.isfinite(bounds)
    means = distribution_means(T, deviations**2, logs)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        relative = np.where(logs, np.sqrt(np.expm1(deviations**2)), deviations)
        found = relative * means
    return np.where(relative == 0, 0, found)


def distribution_means(T: Array, variances: Array, logs: Array) -> Array:
    """(n, m): how far above its bound the mean of a log-normal distribution lies; 1 where `logs` (m,) is False."""
    with np.errstate(over="ignore", under="ignore"):
        means: Array = np.where(logs, np.exp(np.where(logs, T + variances / 2, 0)), 1)
    return means


def in_single(outputs: Array, transform: LogTransform | None) -> Array:
    """Outputs (n, m) in float32: infinite where that cannot hold one, but of a transform finite and above the bound."""
    with np.errstate(over="ignore", under="ignore"):
        single = outputs.astype(np.float32)
    if transform is None:
        return single
    bounds = transform.bounds(outputs.shape[1])
    logs = np.isfinite(bounds)
    low = bounds[logs].astype(np.float32)
    low = np.where(low > bounds[logs], low, np.nextafter(low, np.float32(np.inf)))
    single[:, logs] = np.clip(single[:, logs], low, np.finfo(np.float32).max)
    return single


def checked_transform(argument: str, value: Any) -> LogTransform | None:
    """A transform or None, as `value` must be.

    Raises
    ------
    ArgumentTypeError
        If it is anything else.
    """
    if value is None or isinstance(value, LogTransform):
        return value
    raise ArgumentTypeError(
        f"`{argument}` is {value!r}; it must be None or a LogTransform, such as LogTransform(lower_bound=3).", argument
    )


def transform_from(value: Any, loss: Loss) -> Any:
    """What a name stands for ("auto" for itself), None, or the transform itself, to be learned by this loss.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If it is anything else, or the loss has a logarithm of its own.
    """
    if isinstance(value, str):
        value = NAMES[one_of("target_transform", value, NAMES)]
    if isinstance(value, str):
        return value
    transform = checked_transform("target_transform", value)
    if transform is not None and link_of(loss) != "identity":
        raise ArgumentValueError(
            f"`target_transform` is {transform!r} and `loss` is {loss!r}, which has a link of its own, "
            f"{link_of(loss)}; one of them must be another.",
            "target_transform",
            "loss",
        )
    return transform
