"""Laplace's approximation: the parameters' posterior as the normal distribution with the curvature at its maximum.

MacKay 1992, "A practical Bayesian framework for backpropagation networks", Neural Computation 4, 448-472. Targets are
the network's outputs plus normal noise, of variance noise^2 / w in a row of weight w. With D, diagonal, the decays of
the weights and next to nothing for biases, as in `training/evidence.py`, the parameters' covariance is
noise^2 (J^T W J + D)^-1: the Gauss-Newton matrix stands for the Hessian.
"""

import numpy as np

from fitnet.algorithm.activations import ACTIVATIONS
from fitnet.algorithm.losses import SquaredError
from fitnet.algorithm.network import Network
from fitnet.arguments import Array
from fitnet.blas import one_blas_thread
from fitnet.engine.objective import Objective
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.error_bars import ErrorBars, packed
from fitnet.rows import Inputs, Rows, RowSource
from fitnet.training import evidence
from fitnet.training.beginnings import STIFF
from fitnet.training.least_squares import most_parameters

ROUNDS = 30
SETTLED = 0.001  # of every decay: smaller changes end the search
RAISED = 10.0  # the least decay, where the matrix is singular with it
MOST_RAISES = 20
MOST_PARAMETERS = 1500  # for which error bars are kept unasked: 9 MB in the model's file


def laplace(objective: Objective, parameters: Array, decay: float | None = None) -> ErrorBars:
    """Error bars of the fit that ended at `parameters` (P,), float64, near the minimum of `objective`.

    Parameters
    ----------
    objective
        A squared error over rows in float64, as the network sees them. A row of weight w has noise of variance
        noise^2 / w; predictions are for weight 1.
    decay
        Of all weights, in units of the sum of squares, 0 or more. None takes the one of `objective.l2` or, where that
        is 0, for every group of weights the one that makes the data most probable. Where J^T W J + D is singular to
        rounding, biases decay as the flattest weights do, and the least decay is raised until it is not.

    Raises
    ------
    ArgumentValueError
        If residuals or derivatives at `parameters` are not finite.
    """
    with one_blas_thread():  # the same bits for any number of threads
        return approximation(objective, parameters, decay)


def approximation(objective: Objective, parameters: Array, decay: float | None) -> ErrorBars:
    """What `laplace` gives."""
    with np.errstate(over="ignore", invalid="ignore"):
        JtJ, _, sum_of_squares = objective.normal_equations(parameters)
    if not (np.isfinite(JtJ).all() and np.isfinite(sum_of_squares)):
        raise ArgumentValueError(
            "`parameters` give residuals or derivatives that float64 cannot hold in squares.", "parameters"
        )
    if decay is None and objective.l2 > 0:
        decay = objective.l2 * objective.total_weight
    if decay is None:
        decays = most_probable_decays(objective, parameters, JtJ, sum_of_squares)
    else:
        decays = decay * objective.is_weight
    upper, ridge = regular_factor(JtJ, decays, objective.is_weight > 0)
    trace = float(np.sum(ridge * diagonal_of_inverse(upper)))
    P = len(parameters)
    effective = min(max(P - trace, 0.0), float(P))
    freedom = max(objective.n_targets - effective, evidence.LEAST_FREEDOM)
    m = objective.network.n_outputs
    noise = residual_products(objective, parameters) * (m / freedom) * objective.weight_unit
    factor = packed(upper) * objective.weight_unit**0.5
    noisy = max(1, int(np.count_nonzero(np.diagonal(noise))))  # not those that are predicted exactly
    return ErrorBars(factor, float(np.trace(noise)) / noisy, noise, effective)


def passes_through(objective: Objective, error_bars: ErrorBars) -> bool:
    """Whether the network has a parameter for every target: what is left of the noise is then no measure of it."""
    return objective.n_targets - error_bars.effective_parameters < evidence.LEAST_FREEDOM


