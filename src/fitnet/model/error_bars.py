"""Error bars: what the rows of a fit leave open about a network's parameters, and so about its predictions.

Shapes: X (n, p), outputs (n, m), parameters (P,). Around the parameters found, their posterior is taken as normal with
covariance variance * A^-1, A = J^T W J + D = L L^T, D the prior's (Laplace's approximation; MacKay 1992). Through the
Jacobian J (m, P) of a row it becomes a covariance of the outputs, to which the noise adds its own. All is in the units
in which the network sees its targets, and in float64.
"""

from dataclasses import dataclass, fields
from math import isqrt
from typing import Any

import numpy as np

from fitnet.algorithm.network import Network
from fitnet.algorithm.scaling import FLOAT64, Scaling
from fitnet.arguments import Array, matrix, real_number, row_weights, true_or_false, vector
from fitnet.engine.contract import PredictiveCovariance
from fitnet.engine.covariance import unpacked
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.summary import error_bars_summary

SECONDS_BY_CUBE = 2e-10  # that two cores took for P^3: 17 s for 4,353 parameters and 300 rows
ROUNDINGS = 16  # a positive semidefinite matrix may have eigenvalues this many times m eps of the largest below 0


@dataclass(frozen=True, eq=False)
class ErrorBars:
    """What a model keeps to tell how sure its predictions are; arrays are copies that cannot be changed.

    Parameters
    ----------
    factor
        (P (P + 1) / 2,): the lower triangle of L, row by row, with a diagonal above 0.
    variance
        Of the noise of a row of weight 1, pooled over the outputs.
    noise_covariance
        (m, m): of that noise, output by output; symmetric and positive semidefinite.
    effective_parameters
        How many parameters the rows determine, from 0 to P.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are anything else.
    """

    factor: Array
    variance: float
    noise_covariance: Array
    effective_parameters: float

    __repr__ = error_bars_summary

    def __post_init__(self) -> None:
        factor = vector("factor", self.factor, FLOAT64, np.size(self.factor)).copy()
        noise = matrix("noise_covariance", self.noise_covariance, FLOAT64).copy()
        P = parameter_count(len(factor))
        if np.any(factor[diagonal(P)] <= 0):
            raise ArgumentValueError(
                "`factor` holds numbers on its diagonal that are not above 0; they must be.", "factor"
            )
        check_covariance(noise)
        for array in (factor, noise):
            array.flags.writeable = False
        object.__setattr__(self, "factor", factor)
        object.__setattr__(self, "noise_covariance", noise)
        object.__setattr__(self, "variance", real_number("variance", self.variance, 0))
        effective = real_number("effective_parameters", self.effective_parameters, 0, P)
        object.__setattr__(self, "effective_parameters", effective)

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy is made anew, so that it is read-only as well."""
        return ErrorBars, self.parts

    @property
    def parts(self) -> tuple[Any, ...]:
        """The fields, in order."""
        return tuple(getattr(self, field.name) for field in fields(self))

    def parameter_covariance(self) -> Array:
        """variance * A^-1, (P, P): of the parameters, in the order of `Network`'s vector."""
        from scipy.linalg import lapack  # here, so that importing fitnet loads NumPy only

        inverse, _ = lapack.dpotri(unpacked(self.factor, parameter_count(len(self.factor))).T)
        return self.variance * (np.triu(inverse) + np.triu(inverse, 1).T)  # type: ignore[no-any-return]

    def covariance(self, explained: PredictiveCovariance, X: Array, weights: Array | None = None) -> Array:
        """Of new targets at the rows of X (n, p), parameters' and noise's share: (n, m, m).

        X in float64 as the network sees it; `explained` is an engine's for the parameters that these belong to. The
        noise is that of rows of `weights` (n,), all above 0; None is 1. An output without noise is known exactly.
        """
        known = np.diagonal(self.noise_covariance) == 0
        with np.errstate(over="ignore", invalid="ignore"):
            covariance = explained(X)
            covariance *= self.variance
            if weights is None:
                covariance += self.noise_covariance
            else:
                covariance += self.noise_covariance / weights[:, np.newaxis, np.newaxis]
        covariance[:, known] = 0
        covariance[:, :, known] = 0
        return covariance


def packed(upper: Array) -> Array:
    """The lower triangle of L, row by row, from L^T (P, P)."""
    triangle: Array = upper.T[np.tri(len(upper), dtype=bool)]
    return triangle


