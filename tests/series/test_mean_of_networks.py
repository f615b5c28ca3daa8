"""The default of `Forecaster`: networks and lines in a mean, and what each of them counts."""

import numpy as np
import pytest
from recorded import autoregressive

import fitnet
from finite_differences import numerical_derivatives
from fitnet import Forecaster
from fitnet.errors import ArgumentValueError
from fitnet.fitting.recipe import Recipe
from fitnet.fitting.training_rows import TrainingRows
from fitnet.series.mean_of_networks import MeanOfNetworks
from fitnet.series.member_recipes import EFFORTS, MemberRecipe, recipes
from fitnet.series.recipe_shares import LEAST_WINDOWS, WORTH_IT, Windows, least_square, nearest_mean
from series_tolerances import FORECAST_SLOPES_RTOL, MEAN_WEIGHTS_ATOL, SERIES_FORMULA_ATOL
from tolerances import FLOAT64_RTOL


def logistic(rows, x=0.3):
    """The logistic map, whose forecast no line comes near."""
    values = [x]
    for _ in range(rows - 1):
        values.append(3.9 * values[-1] * (1 - values[-1]))
    return np.array(values)


@pytest.fixture(scope="module")
def bent():
    """Fitted to the logistic map, two steps at once, six columns of targets: more than are learned directly."""
    y = np.stack([logistic(120), logistic(120, 0.4), logistic(120, 0.5)], axis=1)
    return Forecaster(lags=1, horizon=2, difference=0, effort="fast", backtests=0, random_state=0).fit(y)


def test_two_weights_are_the_closed_formulas(generator):
    r, s = generator.normal(size=(2, 50)) + generator.normal(size=50)
    weight = np.clip(np.sum(r * (r - s)) / np.sum((r - s) ** 2), 0, 1)
    found, square = least_square(np.stack([s, r]), 2)
    np.testing.assert_allclose(found, [weight, 1 - weight], atol=MEAN_WEIGHTS_ATOL)
    assert square == pytest.approx(np.sum((weight * s + (1 - weight) * r) ** 2))


def test_no_weights_are_better(generator):
    residuals = generator.normal(size=(4, 30)) * [[1], [1.2], [2], [5]] + generator.normal(size=30)
    found, square = least_square(residuals, 4)
    assert found.sum() == pytest.approx(1)
    assert found.min() >= 0
    others = generator.dirichlet(np.ones(4), 5000)
    assert np.all(np.sum((others @ residuals) ** 2, axis=1) >= square * (1 - FLOAT64_RTOL))


def test_a_perfect_recipe_has_all():
    assert least_square(np.array([[1.0, -2.0], [0.0, 0.0]]), 2)[0].tolist() == [0, 1]
    assert least_square(np.zeros((2, 3)), 2)[0].sum() == 1


@pytest.mark.parametrize(("square", "networks"), [(WORTH_IT - 0.01, 1), (WORTH_IT + 0.01, 0)])
def test_networks_must_be_clearly_ahead(generator, square, networks):
    line = generator.normal(size=200)
    found = nearest_mean(np.stack([line, line * square**0.5]), np.array([True, False]))
    assert found.tolist() == [1 - networks, networks]


def test_a_recipe_more_must_be_worth_it(generator):
    one, other = np.linalg.qr(generator.normal(size=(40, 2)))[0].T  # half of each halves the square
    lines = np.array([True, True])
    assert nearest_mean(np.stack([one, other]), lines) == pytest.approx([0.5, 0.5])
    assert nearest_mean(np.stack([one, one + 0.1 * other]), lines).tolist() == [1, 0]


def test_without_trials_lines_share_alike():
    assert nearest_mean(np.empty((4, 0)), np.array([True, True, False, False])).tolist() == [0.5, 0.5, 0, 0]


@pytest.mark.parametrize("horizon", [1, 5])
def test_a_trial_sees_nothing_of_what_it_is_judged_by(horizon):
    places = np.concatenate([np.arange(8, 60), np.arange(8, 90)])  # two series
    windows = Windows(np.zeros((len(places), 1)), places[:, np.newaxis], places, horizon)
    trials = windows.trials(3)
    assert len(trials) == 3
    for seen, later in trials:
        assert seen.places.max() + horizon - 1 < later.places.min()
        assert min(len(seen.Y), len(later.Y)) >= LEAST_WINDOWS
    assert windows.part(np.arange(12)).trials(3) == []


