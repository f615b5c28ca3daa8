"""scikit-learn on the known functions: MLPRegressor with its two solvers, and a Gaussian process on few rows."""

from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray
Predict = Callable[[Array], Array]

HIDDEN = (32, 32)
NEVER = 10**9
NOISE = 1e-8  # of the targets' variance


def fit_lbfgs(X: Array, y: Array, iterations: int, threads: int, seed: int) -> Predict:
    """Without penalty; it may stop before `iterations`, for it does not let SciPy's relative tolerance be changed."""
    return network(X, y, threads, solver="lbfgs", max_iter=iterations, max_fun=NEVER, random_state=seed)


def fit_adam(X: Array, y: Array, iterations: int, threads: int, seed: int) -> Predict:
    """Batches of 256 and its own constant rate, for it has no schedule; float32, and never stops early."""
    settings = {"batch_size": min(256, len(X)), "n_iter_no_change": NEVER, "max_iter": iterations, "random_state": seed}
    return network(X.astype(np.float32), y.astype(np.float32), threads, solver="adam", **settings)


def network(X: Array, y: Array, threads: int, **settings: Any) -> Predict:
    """MLPRegressor, fitted with that many threads in BLAS."""
    from sklearn.neural_network import MLPRegressor
    from threadpoolctl import threadpool_limits

    regressor = MLPRegressor(hidden_layer_sizes=HIDDEN, activation="tanh", alpha=0.0, tol=0.0, **settings)
    with threadpool_limits(threads):
        regressor.fit(X, y)
    return lambda points: regressor.predict(points.astype(X.dtype))


def fit_gaussian_process(X: Array, y: Array, iterations: int, threads: int, seed: int) -> Predict:
    """A squared-exponential kernel with a length for every input, on all rows it is given.

    Its lengths are those of the greatest likelihood on half of the rows: an eighth of the time for nearly the accuracy.
    `NOISE` only keeps the Cholesky factorisation from failing. `iterations` and `seed` have no meaning.
    """
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import RBF, ConstantKernel
    from threadpoolctl import threadpool_limits

    half = len(X) // 2
    kernel = ConstantKernel(100.0, (1e-3, 1e6)) * RBF(np.full(X.shape[1], 3.0), (1e-1, 1e3))
    with threadpool_limits(threads):
        found = GaussianProcessRegressor(kernel, alpha=NOISE).fit(X[:half], y[:half])
        process = GaussianProcessRegressor(found.kernel_, alpha=NOISE, optimizer=None).fit(X, y)
    predict: Predict = process.predict
    return predict
