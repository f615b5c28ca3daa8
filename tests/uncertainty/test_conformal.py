"""CV+ intervals: sorting everything and MAPIE as oracles, coverage, quantiles, several outputs, what is refused."""

import copy
import pickle
from dataclasses import replace
from math import ceil, floor

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import KFold

from fitnet.errors import ArgumentValueError
from fitnet.uncertainty.conformal import CrossConformal
from fitnet.uncertainty.fold_scores import rows_needed, weighted_median
from fitnet.uncertainty.score_choice import upper_rank
from tolerances import BINOMIAL_DEVIATIONS, FLOAT64_ATOL, FLOAT64_RTOL

COVERAGES = [0.1, 0.5, 0.8, 0.9, 0.95]


def sorted_interval(conformal, residuals, folds, mu, coverage, spreads=None, fold_spreads=None):
    """The ends (n, 2) of one output's CV+ intervals as the paper writes them, from n copies of everything."""
    floor_ = conformal.floors[0]
    plain = np.isinf(floor_)
    s = residuals / (1 if plain else np.hypot(spreads, floor_)) * conformal.shrinkage[0]
    u = np.ones_like(mu) if plain else np.hypot(fold_spreads, floor_)
    n, share = len(s), 1 - coverage
    centres, steps = mu[folds].T, u[folds].T * (np.abs(s) if conformal.symmetric[0] else s)
    if conformal.symmetric[0]:
        ranks = floor(round(share * (n + 1), 9)), ceil(round(coverage * (n + 1), 9))
        ends = [
            np.sort(part, axis=1)[:, rank - 1]
            for part, rank in zip((centres - steps, centres + steps), ranks, strict=True)
        ]
        middle = np.median(centres, axis=1)
        return np.column_stack([np.minimum(ends[0], middle), np.maximum(ends[1], middle)])
    ranks = floor(round(share / 2 * (n + 1), 9)), ceil(round((1 - share / 2) * (n + 1), 9))
    return np.column_stack([np.sort(centres + steps, axis=1)[:, rank - 1] for rank in ranks])


def small_case(generator, kind, n=211, K=7):
    """Residuals, folds, spreads of n rows and predictions and spreads (K, 30) of new ones; folds of unlike size."""
    folds = generator.permutation(np.concatenate([np.arange(K), generator.integers(0, K, n - K)]))
    spreads = np.exp(generator.normal(size=n))
    noise = generator.normal(size=n)
    residuals = {"plain": noise, "normalised": noise * spreads, "skewed": np.exp(1.2 * noise) - 1}[kind]
    mu = generator.normal(size=30) + generator.normal(size=(K, 30)) / 2
    return residuals, folds, spreads, mu, np.exp(generator.normal(size=(K, 30)))


@pytest.mark.parametrize("kind", ["plain", "normalised", "skewed"])
@pytest.mark.parametrize("shrinkage", [1.0, 0.8])
def test_intervals_are_order_statistics_of_all_rows(generator, kind, shrinkage):
    residuals, folds, spreads, mu, fold_spreads = small_case(generator, kind)
    found = CrossConformal.of(residuals[:, np.newaxis], folds, spreads[:, np.newaxis], shrinkage)
    assert (np.isfinite(found.floors[0]), found.symmetric[0]) == (kind == "normalised", kind != "skewed")
    intervals = found.interval(mu[..., np.newaxis], COVERAGES, fold_spreads[..., np.newaxis])
    assert intervals.shape == (30, 1, 2, 5)
    for c, coverage in enumerate(COVERAGES):
        expected = sorted_interval(found, residuals, folds, mu, coverage, spreads, fold_spreads)
        np.testing.assert_allclose(intervals[:, 0, :, c], expected, FLOAT64_RTOL, FLOAT64_ATOL)
        alone = found.interval(mu[..., np.newaxis], coverage, fold_spreads[..., np.newaxis])
        np.testing.assert_array_equal(alone, intervals[..., c])


