"""Rows that are watched count by their weight: those kept out, those that are given, and those of `fitnet.train`."""

import numpy as np
import pytest

from fitnet import LBFGS, Adam, LevenbergMarquardt, Network, Regressor, train
from fitnet.errors import ArgumentTypeError, ArgumentValueError
from tolerances import LOSS_RTOL

SOLVERS = [Adam(1e-2), LBFGS(), LevenbergMarquardt()]
SETTINGS = {"activation": "tanh", "max_epochs": 6, "random_state": 0, "dtype": "float64", "error_bars": False}


@pytest.fixture
def rows(generator):
    X = generator.uniform(-1, 1, (80, 2))
    return X, np.sin(3 * X[:, 0]) + X[:, 1] + 0.3 * generator.normal(size=80)


def loss_at_best(regressor, X, y, weights):
    """The squared error in scaled units of the parameters that were kept, by NumPy."""
    residual = (regressor.predict(X) - y) / regressor.model_.target_scaling.scale
    return np.average(residual**2, weights=weights)


@pytest.mark.parametrize("solver", SOLVERS, ids=repr)
def test_rows_given_to_watch_count_by_their_weight(rows, engine, generator, solver):
    X, y = rows
    weights = generator.uniform(0, 3, 20)
    regressor = Regressor((6,), solver=solver, engine=engine.name, **SETTINGS)
    regressor.fit(X[20:], y[20:], validation_data=(X[:20], y[:20], weights))
    expected = loss_at_best(regressor, X[:20], y[:20], weights)
    assert min(regressor.history_.validation_loss) == pytest.approx(expected, rel=LOSS_RTOL["float64"])


@pytest.mark.parametrize("solver", SOLVERS, ids=repr)
def test_rows_kept_out_count_by_their_weight(rows, engine, solver):
    X, y = rows
    y = y.copy()
    y[::2] += 100  # which rows are kept out is drawn: half of them are wrong, and count next to nothing
    weights = np.where(np.arange(80) % 2, 1.0, 1e-12)
    regressor = Regressor((6,), solver=solver, engine=engine.name, early_stopping=True, **SETTINGS)
    losses = regressor.fit(X, y, sample_weight=weights).history_.validation_loss
    assert max(losses) < 100  # a row that is wrong by 100 in units of the others' spread gives thousands


def test_a_row_of_weight_0_is_not_watched(rows, engine):
    X, y = rows
    without = Regressor((6,), engine=engine.name, **SETTINGS).fit(X[20:], y[20:], validation_data=(X[:20], y[:20]))
    data = np.vstack([X[:20], [[0, 0]]]), np.append(y[:20], 1e6), np.append(np.full(20, 7.0), 0)
    beside = Regressor((6,), engine=engine.name, **SETTINGS).fit(X[20:], y[20:], validation_data=data)
    assert beside.history_.validation_loss == pytest.approx(without.history_.validation_loss, rel=LOSS_RTOL["float64"])
    assert beside.best_epoch_ == without.best_epoch_


@pytest.mark.parametrize("solver", SOLVERS, ids=repr)
def test_train_takes_them_too(rows, engine, generator, solver):
    X, Y, weights = rows[0], rows[1][:, np.newaxis], generator.uniform(0, 3, 20)
    network = Network.of_widths((2, 6, 1), "tanh")
    result = train(
        network,
        X[20:],
        Y[20:],
        epochs=6,
        generator=generator,
        solver=solver,
        validation=(X[:20], Y[:20], weights),
        dtype="float64",
        engine=engine.name,
        verbose=False,
    )
    residual = engine.predict(network, result.parameters, X[:20]) - Y[:20]
    expected = np.average(residual[:, 0] ** 2, weights=weights)
    assert result.history.validation_loss[result.best_epoch - 1] == pytest.approx(expected, rel=LOSS_RTOL["float64"])


@pytest.mark.parametrize(
    ("weights", "sentence"),
    [
        (np.ones(3), r"`validation_data weight` has shape \(3,\); it must have one weight a row, \(20,\)\."),
        (-np.ones(20), r"`validation_data weight` holds -1\.0 at \[0\]; no weight may be negative\."),
        (np.zeros(20), "`validation_data weight` is zero everywhere; at least one weight must be above 0."),
    ],
)
def test_weights_that_cannot_be_used_are_refused(rows, weights, sentence):
    X, y = rows
    with pytest.raises(ArgumentValueError, match=sentence):
        Regressor().fit(X, y, validation_data=(X[:20], y[:20], weights))


def test_four_things_are_refused(rows):
    X, y = rows
    with pytest.raises(ArgumentTypeError, match=r"`validation_data` must be a pair \(X, y\) or three"):
        Regressor().fit(X, y, validation_data=(X, y, None, None))
