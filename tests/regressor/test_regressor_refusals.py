"""Regressor's refusals: what went in and the sentence that came out."""

import re

import numpy as np
import pytest
from example_rows import plane
from scipy.sparse import csr_array

from fitnet import Adam, Quantile, Regressor

X, y = plane(20)
PLAIN = {"max_epochs": 2, "random_state": 0}

SETTINGS = [
    ({"hidden_layer_sizes": 0}, "`hidden_layer_sizes` is 0; it must be at least 1."),
    ({"hidden_layer_sizes": True}, "`hidden_layer_sizes` is True; it must be a sequence of whole numbers, or one"),
    ({"hidden_layer_sizes": 6.4}, "`hidden_layer_sizes` is 6.4; it must be a sequence of whole numbers, or one"),
    ({"hidden_layer_sizes": "64,64"}, "`hidden_layer_sizes` is '64,64'; it must be a sequence of whole numbers, or"),
    ({"hidden_layer_sizes": (64, 0)}, "`hidden_layer_sizes[1]` is 0; it must be at least 1."),
    ({"hidden_layer_sizes": (2.5,)}, "`hidden_layer_sizes[0]` is 2.5; it must be a whole number."),
    ({"activation": "Relu"}, "(did you mean 'relu'?)"),
    ({"activation": None}, "`activation` is None; it must be one of "),
    ({"activation": "sigmoid"}, "(did you mean 'logistic'?)"),
    (
        {"loss": "mse"},
        "`loss` is 'mse'; it must be one of squared_error, absolute_error, huber, quantile, poisson, cross_entropy "
        "(did you mean 'squared_error'?).",
    ),
    ({"loss": "mae"}, "(did you mean 'absolute_error'?)"),
    ({"loss": Quantile}, "it must be a loss, such as SquaredError(), or one of the names squared_error, "),
    (
        {"solver": "sgd"},
        "`solver` is 'sgd'; it must be one of auto, adam, momentum, gradient-descent, lm, lm-bayesian, lbfgs "
        "(did you mean 'gradient-descent'?).",
    ),
    ({"solver": "trainlm"}, "(did you mean 'lm'?)"),
    ({"solver": "L-BFGS-B"}, "(did you mean 'lbfgs'?)"),
    (
        {"solver": Adam},
        "it must be an optimizer, such as Adam(), LevenbergMarquardt(), LBFGS(), or one of the names auto, ",
    ),
    ({"solver": 1e-3}, "`solver` is 0.001; it must be an optimizer, such as Adam(), "),
    ({"solver": []}, "`solver` is an empty sequence; it must hold at least one solver."),
    ({"solver": ["adam", "auto"]}, "`solver` holds 'auto', which stands alone; in a sequence name the solvers."),
    ({"solver": ["adam", "ml"]}, "`solver[1]` is 'ml'; it must be one of "),
    ({"alpha": -1}, "`alpha` is -1; it must be at least 0."),
    ({"alpha": "0.1"}, "`alpha` is '0.1'; it must be a real number."),
    ({"dropout": 1}, "`dropout` is 1; it must be at least 0 and below 1."),
    ({"alpha": np.nan}, "`alpha` is nan; it must be finite and at least 0."),
    ({"batch_size": 0}, "`batch_size` is 0; it must be at least 1."),
    ({"batch_size": "all"}, "`batch_size` is 'all'; it must be a whole number."),
    ({"max_epochs": 0}, "`max_epochs` is 0; it must be at least 1."),
    ({"max_epochs": 1e3}, "`max_epochs` is 1000.0; it must be a whole number."),
    ({"tol": -1e-4}, "`tol` is -0.0001; it must be at least 0."),
    ({"early_stopping": "yes"}, "`early_stopping` is 'yes'; it must be True or False."),
    ({"early_stopping": 1}, "`early_stopping` is 1; it must be True or False."),
    ({"validation_fraction": 0}, "`validation_fraction` is 0; it must be above 0 and below 1."),
    ({"validation_fraction": 1}, "`validation_fraction` is 1; it must be above 0 and below 1."),
    ({"patience": 0}, "`patience` is 0; it must be at least 1."),
    ({"scale_inputs": "standard"}, "`scale_inputs` is 'standard'; it must be True or False."),
    ({"scale_targets": None}, "`scale_targets` is None; it must be True or False."),
    ({"dtype": "float16"}, "`dtype` is 'float16'; it must be float32 or float64."),
    ({"random_state": -1}, "`random_state` is -1; it must be at least 0."),
    ({"random_state": "0"}, "`random_state` is '0'; it must be a whole number."),
    ({"n_threads": 0}, "`n_threads` is 0; it must be "),
    ({"callbacks": [5]}, "`callbacks` holds 5; every callback must be a function or an object with `every` and"),
    ({"engine": "gpu"}, "`engine` is 'gpu'; it must be one of auto, "),
    ({"checkpoint": 5}, "`checkpoint` is 5; it must be "),
    ({"verbose": "no"}, "`verbose` is 'no'; it must be True or False."),
    (
        {"solver": "lm-bayesian", "alpha": 0.01},
        "`alpha` is 0.01; with regularization='bayesian' it must be 0, for the evidence chooses it.",
    ),
]


