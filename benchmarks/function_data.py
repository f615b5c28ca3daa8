"""What is learnt and judged: rows of a known function, standardised by those that are learnt."""

from dataclasses import dataclass

import numpy as np

from benchmarks.known_functions import Array, KnownFunction


@dataclass(frozen=True)
class Rows:
    """Standardised rows: X (n, p), y (n,) to learn; X_test (k, p), y_test (k,) to judge by.

    Columns have mean 0 and standard deviation 1 in the rows to learn.
    """

    X: Array
    y: Array
    X_test: Array
    y_test: Array


def rows_of(function: KnownFunction, rows: int, test_rows: int, seed: int, noise: float = 0.0) -> Rows:
    """Points uniform in the box, others for another seed.

    Parameters
    ----------
    noise
        Standard deviation of the normal noise that is added to all targets, as a share of the function's own.
    """
    training, judging = np.random.default_rng(seed).spawn(2)  # the points to judge by do not depend on `rows`
    X, y = drawn(function, rows, training)
    X_test, y_test = drawn(function, test_rows, judging)
    deviation = noise * y.std()
    y = y + deviation * training.standard_normal(rows)
    y_test = y_test + deviation * judging.standard_normal(test_rows)
    return Rows(
        X=(X - X.mean(axis=0)) / X.std(axis=0),
        y=(y - y.mean()) / y.std(),
        X_test=(X_test - X.mean(axis=0)) / X.std(axis=0),
        y_test=(y_test - y.mean()) / y.std(),
    )


def drawn(function: KnownFunction, rows: int, generator: np.random.Generator) -> tuple[Array, Array]:
    """X (rows, p) in the box and y (rows,)."""
    X = function.from_unit_box(generator.uniform(size=(rows, function.inputs)))
    return X, function.value(X)


def relative_error(prediction: Array, target: Array) -> float:
    """Root mean squared error over the targets' standard deviation."""
    return float(np.sqrt(np.mean((prediction - target) ** 2)) / target.std())
