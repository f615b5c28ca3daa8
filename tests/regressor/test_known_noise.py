"""Rows whose noise is known: error bars for a target's own weight, through every door."""

import numpy as np
import pytest

from fitnet import Regressor, load
from fitnet.errors import ArgumentValueError
from fitnet.rows import sources
from tolerances import COVERAGE_95, FLOAT64_ATOL, FLOAT64_RTOL

SETTINGS = {"hidden_layer_sizes": (8,), "activation": "tanh", "solver": "lm-bayesian", "random_state": 0}


def noisy_on_the_right(generator, n):
    X = generator.uniform(-1, 1, (n, 2))
    sigma = np.where(X[:, 0] > 0, 0.4, 0.05)
    return X, np.sin(3 * X[:, 0]) + X[:, 1] + sigma * generator.normal(size=n), sigma


def test_intervals_hold_as_many_targets_where_noise_is_large_as_where_it_is_small(generator):
    X, y, sigma = noisy_on_the_right(generator, 400)
    regressor = Regressor(**SETTINGS).fit(X, y, sample_weight=1 / sigma**2)
    X, y, sigma = noisy_on_the_right(generator, 4000)
    found, std = regressor.predict(X, return_std=True, sample_weight=1 / sigma**2)
    within = np.abs(y - found) < 1.96 * std
    for some in (sigma == 0.4, sigma == 0.05):
        assert COVERAGE_95[0] < within[some].mean() < COVERAGE_95[1]
    alike = np.abs(y - found) < 1.96 * regressor.predict(X, return_std=True)[1]
    assert alike.mean() > COVERAGE_95[1]  # one width for all, that of weight 1, is no interval


def test_the_noise_is_that_of_weight_1_over_the_weight(generator, tmp_path, monkeypatch):
    X, y, _ = noisy_on_the_right(generator, 60)
    Y = np.column_stack([y, X[:, 1] + 0.1 * generator.normal(size=60)])
    regressor = Regressor(**SETTINGS | {"max_epochs": 20}).fit(X, Y)
    model, weights = regressor.model_, generator.uniform(0.1, 9, 60)
    outputs, covariance = model.predict(X, return_cov=True)
    noise = np.outer(model.target_scaling.scale, model.target_scaling.scale) * model.error_bars.noise_covariance
    expected = covariance + noise * (1 / weights - 1)[:, np.newaxis, np.newaxis]
    model.save(tmp_path / "m.fitnet")
    monkeypatch.setattr(sources, "LARGE_MAP_BYTES", 100)
    monkeypatch.setattr(sources, "CHUNK_BYTES", 25 * 2 * 8)
    np.save(tmp_path / "X.npy", X)
    for of, rows in (
        (model, X),
        (load(tmp_path / "m.fitnet"), X),
        (regressor, np.load(tmp_path / "X.npy", mmap_mode="r")),
    ):
        again, found = of.predict(rows, return_cov=True, sample_weight=weights)
        assert np.array_equal(again, outputs)
        np.testing.assert_allclose(found, expected, rtol=FLOAT64_RTOL, atol=FLOAT64_ATOL)
        std = of.predict(rows, return_std=True, sample_weight=list(weights))[1]
        np.testing.assert_allclose(std**2, expected.diagonal(axis1=1, axis2=2), rtol=FLOAT64_RTOL)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            {"sample_weight": np.ones(5)},
            "`sample_weight` is for error bars; with it `return_std` or `return_cov` must be",
        ),
        ({"sample_weight": np.ones(4), "return_std": True}, "must have one weight a row"),
        ({"sample_weight": [1, 1, 0, 1, 1], "return_std": True}, r"`sample_weight` holds 0 at \[2\]; a new target's"),
        ({"sample_weight": [1, 1, -1, 1, 1], "return_cov": True}, r"`sample_weight` holds -1.0 at \[2\]; no weight"),
    ],
)
def test_weights_that_say_no_noise_are_refused(generator, arguments, sentence):
    X, y, _ = noisy_on_the_right(generator, 40)
    regressor = Regressor(**SETTINGS | {"max_epochs": 2}).fit(X, y)
    for of in (regressor, regressor.model_):
        with pytest.raises(ArgumentValueError, match=sentence):
            of.predict(X[:5], **arguments)
