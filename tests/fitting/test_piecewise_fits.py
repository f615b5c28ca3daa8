"""Fits on encoded rows make no features, and are those that fits on the features are."""

from dataclasses import replace

import numpy as np
import pytest

from fitnet.algorithm.scaling import Scaling
from fitnet.algorithm.target_transform import LogTransform
from fitnet.engine import ENGINES
from fitnet.engine.compute import Compute
from fitnet.fitting.bins import Bins
from fitnet.fitting.candidate import network
from fitnet.fitting.candidates import Shapes, further_networks, networks
from fitnet.fitting.member_training import cross_fitted
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.seen_rows import without
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import PiecewiseRows
from tolerances import SAME_FIT_RTOL

N, FOLDS = 150, 3
EPOCHS = 5


def candidate(activation="silu", **changes):
    """One that is trained in float64, where two ways differ by rounding alone."""
    made = network("encoded", activation, (8, 7), Bins("quantiles", 6), epochs=EPOCHS)
    return replace(made, recipe=replace(made.recipe, dtype="float64", **changes))


@pytest.fixture
def rows(generator):
    """Columns that are encoded, one of two values, and one that never varies."""
    X = generator.uniform(-1, 1, (N, 4))
    X[:, 1], X[:, 3] = X[:, 1] > 0, 7
    return TrainingRows(X, np.exp(np.sin(3 * X[:, :1]) + X[:, 1:2] * X[:, 2:3]) * [1, 100])


def both_ways(monkeypatch, candidate, rows, engine="auto"):
    """The member that learns from piecewise rows, and the one that learns from their features."""
    found = []
    for way in (Recipe.needs_no_features, property(lambda _: False)):
        monkeypatch.setattr(Recipe, "needs_no_features", way)
        folds = np.arange(rows.n) % FOLDS
        found.append(cross_fitted(candidate, rows, folds, 1, np.random.default_rng(0), Compute(engine, 1)))
    return found


def assert_same(found):
    one, two = found
    np.testing.assert_allclose(one.model.parameters, two.model.parameters, rtol=SAME_FIT_RTOL, atol=SAME_FIT_RTOL)
    np.testing.assert_allclose(one.prediction, two.prediction, rtol=SAME_FIT_RTOL)
    assert one.model.input_ranges.tobytes() == two.model.input_ranges.tobytes()
    assert one.model.example_inputs.tobytes() == two.model.example_inputs.tobytes()


@pytest.mark.parametrize("activation", ["relu", "silu"])
@pytest.mark.parametrize("engine", ["auto", "reference"])
def test_the_same_fits(monkeypatch, rows, engine, activation):
    found = both_ways(monkeypatch, candidate(activation), rows, engine)
    assert_same(found)
    assert found[0].model.network.unused_inputs(found[0].model.parameters).sum() == 1  # the column that never varies


@pytest.mark.parametrize("changes", [{"alpha": 0.01}, {"target_transform": LogTransform()}, {"early_stopping": True}])
def test_the_same_fits_by_other_recipes(monkeypatch, rows, changes):
    assert_same(both_ways(monkeypatch, candidate(**changes), rows))


def test_a_piece_in_which_no_row_counts_has_no_effect(monkeypatch, rows):
    """Then features are made: rows that keep none cannot hide a piece's."""
    X = np.asarray(rows.X)
    weighted = replace(rows, weights=np.where(X[:, 0] > 0, 1.0, 0.0))
    one, two = both_ways(monkeypatch, candidate(), weighted)
    assert one.model.network.unused_inputs(one.model.parameters).sum() > 2
    assert one.model.parameters.tobytes() == two.model.parameters.tobytes()


@pytest.mark.parametrize("feature", [0, 1])
def test_silent_features_are_0(rows, feature):
    X = np.asarray(rows.X)
    scaling = Scaling.standardising(X)
    given = Bins("quantiles", 6).encoding(X, np.asarray(rows.Y), None, scaling).rows(X, scaling)
    silent = np.arange(given.shape[1]) == feature
    found = without(given, silent)
    assert isinstance(found, PiecewiseRows) == (feature == 0)
    assert np.asarray(found).tobytes() == np.where(silent, 0.0, given.dense()).tobytes()


@pytest.mark.skipif("native" not in ENGINES, reason="the reference engine trains on the features")
def test_features_are_made_of_the_fold_and_of_some_rows_alone(monkeypatch, rows):
    made, dense = [], PiecewiseRows.dense
    monkeypatch.setattr("fitnet.fitting.member.EXAMPLE_ROWS", 3)
    monkeypatch.setattr("fitnet.fitting.fitting.EXAMPLE_ROWS", 3)
    monkeypatch.setattr("fitnet.fitting.fitting.ROWS_LOOKED_AT", 10)
    monkeypatch.setattr("fitnet.rows.statistics.LEAST_ROWS", 20)
    monkeypatch.setattr("fitnet.rows.statistics.BLOCK_ENTRIES", 1)
    monkeypatch.setattr(PiecewiseRows, "dense", lambda self: made.append(len(self)) or dense(self))
    member = cross_fitted(
        candidate("relu"), rows, np.arange(N) % FOLDS, 1, np.random.default_rng(0), Compute("auto", 1)
    )
    assert member is not None and made
    assert max(made) == len(member.prediction)


def test_what_needs_the_features():
    for each in [*networks(Shapes(10_000, 5)), *further_networks(Shapes(10_000, 5))]:
        assert each.bins is None or each.recipe.needs_no_features
    recipe = candidate().recipe
    assert not replace(recipe, solver="lm").needs_no_features
    assert not replace(recipe, solver=("adam", "lbfgs")).needs_no_features
    assert not replace(recipe, solver="auto").needs_no_features
    assert not replace(recipe, error_bars="auto").needs_no_features
    assert not replace(recipe, target_transform="auto").needs_no_features
    assert not replace(recipe, scale_inputs=True).needs_no_features


def test_the_value_of_a_long_tail_is_next_to_nothing_in_a_member(rows):
    X = np.array(rows.X)
    X[0, 2] = 1e4
    member = cross_fitted(
        candidate(), TrainingRows(X, rows.Y), np.arange(N) % FOLDS, 1, np.random.default_rng(0), Compute("auto", 1)
    )
    values = member.model.input_scaling.apply(X)
    assert np.abs(values[:, 2]).max() == 1 and 1 < np.abs(values[:, 0]).max() < 6