def most_probable_decays(objective: Objective, parameters: Array, JtJ: Array, sum_of_squares: float) -> Array:
    """MacKay's decays at these parameters, (P,), by iteration; 0 for biases."""
    decay = STIFF.decay * float(np.diagonal(JtJ).mean()) * objective.is_weight
    for _ in range(ROUNDS):
        found = evidence.update(
            objective.engine, JtJ, sum_of_squares, parameters, objective.groups, objective.n_targets, decay
        )
        if found is None:
            return decay
        before, decay = decay, found.decay
        if np.all(np.abs(decay - before) <= SETTLED * before):
            break
    return decay


def regular_factor(JtJ: Array, decay: Array, is_weight: Array) -> tuple[Array, Array]:
    """The Cholesky factor U (P, P), U^T U = JtJ + diag(ridge), and that ridge (P,): `decay` (P,) where it will do."""
    flattest = evidence.FLATTEST * float(np.diagonal(JtJ).max())
    ridge = np.where(is_weight, decay, flattest)
    upper = factorised(JtJ, ridge)
    least = max(float(decay[is_weight].min()), flattest)
    for _ in range(MOST_RAISES):
        if upper is not None:
            return upper, ridge
        ridge = np.maximum(ridge, least)
        upper = factorised(JtJ, ridge)
        least *= RAISED
    raise ArgumentValueError("`parameters` give derivatives that are all 0; no rows can tell them apart.", "parameters")


def factorised(JtJ: Array, ridge: Array) -> Array | None:
    """U; None where rounding alone could have made the matrix positive definite."""
    from scipy.linalg import lapack  # here, so that importing fitnet loads NumPy only

    regular = JtJ + np.diag(ridge)
    upper, failed = lapack.dpotrf(regular.T)
    if failed:
        return None
    pivots = np.diagonal(upper) ** 2
    rounding = len(JtJ) * np.finfo(float).eps * np.diagonal(regular)
    return upper if np.all(pivots > rounding) else None


def diagonal_of_inverse(upper: Array) -> Array:
    """The diagonal of (U^T U)^-1, (P,)."""
    from scipy.linalg import lapack

    inverse, _ = lapack.dtrtri(upper)
    diagonal: Array = np.einsum("ij,ij->i", inverse, inverse)
    return diagonal


def residual_products(objective: Objective, parameters: Array) -> Array:
    """r^T W r, (m, m): of every pair of outputs, exactly symmetric."""
    X, Y = objective.rows
    residual = objective.engine.predict(objective.network, parameters, X) - Y
    weighted = residual if objective.weights is None else residual * objective.weights[:, np.newaxis]
    products = residual.T @ weighted
    symmetric: Array = (products + products.T) / 2
    return symmetric


def checked_choice(value: object) -> bool | str:
    """Whether to keep error bars, as users say it: "auto", True or False.

    Raises
    ------
    ArgumentTypeError
        If it is anything else.
    """
    if isinstance(value, bool | np.bool):
        return bool(value)
    if isinstance(value, str) and value == "auto":
        return value
    raise ArgumentTypeError(f"`error_bars` is {value!r}; it must be 'auto', True or False.", "error_bars")


def wants_error_bars(asked: bool | str, network: Network, loss: object, X: Inputs, Y: Rows) -> bool:
    """Whether to keep error bars: `asked`, or where that is "auto" those of smooth small networks and rows in memory.

    Raises
    ------
    ArgumentValueError
        If `asked` is True and there can be none.
    """
    if asked is False:
        return False
    in_memory = not (isinstance(X, RowSource) or isinstance(Y, RowSource))
    if asked is True:
        if type(loss) is not SquaredError:
            raise ArgumentValueError(
                f"`error_bars` is True and `loss` is {loss!r}; error bars are for SquaredError(), normal noise.",
                "error_bars",
                "loss",
            )
        if not in_memory:
            raise ArgumentValueError(
                "`error_bars` is True; for rows that are read from a file in chunks it must be 'auto' or False.",
                "error_bars",
            )
        if network.n_parameters > most_parameters():
            raise ArgumentValueError(
                f"`error_bars` is True and the network has {network.n_parameters:,} parameters; this machine's memory "
                f"allows error bars of at most {most_parameters():,}.",
                "error_bars",
            )
        return True
    smooth = all(ACTIVATIONS[layer.activation].smooth for layer in network.layers)
    return in_memory and smooth and type(loss) is SquaredError and network.n_parameters <= MOST_PARAMETERS
