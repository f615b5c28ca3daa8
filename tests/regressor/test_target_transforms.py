"""Targets whose logarithm is learned, through every door of `Regressor`."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV

from finite_differences import numerical_jacobian
from fitnet import Adam, Checkpoint, LogTransform, Regressor, load
from fitnet.errors import ArgumentValueError, CheckpointMismatchError
from fitnet.evaluation import evaluate
from tolerances import COVERAGE_95, FITTED_SLOPE_ATOL, FLOAT64_RTOL, NOISE_RTOL, SAME_FIT_RTOL, SHORT_FIT_OF_DECADES

QUICK = {"hidden_layer_sizes": (8,), "activation": "tanh", "max_epochs": 20, "random_state": 0}


def decades(generator, n=200, noise=0.0):
    """X (n, 1) and exp(6 x), whose noise is a share of it."""
    X = generator.uniform(-1, 1, (n, 1))
    return X, np.exp(6 * X[:, 0] + noise * generator.normal(size=n))


@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_positive_over_decades(generator, activation):
    X, y = decades(generator)
    settings = {"activation": activation, "solver": "adam", "max_epochs": 200, "random_state": 0}
    plain, logs = (Regressor(**settings, target_transform=t).fit(X, y) for t in (None, "log"))
    assert np.any(plain.predict(X) < 0)  # what it is against
    assert logs.target_transform_ == logs.model_.target_transform == LogTransform()
    assert np.all(logs.predict(np.linspace(-100, 100, 999)[:, np.newaxis]) > 0)
    assert np.median(np.abs(np.log(logs.predict(X) / y))) < SHORT_FIT_OF_DECADES


def test_it_learns_what_a_fit_to_the_logarithm_learns(generator):
    X, y = decades(generator, noise=0.1)
    Y = np.c_[3 + y, np.sin(X[:, 0])]
    T = np.c_[np.log(Y[:, 0] - 3), Y[:, 1]]
    weights = generator.uniform(0.5, 2, 200)
    both = {**QUICK, "solver": "lm", "early_stopping": True}
    found = Regressor(**both, target_transform=LogTransform((3.0, None))).fit(X, Y, sample_weight=weights)
    expected = Regressor(**both).fit(X, T, sample_weight=weights)
    assert np.array_equal(found.model_.parameters, expected.model_.parameters)
    assert found.history_.validation_loss == expected.history_.validation_loss
    assert found.model_.provenance["data_sha256"] != expected.model_.provenance["data_sha256"]
    assert (
        found.model_.provenance["data_sha256"] == Regressor(**both).fit(X, Y, weights).model_.provenance["data_sha256"]
    )
    t = expected.predict(X)
    np.testing.assert_allclose(found.predict(X), np.c_[3 + np.exp(t[:, 0]), t[:, 1]], rtol=FLOAT64_RTOL)
    assert np.array_equal(found.model_.noise, expected.model_.noise)


def test_error_bars_and_intervals(generator, tmp_path):
    X, y = decades(generator, 300, noise=0.2)
    regressor = Regressor((8,), "tanh", target_transform="log", random_state=0).fit(X, y)
    np.testing.assert_allclose(regressor.model_.noise, 0.2, rtol=NOISE_RTOL)
    X, y = decades(generator, 2000, noise=0.2)
    lower, upper = regressor.predict_interval(X, coverage=0.95).T
    assert lower.shape == upper.shape == y.shape
    assert np.all(lower > 0)
    for decade in (y < 0.1, y > 10):
        assert COVERAGE_95[0] < np.mean((lower < y) & (y < upper), where=decade) < COVERAGE_95[1]
    told = evaluate(regressor.model_, X, y[:, np.newaxis]).coverage_by_target()["y1"]
    assert told["0.95"] == pytest.approx(np.mean((lower <= y) & (y <= upper)))
    outputs, std = regressor.predict(X, return_std=True)
    narrow, wide = (regressor.predict_interval(X, 0.95, np.full(2000, w))[:, 1] for w in (4.0, 1.0))
    assert np.array_equal(wide, upper)
    assert np.all(narrow < upper)
    regressor.model_.save(tmp_path / "m.fitnet")
    again = load(tmp_path / "m.fitnet")
    for found, expected in zip(again.predict(X, return_std=True), (outputs, std), strict=True):
        assert np.array_equal(found[:, 0], expected)
    assert np.array_equal(again.predict_interval(X, 0.95)[:, 0, 0], lower)


def test_derivatives(generator):
    X = generator.uniform(-1, 1, (100, 2))
    regressor = Regressor(**QUICK, target_transform="log").fit(X, np.exp(X[:, 0] - X[:, 1]))
    model, steps = regressor.model_, np.full(2, 1e-5)
    slopes = numerical_jacobian(model.predict, X, steps)[:, 0]
    np.testing.assert_allclose(regressor.jacobian(X), slopes, atol=FITTED_SLOPE_ATOL * 10, rtol=FITTED_SLOPE_ATOL)


@pytest.mark.parametrize("loss", ["squared_error", "huber", "absolute_error", "quantile"])
def test_every_loss_of_the_plain_targets_learns_logarithms(generator, loss):
    X, y = decades(generator)
    regressor = Regressor(**QUICK, solver=Adam(0.03), loss=loss, target_transform="log").fit(X, y)
    assert np.median(np.abs(np.log(regressor.predict(X) / y))) < SHORT_FIT_OF_DECADES


def test_single_precision_stays_above_the_bound(generator):
    X, y = (each.astype("float32") for each in decades(generator))
    regressor = Regressor(**QUICK, target_transform=LogTransform(-0.1)).fit(X, y)
    far = np.linspace(-1e6, 1e6, 999, dtype="float32")[:, np.newaxis]
    found = regressor.predict(far)
    assert found.dtype == np.float32
    assert np.all((found.astype(float) > -0.1) & np.isfinite(found))
    outputs, std = regressor.predict(X, return_std=True) if regressor.model_.error_bars else (found, found)
    assert outputs.dtype == std.dtype == np.float32


def test_a_target_that_never_varies_is_predicted_exactly(generator):
    X, y = decades(generator)
    Y = np.c_[np.full(200, 0.1), y]
    regressor = Regressor(**QUICK, solver="lm", target_transform="log").fit(X, Y)
    assert regressor.target_transform_ == LogTransform((None, 0.0))
    outputs, std = regressor.predict(X, return_std=True)
    assert np.all(outputs[:, 0] == 0.1)
    assert not std[:, 0].any()
    assert not regressor.jacobian(X)[:, 0].any()
    assert np.all(regressor.predict_interval(X)[:, 0] == 0.1)
    assert Regressor(**QUICK, target_transform="log").fit(X, np.full(200, 0.1)).target_transform_ is None


def test_partial_fit_follows_targets_over_decades(generator):
    X, y = decades(generator, 512)
    order = np.argsort(y)
    X, y = X[order], y[order]  # the first call sees the smallest only
    regressor = Regressor(**QUICK, target_transform="log", solver=Adam(0.03))
    for _ in range(20):
        for start in range(0, 512, 128):
            regressor.partial_fit(X[start : start + 128], y[start : start + 128])
    assert regressor.target_transform_ == LogTransform()
    assert regressor.model_.target_scaling.scale[0] < 10
    assert np.median(np.abs(np.log(regressor.predict(X) / y))) < SHORT_FIT_OF_DECADES
    with pytest.raises(ArgumentValueError, match=r"`y` holds 0\.0 at \[1\]; with this `target_transform`"):
        regressor.partial_fit(X[:2], [1.0, 0.0])
    assert Regressor(**QUICK, target_transform="auto").partial_fit(X, y).target_transform_ is None


def test_going_on_keeps_the_transform_and_refuses_another(generator):
    X, y = decades(generator)
    regressor = Regressor(**QUICK, target_transform="log", warm_start=True).fit(X, y)
    scaling = regressor.model_.target_scaling
    assert regressor.fit(X, y).model_.target_scaling is scaling
    assert regressor.set_params(target_transform="auto").fit(X, y).target_transform_ == LogTransform()
    assert regressor.partial_fit(X, y).target_transform_ == LogTransform()
    for other, shown in ((None, "None"), (LogTransform(-1), r"LogTransform\(lower_bound=-1\.0\)")):
        regressor.set_params(target_transform=other)
        for go_on in (regressor.fit, regressor.partial_fit):
            with pytest.raises(ArgumentValueError, match=f"`target_transform` is {shown} and training cannot go on"):
                go_on(X, y)


def test_a_checkpoint_of_another_transform_is_refused(generator, tmp_path):
    X, y = decades(generator)
    settings = {**QUICK, "solver": "adam", "checkpoint": Checkpoint(tmp_path / "a.ckpt")}
    begun = Regressor(**settings, target_transform="log").fit(X, y)
    again = Regressor(**settings, target_transform="log").fit(X, y, resume=True)
    assert np.array_equal(again.model_.parameters, begun.model_.parameters)
    for other in (None, LogTransform(-1)):
        with pytest.raises(CheckpointMismatchError):
            Regressor(**settings, target_transform=other).fit(X, y, resume=True)


def test_clones_and_grids(generator):
    X, y = decades(generator, 60)
    regressor = Regressor(**QUICK | {"max_epochs": 200}, target_transform=LogTransform(-1e-3))
    assert clone(regressor).get_params() == regressor.get_params()
    grid = GridSearchCV(regressor, {"target_transform": [LogTransform(-100), "log"]}, cv=2, error_score="raise")
    grid.fit(X, y)
    assert grid.best_params_ == {"target_transform": "log"}
    assert clone(regressor).set_params(target_transform__lower_bound=-2).target_transform == LogTransform(-2)
    assert Regressor(target_transform="log").get_params()["target_transform__lower_bound"] == 0
    with pytest.raises(ArgumentValueError, match="`target_transform__lower_bound` is no parameter of 'auto'"):
        regressor.set_params(target_transform="auto").set_params(target_transform__lower_bound=1)


def test_the_same_weights_given_as_rows(generator):
    X, y = decades(generator, 60)
    twice = Regressor(**QUICK, solver="lm", target_transform="log").fit(np.r_[X, X[:20]], np.r_[y, y[:20]])
    weighted = Regressor(**QUICK, solver="lm", target_transform="log").fit(X, y, np.repeat([2.0, 1.0], [20, 40]))
    np.testing.assert_allclose(weighted.predict(X), twice.predict(X), rtol=SAME_FIT_RTOL * 100)
