"""Intervals and quantiles of a model's error bars: scipy's normal distribution as oracle, shapes, what is refused."""

import numpy as np
import pytest
from scaled_models import INPUTS, NETWORK, PARAMETERS, ROWS
from scipy.stats import norm

from fitnet import LogTransform, Model, Scaling
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from fitnet.model.error_bars import ErrorBars
from tolerances import FLOAT64_ATOL, FLOAT64_RTOL

P = NETWORK.n_parameters
BARS = ErrorBars(50 * np.eye(P)[np.tril_indices(P)], 1.0, np.diag([0.01, 0.02, 0.03]), 3)
GIVEN = {"input_scaling": INPUTS, "target_scaling": Scaling([1.0, -2, 7], [2.0, 0.5, 1])}
PLAIN = Model(NETWORK, PARAMETERS, **GIVEN, error_bars=BARS)
LOGS = Model(NETWORK, PARAMETERS, **GIVEN, error_bars=BARS, target_transform=LogTransform((3.0, 0.0, None)))
COVERAGES = [0.9, 0.1, 0.5, 0.999]
PROBABILITIES = [1e-3, 0.05, 0.3, 0.5, 0.8, 0.95]
WEIGHTS = np.linspace(0.1, 9, 20)


def expected_quantiles(model, probabilities, weights=None):
    """By scipy, (n, m, q): of normal targets or, brought back by hand, of normal transforms."""
    T, std = PLAIN.predict(ROWS, return_std=True, sample_weight=weights)
    found = norm.ppf(probabilities, T[..., np.newaxis], std[..., np.newaxis])
    if model is LOGS:
        found[:, 0], found[:, 1] = 3 + np.exp(found[:, 0]), np.exp(found[:, 1])
    return found


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
@pytest.mark.parametrize("model", [PLAIN, LOGS], ids=["plain", "logarithms"])
def test_quantiles_are_the_normal_distributions(model, weights):
    found = model.predict_quantiles(ROWS, PROBABILITIES, sample_weight=weights)
    assert found.shape == (20, 3, 6)
    np.testing.assert_allclose(found, expected_quantiles(model, PROBABILITIES, weights), FLOAT64_RTOL, FLOAT64_ATOL)
    np.testing.assert_allclose(found[..., 3], model.predict(ROWS), FLOAT64_RTOL)
    assert np.all(np.diff(found, axis=-1) > 0)


@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["alike", "weighted"])
@pytest.mark.parametrize("model", [PLAIN, LOGS], ids=["plain", "logarithms"])
def test_intervals_are_central_and_several_are_one_by_one(model, weights):
    found = model.predict_interval(ROWS, COVERAGES, sample_weight=weights)
    assert found.shape == (20, 3, 2, 4)
    for c, coverage in enumerate(COVERAGES):
        alone = model.predict_interval(ROWS, coverage, sample_weight=weights)
        assert np.array_equal(alone, found[..., c])
        expected = expected_quantiles(model, [(1 - coverage) / 2, (1 + coverage) / 2], weights)
        np.testing.assert_allclose(alone, expected, FLOAT64_RTOL, FLOAT64_ATOL)
    assert np.array_equal(model.predict_interval(ROWS, sample_weight=weights), found[..., 0])  # 90 % unless told
    assert model.predict_interval(ROWS, np.array([0.5])).shape == (20, 3, 2, 1)


def test_quantiles_beyond_what_float64_holds_never_fall_and_stay_above_the_bound():
    parameters = PARAMETERS.copy()
    parameters[-3:] = [1e4, -1e4, 0]
    far = Model(NETWORK, parameters, **GIVEN, error_bars=BARS, target_transform=LOGS.target_transform)
    found = far.predict_quantiles(ROWS, PROBABILITIES)
    assert np.all(np.isfinite(found))
    assert np.all(np.diff(found, axis=-1) >= 0)
    assert np.all(found[:, 1] > 0)


@pytest.mark.parametrize(
    ("coverage", "error", "sentence"),
    [
        (0, ArgumentValueError, "`coverage` is 0; it must be above 0 and below 1."),
        (1, ArgumentValueError, "`coverage` is 1; it must be above 0 and below 1."),
        ([0.5, 95], ArgumentValueError, "`coverage` is 95; it must be above 0 and below 1 (did you mean 0.95?)."),
        (np.nan, ArgumentValueError, "`coverage` is nan; it must be above 0 and below 1."),
        (True, ArgumentTypeError, "`coverage` is True; it must be a real number."),
        ("most", ArgumentTypeError, "`coverage` holds text; it must hold real numbers."),
        (None, ArgumentTypeError, "`coverage` holds objects that are not numbers; it must hold real numbers."),
        (
            [],
            ArgumentValueError,
            "`coverage` has shape (0,); it must be one number or a sequence of one or more.",
        ),
        (
            [[0.5, 0.9]],
            ArgumentValueError,
            "`coverage` has shape (1, 2); it must be one number or a sequence of one or more.",
        ),
        (
            [[0.5], 0.9],
            ArgumentValueError,
            "`coverage` has rows of different lengths; every row must be as long as the first.",
        ),
    ],
)
def test_coverages_that_there_are_no_intervals_of(coverage, error, sentence):
    with pytest.raises(error) as caught:
        PLAIN.predict_interval(ROWS, coverage)
    assert (str(caught.value), caught.value.argument) == (sentence, "coverage")


@pytest.mark.parametrize(
    ("probabilities", "error", "sentence"),
    [
        ([0.0, 0.5], ArgumentValueError, "`probabilities` holds 0; every entry must be above 0 and below 1."),
        ([0.5, 1], ArgumentValueError, "`probabilities` holds 1; every entry must be above 0 and below 1."),
        ([0.9, 0.1], ArgumentValueError, "`probabilities` are not in increasing order; they must be."),
        ([0.1, 0.1], ArgumentValueError, "`probabilities` are not in increasing order; they must be."),
        (
            [0.1, np.nan],
            ArgumentValueError,
            "`probabilities` holds nan at [1]; every entry must be a finite number.",
        ),
        (["half"], ArgumentTypeError, "`probabilities` holds text; it must hold real numbers."),
        (
            [],
            ArgumentValueError,
            "`probabilities` has shape (0,); it must be a sequence of one number or more.",
        ),
        (0.5, ArgumentValueError, "`probabilities` has shape (); it must be a sequence of one number or more."),
    ],
)
def test_probabilities_that_there_are_no_quantiles_of(probabilities, error, sentence):
    with pytest.raises(error) as caught:
        PLAIN.predict_quantiles(ROWS, probabilities)
    assert (str(caught.value), caught.value.argument) == (sentence, "probabilities")


def test_without_error_bars_there_are_none():
    model = Model(NETWORK, PARAMETERS)
    for method, asked in (("predict_interval", 0.9), ("predict_quantiles", [0.5])):
        with pytest.raises(ArgumentValueError, match=f"^`{method}` needs error bars and the model has none: fit it"):
            getattr(model, method)(ROWS, asked)
