"""Split conformal intervals of `Regressor`: sorting in NumPy and MAPIE as oracles, coverage, what is forgotten."""

import pickle
from math import ceil, floor

import numpy as np
import pytest
from sklearn.base import clone

from fitnet import LogTransform, Regressor
from fitnet.errors import ArgumentValueError
from tolerances import BINOMIAL_DEVIATIONS, FLOAT64_ATOL, FLOAT64_RTOL

SETTINGS = {"hidden_layer_sizes": (6,), "activation": "tanh", "max_epochs": 30, "random_state": 0}
COVERAGES = [0.5, 0.8, 0.9, 0.95]


def rows(generator, n, kind="plain"):
    """X (n, 1) and y (n,); "skewed" has noise to one side, "far" inputs ten times as large and a line."""
    X, noise = generator.uniform(-1, 1, (n, 1)), generator.normal(size=n)
    if kind == "far":
        X *= 10
        return X, X[:, 0] + 0.2 * noise
    return X, np.sin(3 * X[:, 0]) + 0.2 * (np.exp(1.5 * noise) if kind == "skewed" else noise)


def fitted(generator, kind):
    """To 60 plain rows; for those "far" a line through 9 that are near."""
    if kind != "far":
        return Regressor(**SETTINGS).fit(*rows(generator, 60))
    X, y = rows(generator, 9, kind)
    return Regressor(**SETTINGS | {"hidden_layer_sizes": ()}).fit(X / 20, y - 0.95 * X[:, 0])


def sorted_ends(residual, predicted, coverage, units, unit, symmetric):
    """The ends (n, 2) of split conformal intervals, by sorting all scores."""
    scores, n = np.sort((np.abs(residual) if symmetric else residual) / units), len(residual)
    if symmetric:
        bound = scores[ceil(round(coverage * (n + 1), 9)) - 1]
        return np.column_stack([predicted - bound * unit, predicted + bound * unit])
    ranks = floor(round((1 - coverage) / 2 * (n + 1), 9)), ceil(round((1 + coverage) / 2 * (n + 1), 9))
    return np.column_stack([predicted + scores[rank - 1] * unit for rank in ranks])


@pytest.mark.parametrize("kind", ["plain", "far", "skewed"])
def test_intervals_are_order_statistics_of_residuals(generator, kind):
    regressor = fitted(generator, kind)
    X, y = rows(generator, 299, kind)
    new = rows(generator, 30, kind)[0]
    assert regressor.conformalize(X, y) is regressor
    scores = regressor.conformal_
    assert (np.isfinite(scores.floors[0]), scores.symmetric[0]) == (kind == "far", kind != "skewed")
    (predicted, std), (there, spread) = (regressor.predict(each, return_std=True) for each in (X, new))
    units, unit = (np.hypot(each, scores.floors[0]) if kind == "far" else np.ones(len(each)) for each in (std, spread))
    found = regressor.predict_interval(new, COVERAGES)
    assert found.shape == (30, 2, 4)
    for c, coverage in enumerate(COVERAGES):
        expected = sorted_ends(y - predicted, there, coverage, units, unit, kind != "skewed")
        np.testing.assert_allclose(found[..., c], expected, FLOAT64_RTOL, FLOAT64_ATOL)
        np.testing.assert_array_equal(regressor.predict_interval(new, coverage), found[..., c])
    quantiles = regressor.predict_quantiles(new, [0.025, 0.05, 0.1, 0.25, 0.4, 0.5, 0.75, 0.9, 0.95, 0.975])
    assert np.all(np.diff(quantiles, axis=1) >= 0)
    ends = np.stack([quantiles[:, [3, 6]], quantiles[:, [2, 7]], quantiles[:, [1, 8]], quantiles[:, [0, 9]]], axis=-1)
    np.testing.assert_allclose(ends, found, FLOAT64_RTOL, FLOAT64_ATOL)
    if kind != "skewed":
        np.testing.assert_allclose(quantiles[:, 5], there, FLOAT64_RTOL)


@pytest.mark.parametrize("coverage", [0.8, 0.9, 0.95])
def test_mapie_gives_the_same_intervals(generator, coverage):
    regression = pytest.importorskip("mapie.regression")
    regressor = Regressor((8,), max_epochs=20, random_state=0).fit(*rows(generator, 100))  # no error bars
    (X, y), (new, _) = rows(generator, 99), rows(generator, 30)
    theirs = regression.SplitConformalRegressor(regressor, confidence_level=coverage)
    expected = theirs.conformalize(X, y).predict_interval(new)[1][..., 0]
    found = regressor.conformalize(X, y).predict_interval(new, coverage)
    np.testing.assert_allclose(found, expected, FLOAT64_RTOL, FLOAT64_ATOL)