def test_lines_alone_where_these_are_best(generator):
    y = autoregressive(200, generator)
    forecaster = Forecaster(lags=2, difference=0, effort="fast", backtests=0, random_state=0).fit(y)
    assert forecaster.estimator_.shares_[2:].tolist() == [0, 0]
    assert forecaster.estimator_.networks_share_ == 0
    assert all(len(each) == 1 for each in forecaster.model_.architectures)


def test_networks_where_no_line_comes_near(bent):
    assert bent.estimator_.shares_[:2].tolist() == [0, 0]
    assert bent.estimator_.networks_share_ == pytest.approx(1)
    assert 1 < len(bent.model_.members) <= EFFORTS["fast"].networks
    seen = np.array([[0.2, 0.5, 0.8]])
    once = 3.9 * seen * (1 - seen)
    np.testing.assert_allclose(bent.predict(y=seen), [once[0], (3.9 * once * (1 - once))[0]], atol=SERIES_FORMULA_ATOL)


def test_it_is_the_weighted_mean_that_is_saved(bent, tmp_path):
    model, X = bent.model_, np.array([[0.2, 0.5, 0.8], [0.6, 0.4, 0.1]])
    means = np.average([member.predict(X) for member in model.members], axis=0, weights=model.weights)
    np.testing.assert_allclose(model.predict(X), means, rtol=FLOAT64_RTOL)
    model.save(tmp_path / "mean.fitnet")
    kept = fitnet.load(tmp_path / "mean.fitnet")
    np.testing.assert_array_equal(kept.predict(X), model.predict(X))
    assert kept.input_names == ("y1 lag 1", "y2 lag 1", "y3 lag 1")


def test_derivatives_go_through_the_mean(bent):
    window = np.array([0.2, 0.5, 0.8])
    expected = numerical_derivatives(lambda seen: bent.predict(y=seen.reshape(1, 3)), window).reshape(2, 3, 1, 3)
    found = bent.jacobian(y=window.reshape(1, 3))
    np.testing.assert_allclose(found, expected, rtol=0, atol=FORECAST_SLOPES_RTOL * np.abs(expected).max())


def test_the_same_bits_for_any_number_of_threads():
    y = logistic(50)
    ways = [Forecaster(MeanOfNetworks("fast", 3, n_threads), 1, backtests=0).fit(y).predict() for n_threads in (1, 3)]
    np.testing.assert_array_equal(*ways)
    assert ways[0] == Forecaster(lags=1, effort="fast", backtests=0, random_state=3).fit(y).predict()


def test_efforts_are_counted():
    network = MemberRecipe(Recipe((5,), "tanh", error_bars=False))
    shape = 100, 12, 1
    assert network.count(10, 3.5 * network.work(*shape), shape) == 3
    assert network.count(10, 0.0, shape) == 1
    assert network.count(2, np.inf, shape) == 2
    assert MemberRecipe(Recipe((), error_bars=False)).count(10, np.inf, shape) == 1


def test_many_windows_have_wider_networks():
    few, many = (recipes(TrainingRows(np.zeros((n, 12)), np.zeros((n, 1))))[-1] for n in (200, 20_000))
    assert sum(few.recipe.hidden_layer_sizes) < sum(many.recipe.hidden_layer_sizes)


@pytest.mark.parametrize("n", [1000, 2000, 5000, 20_000])
def test_more_steps_of_a_forecast_make_no_wider_networks(n):
    """Steps are the same rows again: 14 of 1,000 windows do not tell as much as 14,000 windows."""
    one, many = (recipes(TrainingRows(np.zeros((n, 5)), np.zeros((n, m))))[-1].recipe for m in (1, 14))
    assert sum(many.hidden_layer_sizes) <= sum(one.hidden_layer_sizes)


def test_only_what_targets_share_is_learned_by_components(generator):
    one = generator.normal(size=(60, 1))
    for Y, components in ((one, None), (one * np.arange(1, 9), 1), (generator.normal(size=(60, 8)), 8)):
        assert recipes(TrainingRows(generator.normal(size=(60, 3)), Y))[-1].components == components


def test_an_unknown_effort_is_refused(generator):
    with pytest.raises(ArgumentValueError, match="`effort` is 'most'; it must be one of fast, standard, thorough"):
        Forecaster(effort="most").fit(autoregressive(60, generator))
