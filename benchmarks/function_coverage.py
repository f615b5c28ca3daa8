"""Whether error bars tell the truth: the share of noisy targets within the intervals of `predict(X, return_std=True)`.

A known function with normal noise of 5 % of its standard deviation; targets that were held out carry the same noise.
If the model were exact and its deviations right, 95 % and 68 % would lie within, but for 0.2 and 0.5 by chance.
"""

import argparse
import json
import warnings
from time import perf_counter

import numpy as np
from scipy.stats import norm

from benchmarks.function_data import relative_error, rows_of
from benchmarks.function_fitnet import RECIPES, regressor
from benchmarks.known_functions import FUNCTIONS, Array

NOISE = 0.05
LEVELS = (0.95, 0.68)
COVERED = ("borehole", "otl-circuit", "friedman-1", "friedman-2", "ishigami")
RECIPE = "lm-bayesian"
ITERATIONS = 200


def main() -> None:
    """One function in this process; prints one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--function", required=True, choices=list(FUNCTIONS))
    parser.add_argument("--recipe", default=RECIPE, choices=list(RECIPES))
    parser.add_argument("--iterations", type=int, default=ITERATIONS)
    parser.add_argument("--rows", type=int, default=4_000)
    parser.add_argument("--test-rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    function = FUNCTIONS[arguments.function]
    rows = rows_of(function, arguments.rows, arguments.test_rows, arguments.seed, NOISE)
    began = perf_counter()
    fitted = regressor(arguments.recipe, arguments.iterations, arguments.seed).fit(rows.X, rows.y)
    seconds = perf_counter() - began
    mean, deviation = fitted.predict(rows.X_test, return_std=True)
    line = {
        "function": arguments.function,
        "seconds": seconds,
        "error": relative_error(mean, rows.y_test),
        "mean_deviation": float(np.mean(deviation)),
        "coverage": {f"{level:g}": share_within(rows.y_test, mean, deviation, level) for level in LEVELS},
    }
    print(json.dumps(line), flush=True)


def share_within(target: Array, mean: Array, deviation: Array, level: float) -> float:
    """The share of `target` (n,) in the central normal intervals of probability `level`; all (n,)."""
    return float(np.mean(np.abs(target - mean) <= norm.ppf((1 + level) / 2) * deviation))


if __name__ == "__main__":
    main()