@pytest.mark.parametrize("coverage", [0.8, 0.9, 0.95])
def test_mapie_gives_the_same_intervals(generator, coverage):
    regression = pytest.importorskip("mapie.regression")
    X, new = generator.normal(size=(99, 3)), generator.normal(size=(20, 3))
    y = X @ [1, -2, 0.5] + generator.normal(size=99)
    splits = KFold(6)
    theirs = regression.CrossConformalRegressor(LinearRegression(), confidence_level=coverage, method="plus", cv=splits)
    _, expected = theirs.fit_conformalize(X, y).predict_interval(new)
    residuals, folds, mu = np.empty((99, 1)), np.empty(99, int), np.empty((6, 20, 1))
    for k, (kept, held_out) in enumerate(splits.split(X)):
        model = LinearRegression().fit(X[kept], y[kept])
        residuals[held_out, 0], folds[held_out] = y[held_out] - model.predict(X[held_out]), k
        mu[k, :, 0] = model.predict(new)
    found = CrossConformal.of(residuals, folds)
    assert found.symmetric[0]
    np.testing.assert_allclose(found.interval(mu, coverage)[:, 0], expected[..., 0], FLOAT64_RTOL, FLOAT64_ATOL)


def cross_fitted_line(generator, n=40, K=5):
    """Residuals (n, 1) and folds of a cross-fitted line; its predictions (K, 1, 1) for a new row, and that target."""
    x = generator.uniform(-1, 1, n + 1)
    y = 2 * x + generator.standard_t(3, n + 1) * np.exp(x)
    folds = np.append(np.arange(n) % K, -1)
    residuals, mu = np.empty((n, 1)), np.empty((K, 1, 1))
    for k in range(K):
        kept = (folds != k) & (folds >= 0)
        slope = np.cov(x[kept], y[kept])[0, 1] / x[kept].var(ddof=1)
        predicted = y[kept].mean() + slope * (x - x[kept].mean())
        residuals[folds[:-1] == k, 0] = (y - predicted)[folds == k]
        mu[k] = predicted[-1]
    return residuals, folds[:-1], mu, y[-1]


def test_coverage_of_exchangeable_rows(generator):
    """Of a new row beside 40 training rows, 400 times anew: each is a coin of its own."""
    coverages, inside = np.array([0.5, 0.9]), []
    for _ in range(400):
        residuals, folds, mu, y = cross_fitted_line(generator)
        lower, upper = CrossConformal.of(residuals, folds).interval(mu, coverages)[0, 0]
        inside.append((lower <= y) & (y <= upper))
    deviations = (coverages * (1 - coverages) / len(inside)) ** 0.5
    assert np.all(np.abs(np.mean(inside, axis=0) - coverages) < BINOMIAL_DEVIATIONS * deviations)


def test_quantiles_are_ends_of_intervals_and_never_fall(generator):
    for kind in ("plain", "normalised", "skewed"):
        residuals, folds, spreads, mu, fold_spreads = (each[..., np.newaxis] for each in small_case(generator, kind))
        found = CrossConformal.of(residuals, folds[:, 0], spreads)
        probabilities = np.array([0.025, 0.05, 0.25, 0.49, 0.5, 0.51, 0.75, 0.95, 0.975])
        quantiles = found.quantiles(mu, probabilities, fold_spreads)
        assert quantiles.shape == (30, 1, 9)
        assert np.all(np.diff(quantiles, axis=-1) >= 0)
        for lower, upper in ((0, 8), (1, 7), (2, 6)):
            interval = found.interval(mu, probabilities[upper] - probabilities[lower], fold_spreads)
            np.testing.assert_allclose(quantiles[..., [lower, upper]], interval, FLOAT64_RTOL)
        if found.symmetric[0]:
            np.testing.assert_array_equal(quantiles[:, 0, 4], np.median(mu[folds[:, 0], :, 0], axis=0))


def test_the_order_of_rows_and_folds_and_the_size_of_a_call_do_not_matter(generator, monkeypatch):
    for kind in ("plain", "normalised", "skewed"):
        residuals, folds, spreads, mu, fold_spreads = (each[..., np.newaxis] for each in small_case(generator, kind))
        found = CrossConformal.of(residuals, folds[:, 0], spreads).interval(mu, COVERAGES, fold_spreads)
        order, renamed = generator.permutation(len(folds)), generator.permutation(len(mu))
        places = np.argsort(renamed)
        other = CrossConformal.of(residuals[order], renamed[folds[order, 0]], spreads[order])
        np.testing.assert_array_equal(other.interval(mu[places], COVERAGES, fold_spreads[places]), found)
        for rows in (slice(0, 1), slice(11, 30)):
            np.testing.assert_array_equal(
                other.interval(mu[places, rows], 0.9, fold_spreads[places, rows]), found[rows, ..., 3]
            )
        monkeypatch.setattr("fitnet.uncertainty.conformal.BLOCK", 4 * len(mu))
        np.testing.assert_array_equal(other.interval(mu[places], COVERAGES, fold_spreads[places]), found)


