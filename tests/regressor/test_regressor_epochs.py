"""Regressor's epochs: when training stops, what is watched, and how a later fit goes on."""

import numpy as np
import pytest
from example_rows import plane, sine

from fitnet import Adam, Constant, Regressor

QUICK = {"hidden_layer_sizes": (8,), "max_epochs": 20, "random_state": 0}


def test_early_stopping_keeps_rows_out_and_the_best_epoch():
    X, y = sine(200)
    y = y + np.random.default_rng(1).normal(size=200)
    regressor = Regressor(
        early_stopping=True, patience=15, max_epochs=2000, solver=Adam(1e-2), batch_size=20, random_state=0
    ).fit(X, y)
    losses = regressor.history_.validation_loss
    assert regressor.n_epochs_ == len(losses) < 2000
    assert regressor.best_epoch_ == int(np.argmin(losses)) + 1 == regressor.n_epochs_ - 15


def test_rows_kept_out_shape_neither_parameters_nor_scaling():
    """Absurd targets in the rows that are kept out change the validation loss and, with one epoch, nothing else."""
    X, y = sine(100)
    first = Regressor(**QUICK | {"max_epochs": 1}, early_stopping=True).fit(X, y)
    kept_out = np.setdiff1d(np.arange(100), rows_trained_on(first, X))
    assert len(kept_out) == 10
    spoilt = y.copy()
    spoilt[kept_out] = 1e3
    second = Regressor(**QUICK | {"max_epochs": 1}, early_stopping=True).fit(X, spoilt)
    assert np.array_equal(first.predict(X), second.predict(X))
    assert first.history_.validation_loss != second.history_.validation_loss


def rows_trained_on(regressor, X):
    """The split is drawn first: the same generator draws it again."""
    order = np.random.default_rng(0).permutation(len(X))
    return order[round(regressor.validation_fraction * len(X)) :]


def test_validation_data_are_watched_in_place_of_a_split():
    X, y = sine(100)
    regressor = Regressor(**QUICK).fit(X, y, validation_data=sine(30, seed=1))
    assert len(regressor.history_.validation_loss) == regressor.n_epochs_
    last = regressor.history_.validation_loss[regressor.best_epoch_ - 1]
    X_new, y_new = sine(30, seed=1)
    error = np.mean((regressor.predict(X_new) - y_new) ** 2) / y.var()
    assert last == pytest.approx(error, rel=1e-4)


def test_a_plateau_of_the_training_loss_ends_training():
    X, y = plane(100)
    regressor = Regressor((), tol=1e-3, patience=5, solver=Adam(1e-2), max_epochs=5000, random_state=0).fit(X, y)
    losses = regressor.history_.loss
    assert regressor.n_epochs_ < 5000
    assert min(losses[-5:]) >= min(losses[:-5]) - 1e-3


def test_warm_start_goes_on():
    X, y = sine(200)
    regressor = Regressor(**QUICK, warm_start=True, solver=Adam(1e-3)).fit(X, y)
    first = regressor.history_.loss
    assert regressor.fit(X, y).history_.loss[0] < first[0]
    cold = Regressor(**QUICK, solver=Adam(1e-3)).fit(X, y)
    assert cold.fit(X, y).history_.loss == first


def test_partial_fit_is_one_epoch_and_remembers():
    """Calls of one epoch at a constant rate walk the path that one call of as many epochs walks."""
    X, y = sine(200)
    pieces = Regressor(**QUICK, solver=Adam(1e-3), batch_size=50)
    losses = [pieces.partial_fit(X, y).history_.loss[0] for _ in range(5)]
    whole = Regressor(**QUICK | {"max_epochs": 5}, solver=Adam(1e-3, schedule=Constant()), batch_size=50).fit(X, y)
    assert losses == whole.history_.loss
    assert np.array_equal(pieces.predict(X), whole.predict(X))
