"""Robust scalings: median and quartiles, as NumPy finds them, and what happens where those coincide."""

import numpy as np
import pytest
from scipy.stats import norm

from fitnet.algorithm.cross_entropy import CrossEntropy
from fitnet.algorithm.losses import AbsoluteError, Huber, Poisson, Quantile, SquaredError
from fitnet.errors import ArgumentValueError
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.scalings import (
    LIMIT_OF_CLASSES,
    SAMPLE,
    farthest_target,
    input_scaling,
    spaced_rows,
    target_scaling,
)
from fitnet.fitting.training_rows import TrainingRows
from fitnet.rows import ArrayRows
from tolerances import FLOAT64_RTOL

ROBUST = Recipe(scaling="robust")


def robust(column, weights=None):
    X = np.column_stack([np.ones(len(column)), column])
    scaling = input_scaling(ROBUST, TrainingRows(X, X, weights))
    return scaling.shift[1], scaling.scale[1]


def test_quartiles_become_those_of_a_normal_distribution(generator):
    column = generator.gamma(2, 3, 1001)
    low, middle, high = np.quantile(column, [0.25, 0.5, 0.75], method="inverted_cdf")
    width = norm.ppf(0.75) - norm.ppf(0.25)
    assert robust(column) == pytest.approx((middle, (high - low) / width), rel=FLOAT64_RTOL)
    normal = robust(generator.normal(5, 3, 100_000))
    assert normal == pytest.approx((5, 3), rel=0.02)


def test_a_row_of_weight_2_counts_as_two(generator):
    column, weights = generator.normal(size=300), generator.integers(0, 4, 300).astype(float)
    assert robust(column, weights) == robust(np.repeat(column, weights.astype(int)))
    assert robust(column, 1e300 * weights) == robust(column, weights)


def test_outliers_do_not_move_them(generator):
    column = generator.normal(size=1000)
    spoilt = column.copy()
    spoilt[:3] = 1e300
    assert robust(spoilt) == pytest.approx(robust(column), abs=0.02)


@pytest.mark.parametrize(("share", "normal"), [(0.6, norm.ppf(0.9)), (0.85, norm.ppf(0.95))])
def test_where_most_entries_are_the_same_wider_ones_are_taken(generator, share, normal):
    column = np.where(np.arange(1000) < 1000 * share, 0, np.where(np.arange(1000) % 2, 3, -3))
    assert robust(generator.permutation(column).astype(float)) == pytest.approx((0, 6 / (2 * normal)))


def test_where_nearly_all_are_the_same_the_moments_are(generator):
    column = np.zeros(1000)
    column[:7] = generator.normal(size=7)
    assert robust(column) == pytest.approx((column.mean(), column.std()), rel=FLOAT64_RTOL)
    assert robust(np.full(9, 2.0)) == (2, 1)
    rounded = np.full(1000, 1e8)
    rounded[::2] = np.nextafter(1e8, np.inf)
    assert robust(rounded)[1] == 1e8


@pytest.mark.parametrize("loss", [Huber(), AbsoluteError(), Quantile(0.9)], ids=repr)
def test_losses_that_bound_the_pull_ask_for_them(generator, loss):
    X = generator.gamma(2, 3, (200, 1))
    rows = TrainingRows(X, X)
    recipes = {scaling: Recipe(loss=loss, scaling=scaling) for scaling in ("auto", "robust", "standard")}
    scales = {name: target_scaling(recipe, rows).scale[0] for name, recipe in recipes.items()}
    assert scales["auto"] == scales["robust"] != scales["standard"] == pytest.approx(X.std())
    assert input_scaling(recipes["auto"], rows).scale == pytest.approx(X.std())
    assert input_scaling(recipes["robust"], rows).scale[0] == scales["robust"]
    assert farthest_target(recipes["standard"]) is not None


def test_others_do_not(generator):
    X = generator.gamma(2, 3, (200, 1))
    rows = TrainingRows(X, X)
    assert target_scaling(Recipe(loss=SquaredError()), rows).scale == pytest.approx(X.std())
    assert target_scaling(Recipe(loss=Poisson(), scaling="robust"), rows).scale == pytest.approx(X.mean())
    assert target_scaling(Recipe(scale_targets=False, loss=Huber()), rows) is None
    assert farthest_target(Recipe()) is farthest_target(Recipe(loss=Huber(), scale_targets=False)) is None


def test_rows_in_a_file_are_taken_evenly_spaced(monkeypatch):
    monkeypatch.setattr("fitnet.rows.sources.CHUNK_BYTES", 700 * 8)
    few, many = (ArrayRows("X", np.arange(n, dtype=float)[:, np.newaxis]) for n in (1000, 2 * SAMPLE + 5))
    assert np.array_equal(spaced_rows(few), few.read(0, 1000))
    assert np.array_equal(spaced_rows(many)[:, 0], np.arange(0, 2 * SAMPLE + 5, 3))


def test_other_names_are_refused():
    with pytest.raises(ArgumentValueError, match=r"`scaling` is 'robbust'; .*\(did you mean 'robust'"):
        Recipe(scaling="robbust")


@pytest.mark.parametrize("unit", [1.0, 1e-200, 1e200])
def test_one_scale_for_columns_of_one_unit(generator, unit):
    X = unit * generator.normal(size=(50, 3)) * [1.0, 0.1, 10.0]
    rows = TrainingRows(np.column_stack([X, np.ones(50)]), X)
    common, standard = (input_scaling(Recipe(scaling=each), rows) for each in ("common", "standard"))
    assert np.array_equal(common.shift, standard.shift)
    root = np.sqrt(np.mean((standard.scale[:3] / unit) ** 2))
    assert (common.scale[:3] / unit).tolist() == pytest.approx([root] * 3, rel=FLOAT64_RTOL)
    assert common.scale[3] == standard.scale[3]
    assert common.limit is None
    of_classes = Recipe(scaling="common", loss=CrossEntropy(), scale_targets=False)
    assert input_scaling(of_classes, rows).limit == LIMIT_OF_CLASSES


def test_constant_columns_have_no_scale_in_common():
    X = np.ones((5, 2))
    both = [input_scaling(Recipe(scaling=each), TrainingRows(X, X)).scale.tolist() for each in ("common", "standard")]
    assert both[0] == both[1]