@pytest.mark.parametrize(("kind", "n"), [("plain", 19), ("plain", 59), ("far", 199), ("skewed", 199)])
def test_coverage_of_exchangeable_rows(generator, kind, n):
    """Of a new row beside n others, 400 times anew: each is a coin of its own, whose chance n makes 90 %."""
    regressor, inside = fitted(generator, kind), []
    for _ in range(400):
        X, y = rows(generator, n + 1, kind)
        lower, upper = regressor.conformalize(X[1:], y[1:]).predict_interval(X[:1])[0]
        inside.append(lower <= y[0] <= upper)
    assert abs(np.mean(inside) - 0.9) < BINOMIAL_DEVIATIONS * (0.9 * 0.1 / 400) ** 0.5


def test_wrong_error_bars_are_mended(generator):
    """Of a fit to targets with a tenth of the noise: they do not know what residuals of unseen rows know."""
    X, y = rows(generator, 60)
    regressor = Regressor(**SETTINGS).fit(X, 0.9 * np.sin(3 * X[:, 0]) + 0.1 * y)
    new, target = rows(generator, 4000)

    def share():
        lower, upper = regressor.predict_interval(new).T
        return np.mean((lower <= target) & (target <= upper))

    wrong = share()
    regressor.conformalize(*rows(generator, 300))
    deviation = (0.9 * 0.1 / 300 + 0.9 * 0.1 / 4000) ** 0.5
    assert abs(share() - 0.9) < BINOMIAL_DEVIATIONS * deviation < abs(wrong - 0.9)


def test_logarithms_are_brought_back(generator):
    """The intervals of a fit to the logarithm, brought back: above the bound, as wide as the targets are large."""
    X, T = rows(generator, 60)
    (more, t), (new, _) = rows(generator, 99), rows(generator, 30)
    Y = np.c_[3 + np.exp(T), T]
    logs = Regressor(**SETTINGS, target_transform=LogTransform((3.0, None))).fit(X, Y)
    plain = Regressor(**SETTINGS).fit(X, np.c_[np.log(Y[:, 0] - 3), T])
    logs.conformalize(more, np.c_[3 + np.exp(t), t])
    plain.conformalize(more, np.c_[t, t])
    for found, expected in (
        (logs.predict_interval(new, COVERAGES), plain.predict_interval(new, COVERAGES)),
        (logs.predict_quantiles(new, [0.1, 0.5, 0.9]), plain.predict_quantiles(new, [0.1, 0.5, 0.9])),
    ):
        expected[:, 0] = 3 + np.exp(expected[:, 0])
        np.testing.assert_allclose(found, expected, FLOAT64_RTOL, FLOAT64_ATOL)
        assert np.all(found[:, 0] > 3)
    with pytest.raises(ArgumentValueError, match=r"^`y` holds 3\.0 at \[1, 0\]; with this `target_transform` it must"):
        logs.conformalize(more[:2], [[4, 0], [3.0, 0]])


def test_several_outputs_are_each_by_itself(generator):
    (X, y), (more, z) = rows(generator, 60), rows(generator, 99)
    both = Regressor(**SETTINGS).fit(X, np.c_[y, -y]).conformalize(more, np.c_[z, 5 * z])
    found, predicted = both.predict_interval(more, COVERAGES), both.predict(more)
    assert found.shape == (99, 2, 2, 4)
    for j, target in enumerate((z, 5 * z)):
        for c, coverage in enumerate(COVERAGES):
            ends = sorted_ends(target - both.predict(more)[:, j], predicted[:, j], coverage, 1, 1, True)
            np.testing.assert_allclose(found[:, j, :, c], ends, FLOAT64_RTOL, FLOAT64_ATOL)


def test_only_a_new_fit_forgets_it(generator):
    (X, y), more = rows(generator, 60), rows(generator, 30)
    regressor = Regressor(**SETTINGS).fit(X, y)
    bars = regressor.predict_interval(X)
    for fit in (regressor.fit, regressor.partial_fit):
        found = regressor.conformalize(*more).predict_interval(X)
        assert not np.array_equal(found, bars)
        for again in (pickle.loads(pickle.dumps(regressor)), regressor.set_params(alpha=0.5)):
            np.testing.assert_array_equal(again.predict_interval(X), found)
        assert not hasattr(clone(regressor), "conformal_")
        with pytest.raises(ValueError, match="`y` holds NaN"):
            fit(X, np.full(60, np.nan))
        np.testing.assert_array_equal(regressor.predict_interval(X), found)
        regressor.set_params(alpha=0.0)
        assert not hasattr(fit(X, y), "conformal_")
    np.testing.assert_array_equal(Regressor(**SETTINGS).fit(X, y).predict_interval(X), bars)
