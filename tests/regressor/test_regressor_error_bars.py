"""Regressor's error bars: when it has them, in what shape and unit, and what it refuses."""

import re

import numpy as np
import pytest
from sklearn.base import clone

from fitnet import Adam, Regressor, SquaredError
from fitnet.engine import choose
from fitnet.engine.objective import Objective
from fitnet.errors import ArgumentValueError, ErrorBarsWarning
from fitnet.estimators import network_estimator as module
from fitnet.evaluation import coverage
from fitnet.fitting.laplace import laplace
from fitnet.rows import mapped_rows
from fitnet.training.evidence import LEAST_FREEDOM
from tolerances import COVERAGE_95, SAME_FIT_RTOL

SMOOTH = {"hidden_layer_sizes": (6,), "activation": "tanh", "random_state": 0, "max_epochs": 100}


def waves(n, targets=1, seed=0):
    """Noisy sines of one input, (n, 1) and (n,) or (n, targets)."""
    draws = np.random.default_rng(seed)
    X = draws.uniform(-2, 2, (n, 1))
    y = np.sin(2 * X + np.arange(targets)) + draws.normal(0, 0.1, (n, targets))
    return X, y[:, 0] if targets == 1 else y


def test_std_and_covariance_are_shaped_as_y():
    X, y = waves(100)
    regressor = Regressor(**SMOOTH).fit(X, y)
    predicted, std = regressor.predict(X[:7], return_std=True)
    _, covariance = regressor.predict(X[:7], return_cov=True)
    assert (predicted.shape, std.shape, covariance.shape) == ((7,), (7,), (7, 1, 1))
    np.testing.assert_allclose(std**2, covariance[:, 0, 0])
    assert predicted.tobytes() == regressor.predict(X[:7]).tobytes()
    X, Y = waves(100, targets=2)
    regressor.fit(X, Y)
    (_, std), (_, covariance) = regressor.predict(X[:7], return_std=True), regressor.predict(X[:7], return_cov=True)
    assert (std.shape, covariance.shape) == ((7, 2), (7, 2, 2))
    np.testing.assert_allclose(std**2, np.diagonal(covariance, axis1=1, axis2=2))


def test_intervals_hold_what_they_say():
    X, y = waves(2300)
    regressor = Regressor(**SMOOTH | {"max_epochs": 300, "solver": Adam(learning_rate=0.02)}).fit(X[:300], y[:300])
    predicted, std = regressor.predict(X[300:], return_std=True)
    low, high = COVERAGE_95
    assert low < coverage(predicted[:, np.newaxis], std[:, np.newaxis], y[300:, np.newaxis])[0.95] < high


def test_targets_times_1000_have_1000_times_the_std():
    X, y = waves(80)
    settings = SMOOTH | {"dtype": "float64", "max_epochs": 20}
    (_, std), (_, wide) = (Regressor(**settings).fit(X, t).predict(X, return_std=True) for t in (y, 1000 * y))
    np.testing.assert_allclose(wide, 1000 * std, rtol=SAME_FIT_RTOL)


@pytest.mark.parametrize(
    ("changes", "kept"),
    [
        ({}, True),
        ({"error_bars": True}, True),
        ({"error_bars": False}, False),
        ({"activation": "relu"}, False),
        ({"activation": "relu", "error_bars": True}, True),
        ({"loss": "huber"}, False),
        ({"hidden_layer_sizes": (40, 40)}, False),
        ({"hidden_layer_sizes": ()}, True),
        ({"early_stopping": True}, True),
        ({"alpha": 0.01}, True),
    ],
)
def test_when_error_bars_are_kept(changes, kept):
    regressor = Regressor(**SMOOTH | {"max_epochs": 2} | changes).fit(*waves(40))
    assert (regressor.model_.error_bars is not None) == kept
    if not kept:
        with pytest.raises(
            ArgumentValueError, match=r"`return_std` is True and the model has no error bars: .*fit it with"
        ):
            regressor.predict([[1.0]], return_std=True)
    assert clone(regressor).get_params()["error_bars"] == changes.get("error_bars", "auto")