@pytest.mark.parametrize(("settings", "sentence"), SETTINGS)
def test_settings_are_refused_when_they_are_used(settings, sentence):
    regressor = Regressor(**PLAIN | settings)  # scikit-learn wants no check here
    with pytest.raises((ValueError, TypeError), match=re.escape(sentence)):
        regressor.fit(X, y)
    assert not hasattr(regressor, "model_")


DATA = [
    ((X[:, 0], y), {}, "Expected 2D array, got 1D array instead"),
    ((X, y[:-1]), {}, "Found input variables with inconsistent numbers of samples: [20, 19]"),
    ((X[:0], y[:0]), {}, "Found array with 0 sample(s)"),
    ((X[:, :0], y), {}, "Found array with 0 feature(s)"),
    ((np.where(X[3, 1] == X, np.nan, X), y), {}, "`X` holds NaN at [3, 1]; every entry must"),
    ((X, np.where(y == y[3], np.inf, y)), {}, "`y` holds inf at [3]; every entry must"),
    ((X.astype(complex), y), {}, "Complex data not supported"),
    ((csr_array(X.astype(complex)), y), {}, "Complex data not supported"),
    ((X, None), {}, "requires y to be passed, but the target y is None"),
    ((X, y), {"sample_weight": y[:3]}, "`sample_weight` has shape (3,); it must have one weight a row, (20,)."),
    ((X, y), {"sample_weight": -np.ones(20)}, "`sample_weight` holds -1.0 at [0]; no weight may be negative."),
    (
        (X, y),
        {"sample_weight": np.zeros(20)},
        "`sample_weight` is zero everywhere; at least one weight must be ",
    ),
    ((X, y), {"validation_data": X}, "`validation_data` must be a pair (X, y) or three, (X, y, weight)."),
    ((X, y), {"validation_data": (X, np.c_[y, y])}, "`validation_data` has 2 targets; it must have 1, as y has."),
    ((X, y), {"validation_data": (X[:, :1], y)}, "X has 1 features, but Regressor is expecting 2 features"),
    ((X, y), {"resume": True}, "`resume` needs a `checkpoint` to go on from."),
]


@pytest.mark.parametrize(("data", "more", "sentence"), DATA)
def test_data_are_refused(data, more, sentence):
    regressor = Regressor(**PLAIN)
    with pytest.raises((ValueError, TypeError), match=re.escape(sentence)):
        regressor.fit(*data, **more)
    assert not hasattr(regressor, "model_")


def test_poisson_refuses_negative_targets():
    with pytest.raises(ValueError, match=r"^`y` holds -[\d.]+ at \[0, 0\]; Poisson targets must be at least 0\.$"):
        Regressor(**PLAIN, loss="poisson").fit(X, y - 1e6)


def test_early_stopping_needs_two_rows():
    with pytest.raises(ValueError, match=r"`early_stopping` keeps 1 row of 1 out of training; at least one must be"):
        Regressor(**PLAIN, early_stopping=True).fit(X[:1], y[:1])


def test_going_on_with_another_network_is_refused():
    regressor = Regressor(**PLAIN, warm_start=True).fit(X, y)
    with pytest.raises(ValueError, match=r"Training cannot go on from a network \[\(2, 64\), \(64, 64\), \(64, 1\)\]"):
        regressor.set_params(hidden_layer_sizes=(3,)).fit(X, y)


def test_predictions_need_the_columns_of_the_fit():
    regressor = Regressor(**PLAIN).fit(X, y)
    with pytest.raises(ValueError, match="X has 1 features, but Regressor is expecting 2 features as input"):
        regressor.predict(X[:, :1])
    with pytest.raises(ValueError, match="X has 1 features, but Regressor is expecting 2 features as input"):
        regressor.hessian(X[:, :1])