def test_several_outputs_are_one_after_the_other(generator):
    cases = [small_case(generator, kind) for kind in ("plain", "normalised", "skewed")]
    residuals, _, spreads, mu, fold_spreads = (np.stack(parts, axis=-1) for parts in zip(*cases, strict=True))
    folds, shrinkage = cases[0][1], [1, 0.9, 0.8]
    together = CrossConformal.of(residuals, folds, spreads, shrinkage)
    intervals = together.interval(mu, 0.9, fold_spreads)
    assert intervals.shape == (30, 3, 2)
    for j in range(3):
        column = slice(j, j + 1)
        alone = CrossConformal.of(residuals[:, column], folds, spreads[:, column], shrinkage[j])
        expected = alone.interval(mu[..., column], 0.9, fold_spreads[..., column])
        np.testing.assert_array_equal(intervals[:, column], expected)


def test_shrinkage_narrows_intervals_of_one_prediction(generator):
    residuals, folds = generator.normal(size=(60, 1)), np.arange(60) % 4
    found = CrossConformal.of(residuals, folds)
    width = np.ptp(found.interval(np.zeros((4, 1, 1)), 0.9))
    narrow = np.ptp(replace(found, shrinkage=0.5).interval(np.zeros((4, 1, 1)), 0.9))
    assert narrow == width / 2


def test_a_copy_holds_the_same_and_cannot_be_changed(generator):
    found = CrossConformal.of(generator.normal(size=(12, 2)), np.arange(12) % 3)
    for other in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        for name in ("scores", "fold_rows", "floors", "symmetric", "shrinkage"):
            np.testing.assert_array_equal(getattr(other, name), getattr(found, name))
            with pytest.raises(ValueError, match="read-only"):
                getattr(other, name)[0] = 1


@pytest.mark.parametrize("coverage", [0.1, 0.5, 0.8, 0.9, 0.95, 0.99, 0.999])
def test_rows_needed_are_enough_and_one_fewer_is_not(coverage):
    n = rows_needed(coverage)
    residuals = (np.arange(1, n + 2) * np.resize([1.0, 1, -1, -1], n + 1))[:, np.newaxis]
    mu = np.zeros((2, 1, 1))
    assert np.isfinite(CrossConformal.of(residuals[: max(n, 2)], np.arange(max(n, 2)) % 2).interval(mu, coverage)).all()
    if n > 2:
        with pytest.raises(
            ArgumentValueError, match=f"^`coverage` is {coverage}; intervals from {n - 1} rows can hold"
        ):
            CrossConformal.of(residuals[: n - 1], np.arange(n - 1) % 2).interval(mu, coverage)


def test_ranks_are_whole_to_rounding():
    """0.07 (99 + 1) is above 7 in float64, 2 0.95 - 1 below 0.9."""
    assert [upper_rank(0.07, 99), upper_rank(2 * 0.95 - 1, 9), upper_rank(0.9, 9), upper_rank(0.91, 9)] == [7, 9, 9, 10]


def test_the_median_of_folds_counts_their_rows(generator):
    for rows in ([2, 2], [1, 2, 4], [5, 1, 1, 3], [1, 1, 1]):
        mu = generator.normal(size=(len(rows), 6))
        expected = np.median(np.repeat(mu, rows, axis=0), axis=0)
        np.testing.assert_allclose(weighted_median(mu, np.array(rows)), expected, FLOAT64_RTOL)


def test_rows_needed_in_numbers():
    assert [rows_needed(each) for each in (0.5, 0.9, 0.95, 0.99)] == [1, 9, 19, 99]
    assert [rows_needed(each, symmetric=False) for each in (0.5, 0.9, 0.95, 0.99)] == [3, 19, 39, 199]