def test_a_row_of_weight_w_has_noise_of_variance_over_w():
    """All weights times 4: the same fit, and twice the noise for a row of weight 1."""
    X, y = waves(60)
    settings = SMOOTH | {"dtype": "float64", "max_epochs": 20}
    plain, heavy = (Regressor(**settings).fit(X, y, np.full(60, weight)) for weight in (1.0, 4.0))
    (one, std), (same, wide) = (each.predict(X, return_std=True) for each in (plain, heavy))
    np.testing.assert_allclose(one, same, rtol=SAME_FIT_RTOL)
    np.testing.assert_allclose(heavy.model_.noise, 2 * plain.model_.noise, rtol=SAME_FIT_RTOL)
    parameters_alone = (each**2 - model.model_.noise**2 for each, model in ((std, plain), (wide, heavy)))
    np.testing.assert_allclose(*parameters_alone, rtol=1e-4)


@pytest.mark.parametrize("alpha", [0.0, 0.02])
def test_they_are_laplaces_of_the_fit_with_its_penalty(alpha):
    X, y = waves(50)
    model = Regressor(**SMOOTH | {"alpha": alpha}).fit(X, y).model_
    inputs, targets = model.input_scaling.apply(X), model.target_scaling.apply(y[:, np.newaxis])
    objective = Objective(choose(), model.network, SquaredError(), inputs, targets, None, alpha)
    expected = laplace(objective, model.parameters.astype("float64"))
    assert model.error_bars.factor.tobytes() == expected.factor.tobytes()
    assert model.error_bars.effective_parameters == expected.effective_parameters


def test_a_network_through_every_target_has_none_unless_asked_for():
    X, y = waves(7)  # 19 parameters
    assert Regressor(**SMOOTH, solver="lm").fit(X, y).model_.error_bars is None
    with pytest.warns(ErrorBarsWarning, match=r"passes through all 7 targets, so the error bars are too small"):
        regressor = Regressor(**SMOOTH, solver="lm", error_bars=True).fit(X, y)
    assert regressor.model_.error_bars.effective_parameters > 7 - LEAST_FREEDOM
    assert Regressor(**SMOOTH, solver="lm-bayesian").fit(X, y).model_.error_bars is not None


def test_more_training_forgets_error_bars_of_other_parameters():
    X, y = waves(40)
    regressor = Regressor(**SMOOTH).fit(X, y).partial_fit(X, y)
    assert regressor.model_.error_bars is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"error_bars": "yes"}, "`error_bars` is 'yes'; it must be 'auto', True or False."),
        ({"error_bars": 1}, "`error_bars` is 1; it must be 'auto', True or False."),
        (
            {"error_bars": True, "loss": "absolute_error"},
            "`error_bars` is True and `loss` is AbsoluteError(); error bars are for SquaredError(), normal noise.",
        ),
    ],
)
def test_refused_before_training(changes, sentence):
    seen = []

    class Spy:
        every = 1

        def on_epoch_end(self, state):
            seen.append(state)

    regressor = Regressor(**SMOOTH | changes, callbacks=[Spy()])
    with pytest.raises((ValueError, TypeError), match=re.escape(sentence)):
        regressor.fit(*waves(40))
    assert not seen


def test_partial_fit_and_rows_in_a_file_are_refused(tmp_path, monkeypatch):
    X, y = waves(40)
    regressor = Regressor(**SMOOTH | {"error_bars": True, "batch_size": 8})
    with pytest.raises(ArgumentValueError, match="`error_bars` is True; for partial_fit, which sees some of the rows"):
        regressor.partial_fit(X, y)
    np.save(tmp_path / "X.npy", X)
    monkeypatch.setattr(module, "large_map", mapped_rows)
    mapped = np.load(tmp_path / "X.npy", mmap_mode="r")
    with pytest.raises(ArgumentValueError, match="`error_bars` is True; for rows that are read from a file in chunks"):
        regressor.fit(mapped, y)
    regressor.fit(X, y)
    _, std = regressor.predict(X, return_std=True)
    predicted, same = regressor.predict(mapped, return_std=True)
    assert predicted.tobytes() == regressor.predict(X).tobytes()
    np.testing.assert_array_equal(same, std)