def parameter_count(length: int) -> int:
    """P, of a triangle of so many entries."""
    P = (isqrt(8 * length + 1) - 1) // 2
    if P < 1 or length != P * (P + 1) // 2:
        raise ArgumentValueError(f"`factor` has {length} entries; it must have P (P + 1) / 2, a triangle.", "factor")
    return P


def diagonal(P: int) -> Array:
    """Where the diagonal of a packed triangle is: (P,)."""
    return np.cumsum(np.arange(1, P + 1)) - 1


def check_covariance(matrix: Array) -> None:
    """Refuse a noise covariance that is not symmetric and positive semidefinite."""
    m, largest = len(matrix), np.abs(matrix).max()
    if matrix.shape != (m, m) or np.any(matrix != matrix.T):
        raise ArgumentValueError("`noise_covariance` is not symmetric; it must be.", "noise_covariance")
    lowest = 0.0 if largest == 0 else np.linalg.eigvalsh(matrix / largest).min()
    if np.any(np.diagonal(matrix) < 0) or lowest < -ROUNDINGS * m * np.finfo(float).eps:
        raise ArgumentValueError("`noise_covariance` is not positive semidefinite; it must be.", "noise_covariance")


def check_error_bars(error_bars: object, network: Network) -> None:
    """Refuse error bars that do not fit the network, unless they are None."""
    if error_bars is None:
        return
    if not isinstance(error_bars, ErrorBars):
        raise ArgumentTypeError(
            f"`error_bars` is {type(error_bars).__name__}; it must be ErrorBars or None.", "error_bars"
        )
    P, m = parameter_count(len(error_bars.factor)), len(error_bars.noise_covariance)
    if (P, m) != (network.n_parameters, network.n_outputs):
        raise ArgumentValueError(
            f"`error_bars` is for {P} parameters and {m} outputs; it must be for {network.n_parameters} and "
            f"{network.n_outputs}.",
            "error_bars",
        )


def checked_request(
    error_bars: ErrorBars | None, network: Network, return_std: object, return_cov: object
) -> ErrorBars:
    """The error bars that are asked for; both kinds at once or none, and what is not there, is refused."""
    if true_or_false("return_std", return_std) and true_or_false("return_cov", return_cov):
        raise ArgumentValueError(
            "`return_std` and `return_cov` are both True; only one of them may be.", "return_std", "return_cov"
        )
    if not return_std and not return_cov:
        raise ArgumentValueError(
            "`sample_weight` is for error bars; with it `return_std` or `return_cov` must be True.", "sample_weight"
        )
    if error_bars is None:
        cost = cost_of_error_bars(network.n_parameters)
        raise no_error_bars(return_std, f"fit it with loss='squared_error' and error_bars=True, which {cost}")
    return error_bars


def no_error_bars(return_std: object, advice: str) -> ArgumentValueError:
    """The error where a model has none, with what to do."""
    name = "return_std" if return_std else "return_cov"
    return ArgumentValueError(f"`{name}` is True and the model has no error bars: {advice}.", name)


def cost_of_error_bars(P: int) -> str:
    """What error bars for P parameters add, to one digit: P**2 / 2 numbers, and some P**3 multiplications."""
    megabytes, seconds = float(f"{4e-6 * P**2:.1g}"), float(f"{SECONDS_BY_CUBE * P**3:.1g}")
    time = "less than a second" if seconds < 1 else f"some {seconds:,.0f} seconds"
    size = "less than 1 MB" if megabytes < 1 else f"{megabytes:,g} MB"
    return f"adds {size} to the model and {time} to the fit"


def noise_weights(weights: object, rows: int) -> Array:
    """Weights (rows,) of new targets, in float64 and above 0.

    Raises
    ------
    ArgumentValueError, ArgumentTypeError
        If they are anything else.
    """
    checked = row_weights("sample_weight", weights, FLOAT64, rows)
    if np.any(checked == 0):
        raise ArgumentValueError(
            f"`sample_weight` holds 0 at [{int(np.argmin(checked))}]; a new target's weight must be above 0.",
            "sample_weight",
        )
    return checked


def standard_deviations(covariance: Array, scaling: Scaling | None) -> Array:
    """In the users' units, from the network's covariances (..., m, m): (..., m)."""
    deviations: Array = np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1))
    return deviations if scaling is None else deviations * scaling.scale


def users_covariance(covariance: Array, scaling: Scaling | None) -> Array:
    """In the users' units, from the network's (..., m, m); infinite where float64 cannot hold it."""
    if scaling is None:
        return covariance
    with np.errstate(over="ignore", invalid="ignore"):
        undone: Array = covariance * scaling.scale[:, np.newaxis] * scaling.scale
    return undone
