"""What averaging takes from a recipe's error is told by its own twins and by those of recipes like it."""

from types import SimpleNamespace

import numpy as np

from fitnet.fitting.candidate import network
from fitnet.fitting.candidates import baselines
from fitnet.fitting.ensemble_fit import TELLING_ROWS, pooled
from tolerances import FLOAT64_RTOL

NETWORKS = [network(name, "silu", (4,)) for name in "abc"]


def told(away, twins=TELLING_ROWS):
    """A cross-fit that says so of the candidates, by so many rows of twins."""
    return SimpleNamespace(
        candidates=[*baselines(1), *NETWORKS],
        averaged_away=lambda name: np.array(away[name]),
        twin_differences=lambda _: np.ones((twins, 1)),
    )


def test_shares_of_networks_are_drawn_towards_their_median_the_more_the_fewer_rows_tell():
    Y = np.zeros((4, 1))
    predictions = np.ones((4, 4, 1)) * np.array([1.0, 2.0, 3.0, 1.0])[:, None, None]
    away = {"a": [0.1], "b": [4 * 0.3], "c": [9 * 0.2], "least squares": [0.05]}
    found = pooled(told(away), ["a", "b", "c", "least squares"], predictions, Y)
    np.testing.assert_allclose(found[:, 0], [0.15, 4 * 0.25, 9 * 0.2, 0.05], rtol=FLOAT64_RTOL)
    found = pooled(told(away, 3 * TELLING_ROWS), ["a", "b", "c", "least squares"], predictions, Y)
    np.testing.assert_allclose(found[:, 0], [0.125, 4 * 0.275, 9 * 0.2, 0.05], rtol=FLOAT64_RTOL)
    found = pooled(told(away, 0), ["a", "b", "c", "least squares"], predictions, Y)
    np.testing.assert_allclose(found[:, 0], [0.2, 4 * 0.2, 9 * 0.2, 0.05], rtol=FLOAT64_RTOL)


def test_predictions_without_error_have_nothing_to_lose():
    away = {"a": [0.0, 0.0], "b": [0.0, 0.0]}
    assert pooled(told(away), ["a", "b"], np.zeros((2, 5, 2)), np.zeros((5, 2))).tolist() == [[0, 0], [0, 0]]
