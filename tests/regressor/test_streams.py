"""partial_fit: it goes on from where it is, whatever that is, and its scalings grow with the rows."""

import numpy as np
import pytest

from fitnet import Adam, Constant, GradientDescent, Momentum, Regressor
from fitnet.errors import ArgumentValueError
from fitnet.fitting import stream
from tolerances import CHUNKED_SCALING_RTOL, PREDICTION_ATOL_OF_LARGEST

N = 64  # rows: every step of theirs is a full batch


@pytest.fixture
def rows():
    X = np.random.default_rng(0).normal(size=(N, 3))
    return X, X @ [1.0, 2.0, 3.0]


@pytest.mark.parametrize("solver", [Momentum(0.1), GradientDescent(0.2), Adam(0.1)], ids=repr)
def test_calls_walk_the_path_of_one_fit_of_as_many_epochs(rows, engine, solver):
    """With these rates the loss goes up and down; one that went back to the best would stand still."""
    X, y = rows
    settings = {"hidden_layer_sizes": (16,), "random_state": 0, "engine": engine.name, "solver": solver}
    pieces = Regressor(**settings)
    losses = [pieces.partial_fit(X, y).history_.loss[0] for _ in range(60)]
    assert losses == Regressor(**settings, max_epochs=60).fit(X, y).history_.loss
    assert any(np.diff(losses) > 0)
    assert losses[-1] < losses[0] / 10


def test_after_a_fit_it_goes_on_in_its_scalings(rows):
    X, y = rows
    regressor = Regressor((8,), random_state=0, max_epochs=2, solver=Adam(1e-3, schedule=Constant())).fit(X, y)
    scaling = regressor.model_.input_scaling
    regressor.partial_fit(X * 1000, y)
    assert regressor.model_.input_scaling is scaling


def test_scalings_that_suit_stay_to_the_bit(rows):
    X, y = rows
    regressor = Regressor((8,), random_state=0).partial_fit(X[:40], y[:40])
    scalings = regressor.model_.input_scaling, regressor.model_.target_scaling
    regressor.partial_fit(X[40:], y[40:])
    assert (regressor.model_.input_scaling, regressor.model_.target_scaling) == scalings
    assert np.array_equal(regressor.model_.input_ranges, [X.min(axis=0), X.max(axis=0)])


@pytest.mark.parametrize("loss", ["squared_error", "huber"])
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_one_row_to_begin_with_is_no_harm(rows, engine, activation, loss):
    X, y = rows
    X, y = 1000 * X + 500, 300 * y
    settings = {"hidden_layer_sizes": (16,), "activation": activation, "loss": loss, "solver": Adam(2e-2)}
    regressor = Regressor(**settings, random_state=0, engine=engine.name).partial_fit(X[:1], y[:1])
    assert np.all(regressor.predict(X) == y[0])
    for _ in range(80):
        regressor.partial_fit(X, y)
    assert regressor.score(X, y) > 0.97


def test_scalings_become_those_of_all_rows(rows):
    X, y = rows
    regressor = Regressor((8,), random_state=0)
    for k in range(N):
        regressor.partial_fit(1000 * X[k : k + 1], y[k : k + 1])
    scale, expected = regressor.model_.input_scaling.scale, 1000 * X.std(axis=0)
    assert np.all((scale / expected < stream.ALIKE) & (expected / scale < stream.ALIKE))


@pytest.mark.parametrize("loss", ["squared_error", "poisson"])
def test_growing_changes_no_prediction(generator, loss, engine):
    X = generator.uniform(-1, 1, (40, 2))
    y = np.exp(X)
    regressor = Regressor((8,), "tanh", loss=loss, random_state=0, dtype="float64", engine=engine.name)
    model, of = regressor.partial_fit(X, y).model_, regressor._stream
    recipe = regressor._settings().for_one_epoch().settled(X, y).recipe
    rows = regressor._rows(70 * X + 300, 50 * y, None, reset=False)
    so_far = of.so_far.joined(rows)
    rows = type(rows)(rows.X, rows.Y, gathered=so_far)
    grown = stream.with_scalings_of(model, recipe, rows, of.so_far, generator)
    mean, deviation = np.vstack([X, 70 * X + 300]).mean(axis=0), np.vstack([X, 70 * X + 300]).std(axis=0)
    np.testing.assert_allclose(grown.input_scaling.shift, mean, rtol=CHUNKED_SCALING_RTOL)
    np.testing.assert_allclose(grown.input_scaling.scale, deviation, rtol=CHUNKED_SCALING_RTOL)
    before, after = model.predict(X), grown.predict(X)
    assert not np.array_equal(grown.parameters, model.parameters)
    largest = 1000 * np.abs(before).max()  # the new units are some hundred times the old: so much of a digit is lost
    np.testing.assert_allclose(after, before, rtol=0, atol=PREDICTION_ATOL_OF_LARGEST["float64"] * largest)


def test_counts_that_were_all_0_become_rates(generator):
    X = generator.uniform(-1, 1, (200, 1))
    regressor = Regressor((8,), "tanh", loss="poisson", random_state=0, solver=Adam(1e-2))
    regressor.partial_fit(X[:9], np.zeros(9))
    assert np.all(regressor.predict(X) == 0)
    for _ in range(100):
        regressor.partial_fit(X, np.exp(2 * X[:, 0]))
    assert np.all(regressor.predict(5 * X) > 0)
    assert regressor.score(X, np.exp(2 * X[:, 0])) > 0.9


def test_a_few_rows_do_not_move_quartiles(rows):
    X, y = rows
    regressor = Regressor((8,), loss="huber", random_state=0).partial_fit(X, y)
    scaling = regressor.model_.target_scaling
    regressor.partial_fit(X[:3], y[:3] + 1e9)
    assert regressor.model_.target_scaling is scaling


def test_what_no_epoch_can_continue_is_still_refused(rows):
    with pytest.raises(ArgumentValueError, match="partial_fit needs a first-order one"):
        Regressor(solver="lm").partial_fit(*rows)
